/** A hash by its first digits; the whole of it as its title and when copied. */
export function Hash({ value }: { value: string }) {
  return (
    <code className="hash" title={value}>
      {value.slice(0, 12)}
    </code>
  );
}

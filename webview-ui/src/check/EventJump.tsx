type EventJumpProps = { seq: number; events: number; onSelect: (seq: number) => void };

/** The place of a finding; a way to its event where there is one. */
export function EventJump({ seq, events, onSelect }: EventJumpProps) {
  if (seq >= events) return <>{`Event ${seq}: `}</>;
  return (
    <>
      <button type="button" className="link" onClick={() => onSelect(seq)}>
        {`Event ${seq}`}
      </button>
      {': '}
    </>
  );
}

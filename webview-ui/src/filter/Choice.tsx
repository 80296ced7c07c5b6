/** One of the words that events of the run have, or any. */
type ChoiceProps = {
  label: string;
  value: string | null;
  words: readonly string[];
  onChoose: (word: string | null) => void;
};

export function Choice({ label, value, words, onChoose }: ChoiceProps) {
  if (words.length === 0) return null;
  return (
    <select
      className="filter-choice"
      aria-label={label}
      value={value === null ? '' : `=${value}`}
      onChange={({ target }) => onChoose(target.value === '' ? null : target.value.slice(1))}
    >
      <option value="">{`${label}: any`}</option>
      {[...words].sort().map((word) => (
        <option key={word} value={`=${word}`}>
          {word}
        </option>
      ))}
    </select>
  );
}

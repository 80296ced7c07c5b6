import type { ChangeSign } from './changeSign';

/** The letter of a change, in the colour that source control gives it, and its word for who cannot see it. */
export function Sign({ sign: { letter, word } }: { sign: ChangeSign }) {
  return (
    <>
      <span className={`change-sign is-${word}`} title={word} aria-hidden="true">
        {letter}
      </span>
      <span className="only-read-aloud">{`${word} `}</span>
    </>
  );
}

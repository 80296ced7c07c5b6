/**
 * Redaction: what looks like a secret or tells who somebody is never reaches the record or a model. Done twice it is done
 * once. Where a text is cut, what may be half of a secret goes as well.
 */
import { NOTHING_MORE, type Secret } from './detect/findings';
import { holdsPlaceholder } from './detect/kinds';
import { allSecretsIn } from './detect/segments';

export { holdsPlaceholder };

export type Redaction = { readonly text: string; readonly counts: Readonly<Record<string, number>> };

/** The text with each secret replaced by what `instead` gives for it. */
export function replaceAll(
  text: string,
  secrets: readonly Secret[],
  instead: (secret: Secret, original: string) => string,
): Redaction {
  if (secrets.length === 0) return { text, counts: {} };
  const counts: Record<string, number> = {};
  const pieces: string[] = [];
  let from = 0;
  for (const secret of secrets) {
    pieces.push(text.slice(from, secret.start), instead(secret, text.slice(secret.start, secret.end)));
    counts[secret.kind] = (counts[secret.kind] ?? 0) + 1;
    from = secret.end;
  }
  pieces.push(text.slice(from));
  return { text: pieces.join(''), counts };
}

/** The text with everything that is found replaced by `«kind»`, and how many of each kind there were. */
export const redact = (text: string): Redaction =>
  replaceAll(text, allSecretsIn(text, NOTHING_MORE), ({ kind }) => `«${kind}»`);

/** No token is longer. */
const LONGEST = 8192;

/** The beginning of a longer text without what may be the first part of a secret at its end. */
export function withoutTornEnd(text: string): string {
  return text.slice(0, Math.max(0, text.length - LONGEST, text.search(/\s\S*$/)));
}

/** The end of a longer text without what may be the last part of a secret at its beginning. */
export function withoutTornStart(text: string): string {
  const key = /^(?:(?!-----BEGIN )[\s\S])*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(
    text.slice(0, LONGEST),
  );
  if (key !== null) return text.slice(key[0].length);
  const first = text.search(/\s/);
  return text.slice(first < 0 || first > LONGEST ? Math.min(LONGEST, text.length) : first);
}

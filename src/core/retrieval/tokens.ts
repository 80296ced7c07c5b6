/**
 * Words of source text: identifiers and comments alike, taken apart at capitals and underscores and brought to one form, so
 * that `roundCents`, `round_cents` and "rounding of cents" meet. Pure; the same text gives the same words everywhere.
 */

/** A letter or what no English keyboard has, then more of it; what is longer than a name can be is data. */
const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]{2,63}/g;
const PIECE = /[_$]+|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** Order by UTF-16 code units: the same on every machine, whatever its language. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How often one word of a file counts at most: beyond it nothing is learned. */
const REPEATS = 5;

/** How often each word of a text stands there; of what is written in one and the same way, at most five are counted. */
export function tokenCounts(text: string): Map<string, number> {
  const written = new Map<string, number>();
  for (const word of text.match(WORD) ?? []) written.set(word, (written.get(word) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [word, count] of written) {
    for (const token of tokensOfWord(word)) counts.set(token, (counts.get(token) ?? 0) + Math.min(count, REPEATS));
  }
  return counts;
}

/** The words of a text, each once. */
export const tokensOf = (text: string): string[] => [...tokenCounts(text).keys()];

const KEPT = 100_000;
const known = new Map<string, readonly string[]>();

/** A word as a whole and, of a name made of several, its pieces; all in the form that is compared. */
export function tokensOfWord(word: string): readonly string[] {
  const before = known.get(word);
  if (before !== undefined) return before;
  const pieces = word.split(PIECE).filter((piece) => piece.length >= 3);
  const tokens = [...new Set([word, ...pieces].map((piece) => stemOf(piece.toLowerCase())))];
  if (known.size >= KEPT) known.clear();
  known.set(word, tokens);
  return tokens;
}

/** A lower-case word without the endings of English that change nothing of what it is about. */
export function stemOf(word: string): string {
  const [, body, ending] = /^(.+?)(ings?|ed|ies|s)$/.exec(word) ?? [];
  if (body === undefined || ending === undefined) return word;
  if (ending === 's') return body.length >= 3 && !/[sui]$/.test(body) ? body : word;
  if (ending === 'ies') return body.length >= 3 ? `${body}y` : word;
  if (body.length < 4) return word;
  // "formatting" is about a format.
  return /([^aeiouls])\1$/.test(body) ? body.slice(0, -1) : body;
}

/**
 * What is found in a text: of everything that the detectors tell, in order and without overlaps. What is left when it was
 * replaced is looked at again, so that what is redacted once has nothing more to redact.
 */
import { type Finding, type Kind, placeholdersOf, VAGUE_KINDS } from './kinds';
import type { KnownMatcher } from './known';
import { scan } from './scan';

/** Something found, with the value that it stands for when that is written otherwise in the text. */
export type Secret = Finding & { readonly value?: string };

/** What is looked for besides what everybody knows. */
export type Wanted = {
  /** Values that are known to be secret. */
  readonly known: KnownMatcher | null;
  /** Names of people, as one pattern with the flag `g`. */
  readonly names: RegExp | null;
};

export const NOTHING_MORE: Wanted = { known: null, names: null };

/** Of two findings over the same text the one that is more exact gives its kind. */
function rank(kind: Kind): number {
  if (kind === 'env-value' || kind === 'stored-key') return 2;
  if (kind === 'private-key') return 0;
  return VAGUE_KINDS.has(kind) ? 4 : kind === 'email' || kind === 'phone' || kind === 'name' ? 3 : 1;
}

/** One look at a text. */
function look(text: string, { known, names }: Wanted): Secret[] {
  const all: Secret[] = [];
  scan(text, (kind, start, end) => {
    if (end > start) all.push({ kind, start, end });
  });
  if (known !== null) all.push(...known(text));
  if (names !== null)
    for (const { 0: name, index } of text.matchAll(names))
      all.push({ kind: 'name', start: index, end: index + name.length });
  if (all.length === 0) return all;
  const placeholders = placeholdersOf(text);
  const inside = (at: number) => placeholders.some(({ start, end }) => start < at && at < end);
  const whole = (start: number, end: number) => placeholders.some((one) => one.start <= start && end <= one.end);
  return merged(all.filter(({ start, end }) => !inside(start) && !inside(end) && !whole(start, end)));
}

/** Overlapping findings as one, in order. */
function merged(all: readonly Secret[]): Secret[] {
  const result: Secret[] = [];
  for (const next of all.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || next.start >= last.end) result.push(next);
    else result[result.length - 1] = united(last, next);
  }
  return result;
}

function united(a: Secret, b: Secret): Secret {
  const better = rank(b.kind) < rank(a.kind) ? b : a;
  const start = Math.min(a.start, b.start);
  const end = Math.max(a.end, b.end);
  const exact = better.start === start && better.end === end;
  return exact ? better : { kind: better.kind, start, end };
}

/** No text needs more looks than this; each replaces at least one thing, and what stands around it is left. */
const LOOKS = 8;

/** What is found in a text, in order, without overlaps; never half a surrogate pair. */
export function secretsIn(text: string, wanted: Wanted): Secret[] {
  let all: Secret[] = [];
  for (let looks = 0; looks < LOOKS; looks++) {
    const { text: left, originOf } = looks === 0 ? { text, originOf: (at: number) => at } : replaced(text, all);
    const more = look(left, wanted);
    if (more.length === 0) break;
    const found = more.map(
      (one): Secret => wholeCharacters(text, { ...one, start: originOf(one.start), end: originOf(one.end) }),
    );
    all = merged([...all, ...found]);
  }
  return all;
}

/** The text as it reads once everything found so far is replaced, and where its characters stand in the original. */
function replaced(text: string, all: readonly Secret[]): { text: string; originOf: (at: number) => number } {
  const pieces: string[] = [];
  /** Where each piece between two findings begins in the new text and in the original. */
  const starts: { readonly at: number; readonly origin: number }[] = [{ at: 0, origin: 0 }];
  let from = 0;
  let length = 0;
  for (const { kind, start, end } of all) {
    const piece = `${text.slice(from, start)}«${kind}:1»`;
    pieces.push(piece);
    length += piece.length;
    from = end;
    starts.push({ at: length, origin: from });
  }
  pieces.push(text.slice(from));
  const originOf = (at: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle]?.at ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const { at: begins, origin } = starts[low] ?? { at: 0, origin: 0 };
    return origin + (at - begins);
  };
  return { text: pieces.join(''), originOf };
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

function wholeCharacters(text: string, secret: Secret): Secret {
  const { start, end } = secret;
  const splits = (at: number) => at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
  return splits(start) || splits(end)
    ? { ...secret, start: splits(start) ? start - 1 : start, end: splits(end) ? end + 1 : end }
    : secret;
}

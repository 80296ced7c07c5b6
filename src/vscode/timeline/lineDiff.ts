/** What differs between two texts, line by line. Pure. */

/** A line as it was before, after, or on both sides; numbers count from 1. */
export type ComparedLine = {
  readonly kind: 'plus' | 'minus' | 'same';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
};

/** The most pairs of lines that are compared; beyond it, what lies between the first and the last difference is one block. */
const MAX_PAIRS = 4_000_000;

/**
 * All lines of both texts in order, removed ones before those that take their place: a longest common subsequence
 * (Wagner and Fischer 1974) of what is left without the common beginning and end.
 */
export function compareLines(before: string, after: string): ComparedLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const head = commonHead(old, fresh);
  const tail = commonHead(old.slice(head).reverse(), fresh.slice(head).reverse());
  const compared: ComparedLine[] = [];
  const same = (a: number, b: number): void => {
    compared.push({ kind: 'same', before: a + 1, after: b + 1, text: old[a] ?? '' });
  };
  for (let at = 0; at < head; at += 1) same(at, at);
  const [oldEnd, freshEnd] = [old.length - tail, fresh.length - tail];
  let [a, b] = [head, head];
  const step = longestCommon(old.slice(head, oldEnd), fresh.slice(head, freshEnd));
  while (a < oldEnd || b < freshEnd) {
    const way = step(a - head, b - head);
    if (way === 'same') same(a++, b++);
    else if (way === 'minus') compared.push({ kind: 'minus', before: a + 1, after: null, text: old[a++] ?? '' });
    else compared.push({ kind: 'plus', before: null, after: b + 1, text: fresh[b++] ?? '' });
  }
  for (let at = 0; at < tail; at += 1) same(oldEnd + at, freshEnd + at);
  return compared;
}

/** Lines without their line feeds; a text that ends with one has no empty line after it. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function commonHead(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  let at = 0;
  while (at < length && one[at] === other[at]) at += 1;
  return at;
}

/** Answers which way leads on from a pair of places, along a longest common subsequence. */
function longestCommon(old: readonly string[], fresh: readonly string[]) {
  const width = fresh.length + 1;
  const lengths = old.length * fresh.length <= MAX_PAIRS ? new Uint32Array((old.length + 1) * width) : null;
  const at = (a: number, b: number): number => lengths?.[a * width + b] ?? 0;
  if (lengths !== null) {
    for (let a = old.length - 1; a >= 0; a -= 1) {
      for (let b = fresh.length - 1; b >= 0; b -= 1) {
        lengths[a * width + b] = old[a] === fresh[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
      }
    }
  }
  return (a: number, b: number): ComparedLine['kind'] => {
    if (a >= old.length) return 'plus';
    if (b >= fresh.length) return 'minus';
    if (lengths !== null && old[a] === fresh[b]) return 'same';
    return at(a + 1, b) >= at(a, b + 1) ? 'minus' : 'plus';
  };
}

/** Misspelt words: what was most likely meant. */

/** Characters of a word that are compared; longer ones are no slips of the finger. */
const LENGTH_LIMIT = 64;

/**
 * The candidate that differs from the word by the fewest slips, by at most a third of the word's letters; null when none
 * is that near. The first of equals. Slips are counted as the optimal string alignment distance: a letter more, less or
 * other, or two neighbours swapped (Damerau 1964, in its restricted form).
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length > LENGTH_LIMIT) return null;
  let best: { candidate: string; slips: number } | null = null;
  for (const candidate of candidates) {
    const slips = distance(word.toLowerCase(), candidate.toLowerCase());
    if (slips <= Math.max(1, Math.floor(word.length / 3)) && (best === null || slips < best.slips))
      best = { candidate, slips };
  }
  return best?.candidate ?? null;
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === null ? '' : `; did you mean "${near}"?`;
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}

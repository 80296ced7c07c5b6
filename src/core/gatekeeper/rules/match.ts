/**
 * How rules find what they look for: words, and words with others close behind them in the same sentence. Every pattern is
 * bounded, so that no text makes one slow.
 */

/**
 * A pattern, or one that is compiled when it is first looked for: those that know every script take a tenth of a second in all,
 * which whoever only asks for help should not wait for.
 */
export type Pattern = RegExp | (() => RegExp);

const compiledOf = (sought: Pattern): RegExp => (typeof sought === 'function' ? sought() : sought);

function pattern(source: string): Pattern {
  let compiled: RegExp | undefined;
  return () => {
    compiled ??= new RegExp(source, 'giu');
    return compiled;
  };
}

/** One thing to look for. */
export type Signal = {
  readonly reason: string;
  readonly first: Pattern;
  /** What must follow within `within` characters, in the same sentence. */
  readonly near?: Pattern;
  readonly within?: number;
  /** What takes the suspicion away, where it stands around the hit. */
  readonly unless?: Pattern;
  /** Whether it is also looked for in what was disguised. */
  readonly masked?: true;
};

/** A pattern for whole words, whatever their script; `words` is an alternation. */
export const words = (alternatives: string): Pattern =>
  pattern(String.raw`(?<![\p{L}\p{N}_])(?:${alternatives})(?![\p{L}\p{N}_])`);

/** The same for writing of any kind, where `\w` alone would be Latin. */
export const wordsOfAny = (alternatives: string): Pattern =>
  words(alternatives.replaceAll('\\w', '[\\p{L}\\p{M}\\p{N}_]'));

/** A pattern as it is, with the flags that all have. */
export const text = (source: string): Pattern => pattern(source);

/** Words with others close behind, in any writing, disguised or not. */
export const pair = (first: string, near: string, reason: string, within = 40): Signal => ({
  reason,
  first: wordsOfAny(first),
  near: wordsOfAny(near),
  within,
  masked: true,
});

const AROUND = 60;
const SENTENCE_END = /[.!?;](?:\s|$)|\n\s*(?:\n|[-*•])/u;
/** Hits of one pattern that are looked at; more of the same tell nothing more. */
const MOST_HITS = 2000;

/** True when the signal is in the text. */
export function isIn(signal: Signal, plain: string): boolean {
  const { first, near, within = AROUND, unless } = signal;
  const excused = (from: number, to: number): boolean =>
    unless !== undefined && plain.slice(Math.max(0, from - AROUND), to + AROUND).search(compiledOf(unless)) >= 0;
  if (near === undefined) {
    let hits = 0;
    for (const hit of plain.matchAll(compiledOf(first))) {
      if (!excused(hit.index, hit.index + hit[0].length)) return true;
      hits += 1;
      if (hits > MOST_HITS) return false;
    }
    return false;
  }
  const starts = spansOf(first, plain);
  if (starts.length === 0) return false;
  const ends = spansOf(near, plain);
  let from = 0;
  for (const start of starts) {
    while (from < ends.length && (ends[from]?.from ?? 0) < start.to) from += 1;
    for (let at = from; at < ends.length; at += 1) {
      const end = ends[at];
      if (end === undefined || end.from - start.to > within) break;
      if (SENTENCE_END.test(plain.slice(start.to, end.from))) break;
      if (!excused(start.from, end.to)) return true;
    }
  }
  return false;
}

function spansOf(sought: Pattern, plain: string): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const hit of plain.matchAll(compiledOf(sought))) {
    spans.push({ from: hit.index, to: hit.index + hit[0].length });
    if (spans.length > MOST_HITS) break;
  }
  return spans;
}

/** The reasons of the signals that are in the text, each once. */
export function reasonsIn(signals: readonly Signal[], plain: string, unmasked = ''): string[] {
  const found = signals.filter(
    (signal) => isIn(signal, plain) || (unmasked !== '' && signal.masked === true && isIn(signal, unmasked)),
  );
  return [...new Set(found.map(({ reason }) => reason))];
}

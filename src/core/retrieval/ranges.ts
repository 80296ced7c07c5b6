/**
 * Which lines of a file are worth showing: the functions and classes that have to do with the task, with some lines around
 * them. Pure.
 */

/** A piece of a file that belongs together; lines from 1, both included. */
export type Block = { readonly name: string; readonly from: number; readonly to: number };

export type Range = readonly [from: number, to: number];

/** What speaks for a line: the words of the query on it, each with what it is worth. */
export type LineHits = ReadonlyMap<number, ReadonlyMap<string, number>>;

/** A block above this is looked into rather than shown. */
const BLOCK = 80;
const AROUND = 3;
/** Lines around a hit that is in no block of fitting size. */
const WINDOW = 12;
const REGIONS = 8;
/** Shown of a file in which nothing speaks for any line. */
const HEAD = 40;

/** Blocks of a text in a language nobody knows: what blank lines part. */
export function paragraphs(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  for (let at = 0; at <= lines.length; at++) {
    const isBlank = (lines[at] ?? '').trim() === '';
    if (!isBlank) continue;
    if (at > from) blocks.push({ name: '', from: from + 1, to: at });
    from = at + 1;
  }
  return blocks;
}

/** Ranges in the order of lines, apart from each other, at most `limit` lines in all; the most telling ones. */
export function rangesOf(total: number, blocks: readonly Block[], hits: LineHits, limit: number): Range[] {
  if (hits.size === 0) return total === 0 ? [] : [[1, Math.min(total, HEAD, limit)]];
  const kept: Range[] = [];
  for (const { from, to } of bestRegions(total, blocks, hits)) {
    const merged = joined([...kept, [Math.max(1, from - AROUND), Math.min(total, to + AROUND)]]);
    if (linesIn(merged) <= limit) kept.splice(0, kept.length, ...merged);
  }
  return kept;
}

type Region = { from: number; to: number; words: Map<string, number>; score: number };

function bestRegions(total: number, blocks: readonly Block[], hits: LineHits): Region[] {
  const regions = new Map<string, Region>();
  const inner = [...blocks].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  for (const [line, words] of hits) {
    const [from, to] = around(line, total, inner);
    const key = `${from} ${to}`;
    const region = regions.get(key) ?? { from, to, words: new Map(), score: 0 };
    for (const [word, worth] of words) region.words.set(word, worth);
    regions.set(key, region);
  }
  for (const region of regions.values()) {
    region.score = [...region.words.values()].reduce((sum, worth) => sum + worth, 0);
  }
  const best = [...regions.values()].sort((a, b) => b.score - a.score || a.from - b.from);
  const top = best[0]?.score ?? 0;
  return best.filter(({ score }) => score * 3 >= top).slice(0, REGIONS);
}

/** The largest block of fitting size around a line; in a large one the lines near it. `inner` has the smallest first. */
function around(line: number, total: number, inner: readonly Block[]): Range {
  const holding = inner.filter(({ from, to }) => from <= line && line <= to);
  const fitting = holding.filter(({ from, to }) => to - from < BLOCK).at(-1);
  if (fitting !== undefined) return [fitting.from, fitting.to];
  const [least = { from: 1, to: total }] = holding;
  return [Math.max(least.from, line - WINDOW), Math.min(least.to, line + WINDOW)];
}

/** Ranges that touch or nearly do, as one. */
function joined(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + AROUND) out[out.length - 1] = [last[0], Math.max(last[1], to)];
    else out.push([from, to]);
  }
  return out;
}

const linesIn = (ranges: readonly Range[]): number => ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/**
 * What of the retrieved files fits into the budget, as ranges of lines. A file that fits is given whole as long as all of
 * them do; else only what is small or was named is, and of the others the functions and classes that matter.
 */
import { languageOf } from '../../core/retrieval/languages';
import { type LineHits, type Range, rangesOf } from '../../core/retrieval/ranges';
import { tokensOf, tokensOfWord } from '../../core/retrieval/tokens';
import { breather } from '../system/breathe';
import type { ToolContext } from '../tools/context';
import { excerpt, linesOf } from '../tools/text';
import { grammarsIn, type Outline } from './grammars';
import type { Retrieved, Texts } from './retrieve';

/** A text of code has about one token for every three bytes. */
const BYTES_PER_TOKEN = 3;
const TOKENS = 13_600;
const BUDGET = TOKENS * BYTES_PER_TOKEN;
/** Of one file: whole, and where there is no room for that. */
const WHOLE = { lines: 300, bytes: 12 * 1024 };
const PART = { lines: 120, bytes: 5 * 1024 };
const SMALL = { lines: 60, bytes: 3 * 1024 };

/** A range of a file with its secrets taken out. */
export type Piece = {
  readonly path: string;
  readonly why: string;
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly text: string;
};

/** A file to show, and how much of its beginning where that is said. */
export type Wanted = Retrieved & { readonly head?: { readonly lines: number; readonly bytes: number } };

/** The pieces in the order of the files, none twice, within the budget. */
export async function pack(
  context: ToolContext,
  wanted: readonly Wanted[],
  texts: Texts,
  outlines: ReadonlyMap<string, Outline>,
): Promise<Piece[]> {
  const files = new Map<string, { file: Wanted; text: string; lines: number; bytes: number }>();
  for (const file of wanted) {
    if (files.has(file.path)) continue;
    context.signal.throwIfAborted();
    const text = await texts(file.path);
    if (text === null || text === '') continue;
    files.set(file.path, { file, text, lines: linesOf(text).length, bytes: Buffer.byteLength(text) });
  }
  const all = [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const isRoomy = all <= BUDGET;
  const pieces: Piece[] = [];
  const breathe = breather();
  let left = BUDGET;
  for (const { file, text, lines, bytes } of files.values()) {
    if (left <= 0) break;
    const within = (limit: { lines: number; bytes: number }) => lines <= limit.lines && bytes <= limit.bytes;
    const isWhole = bytes <= left && within(WHOLE) && (isRoomy || file.isNamed || within(SMALL));
    const limit = file.isNamed || isRoomy ? WHOLE : PART;
    const ranges = file.head
      ? [[1, file.head.lines] as const]
      : isWhole
        ? [[1, lines] as const]
        : await rangesIn(context, file, text, outlines, limit.lines);
    const shown = cut(context, file, text, ranges, Math.min(left, file.head?.bytes ?? limit.bytes));
    left -= shown.reduce((sum, piece) => sum + Buffer.byteLength(piece.text), 0);
    pieces.push(...shown);
    await breathe();
  }
  return pieces;
}

async function rangesIn(
  context: ToolContext,
  { path, words, isNamed }: Wanted,
  text: string,
  outlines: ReadonlyMap<string, Outline>,
  limit: number,
): Promise<readonly Range[]> {
  const { blocks } =
    outlines.get(path) ?? (await grammarsIn(context.grammars ?? null).outlineOf(text, languageOf(path)));
  const lines = text.split('\n');
  const total = linesOf(text).length;
  const hits = hitsIn(lines, words);
  if (hits.size === 0 && isNamed) return [[1, Math.min(total, limit)]];
  for (const { name, from } of blocks) {
    const defined =
      name === ''
        ? []
        : tokensOfWord(name)
            .slice(0, 1)
            .filter((token) => words.has(token));
    for (const token of defined) addHit(hits, from, `definition of ${token}`, DEFINITION);
  }
  return rangesOf(total, blocks, hits, limit);
}

/** What it is worth that a block is the definition of a word that is looked for. */
const DEFINITION = 8;

function hitsIn(lines: readonly string[], words: ReadonlyMap<string, number>): Map<number, Map<string, number>> {
  const hits = new Map<number, Map<string, number>>();
  for (const [at, line] of lines.entries()) {
    for (const token of tokensOf(line)) {
      const worth = words.get(token);
      if (worth !== undefined) addHit(hits, at + 1, token, worth);
    }
  }
  return hits satisfies LineHits;
}

function addHit(hits: Map<number, Map<string, number>>, line: number, word: string, worth: number): void {
  const words = hits.get(line) ?? new Map<string, number>();
  hits.set(line, words.set(word, worth));
}

/** The ranges with their text, as far as it fits. A secret can go over many lines; so the whole file is looked at. */
function cut(
  context: ToolContext,
  { path, why }: Wanted,
  text: string,
  ranges: readonly Range[],
  bytes: number,
): Piece[] {
  const redacted = context.gate.redactLines(text).text;
  const pieces: Piece[] = [];
  let left = bytes;
  for (const [from, to] of ranges) {
    const part = excerpt(redacted, { from, to }, { lines: WHOLE.lines, bytes: left });
    const size = Buffer.byteLength(part.text);
    if (part.to === 0 || size > left) continue;
    left -= size;
    pieces.push({ path, why, ...part });
  }
  return pieces;
}

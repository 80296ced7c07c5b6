/**
 * The words of the files that come into question. In a small repository those are all; of a large one only what the task
 * names, what is called like it, and what holds its rarer words.
 */
import type { Ranked } from '../../core/retrieval/candidates';
import { type Terms, tokenOf } from '../../core/retrieval/terms';
import { tokenCounts } from '../../core/retrieval/tokens';
import type { ToolContext } from '../tools/context';
import { readOpened } from '../tools/opened';
import { decode } from '../tools/text';
import { readBlobs } from './blobs';
import { filesHolding } from './grepIndex';
import type { ListedFile } from './listing';
import { LeastRecent } from './lru';
import type { WordDocument } from './wordIndex';

/** Files up to which all are looked into. */
const SMALL = 1500;
const NAMED_LIKE = 300;
const HOLDING = 1000;
const SAMPLE = 300;
/** Files that are in no index yet and are read from the disk. */
const LOOSE = 100;
const LOOSE_BYTES = 256 * 1024;

type Words = WordDocument['words'];

/** Words by blob; about 60 MB at the most. */
const KEPT_WORDS = 2_000_000;
const known = new LeastRecent<Words>(KEPT_WORDS);
const NONE: Words = new Map();

/** What is machine-made and long: its words say nothing about what it is for. */
export const LOCK =
  /(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock|composer\.lock|Gemfile\.lock)$/;

/** Files that the task names, and files that are called like it, best first. */
export type CalledLike = { readonly byPath: readonly Ranked[]; readonly byWords: readonly Ranked[] };

/** The words of every file that comes into question, in the order of the files. `called` is waited for while git searches. */
export async function wordPool(
  context: ToolContext,
  files: readonly ListedFile[],
  terms: Terms,
  called: Promise<CalledLike>,
): Promise<readonly WordDocument[]> {
  const readable = files.filter(({ path, mode }) => !LOCK.test(path) && (mode === '' || mode.startsWith('100')));
  return documents(context, readable.length <= SMALL ? readable : await narrowed(context, readable, terms, called));
}

async function narrowed(
  context: ToolContext,
  files: readonly ListedFile[],
  terms: Terms,
  called: Promise<CalledLike>,
): Promise<ListedFile[]> {
  const search = telling(context, files, terms).then((words) => filesHolding(context, files, words));
  const likely = called.then(async ({ byPath, byWords }) => {
    const readable = new Set(files.map(({ path }) => path));
    const similar = byWords.filter(({ path }) => readable.has(path)).slice(0, NAMED_LIKE);
    const chosen = new Set([...byPath, ...similar].map(({ path }) => path));
    await documents(
      context,
      files.filter(({ path, blob }) => blob !== null && chosen.has(path)),
    );
    return chosen;
  });
  const [holding, chosen] = await Promise.all([search, likely]);
  for (const { path } of holding.slice(0, HOLDING)) chosen.add(path);
  return files.filter(({ path }) => chosen.has(path));
}

/** The words that stand in so few files, by an even sample of all, that these can be looked into one by one. */
async function telling(context: ToolContext, files: readonly ListedFile[], terms: Terms): Promise<string[]> {
  const step = files.length / SAMPLE;
  const sample = Array.from({ length: SAMPLE }, (_, at) => files[Math.floor(at * step)]).filter(
    (file) => file !== undefined,
  );
  const held = await documents(context, sample);
  const counted = terms.contents.map((term) => {
    const token = tokenOf(term);
    return { term, token, expected: held.filter(({ words }) => words.has(token)).length * step };
  });
  let expected = 0;
  const kept: string[] = [];
  for (const one of counted.sort((a, b) => a.expected - b.expected)) {
    expected += one.expected;
    if (kept.length > 0 && expected > HOLDING) break;
    kept.push(literalOf(one.term.text, one.token));
  }
  return kept;
}

/** What the word and its form for comparing both begin with, so that "rounding" finds "round". */
function literalOf(word: string, token: string): string {
  const lower = word.toLowerCase();
  let length = 0;
  while (length < token.length && lower[length] === token[length]) length++;
  return lower.slice(0, Math.max(3, length));
}

async function documents(context: ToolContext, files: readonly ListedFile[]): Promise<WordDocument[]> {
  const missing = new Set(files.flatMap(({ blob }) => (blob !== null && known.get(blob) === undefined ? [blob] : [])));
  const read = new Map<string, Words>();
  const keep = (blob: string, words: Words): void => {
    read.set(blob, words);
    known.set(blob, words, words.size + 10);
  };
  await readBlobs(context, [...missing], (blob, text) => keep(blob, tokenCounts(text)));
  // A blob that cannot be read as text is not asked for again.
  for (const blob of missing) if (!read.has(blob)) keep(blob, NONE);
  const loose = files.filter(({ blob }) => blob === null).slice(0, LOOSE);
  const fromDisk = new Map<string, Words>();
  for (const { path } of loose) fromDisk.set(path, await wordsOnDisk(context, path));
  return files.map(({ path, blob }) => ({
    path,
    words: (blob === null ? fromDisk.get(path) : (read.get(blob) ?? known.get(blob))) ?? NONE,
  }));
}

async function wordsOnDisk({ root }: ToolContext, path: string): Promise<Words> {
  const opened = await readOpened(root, path, LOOSE_BYTES);
  const text = opened.ok ? decode(opened.value.bytes) : opened;
  return text.ok ? tokenCounts(text.value) : NONE;
}

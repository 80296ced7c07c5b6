/**
 * Which of many files hold any of some words, by git's grep over an index of our own that lists exactly the files that may
 * be read: nothing else can be opened, whatever is in the folder, and no command line is too short for the exclusions.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ToolContext } from '../tools/context';
import type { ListedFile } from './listing';
import { LeastRecent } from './lru';

/** Which blobs hold any of some words, as far as they were looked at. */
type Known = { readonly seen: Set<string>; readonly holding: Set<string> };

const QUERIES = 4;
const BLOBS = 200_000;
const byQuery = new LeastRecent<Known>(QUERIES);

/** The files whose content holds any of the words, in any case of letters. Only what was not looked at before is. */
export async function filesHolding(
  context: ToolContext,
  files: readonly ListedFile[],
  words: readonly string[],
): Promise<ListedFile[]> {
  if (words.length === 0) return [];
  const query = words.join('\0');
  const before = byQuery.get(query);
  const known =
    before === undefined || before.seen.size > BLOBS ? { seen: new Set<string>(), holding: new Set<string>() } : before;
  const unseen = files.filter(({ blob }) => blob !== null && !known.seen.has(blob));
  const search = unseen.length === 0 ? Promise.resolve([]) : grepped(context, unseen, words);
  // Built while git is at work.
  const blobs = new Map(unseen.map(({ path: file, blob }) => [file, blob ?? '']));
  const held = (await search).map((file) => blobs.get(file) ?? '');
  for (const blob of blobs.values()) known.seen.add(blob);
  for (const blob of held) known.holding.add(blob);
  byQuery.set(query, known);
  return files.filter(({ blob }) => blob !== null && known.holding.has(blob));
}

async function grepped(
  context: ToolContext,
  files: readonly ListedFile[],
  words: readonly string[],
): Promise<string[]> {
  const { worktree, root, signal } = context;
  const folder = await fs.mkdtemp(`${root}.retrieval-`);
  try {
    const env = { ...worktree.env, GIT_INDEX_FILE: path.join(folder, 'index') };
    const input = files.map((file) => `${file.mode} ${file.blob}\t${file.path}\0`).join('');
    await worktree.git.run(root, ['update-index', '-z', '--index-info'], { env, input, signal });
    const form = ['grep', '-F', '-l', '-i', '-I', '-z', '--full-name', '--no-color', '--no-recurse-submodules'];
    // Without `--untracked` git looks at what the index lists, and at nothing else in the folder.
    const args = [...form, ...words.flatMap((word) => ['-e', word]), '--', ':(top)'];
    const { stdout } = await worktree.git.run(root, args, { env, allowExit: [1], signal });
    return stdout.split('\0').filter((file) => file !== '');
  } finally {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

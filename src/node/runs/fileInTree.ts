/** A file as a run last left it, to be shown beside what a call would make of it. */
import { decode } from '../tools/text';
import { openRepository } from '../workspace/repository';
import type { Runtime } from './runtime';
import { rootOf } from './settleResult';

/** A file above this size is not shown. */
const LIMIT = 1024 * 1024;

/**
 * The text of a file in a tree of the run's repository; null when the tree has none there, undefined when that cannot be
 * told or shown: the repository is gone, or the file is large or no text.
 */
export async function fileInTree(
  { store, git }: Runtime,
  runId: string,
  { tree, path }: { readonly tree: string; readonly path: string },
): Promise<string | null | undefined> {
  const repository = await openRepository(await rootOf(store, runId), git).catch(() => null);
  if (repository === null) return undefined;
  const { root } = repository;
  const listed = await git.run(root, ['ls-tree', '-z', '--full-tree', tree, '--', path], { allowExit: [128] });
  if (listed.exitCode !== 0) return undefined;
  if (listed.stdout === '') return null;
  const [entry = '', name] = listed.stdout.split(/[\t\0]/, 2);
  const [, blob] = /^100\d{3} blob ([0-9a-f]+)$/.exec(entry) ?? [];
  if (blob === undefined || name !== path) return undefined;
  const { bytes, cut } = await git.run(root, ['cat-file', 'blob', blob], { limit: LIMIT });
  const text = cut ? null : decode(bytes);
  return text?.ok === true ? text.value : undefined;
}

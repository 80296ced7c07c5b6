/**
 * The worktree of a run that broke off, set back to a tree that the record knows.
 *
 * Invariants: nothing is changed outside the worktree, not through a link that was put in its place either; no other
 * worktree of the repository loses anything; it is not handed on before it was read again from the disk and found to be
 * at that tree, under the ignore rules of that tree.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import { isRegular } from './changes';
import type { Repository } from './repository';
import { createWorktree, openWorktree, removeWorktree, type Worktree } from './worktree';
import { truePlace } from './worktreeData';

type Place = { readonly run: string; readonly folder: string; readonly commit: string };

/**
 * Sets the worktree back: what an unfinished call did to its files is gone, files that the tree's own rules ignore are as
 * they were left. A worktree that is gone, damaged, replaced or cannot be set back is made anew. Throws `git_failed` when
 * the tree or the commit is not in the repository any more, or when not even a new worktree can be brought to the tree.
 */
export async function restoreWorktree(
  repository: Repository,
  { run, folder, commit, tree }: Place & { readonly tree: string },
): Promise<Worktree> {
  await repository.git.run(repository.root, ['cat-file', '-e', `${tree}^{tree}`]);
  const place = { run, folder: await truePlace(folder), commit };
  const left = await asItWasLeft(repository, place, tree);
  if (left !== null) return left;
  await removeWorktree(repository, place.folder);
  const made = await createWorktree(repository, place);
  if (await setBack(made, tree)) return made;
  const why = 'its files are not what git wrote just now';
  throw new OpenExecError(
    'git_failed',
    `The run's copy ${made.folder} cannot be set back to tree ${tree}: ${why}. End what else writes there, then resume.`,
  );
}

/** The worktree with the ignored files that are in it, set back; null when that cannot be done. */
async function asItWasLeft(repository: Repository, { folder, commit }: Place, tree: string): Promise<Worktree | null> {
  const stat = await fs.lstat(folder).catch(() => null);
  if (stat?.isDirectory() !== true || (await fs.realpath(folder)) !== folder) return null;
  try {
    const worktree = await openWorktree(repository, { folder, commit, dependencies: [] });
    return (await setBack(worktree, tree)) ? worktree : null;
  } catch (error) {
    // Such as a nested repository without a commit, which git cannot hash.
    if (isOpenExecError(error, 'git_failed')) return null;
    throw error;
  }
}

/** False when something is left that git does not remove, such as a nested repository. */
async function setBack(worktree: Worktree, tree: string): Promise<boolean> {
  const { folder, git, env } = worktree;
  // Everything that is there gets into the index first, so that what the tree does not have is removed as well.
  await worktree.treeOf();
  if (worktree.leftOut().length > 0) return false;
  const strays = await strayIgnoreFiles(worktree);
  for (const name of strays) await fs.rm(path.join(folder, name), { force: true });
  if (strays.length > 0) await worktree.treeOf();
  await git.run(folder, ['read-tree', '--reset', '-u', tree], { env });
  return (await isAt(worktree, tree)) && (await strayIgnoreFiles(worktree)).length === 0;
}

/**
 * The `.gitignore` files that git obeys and that no tree has, because they are ignored themselves: what they hide would
 * be neither hashed nor removed. git does not look into a folder that is ignored as a whole, and neither does this.
 */
async function strayIgnoreFiles({ git, folder, env }: Worktree): Promise<string[]> {
  const args = ['status', '--porcelain', '-z', '--no-renames', '--ignore-submodules=all'];
  const { stdout } = await git.run(folder, [...args, '--untracked-files=all', '--ignored=matching'], { env });
  const ignored = stdout.split('\0').filter((line) => line.startsWith('!! '));
  return ignored.map((line) => line.slice('!! '.length)).filter((name) => /(^|\/)\.gitignore$/i.test(name));
}

/**
 * Whether the folder holds the tree. A file that would be stored differently (line ends or filters that do not give back
 * what was committed) is right when its bytes are what git writes for the tree.
 */
async function isAt(worktree: Worktree, tree: string): Promise<boolean> {
  const { folder, git, env } = worktree;
  // This forgets what the index knows of the files, so that each of them is read: one that was hashed under attributes
  // that are gone by now would pass as unchanged.
  await git.run(folder, ['read-tree', tree], { env });
  for (const { path: name, before, after } of await worktree.changes(tree, await worktree.treeOf())) {
    if (before === null || after === null || before.mode !== after.mode || !isRegular(before)) return false;
    const { bytes } = await git.run(folder, ['cat-file', '--filters', `--path=${name}`, before.blob], { env });
    if (!bytes.equals(await fs.readFile(path.join(folder, name)))) return false;
  }
  return true;
}

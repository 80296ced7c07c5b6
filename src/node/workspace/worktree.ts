/**
 * The copy of the repository that a run works in: a detached git worktree in a folder of ours.
 *
 * Invariants: git is told where the worktree's data lies and never asks the `.git` file inside it, which a command of
 * the run could have rewritten; trees are hashed through an index of our own beside the folder, so that what a command
 * does to git's index hides nothing; nothing in the folder is a link into the person's files.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../git/git';
import { addListed, listAll, namesLeft } from './addAll';
import { changesBetween, type GitFile, readGitFile, type TreeChange } from './changes';
import { copyDependencies } from './dependencies';
import type { Repository } from './repository';
import { environmentOf, truePlace, worktreeData } from './worktreeData';

export interface Worktree {
  /** Absolute, every symlink followed. */
  readonly folder: string;
  /** Names of the ignored folders that were copied in, such as `node_modules`. */
  readonly dependencies: readonly string[];
  readonly git: Git;
  /** What every git call in the worktree needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The object id of the tree of everything that is in the folder now and not ignored. */
  treeOf(): Promise<string>;
  /** The nested repositories that the last `treeOf` left out, relative with `/`: nothing in them is known to git. */
  leftOut(): readonly string[];
  changes(fromTree: string, toTree: string): Promise<TreeChange[]>;
  readBlob(file: GitFile): Promise<Buffer>;
}

/** How long hashing may take; what a command left in the folder must not hold the run up for ever. */
const HASH_MS = 10 * 60 * 1000;

const refOf = (run: string, name: string): string => `refs/openexec/${run}/${name}`;

/**
 * Creates the worktree of a run at `folder` (which must not exist; its parent is made) from a commit, with copies of
 * the dependency folders. The commit is kept from git's garbage collection until the result is discarded.
 */
export async function createWorktree(
  repository: Repository,
  { run, folder, commit }: { run: string; folder: string; commit: string },
): Promise<Worktree> {
  await fs.mkdir(path.dirname(folder), { recursive: true });
  const real = await truePlace(folder);
  await keepObject(repository, run, 'base', commit);
  await repository.git.run(repository.root, ['worktree', 'add', '--detach', real, commit]);
  const dependencies = await copyDependencies(repository, real);
  return openWorktree(repository, { folder: real, commit, dependencies });
}

/**
 * Opens the worktree at `folder`, a true place (see `truePlace`). Throws `git_failed` when git knows none there. `commit`
 * tells which files are tracked although a pattern ignores them.
 */
export async function openWorktree(
  repository: Repository,
  { folder, commit, dependencies }: { folder: string; commit: string; dependencies: readonly string[] },
): Promise<Worktree> {
  const { git } = repository;
  const index = `${folder}.index`;
  const env = { ...(await environmentOf(repository, folder)), GIT_INDEX_FILE: index };
  await removeIndex(folder);
  await git.run(folder, ['read-tree', commit], { env });
  const place = { git, folder, env };
  let left: readonly string[] = [];
  /** The last tree, and the entries of the index that it was made of; an index of ours that holds others was changed by somebody. */
  let last: { readonly tree: string; readonly entries: string | null } | null = null;
  return {
    folder,
    dependencies,
    git,
    env,
    async treeOf() {
      const signal = AbortSignal.timeout(HASH_MS);
      const listing = await listAll(place, signal);
      left = namesLeft(listing);
      // A new index knows no times of files yet: only adding writes them, and makes every later look a quick one.
      const isAdded = last !== null && listing.same;
      if (last !== null && isAdded && listing.entries === last.entries) return last.tree;
      if (!isAdded) await addListed(place, listing, signal);
      const tree = (await git.run(folder, ['write-tree'], { env, signal })).stdout.trim();
      last = { tree, entries: isAdded ? listing.entries : null };
      return tree;
    },
    leftOut: () => left,
    changes: (from, to) => changesBetween(git, folder, from, to, env),
    readBlob: (file) => readGitFile(git, folder, file, env),
  };
}

/** Keeps a commit or tree of a run from git's garbage collection, under `refs/openexec/<run>/<name>`. */
export async function keepObject(
  { root, git }: Repository,
  run: string,
  name: 'base' | 'result' | `apply-${number}`,
  object: string,
): Promise<void> {
  await git.run(root, ['update-ref', refOf(run, name), object]);
}

/**
 * Removes the worktree's folder and git's record of it; the objects that were kept stay. Harmless when it is gone. A link
 * in the folder's place is removed, not what it leads to. Other worktrees are left alone, also those that cannot be
 * reached now: that is why nothing is pruned.
 */
export async function removeWorktree(repository: Repository, folder: string): Promise<void> {
  const { root, git } = repository;
  const place = await truePlace(folder);
  await fs.rm(place, { recursive: true, force: true, maxRetries: 3 });
  await removeIndex(place);
  // 128 says that git has no such worktree any more, or cannot make sense of what it has.
  await git.run(root, ['worktree', 'remove', '--force', '--force', place], { allowExit: [128] });
  const { own } = await worktreeData(repository, place);
  for (const data of own) await fs.rm(data, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes our index of a worktree, with the lock that a killed session left; git would write through a link there. */
async function removeIndex(folder: string): Promise<void> {
  for (const name of ['index', 'index.lock']) await fs.rm(`${folder}.${name}`, { recursive: true, force: true });
}

/** Removes everything that a run left in the repository: its worktree and the refs that kept its objects. */
export async function discardResult(repository: Repository, { run, folder }: { run: string; folder: string }) {
  await removeWorktree(repository, folder);
  const { root, git } = repository;
  const { stdout } = await git.run(root, ['for-each-ref', '--format=%(refname)', refOf(run, '')]);
  for (const ref of stdout.split('\n')) if (ref !== '') await git.run(root, ['update-ref', '-d', ref]);
}

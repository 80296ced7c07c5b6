/**
 * The person's repository, as a run sees it: found, checked, and photographed into git objects.
 *
 * Invariant: nothing here changes HEAD, the index, the files or a branch. A snapshot goes through an index file of its
 * own outside the repository and adds objects only.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import type { Git } from '../git/git';
import { addListed, listAll, namesLeft } from './addAll';
import { listNotCovered } from './notCovered';

export type Repository = {
  /** The work tree's root, every symlink followed. A folder below it stands for the whole repository. */
  readonly root: string;
  readonly git: Git;
};

export type WorkspaceSnapshot = {
  /** The commit that HEAD was at. */
  readonly head: string;
  /** The commit that holds the snapshot; HEAD itself when nothing was changed. */
  readonly baseCommit: string;
  readonly baseTree: string;
  /** True when there were changes, tracked or untracked, that are not committed. */
  readonly dirty: boolean;
  /** What a run does not see or cannot undo, in words for a person. */
  readonly notCovered: string[];
};

/** Who signs the commits that hold uncommitted work; they never reach a branch of the person's. */
export const OPENEXEC_IDENTITY = { name: 'OpenExec', email: 'openexec@localhost' } as const;

/**
 * Opens the repository that a folder belongs to. Throws `no_folder`, `git_missing`, `not_a_repository`, `no_head`, each
 * with one line that says what to do.
 */
export async function openRepository(folder: string, git: Git): Promise<Repository> {
  const stat = await fs.stat(folder).catch(() => null);
  if (stat?.isDirectory() !== true) {
    throw new OpenExecError(
      'no_folder',
      `There is no folder ${folder}. Open a folder that exists, then start the run again.`,
    );
  }
  const root = await fs.realpath(await findRoot(folder, git));
  const head = await git.run(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { allowExit: [1, 128] });
  if (head.exitCode !== 0) {
    throw new OpenExecError(
      'no_head',
      `The repository ${root} has no commit yet. Make a first commit, then start the run again.`,
    );
  }
  return { root, git };
}

async function findRoot(folder: string, git: Git): Promise<string> {
  try {
    const { stdout } = await git.run(folder, ['rev-parse', '--show-toplevel']);
    return stdout.replace(/\r?\n$/, '');
  } catch (cause) {
    if (!isOpenExecError(cause, 'git_failed')) throw cause;
    // git's own words say what to do here, and "git init" would be wrong advice.
    if (cause.message.includes('dubious ownership')) throw cause;
    const next = 'Run `git init` and make a first commit, then start the run again.';
    throw new OpenExecError('not_a_repository', `The folder ${folder} is not a git repository. ${next}`, { cause });
  }
}

/** How long the photograph may take. */
const SNAPSHOT_MS = 10 * 60 * 1000;

/** Photographs the work tree, tracked and untracked files alike; what git ignores is left out. */
export async function snapshot({ root, git }: Repository): Promise<WorkspaceSnapshot> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'openexec-index-'));
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
    const index = await copyIndex({ root, git }, env.GIT_INDEX_FILE);
    const place = { git, folder: root, env };
    const signal = AbortSignal.timeout(SNAPSHOT_MS);
    const listing = await listAll(place, signal);
    await addListed(place, listing, signal);
    const left = namesLeft(listing);
    const baseTree = (await git.run(root, ['write-tree'], { env })).stdout.trim();
    const head = (await git.run(root, ['rev-parse', 'HEAD^{commit}'])).stdout.trim();
    const headTree = (await git.run(root, ['rev-parse', 'HEAD^{tree}'])).stdout.trim();
    const dirty = baseTree !== headTree;
    const baseCommit = dirty ? await commitSnapshot({ root, git }, baseTree, head) : head;
    const notCovered = await listNotCovered({ root, git }, baseTree, { index, left }, env);
    return { head, baseCommit, baseTree, dirty, notCovered };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/**
 * A copy of the index rather than HEAD's tree: it knows the files left out by a sparse checkout, which would otherwise
 * look deleted, and the files that are tracked although a pattern ignores them.
 */
async function copyIndex({ root, git }: Repository, target: string): Promise<'copied' | 'none'> {
  const { stdout } = await git.run(root, ['rev-parse', '--path-format=absolute', '--git-path', 'index']);
  const source = stdout.replace(/\r?\n$/, '');
  const stat = await fs.stat(source).catch(() => null);
  if (stat === null) return 'none';
  await fs.copyFile(source, target);
  // git takes an entry for unchanged only if it is older than its index; a newer copy would hide a change made just now.
  await fs.utimes(target, Math.floor(stat.atimeMs) / 1000, Math.floor(stat.mtimeMs) / 1000);
  return 'copied';
}

/** The same tree on the same HEAD gives the same commit: identity and date are fixed. */
async function commitSnapshot({ root, git }: Repository, tree: string, head: string): Promise<string> {
  const date = (await git.run(root, ['log', '-1', '--format=%cI', head])).stdout.trim();
  const env = {
    GIT_AUTHOR_NAME: OPENEXEC_IDENTITY.name,
    GIT_AUTHOR_EMAIL: OPENEXEC_IDENTITY.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: OPENEXEC_IDENTITY.name,
    GIT_COMMITTER_EMAIL: OPENEXEC_IDENTITY.email,
    GIT_COMMITTER_DATE: date,
  };
  const input = 'OpenExec: uncommitted changes that a run started from\n';
  const { stdout } = await git.run(root, ['commit-tree', tree, '-p', head, '-F', '-'], { env, input });
  return stdout.trim();
}

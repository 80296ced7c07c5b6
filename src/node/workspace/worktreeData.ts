/**
 * Where git keeps the data of a worktree: one of the folders `<common git folder>/worktrees/*` of the person's repository.
 *
 * Invariant: it is found from the repository alone. The `.git` file in the worktree, which a command of a run could have
 * rewritten, is only ever written. (`git worktree list` would do as well, but its `-z` is younger than the git we accept.)
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import type { Repository } from './repository';

export type WorktreeData = {
  /** Absolute: the git folder that all worktrees of the repository share. */
  readonly common: string;
  /** Absolute: the folders that name the worktree as theirs. One, unless somebody tampered with them. */
  readonly own: readonly string[];
};

/** Where a folder that may not be there truly lies: every symlink above it is followed, itself it is not. */
export async function truePlace(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  return path.join(await fs.realpath(parent).catch(() => parent), path.basename(folder));
}

/** What git keeps about the worktree at `folder`, a true place. The main work tree has no such data. */
export async function worktreeData({ root, git }: Repository, folder: string): Promise<WorktreeData> {
  const { stdout } = await git.run(root, ['rev-parse', '--git-common-dir']);
  const common = path.resolve(root, stdout.replace(/\r?\n$/, ''));
  const all = path.join(common, 'worktrees');
  const own: string[] = [];
  for (const entry of await fs.readdir(all, { withFileTypes: true }).catch(() => [])) {
    const data = path.join(all, entry.name);
    if (entry.isDirectory() && (await names(data, path.join(folder, '.git')))) own.push(data);
  }
  return { common, own };
}

async function names(data: string, link: string): Promise<boolean> {
  const text = await fs.readFile(path.join(data, 'gitdir'), 'utf8').catch(() => '');
  const named = text.replace(/\r?\n$/, '');
  // `path.relative` compares as the platform does; newer versions of git may write a path relative to the data.
  return named !== '' && path.relative(path.resolve(data, named), link) === '';
}

/**
 * The environment in which git works on the worktree at `folder` without asking the files in it where its data lies.
 * Makes the folder's `.git` lead there again for the commands of the run. Throws `git_failed` when git has no data of it.
 */
export async function environmentOf(
  repository: Repository,
  folder: string,
): Promise<{ GIT_DIR: string; GIT_COMMON_DIR: string; GIT_WORK_TREE: string }> {
  const { common, own } = await worktreeData(repository, folder);
  const [data, ...others] = own;
  if (data === undefined || others.length > 0) {
    throw new OpenExecError('git_failed', `git has no worktree, or more than one, at ${folder}.`);
  }
  await writeLink(path.join(folder, '.git'), `gitdir: ${data.split(path.sep).join('/')}\n`);
  return { GIT_DIR: data, GIT_COMMON_DIR: common, GIT_WORK_TREE: folder };
}

async function writeLink(link: string, text: string): Promise<void> {
  const stat = await fs.lstat(link).catch(() => null);
  if (stat?.isFile() === true && stat.nlink === 1 && (await fs.readFile(link, 'utf8')) === text) return;
  // Never written through: it may be a link to a file of the person's.
  await fs.rm(link, { recursive: true, force: true });
  await fs.writeFile(link, text, { flag: 'wx' });
}

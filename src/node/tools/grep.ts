/** Looking for text with git's own grep, in the files that git knows or would know; what it ignores is not searched. */
import { byCodeUnit, type ToolContext } from './context';

/** Excluded files that can be named on one command line on every platform. */
export const NAMED = 200;
export const OUTPUT_LIMIT = 4 * 1024 * 1024;

/** The files of the work tree, tracked and untracked, without what git ignores; sorted by code units. */
export async function listFiles({ worktree, root, signal }: ToolContext): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await worktree.git.run(root, args, { env: worktree.env, signal });
  return [...new Set(stdout.split('\0'))].filter((file) => file !== '').sort(byCodeUnit);
}

export type Grep = {
  /** NUL after each path; see `git grep -z`. */
  readonly stdout: string;
  readonly cut: boolean;
};

/**
 * One `git grep` for literal text under a path. Files that must not be read are excluded by name; with more of them
 * than fit on a command line, nothing is searched and the answer is null.
 */
export async function grep(
  { worktree, root, signal }: ToolContext,
  search: { text: string; flags: readonly string[]; path: string; withheld: readonly string[] },
): Promise<Grep | null> {
  const withheld = search.withheld.filter((file) => search.path === '.' || isUnder(file, search.path));
  if (withheld.length > NAMED) return null;
  const args = [
    'grep',
    '--untracked',
    '-F',
    '-I',
    '-z',
    '--no-color',
    '--full-name',
    ...search.flags,
    '-e',
    search.text,
    '--',
  ];
  const where = search.path === '.' ? ':(top)' : `:(top,literal)${search.path}`;
  const not = withheld.map((file) => `:(top,exclude,literal)${file}`);
  return worktree.git.run(root, [...args, where, ...not], {
    env: worktree.env,
    allowExit: [1],
    limit: OUTPUT_LIMIT,
    signal,
  });
}

export const isUnder = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);

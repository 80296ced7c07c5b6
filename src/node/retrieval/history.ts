/** What was changed lately, by the repository's history: names only. */
import type { ToolContext } from '../tools/context';
import { LeastRecent } from './lru';

/** How far back it is looked. */
const COMMITS = 50;
/** A commit that touches more says nothing about any of its files. */
const MANY = 100;

export type History = {
  /** How many commits were looked at; the first of a repository, which makes every file, is none. */
  readonly commits: number;
  /** In how many of them each file was changed. */
  readonly changes: ReadonlyMap<string, number>;
};

const known = new LeastRecent<History>(8);

/** The last 50 commits before the run; changes that were not committed yet count as one. */
export async function recentChanges({ repository, base, worktree, root, signal }: ToolContext): Promise<History> {
  const key = `${repository.root}\0${base.baseCommit}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const which = [`--max-count=${COMMITS}`, '--min-parents=1', '--no-renames', '--diff-filter=AM'];
  const form = ['--format=%x01', '--name-only', '-z', '--no-ext-diff', '--no-textconv'];
  const args = ['log', ...which, ...form, base.baseCommit, '--'];
  const { stdout } = await worktree.git.run(root, args, { env: worktree.env, signal });
  const changes = new Map<string, number>();
  const commits = stdout.split('\u0001').slice(1);
  for (const commit of commits) {
    const files = commit.split('\0').flatMap((name) => name.replace(/^\n/, '') || []);
    if (files.length <= MANY) for (const file of files) changes.set(file, (changes.get(file) ?? 0) + 1);
  }
  const history = { commits: commits.length, changes };
  known.set(key, history);
  return history;
}

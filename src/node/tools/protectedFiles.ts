/**
 * Files that the policy keeps from commands. Where the operating system confines a command they are read only or cannot
 * be seen in the first place; what a command did to them all the same is undone after it, and said.
 */
import { coverOf } from '../sandbox/cover';
import type { ToolAnswer, ToolContext } from './context';

/** Places in the work tree, relative with `/`; a folder stands for all below it. */
export type KeptPlaces = {
  /** Not to be read, and with that not to be changed. */
  readonly excluded: readonly string[];
  /** Not to be changed. */
  readonly kept: readonly string[];
};

/** How many places of each kind a command can be kept from one by one. */
const PLACES = 2000;

type Known = { tree: string; places: KeptPlaces | null };
/** What was found out last; a policy is frozen, so that the same tree has the same places. */
const found = new WeakMap<ToolContext['worktree'], Known>();

/** The places of `context.tree` that its policy keeps; null when there are too many of them to be kept at all. */
export async function keptPlaces(context: ToolContext): Promise<KeptPlaces | null> {
  const { worktree, tree } = context;
  const known = found.get(worktree);
  if (known?.tree === tree) return known.places;
  const places = await lookUp(context);
  found.set(worktree, { tree, places });
  return places;
}

async function lookUp({
  worktree,
  root,
  tree,
  withheldByPolicy,
  protectedBy,
  signal,
}: ToolContext): Promise<KeptPlaces | null> {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree];
  const { stdout } = await worktree.git.run(root, args, { env: worktree.env, signal });
  const files = stdout.split('\0').filter((file) => file !== '');
  const hidden = new Set(files.filter((file) => withheldByPolicy(file) !== null));
  const closed = new Set(files.filter((file) => hidden.has(file) || protectedBy(file) !== null));
  const places = { excluded: coverOf(files, hidden), kept: coverOf(files, closed) };
  return Math.max(places.excluded.length, places.kept.length) > PLACES ? null : places;
}

/** Puts protected files back to what they were in `tree`, and makes the answer an error that names them. Nested repositories are named as well. */
export async function undoProtected(context: ToolContext, tree: string, done: ToolAnswer): Promise<ToolAnswer> {
  const { worktree, root, protectedBy } = context;
  const undone: string[] = [];
  for (const change of await worktree.changes(tree, await worktree.treeOf())) {
    const rule = protectedBy(change.path);
    if (rule === null) continue;
    const env = { ...worktree.env, GIT_LITERAL_PATHSPECS: '1' };
    const args = change.before
      ? ['checkout', '--quiet', tree, '--', change.path]
      : ['rm', '--quiet', '--force', '--', change.path];
    await worktree.git.run(root, args, { env });
    undone.push(`${change.path} (${rule})`);
  }
  const left = worktree.leftOut();
  const notRecorded = `[not recorded, because they are repositories of their own: ${left.join(', ')}]`;
  const known = left.length === 0 ? done : { ...done, output: `${done.output}\n${notRecorded}` };
  if (undone.length === 0) return known;
  const said = `the command changed files that the policy protects, which was undone: ${undone.join(', ')}`;
  return { ...known, outcome: 'error', output: `${said}\n${known.output}` };
}

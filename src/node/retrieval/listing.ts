/**
 * The files of a run's work tree that it may see, as git's index has them, without opening any. Everything else that
 * retrieval does begins with this list, so that what is withheld is not even looked at.
 */
import fs from 'node:fs/promises';
import { isSecretName } from '../../core/gatekeeper/secretName';
import { byCodeUnit } from '../../core/retrieval/tokens';
import { breather } from '../system/breathe';
import type { ToolContext } from '../tools/context';
import type { Worktree } from '../workspace/worktree';

/** A file that may be read. `blob` is null for what is no regular file, or is not in the index yet. */
export type ListedFile = { readonly path: string; readonly blob: string | null; readonly mode: string };

export type Listing = {
  /** In the order of UTF-16 code units, as the others. */
  readonly files: readonly ListedFile[];
  readonly withheld: readonly { readonly path: string; readonly rule: string }[];
};

/** What is in a work tree and in no index, by work tree; looked up once, for every call of the run adds what it made. */
const loose = new WeakMap<Worktree, Promise<readonly string[]>>();

type Indexed = { readonly stamp: string; readonly files: readonly ListedFile[] };

/** What was read from the index of a work tree, as long as that is the same file. */
const indexes = new WeakMap<Worktree, Indexed>();

/** Asks for every path whether it may be seen. Of those that may not, what lies outside of the zones comes last. */
export async function listOpen(context: ToolContext): Promise<Listing> {
  const { worktree } = context;
  const known = loose.get(worktree) ?? looseIn(context);
  loose.set(worktree, known);
  known.catch(() => loose.delete(worktree));
  const indexed = await filesOfIndex(context);
  // While the rules are asked about what git's index has, git still looks for what it does not have.
  const listed = await sift(context, indexed);
  const others = await known;
  if (others.length === 0) return listingOf(listed);
  const names = new Set(indexed.map(({ path }) => path));
  const more = others.filter((path) => !names.has(path)).map((path) => ({ path, mode: '', blob: null }));
  return listingOf(both(listed, await sift(context, more)));
}

async function filesOfIndex({ worktree, root, signal }: ToolContext): Promise<readonly ListedFile[]> {
  const { env } = worktree;
  const stamp = await stampOf(env.GIT_INDEX_FILE);
  const before = indexes.get(worktree);
  if (before !== undefined && before.stamp === stamp) return before.files;
  const { stdout } = await worktree.git.run(root, ['ls-files', '-z', '--stage', '--full-name', ':(top)'], {
    env,
    signal,
  });
  const files = inOrder(filesIn(stdout));
  if (stamp !== null) indexes.set(worktree, { stamp, files });
  return files;
}

/** `mode blob stage<TAB>path` with a zero byte behind each; of a path in conflict, which git lists once a stage, the last. */
function filesIn(records: string): ListedFile[] {
  const files: ListedFile[] = [];
  for (let at = 0; at < records.length; ) {
    const end = records.indexOf('\0', at);
    const tab = records.indexOf('\t', at);
    const space = records.indexOf(' ', at);
    if (end < 0 || tab < 0 || tab > end) break;
    const path = records.slice(tab + 1, end);
    const mode = records.slice(at, space);
    if (files.at(-1)?.path === path) files.pop();
    files.push({ path, mode, blob: mode.startsWith('100') ? records.slice(space + 1, tab - 2) : null });
    at = end + 1;
  }
  return files;
}

/** Git orders by bytes, which is nearly always the same. */
function inOrder(files: ListedFile[]): readonly ListedFile[] {
  const isSorted = files.every(({ path }, at) => at === 0 || (files[at - 1]?.path ?? '') < path);
  return isSorted ? files : files.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Another one whenever git has written the index, which it puts in place as a new file; null when there is none. */
async function stampOf(index: string | undefined): Promise<string | null> {
  const stat = index === undefined ? null : await fs.stat(index, { bigint: true }).catch(() => null);
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

async function looseIn({ worktree, root, signal }: ToolContext): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--others', '--exclude-standard', '--full-name', ':(top)'];
  const { stdout } = await worktree.git.run(root, args, { env: worktree.env, signal });
  // A nested repository is listed as a folder.
  return stdout.split('\0').filter((path) => path !== '' && !path.endsWith('/'));
}

/** What stands for a name that cannot be written down. */
const UNNAMED = '(a name that is a secret)';

/** Files in the order of their paths, and those that a rule keeps back. */
type Sifted = {
  readonly files: readonly ListedFile[];
  readonly withheld: readonly { readonly path: string; readonly rule: string }[];
};

const SECRET_NAME = 'secret-name';

async function sift(context: ToolContext, all: readonly ListedFile[]): Promise<Sifted> {
  const breathe = breather();
  const files: ListedFile[] = [];
  const withheld: { path: string; rule: string }[] = [];
  for (const file of all) {
    const { path } = file;
    const rule = context.excluded(path);
    if (isSecretName(path)) withheld.push({ path, rule: SECRET_NAME });
    else if (rule === null) files.push(file);
    else withheld.push({ path, rule });
    const turn = breathe();
    if (turn !== undefined) await turn;
  }
  context.signal.throwIfAborted();
  return { files, withheld };
}

function both(one: Sifted, other: Sifted): Sifted {
  const merged = <T extends { readonly path: string }>(a: readonly T[], b: readonly T[]): readonly T[] =>
    b.length === 0 ? a : [...a, ...b].sort((left, right) => byCodeUnit(left.path, right.path));
  return { files: merged(one.files, other.files), withheld: merged(one.withheld, other.withheld) };
}

function listingOf({ files, withheld }: Sifted): Listing {
  const named = withheld.map(({ path, rule }) => ({ path: rule === SECRET_NAME ? UNNAMED : path, rule }));
  // Of a large repository nearly all can be out of the zones; what a rule keeps back is what a person wants to see.
  return { files, withheld: named.sort((a, b) => Number(a.rule === 'zones') - Number(b.rule === 'zones')) };
}

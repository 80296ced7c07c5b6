/**
 * What becomes of a run's result in the person's work tree: applied file by file, three ways, or not at all.
 *
 * Invariant: HEAD, branches and index are never touched. Everything is decided before the first byte is written; a
 * single conflict means that nothing is written.
 */
import { changesBetween, type GitFile, isRegular, SUBMODULE, type TreeChange } from './changes';
import { type Current, currentFile, problemAbove } from './current';
import { mergeText, SAME_LINES } from './merge';
import type { Repository } from './repository';
import { type AppliedFile, undoTree } from './undo';
import { type FileWrite, writeAll } from './writeAll';

export type ApplyOutcome = {
  readonly outcome: 'done' | 'refused';
  /** The paths that were changed in the work tree; empty when refused. */
  readonly files: string[];
  /** The paths that could not be brought together, each with why. */
  readonly conflicts: string[];
  readonly reason: string;
  /** Of those that could not be brought together, the paths that a person can merge: regular files on both sides. */
  readonly mergeable?: string[];
  /** The git tree from which the apply can be undone; not there when nothing was changed. */
  readonly undo?: string;
};

type Planned =
  | { readonly kind: 'write'; readonly write: FileWrite; readonly after: GitFile | null }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'conflict'; readonly why: string; readonly mergeable: boolean };

/**
 * Brings what a run changed (from `baseTree` to `resultTree`) into the work tree. A file that the person has not changed
 * since takes the result; a text file changed on both sides is merged; anything else is a conflict, and then nothing
 * is applied. `only` names the files that are looked at; all of them when it is not there.
 */
export async function applyResult(
  repository: Repository,
  { baseTree, resultTree, only }: { baseTree: string; resultTree: string; only?: readonly string[] | undefined },
): Promise<ApplyOutcome> {
  const changes = await changesBetween(repository.git, repository.root, baseTree, resultTree);
  const wanted = only === undefined ? changes : changes.filter((change) => only.includes(change.path));
  const writes: FileWrite[] = [];
  const applied: AppliedFile[] = [];
  const conflicts: string[] = [];
  const mergeable: string[] = [];
  for (const change of wanted) {
    const planned = await plan(repository, change);
    if (planned.kind === 'conflict') {
      conflicts.push(`${change.path}: ${planned.why}`);
      if (planned.mergeable) mergeable.push(change.path);
    }
    if (planned.kind === 'write') {
      const { current } = planned.write;
      writes.push(planned.write);
      const before = current.kind === 'file' ? current.file : null;
      applied.push({ path: change.path, before, after: planned.after });
    }
  }
  if (conflicts.length > 0) {
    const what = conflicts.length === 1 ? '1 file' : `${conflicts.length} files`;
    const reason = `${what} could not be brought together with your folder; nothing was applied`;
    return { ...refused(reason, conflicts), mergeable };
  }
  const undo = applied.length === 0 ? {} : { undo: await undoTree(repository, applied) };
  const written = await writeAll(repository.root, writes);
  if (!written.ok) return refused(`${written.error}; nothing was applied`, []);
  const files = writes.map((write) => write.path);
  return {
    outcome: 'done',
    files,
    conflicts: [],
    reason: files.length === 0 ? 'nothing was left to apply' : '',
    ...undo,
  };
}

const refused = (reason: string, conflicts: string[]): ApplyOutcome => ({
  outcome: 'refused',
  files: [],
  conflicts,
  reason,
});

const conflict = (why: string, mergeable = false): Planned => ({ kind: 'conflict', why, mergeable });

async function plan(repository: Repository, change: TreeChange): Promise<Planned> {
  const { path, before, after } = change;
  if (before?.mode === SUBMODULE || after?.mode === SUBMODULE) return conflict('submodules cannot be applied');
  const blocked = await problemAbove(repository.root, path);
  if (blocked !== null) return conflict(blocked);
  const current = await currentFile(repository, path);
  if (current.kind === 'other') return conflict('a folder or special file is in its place');
  const now = current.kind === 'file' ? current.file : null;
  if (same(now, after)) return { kind: 'nothing' };
  if (same(now, before)) return takeResult(repository, change, current);
  return mergeBoth(repository, change, current);
}

const same = (a: TreeChange['before'], b: TreeChange['before']): boolean =>
  a === null || b === null ? a === b : a.blob === b.blob && a.mode === b.mode;

async function takeResult(repository: Repository, { path, after }: TreeChange, current: Current): Promise<Planned> {
  if (after === null) return { kind: 'write', write: { path, current, content: null }, after };
  if (after.mode === '120000') {
    const target = (await repository.git.run(repository.root, ['cat-file', 'blob', after.blob])).stdout;
    // A link made by a command of the run could lead anywhere; only one that stays inside is put into the person's tree.
    if (!staysInside(path, target)) return conflict('it became a link that leads out of the repository');
    return { kind: 'write', write: { path, current, content: { kind: 'link', target } }, after };
  }
  const content = await worktreeContent(repository, path, after.blob, after.mode);
  return { kind: 'write', write: { path, current, content }, after };
}

async function mergeBoth(repository: Repository, change: TreeChange, current: Current): Promise<Planned> {
  const { path, before, after } = change;
  if (current.kind !== 'file') return conflict('you deleted it, the run changed it');
  if (after === null) return conflict('you changed it, the run deleted it');
  if (before === null) {
    return conflict('you and the run created it with different content', [after, current.file].every(isRegular));
  }
  if (![before, after, current.file].every(isRegular)) return conflict('it is a link on one side');
  const blobs = { current: current.file.blob, base: before.blob, result: after.blob };
  const merged = await mergeText(repository, blobs);
  if (!merged.ok) return conflict(merged.error, merged.error === SAME_LINES);
  const mode = current.file.mode === before.mode ? after.mode : current.file.mode;
  const content = await worktreeContent(repository, path, merged.value, mode);
  return { kind: 'write', write: { path, current, content }, after: { blob: merged.value, mode } };
}

/** The bytes as this work tree has them: line ends and filters as the person's git would write them. */
async function worktreeContent({ root, git }: Repository, path: string, blob: string, mode: string) {
  const { bytes } = await git.run(root, ['cat-file', '--filters', `--path=${path}`, blob]);
  return { kind: 'bytes', bytes, executable: mode === '100755' } as const;
}

function staysInside(path: string, target: string): boolean {
  if (target.startsWith('/') || /[\\:]/.test(target)) return false;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return false;
    if (part.toLowerCase() === '.git') return false;
  }
  return true;
}

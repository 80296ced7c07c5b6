/**
 * Taking an apply back: what it found and what it left of each file is kept as one git tree, and given back only where
 * the file still is, byte for byte, what the apply made of it.
 *
 * Invariant: everything is decided before the first byte is written; a single file that was changed since means that
 * nothing is written.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type GitFile, isRegular, readGitFile, SUBMODULE } from './changes';
import { type Current, currentFile, problemAbove } from './current';
import type { Repository } from './repository';
import { type FileWrite, writeAll } from './writeAll';

/** A file as an apply found it and as it left it; null where there is none. */
export type AppliedFile = { readonly path: string; readonly before: GitFile | null; readonly after: GitFile | null };

export type UndoOutcome = {
  readonly outcome: 'done' | 'refused';
  /** The paths that were put back; empty when refused. */
  readonly files: string[];
  /** The paths that could not be put back, each with why. */
  readonly conflicts: string[];
  readonly reason: string;
};

/**
 * Writes the tree from which an apply can be undone, before it is carried out, and answers its id. A file whose bytes git
 * would not give back as they are, such as one with other line ends than the settings ask for, is left out of it.
 */
export async function undoTree(repository: Repository, files: readonly AppliedFile[]): Promise<string> {
  const { root, git } = repository;
  const entries: string[] = [];
  for (const { path: name, before, after } of files) {
    if (before !== null && !(await isOnDisk(repository, name, before))) continue;
    if (before !== null) entries.push(`${before.mode} ${before.blob}\tbefore/${name}\0`);
    if (after !== null) entries.push(`${after.mode} ${after.blob}\tafter/${name}\0`);
  }
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'openexec-undo-'));
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
    await git.run(root, ['update-index', '-z', '--index-info'], { env, input: entries.join('') });
    return (await git.run(root, ['write-tree'], { env })).stdout.trim();
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Puts the files of an apply back as it found them: all of them, or none when one was changed since. */
export async function undoApply(
  repository: Repository,
  { tree, files }: { tree: string; files: readonly string[] },
): Promise<UndoOutcome> {
  const kept = await keptFiles(repository, tree);
  const writes: FileWrite[] = [];
  const conflicts: string[] = [];
  for (const name of files) {
    const file = kept.get(name);
    const planned = file === undefined ? 'its bytes from before could not be kept' : await plan(repository, file);
    if (typeof planned === 'string') conflicts.push(`${name}: ${planned}`);
    else if (planned !== null) writes.push(planned);
  }
  if (conflicts.length > 0) {
    const what = conflicts.length === 1 ? '1 file is' : `${conflicts.length} files are`;
    return refused(`${what} not as the apply left them any more; nothing was undone`, conflicts);
  }
  const written = await writeAll(repository.root, writes);
  if (!written.ok) return refused(`${written.error}; nothing was undone`, []);
  const put = writes.map((write) => write.path);
  return { outcome: 'done', files: put, conflicts: [], reason: put.length === 0 ? 'nothing was left to undo' : '' };
}

const refused = (reason: string, conflicts: string[]): UndoOutcome => ({
  outcome: 'refused',
  files: [],
  conflicts,
  reason,
});

async function keptFiles({ root, git }: Repository, tree: string): Promise<Map<string, AppliedFile>> {
  const { stdout } = await git.run(root, ['ls-tree', '-r', '-z', '--full-tree', tree]);
  const files = new Map<string, AppliedFile>();
  for (const line of stdout.split('\0')) {
    const [, mode = '', blob = '', side = '', name = ''] =
      /^(\d+) \w+ ([0-9a-f]+)\t(before|after)\/(.*)$/s.exec(line) ?? [];
    if (name === '') continue;
    const file = files.get(name) ?? { path: name, before: null, after: null };
    files.set(name, { ...file, [side]: { mode, blob } });
  }
  return files;
}

/** What is to be written, null for nothing, or why it cannot be. */
async function plan(repository: Repository, { path: name, before, after }: AppliedFile) {
  const blocked = await problemAbove(repository.root, name);
  if (blocked !== null) return blocked;
  const current = await currentFile(repository, name);
  if (current.kind === 'other') return 'a folder or special file is in its place';
  if (await isAs(repository, name, current, before)) return null;
  if (!(await isAs(repository, name, current, after))) {
    if (current.kind === 'absent') return 'it was deleted since';
    return after === null ? 'it was created again since' : 'it was changed since';
  }
  return { path: name, current, content: before === null ? null : await contentOf(repository, name, before) };
}

async function isAs(repository: Repository, name: string, current: Current, file: GitFile | null): Promise<boolean> {
  if (current.kind !== 'file' || file === null) return current.kind === 'absent' && file === null;
  // Windows knows no executable files.
  const mode = process.platform === 'win32' && file.mode === '100755' ? '100644' : file.mode;
  const same = current.file.blob === file.blob && current.file.mode === mode;
  return same && (await isOnDisk(repository, name, file));
}

/** Whether the file on the disk has the very bytes that git would write for it. */
async function isOnDisk(repository: Repository, name: string, file: GitFile): Promise<boolean> {
  if (file.mode === SUBMODULE) return false;
  // A link is stored as it is.
  if (!isRegular(file)) return true;
  const full = path.join(repository.root, ...name.split('/'));
  const bytes = await fs.readFile(full).catch(() => null);
  return bytes?.equals(await filtered(repository, name, file)) === true;
}

async function contentOf(repository: Repository, name: string, file: GitFile) {
  if (isRegular(file)) {
    const bytes = await filtered(repository, name, file);
    return { kind: 'bytes', bytes, executable: file.mode === '100755' } as const;
  }
  const target = (await readGitFile(repository.git, repository.root, file)).toString('utf8');
  return { kind: 'link', target } as const;
}

const filtered = async ({ root, git }: Repository, name: string, { blob }: GitFile): Promise<Buffer> =>
  (await git.run(root, ['cat-file', '--filters', `--path=${name}`, blob])).bytes;

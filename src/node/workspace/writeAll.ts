/**
 * Several files written as one: new content goes to temporary files first, what is replaced is put aside, and when any
 * step fails everything is put back.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';
import { type Current, isUnchanged, problemAbove } from './current';

type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string };

export type FileWrite = {
  /** From the root, with `/`. */
  readonly path: string;
  /** What was there when the write was decided; when it is not there any more, nothing is written at all. */
  readonly current: Current;
  /** Null deletes the file. */
  readonly content: FileContent | null;
};

type Staged = FileWrite & { readonly full: string; readonly fresh: string | null; readonly aside: string };

/** Performs all writes or none; the error is one line that says which path stood in the way and why. */
export async function writeAll(root: string, writes: readonly FileWrite[]): Promise<Result<null, string>> {
  const tag = `.openexec-${randomUUID().slice(0, 8)}`;
  const staged: Staged[] = [];
  const folders: string[] = [];
  const undone: Staged[] = [];
  try {
    for (const write of writes) staged.push(await stage(root, write, tag, folders));
    for (const write of staged) {
      const blocked = await problemAbove(root, write.path);
      if (blocked !== null) throw new Error(`${write.path}: ${blocked}`);
      if (!(await isUnchanged(root, write.path, write.current))) throw new Error(`${write.path} changed just now`);
    }
    for (const write of staged) {
      undone.push(write);
      if (write.current.kind === 'file') await putAside(write);
      if (write.fresh !== null) await fs.rename(write.fresh, write.full);
    }
  } catch (error) {
    await putBack(undone);
    for (const write of staged) if (write.fresh !== null) await fs.rm(write.fresh, { force: true });
    await removeEmpty(folders);
    return err(messageOf(error));
  }
  for (const write of staged) await fs.rm(write.aside, { force: true });
  await removeEmpty(
    staged.filter((write) => write.content === null).flatMap((write) => foldersAbove(root, write.path)),
  );
  return ok(null);
}

async function stage(root: string, write: FileWrite, tag: string, folders: string[]): Promise<Staged> {
  const full = path.join(root, ...write.path.split('/'));
  const aside = `${full}${tag}.old`;
  if (write.content === null) return { ...write, full, fresh: null, aside };
  const made = await fs.mkdir(path.dirname(full), { recursive: true });
  if (made !== undefined) folders.push(...foldersAbove(root, write.path).filter((folder) => folder.startsWith(made)));
  const fresh = `${full}${tag}.new`;
  if (write.content.kind === 'link') {
    await fs.symlink(write.content.target, fresh);
  } else {
    const old = write.current.kind === 'file' && write.current.file.mode !== '120000' ? write.current.stat.mode : 0o644;
    const plain = old & 0o666;
    // Executable for whoever may read it, as git does it.
    const mode = write.content.executable ? plain | ((plain & 0o444) >> 2) : plain;
    await fs.writeFile(fresh, write.content.bytes, { flag: 'wx', mode, flush: true });
    await fs.chmod(fresh, mode);
  }
  return { ...write, full, fresh, aside };
}

/** A file that is replaced stays in its place until the new one takes it, so that a crash in between loses nothing. */
async function putAside({ full, fresh, aside, current }: Staged): Promise<void> {
  const isLink = current.kind === 'file' && current.file.mode === '120000';
  if (fresh === null || isLink) return fs.rename(full, aside);
  await fs.link(full, aside).catch(() => fs.copyFile(full, aside));
}

async function putBack(writes: readonly Staged[]): Promise<void> {
  for (const write of [...writes].reverse()) {
    if (write.current.kind === 'file') {
      // Absent when the file had not been put aside yet, and then it is still in its place.
      await fs.rename(write.aside, write.full).catch(() => undefined);
      // A rename onto another name of the same file leaves both.
      await fs.rm(write.aside, { force: true }).catch(() => undefined);
    } else {
      // Not there when the rename onto it was what failed.
      await fs.rm(write.full, { force: true }).catch(() => undefined);
    }
  }
}

/** The folders between a file and the root, deepest first. */
function foldersAbove(root: string, file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => path.join(root, ...parts.slice(0, at + 1))).reverse();
}

async function removeEmpty(folders: readonly string[]): Promise<void> {
  const deepestFirst = [...new Set(folders)].sort((a, b) => b.length - a.length);
  // Refused by the system for a folder that still holds something, which is right.
  for (const folder of deepestFirst) await fs.rmdir(folder).catch(() => undefined);
}

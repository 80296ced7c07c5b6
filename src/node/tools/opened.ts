/**
 * Opening and replacing files so that what was checked is what is used. A path can be swapped for a link between the
 * check and the use; therefore a file is opened first, without following a link, and then what was opened is checked.
 *
 * On Linux a folder is held open and everything in it is done through the open folder, which leaves no gap; elsewhere
 * the check is repeated right before the use.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';

const NO_FOLLOW = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const SWAPPED = 'it changed while it was being opened and now leads elsewhere';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  ELOOP: SWAPPED,
  EACCES: 'the system does not allow it',
  EPERM: 'the system does not allow it',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'it is not a regular file',
};

/** Runs file work; what the system answers to an ordinary mistake becomes a line, anything else is `disk_failure`. */
async function attempt<T>(work: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
    const words = code === null ? undefined : WORDS[code];
    if (words !== undefined) return err(words);
    if (code === null || cause instanceof OpenExecError) throw cause;
    throw new OpenExecError(
      'disk_failure',
      `The run's work tree cannot be read or written (${code}). Check the disk.`,
      { cause },
    );
  }
}

const fullPath = (root: string, inside: string): string =>
  inside === '.' ? root : path.join(root, ...inside.split('/'));

/** Where an open file really lies: asked of the kernel on Linux, else by comparing with what the path leads to. */
async function liesAt(handle: fs.FileHandle, expected: string): Promise<boolean> {
  if (process.platform === 'linux') return (await fs.readlink(`/proc/self/fd/${handle.fd}`)) === expected;
  const [opened, there, real] = await Promise.all([handle.stat(), fs.lstat(expected), fs.realpath(expected)]);
  return real === expected && opened.dev === there.dev && opened.ino === there.ino;
}

export type OpenedFile = {
  readonly bytes: Buffer;
  readonly mode: number;
  readonly links: number;
  /** Another one when the file was written or replaced in the meantime. */
  readonly stamp: string;
};

const LINKED = 'it is a hard link; the same file has another name, perhaps one that is protected';

/**
 * Reads a regular file of at most `limit` bytes at a resolved path inside the root. One that has several names is read
 * only when `linked` says that this was known when the call was decided: a protected file may be under another of them.
 */
export function readOpened(
  root: string,
  inside: string,
  limit: number,
  linked = false,
): Promise<Result<OpenedFile, string>> {
  return attempt(async () => {
    const full = fullPath(root, inside);
    const handle = await fs.open(full, constants.O_RDONLY | NO_FOLLOW);
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) return err('it is a folder');
      if (!stat.isFile()) return err('it is not a regular file');
      if (!(await liesAt(handle, full))) return err(SWAPPED);
      if (stat.nlink > 1 && !linked) return err(LINKED);
      if (stat.size > limit) return err(`it is larger than ${Math.floor(limit / 1024)} KiB`);
      const stamp = `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
      return ok({ bytes: await handle.readFile(), mode: stat.mode & 0o777, links: stat.nlink, stamp });
    } finally {
      await handle.close();
    }
  });
}

/** Does something in a folder at a resolved path; `at` names the folder in a way that a swapped path cannot redirect. */
function inFolder<T>(
  root: string,
  inside: string,
  work: (at: string) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  return attempt(async () => {
    const full = fullPath(root, inside);
    if (process.platform === 'win32') {
      return (await fs.realpath(full)) === full ? work(full) : err(SWAPPED);
    }
    const handle = await fs.open(full, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW);
    try {
      if (!(await liesAt(handle, full))) return err(SWAPPED);
      return await work(process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : full);
    } finally {
      await handle.close();
    }
  });
}

export type Entry = { readonly name: string; readonly kind: 'folder' | 'file' | 'link' | 'other' };

/** The entries of a folder, in no order. */
export function readFolder(root: string, inside: string): Promise<Result<Entry[], string>> {
  return inFolder(root, inside, async (at) => {
    const entries = await fs.readdir(`${at}/`, { withFileTypes: true });
    return ok(
      entries.map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other',
      })),
    );
  });
}

/** Replaces or creates a file as a whole: a temporary file beside it, renamed over it. Keeps the mode of the old one. */
export async function replaceFile(root: string, inside: string, bytes: Uint8Array): Promise<Result<null, string>> {
  const made = await makeFolder(root, path.posix.dirname(inside));
  if (!made.ok) return made;
  return inFolder(root, path.posix.dirname(inside), async (at) => {
    const target = `${at}/${path.posix.basename(inside)}`;
    const old = await replaceable(target);
    if (!old.ok) return old;
    const fresh = `${at}/.openexec-${randomUUID()}.tmp`;
    try {
      await fs.writeFile(fresh, bytes, { flag: 'wx', mode: old.value ?? 0o666 });
      // The creation mask may have taken bits away that the old file had.
      if (old.value !== null) await fs.chmod(fresh, old.value);
      await fs.rename(fresh, target);
    } finally {
      await fs.rm(fresh, { force: true });
    }
    return ok(null);
  });
}

/** Deletes a regular file. */
export function removeFile(root: string, inside: string): Promise<Result<null, string>> {
  return inFolder(root, path.posix.dirname(inside), async (at) => {
    const target = `${at}/${path.posix.basename(inside)}`;
    const old = await replaceable(target);
    if (!old.ok) return old;
    if (old.value === null) return err('there is no such file or folder');
    await fs.unlink(target);
    return ok(null);
  });
}

/** The mode of a file that may be replaced, null when there is none yet, or why it must not be touched. */
async function replaceable(target: string): Promise<Result<number | null, string>> {
  const stat = await fs.lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (stat === null) return ok(null);
  if (stat.isDirectory()) return err('it is a folder');
  if (stat.isSymbolicLink()) return err(SWAPPED);
  if (!stat.isFile()) return err('it is not a regular file');
  if (stat.nlink > 1) return err('it is a hard link; the same file has another name, perhaps outside the repository');
  return ok(stat.mode & 0o777);
}

async function makeFolder(root: string, inside: string): Promise<Result<null, string>> {
  const parts = inside === '.' ? [] : inside.split('/');
  for (let depth = 0; depth < parts.length; depth++) {
    const parent = parts.slice(0, depth).join('/') || '.';
    const made = await inFolder(root, parent, async (at) => {
      await fs.mkdir(`${at}/${parts[depth]}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      return ok(null);
    });
    if (!made.ok) return made;
  }
  return ok(null);
}

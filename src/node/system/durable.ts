/**
 * Writing files so that they are either whole and on the disk, or not there at all: temporary name in the same folder →
 * write → fsync → rename → fsync of the folder. A reader never sees half a file, and a power cut leaves the old one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OpenExecError } from '../../core/kernel/errors';

/** The system's error code (`ENOSPC`, `ENOENT` …) of something that was thrown, or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and try again',
  EDQUOT: 'the disk quota is used up; free some space and try again',
  EROFS: 'the file system is read-only; choose another place for the store',
  EACCES: 'there is no permission to write there; check the owner of the folder',
  EPERM: 'there is no permission to write there; check the owner of the folder',
  EIO: 'the disk reports an input/output error; check the disk',
};

/** One line about a write that did not reach the disk: what, where, why, what to do. */
export function diskFailure(what: string, where: string, cause: unknown): OpenExecError {
  const code = errnoOf(cause);
  const known = code === undefined ? undefined : EXPLANATIONS[code];
  const why = known === undefined ? messageOf(cause) : `${known} (${code})`;
  return new OpenExecError('disk_failure', `${what} could not be written to ${where}: ${why}`, { cause });
}

/** Systems on which a folder cannot be opened or flushed (Windows, some network mounts) answer one of these. */
const NO_FOLDER_SYNC = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF', 'ENOSYS']);

/** Flushes a folder's entries, so that a new or renamed file is found after a power cut; where unsupported, does nothing. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(errnoOf(error) ?? '')) throw error;
  }
}

/** Creates a folder with its parents and makes their entries durable; an existing folder is fine. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    const stop = path.dirname(first);
    for (let at = path.dirname(folder); at.length >= stop.length; at = path.dirname(at)) {
      await syncFolder(at);
      if (path.dirname(at) === at) return;
    }
  } catch (error) {
    throw diskFailure('the folder', folder, error);
  }
}

/**
 * Writes a file durably, replacing what was there in one step. The folder must exist.
 * Throws `disk_failure`, and then the old file, if there was one, is untouched.
 */
export async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw diskFailure('the file', file, error);
  }
}

/**
 * One file of a journal, as its writer uses it: written at places that the writer names, so that lines can be put into
 * space that was made for them ahead.
 */
import { constants, write } from 'node:fs';
import { open } from 'node:fs/promises';

/** The few calls that a journal makes of the file system; a test stands in here to fill the disk. */
export interface JournalFile {
  /** Writes from byte `at` on; answers how many bytes were taken. */
  write(bytes: Uint8Array, at: number): Promise<number>;
  /** Makes space: `length` NUL bytes from byte `at` on, where the file ends; answers how many were taken. */
  extend(at: number, length: number): Promise<number>;
  datasync(): Promise<void>;
  /** Cuts off what comes after, durably. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenJournalFile = (file: string, mode: 'create' | 'continue') => Promise<JournalFile>;

/**
 * On Linux every write is durable when it returns, as if fdatasync followed it at once; that saves the second of two turns
 * through the thread pool, which cost as much as a fast disk does. Elsewhere the flag is missing or does not reach the disk.
 */
const DURABLE_WRITES = process.platform === 'linux' ? constants.O_DSYNC : 0;

/** The file system itself. `create` fails when the file is there already. */
export const openOnDisk: OpenJournalFile = async (file, mode) => {
  const created = mode === 'create' ? constants.O_CREAT | constants.O_EXCL : 0;
  const handle = await open(file, constants.O_WRONLY | created | DURABLE_WRITES);
  // By callback, which takes less of the main thread's time than the handle's own method does, for every event.
  const writeAt = (bytes: Uint8Array, at: number): Promise<number> =>
    new Promise((done, failed) => {
      write(handle.fd, bytes, 0, bytes.length, at, (error, taken) => (error === null ? done(taken) : failed(error)));
    });
  return {
    write: writeAt,
    extend: (at, length) => writeAt(Buffer.alloc(length), at),
    datasync: async () => {
      if (DURABLE_WRITES === 0) await handle.datasync();
    },
    truncate: async (length) => {
      await handle.truncate(length);
      await handle.sync();
    },
    close: () => handle.close(),
  };
};

/**
 * The journal of a run: append-only lines, durable before they are acknowledged. It is the evidence; whatever else is
 * stored can be rebuilt from it.
 *
 * Invariants: created exclusively; an append resolves after write and fdatasync; appends that wait together share one of
 * each; after the first failure nothing is written any more, so that no acknowledged line ever follows a lost one.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { OpenExecError } from '../../core/kernel/errors';
import { diskFailure, errnoOf } from '../system/durable';

/** The few calls that a journal makes of the file system; a test stands in here to fill the disk. */
export interface JournalFile {
  /** Appends; answers how many bytes were taken. */
  write(bytes: Uint8Array): Promise<number>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenJournalFile = (file: string, mode: 'create' | 'continue') => Promise<JournalFile>;

export interface JournalWriter {
  /** Why nothing is written any more; null as long as it is. */
  readonly failure: OpenExecError | null;
  /** Appends a line, with its line feed, and resolves with the journal's length in bytes up to its end, once durable. */
  append(line: string): Promise<number>;
  /** Waits for what is queued, then closes the file. */
  close(): Promise<void>;
}

/** The file system itself. `create` fails when the file is there already. */
export const openOnDisk: OpenJournalFile = async (file, mode) => {
  const flags = mode === 'create' ? 'ax' : constants.O_WRONLY | constants.O_APPEND;
  const handle: FileHandle = await open(file, flags);
  return {
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
};

/** Opens a journal for appending after its first `durable` bytes. Throws `disk_failure`; `internal` if it exists already. */
export async function openJournal(
  file: string,
  from: 'create' | { readonly durable: number },
  openFile: OpenJournalFile = openOnDisk,
): Promise<JournalWriter> {
  try {
    const mode = from === 'create' ? 'create' : 'continue';
    return journalWriter(file, await openFile(file, mode), from === 'create' ? 0 : from.durable);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw new OpenExecError('internal', `${file} exists already`, { cause: error });
    throw diskFailure('the journal', file, error);
  }
}

type Waiting = {
  readonly bytes: Uint8Array;
  readonly done: (length: number) => void;
  readonly failed: (error: OpenExecError) => void;
};

function journalWriter(name: string, file: JournalFile, start: number): JournalWriter {
  let durable = start;
  let queue: Waiting[] = [];
  let failure: OpenExecError | null = null;
  let pump: Promise<void> | null = null;

  /** Writes everything that waits as one piece; on a failure cuts off what may have been written of it. */
  async function commit(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.concat(batch.map((waiting) => waiting.bytes));
    try {
      // A disk that fills up takes what still fits; writing the rest then says why it does not.
      for (let at = 0; at < bytes.length; ) {
        const taken = await file.write(bytes.subarray(at));
        if (taken === 0) throw new Error(`only ${at} of ${bytes.length} bytes were taken`);
        at += taken;
      }
      await file.datasync();
    } catch (error) {
      failure = diskFailure('the event', name, error);
      await file.truncate(durable).catch(() => undefined);
      return;
    }
    for (const waiting of batch) {
      durable += waiting.bytes.length;
      waiting.done(durable);
    }
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      if (failure === null) await commit(batch);
      if (failure !== null) for (const waiting of batch) waiting.failed(failure);
    }
    pump = null;
  }

  return {
    get failure() {
      return failure;
    },
    append(line) {
      if (failure !== null) return Promise.reject(failure);
      return new Promise((done, failed) => {
        queue.push({ bytes: Buffer.from(line, 'utf8'), done, failed });
        pump ??= drain();
      });
    },
    async close() {
      await pump;
      failure ??= new OpenExecError('internal', `${name} is closed`);
      await file.close();
    },
  };
}

/** A line as it is stored. `bytes` has the line feed; only the last line of a file can be without (`complete` false). */
export type StoredLine = { readonly bytes: Buffer; readonly end: number; readonly complete: boolean };

const CHUNK = 256 * 1024;

/** The lines of a journal from a byte on, streaming. Throws `run_unknown` when there is no such file. */
export async function* journalLines(file: string, start = 0): AsyncGenerator<StoredLine> {
  const handle = await openToRead(file);
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    let position = start;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, position);
      if (bytesRead === 0) break;
      const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const base = position - rest.length;
      position += bytesRead;
      let from = 0;
      for (let feed = data.indexOf(10); feed >= 0; feed = data.indexOf(10, from)) {
        yield { bytes: data.subarray(from, feed + 1), end: base + feed + 1, complete: true };
        from = feed + 1;
      }
      rest = data.subarray(from);
    }
    if (rest.length > 0) yield { bytes: rest, end: position, complete: false };
  } finally {
    await handle.close();
  }
}

async function openToRead(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new OpenExecError('run_unknown', `there is no journal ${file}`, { cause: error });
  }
}

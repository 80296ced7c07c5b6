/**
 * The journal of a run: append-only lines, durable before they are acknowledged. It is the evidence; whatever else is
 * stored can be rebuilt from it.
 *
 * Invariants: every segment is created exclusively; an append resolves after write and fdatasync; appends that wait
 * together share one of each; a segment is begun only when everything before it is durable; after the first failure
 * nothing is written any more, so that no acknowledged line ever follows a lost one.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { diskFailure, errnoOf, syncFolder } from '../system/durable';
import { segmentFile } from './layout';
import { SEGMENT_LIMIT, type SegmentLimit, segmentsOf } from './segments';

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
  append(line: string | Uint8Array): Promise<number>;
  /** Waits for what is queued, then closes the file. */
  close(): Promise<void>;
}

/** Where a journal ends: what its last segment holds, and how long all are together. */
export type JournalEnd = {
  readonly segment: number;
  readonly bytes: number;
  readonly events: number;
  readonly total: number;
};

const BEGINNING: JournalEnd = { segment: 1, bytes: 0, events: 0, total: 0 };

/**
 * On Linux every write is durable when it returns, as if fdatasync followed it at once; that saves the second of two turns
 * through the thread pool, which cost as much as a fast disk does. Elsewhere the flag is missing or does not reach the disk.
 */
const DURABLE_WRITES = process.platform === 'linux' ? constants.O_DSYNC : 0;

/** The file system itself. `create` fails when the file is there already. */
export const openOnDisk: OpenJournalFile = async (file, mode) => {
  const created = mode === 'create' ? constants.O_CREAT | constants.O_EXCL : 0;
  const handle: FileHandle = await open(file, constants.O_WRONLY | constants.O_APPEND | created | DURABLE_WRITES);
  return {
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    datasync: async () => {
      if (DURABLE_WRITES === 0) await handle.datasync();
    },
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
};

type Options = { readonly openFile?: OpenJournalFile | undefined; readonly limit?: SegmentLimit | undefined };

/**
 * Opens a run's journal for appending after its end, in a folder that is there. Throws `disk_failure`; `internal` if one
 * is to be created that exists already.
 */
export async function openJournal(
  place: { readonly root: string; readonly run: string },
  from: 'create' | JournalEnd,
  { openFile = openOnDisk, limit = SEGMENT_LIMIT }: Options = {},
): Promise<JournalWriter> {
  const end = from === 'create' ? BEGINNING : from;
  const fileOf = (segment: number): string => segmentFile(place.root, place.run, segment);
  const begin = async (segment: number): Promise<JournalFile> => {
    const file = await openFile(fileOf(segment), 'create');
    await syncFolder(path.dirname(fileOf(segment)));
    return file;
  };
  const name = fileOf(end.segment);
  try {
    const file = from === 'create' ? await begin(1) : await openFile(name, 'continue');
    return new SegmentedJournal({ file, end, limit, fileOf, begin });
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw new OpenExecError('internal', `${name} exists already`, { cause: error });
    throw diskFailure('the journal', name, error);
  }
}

type Waiting = {
  readonly bytes: Uint8Array;
  readonly done: (length: number) => void;
  readonly failed: (error: OpenExecError) => void;
};

type Parts = {
  readonly file: JournalFile;
  readonly end: JournalEnd;
  readonly limit: SegmentLimit;
  readonly fileOf: (segment: number) => string;
  readonly begin: (segment: number) => Promise<JournalFile>;
};

class SegmentedJournal implements JournalWriter {
  failure: OpenExecError | null = null;
  readonly #parts: Parts;
  #file: JournalFile;
  /** Where the durable part ends. */
  #end: JournalEnd;
  #queue: Waiting[] = [];
  #pump: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#end = parts.end;
  }

  append(line: string | Uint8Array): Promise<number> {
    if (this.failure !== null) return Promise.reject(this.failure);
    const bytes = typeof line === 'string' ? Buffer.from(line, 'utf8') : line;
    return new Promise((done, failed) => {
      this.#queue.push({ bytes, done, failed });
      this.#pump ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    await this.#pump;
    this.failure ??= new OpenExecError('internal', `${this.#name()} is closed`);
    await this.#file.close();
  }

  #name(): string {
    return this.#parts.fileOf(this.#end.segment);
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const fitting = this.#fitting();
      if (this.failure === null && fitting === 0) await this.#beginNext();
      if (this.failure !== null) {
        for (const waiting of this.#queue.splice(0)) waiting.failed(this.failure);
      } else if (fitting > 0) await this.#commit(this.#queue.splice(0, fitting));
    }
    this.#pump = null;
  }

  /** How many of the lines that wait still have room in this segment; an empty one has room for any line. */
  #fitting(): number {
    const { limit } = this.#parts;
    let { bytes, events } = this.#end;
    let count = 0;
    for (const waiting of this.#queue) {
      bytes += waiting.bytes.length;
      if (events > 0 && (events >= limit.events || bytes > limit.bytes)) break;
      events += 1;
      count += 1;
    }
    return count;
  }

  /** The segment is full, and durable to its end: the next one is begun, and this one never touched again. */
  async #beginNext(): Promise<void> {
    const segment = this.#end.segment + 1;
    try {
      const file = await this.#parts.begin(segment);
      await this.#file.close();
      this.#file = file;
      this.#end = { segment, bytes: 0, events: 0, total: this.#end.total };
    } catch (error) {
      this.failure = diskFailure('the event', this.#parts.fileOf(segment), error);
    }
  }

  /** Writes everything that is in the batch as one piece; on a failure cuts off what may have been written of it. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    const [only] = batch;
    const bytes = batch.length === 1 && only ? only.bytes : Buffer.concat(batch.map((waiting) => waiting.bytes));
    try {
      // A disk that fills up takes what still fits; writing the rest then says why it does not.
      for (let at = 0; at < bytes.length; ) {
        const taken = await this.#file.write(at === 0 ? bytes : bytes.subarray(at));
        if (taken === 0) throw new Error(`only ${at} of ${bytes.length} bytes were taken`);
        at += taken;
      }
      await this.#file.datasync();
    } catch (error) {
      this.failure = diskFailure('the event', this.#name(), error);
      await this.#file.truncate(this.#end.bytes).catch(() => undefined);
      for (const waiting of batch) waiting.failed(this.failure);
      return;
    }
    for (const waiting of batch) {
      const { length } = waiting.bytes;
      const { segment, bytes: before, events, total } = this.#end;
      this.#end = { segment, bytes: before + length, events: events + 1, total: total + length };
      waiting.done(this.#end.total);
    }
  }
}

/**
 * A line as it is stored; `end` is counted over all segments. `bytes` has the line feed; only the last line of a segment
 * can be without (`complete` false), which is how a write that was interrupted looks in the last segment, and damage in
 * any other.
 */
export type StoredLine = { readonly bytes: Buffer; readonly end: number; readonly complete: boolean };

/** Small enough that the lines of one piece can be parsed within a frame. */
const CHUNK = 64 * 1024;
const LINE_FEED = 10;
/** No event is longer: texts of any length are stored apart. Of a longer line only the beginning is read, to be refused. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * The lines of a run's journal from a byte on, streaming, all segments as one. A segment that is missing is passed over:
 * the events themselves show that. Throws `run_unknown` when there is no journal.
 */
export async function* storedLines(root: string, run: string, start = 0): AsyncGenerator<StoredLine> {
  for await (const batch of storedBatches(root, run, start)) yield* batch;
}

/** The lines as `storedLines` gives them, as many at once as are read at once: for who cannot wait for each by itself. */
export async function* storedBatches(root: string, run: string, start = 0): AsyncGenerator<readonly StoredLine[]> {
  let base = 0;
  const segments = await segmentsOf(root, run);
  for (const [place, { file, size }] of segments.entries()) {
    const isLast = place === segments.length - 1;
    if (!isLast && start >= base + size) {
      base += size;
      continue;
    }
    const handle = await open(file, 'r');
    try {
      let position = Math.max(0, start - base);
      let rest: Buffer[] = [];
      let held = 0;
      for (;;) {
        // Not reused, for the lines that are given away are parts of it.
        const chunk = Buffer.allocUnsafeSlow(CHUNK);
        const { bytesRead } = await handle.read(chunk, 0, CHUNK, position);
        if (bytesRead === 0) break;
        const data = chunk.subarray(0, bytesRead);
        const batch: StoredLine[] = [];
        let from = 0;
        for (let feed = data.indexOf(LINE_FEED); feed >= 0; feed = data.indexOf(LINE_FEED, from)) {
          const line = data.subarray(from, feed + 1);
          const bytes = rest.length === 0 ? line : Buffer.concat([...rest, line]);
          batch.push({ bytes, end: base + position + feed + 1, complete: true });
          if (rest.length > 0) [rest, held] = [[], 0];
          from = feed + 1;
        }
        if (from < bytesRead && held <= MAX_LINE_BYTES) {
          rest.push(data.subarray(from));
          held += bytesRead - from;
        }
        position += bytesRead;
        yield batch;
      }
      if (rest.length > 0) yield [{ bytes: Buffer.concat(rest), end: base + position, complete: false }];
      base += position;
    } finally {
      await handle.close();
    }
  }
}

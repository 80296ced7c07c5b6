/**
 * The journal of a run: append-only lines, durable before they are acknowledged. It is the evidence; whatever else is
 * stored can be rebuilt from it.
 *
 * Invariants: every segment is created exclusively; an append resolves after write and fdatasync; appends that wait
 * together share one of each; a segment is begun only when everything before it is durable; after the first failure
 * nothing is written any more, so that no acknowledged line ever follows a lost one.
 *
 * While lines come one by one, each goes into space that was made ahead: NUL bytes after the journal's end, which no line
 * holds. Writing there changes the file's bytes alone and neither its length nor its blocks, and saves the disk a good part
 * of the work. Such a write that is interrupted can leave any of its parts, but it is a single line, and the last. Lines
 * that are written together make the file longer instead: of those, what is interrupted leaves the beginning. Only the last
 * segment has such space, and none once it is closed.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { diskFailure, errnoOf, syncFolder } from '../system/durable';
import { type JournalFile, type OpenJournalFile, openOnDisk } from './journalFile';
import { segmentFile } from './layout';
import { SEGMENT_LIMIT, type SegmentLimit, segmentsOf } from './segments';

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

/** Space is made for lines that come one by one, once so many did in a row: a stream of lines has no use for it. */
const ALONE = 4;
const MIN_SPACE = 16 * 1024;
const MAX_SPACE = 256 * 1024;
/** What a system answers when there is no space to be made, though there may be enough for a line. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

class SegmentedJournal implements JournalWriter {
  failure: OpenExecError | null = null;
  readonly #parts: Parts;
  #file: JournalFile;
  /** Where the durable part ends. */
  #end: JournalEnd;
  /** As far as the segment's file may reach: beyond the durable part when there is space. */
  #fileEnd: number;
  /** How many lines in a row were written each by itself. */
  #alone = 0;
  /** False once the disk had no space to be made. */
  #spacious = true;
  #queue: Waiting[] = [];
  #pump: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#end = parts.end;
    this.#fileEnd = parts.end.bytes;
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
    // Space that cannot be given back is no harm: every reader knows it for what it is.
    await this.#giveBack().catch(() => undefined);
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
      await this.#giveBack();
      const file = await this.#parts.begin(segment);
      await this.#file.close();
      this.#file = file;
      this.#fileEnd = 0;
      this.#end = { segment, bytes: 0, events: 0, total: this.#end.total };
    } catch (error) {
      this.failure = diskFailure('the event', this.#parts.fileOf(segment), error);
    }
  }

  /** Writes everything that is in the batch as one piece; on a failure cuts off what may have been written of it. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    const [only] = batch;
    const bytes = batch.length === 1 && only ? only.bytes : Buffer.concat(batch.map((waiting) => waiting.bytes));
    const start = this.#end.bytes;
    try {
      this.#alone = batch.length === 1 ? this.#alone + 1 : 0;
      if (this.#alone === 0) await this.#giveBack();
      else if (start + bytes.length > this.#fileEnd && this.#alone >= ALONE) await this.#makeSpace(bytes.length);
      // A disk that fills up takes what still fits; writing the rest then says why it does not.
      for (let at = 0; at < bytes.length; ) {
        const taken = await this.#file.write(at === 0 ? bytes : bytes.subarray(at), start + at);
        if (taken === 0) throw new Error(`only ${at} of ${bytes.length} bytes were taken`);
        at += taken;
      }
      await this.#file.datasync();
    } catch (error) {
      this.failure = diskFailure('the event', this.#name(), error);
      await this.#file.truncate(start).catch(() => undefined);
      for (const waiting of batch) waiting.failed(this.failure);
      return;
    }
    this.#fileEnd = Math.max(this.#fileEnd, start + bytes.length);
    for (const waiting of batch) {
      const { length } = waiting.bytes;
      const { segment, bytes: before, events, total } = this.#end;
      this.#end = { segment, bytes: before + length, events: events + 1, total: total + length };
      waiting.done(this.#end.total);
    }
  }

  /** Makes space for a line of so many bytes and for some that may follow it. A disk that has no more is no failure yet. */
  async #makeSpace(length: number): Promise<void> {
    const needed = this.#end.bytes + length;
    const ahead = Math.min(Math.max(this.#end.bytes, MIN_SPACE), MAX_SPACE);
    const to = Math.min(needed + ahead, this.#parts.limit.bytes);
    // A very long line, and one that no other of its segment can follow, had better make the file longer itself.
    if (!this.#spacious || length > MAX_SPACE || to < needed) return;
    const wanted = to - this.#fileEnd;
    try {
      const taken = await this.#file.extend(this.#fileEnd, wanted);
      this.#fileEnd += taken;
      this.#spacious = taken === wanted;
    } catch (error) {
      if (!NO_SPACE.has(errnoOf(error) ?? '')) throw error;
      this.#spacious = false;
      // A part of it may be there all the same, and is cut off in the end.
      this.#fileEnd += wanted;
    }
  }

  /** Cuts off the space that is left. */
  async #giveBack(): Promise<void> {
    if (this.#fileEnd <= this.#end.bytes) return;
    await this.#file.truncate(this.#end.bytes);
    this.#fileEnd = this.#end.bytes;
  }
}

/**
 * A line as it is stored; `end` is counted over all segments. `bytes` has the line feed; only the last line of a segment
 * can be without (`complete` false), which is how a write that was interrupted looks in the last segment, and damage in
 * any other. A last line of the last segment with a hole of NUL bytes in it was interrupted, too, and is given up to there.
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
    // Where the last one ends is looked up once, for what is written after that is written while this reads.
    const until = isLast ? size : Number.POSITIVE_INFINITY;
    const handle = await open(file, 'r');
    try {
      let position = Math.max(0, start - base);
      let rest: Buffer[] = [];
      let held = 0;
      while (position < until) {
        // Not reused, for the lines that are given away are parts of it.
        const chunk = Buffer.allocUnsafeSlow(CHUNK);
        const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK, until - position), position);
        if (bytesRead === 0) break;
        const data = chunk.subarray(0, bytesRead);
        const batch: StoredLine[] = [];
        let from = 0;
        for (let feed = data.indexOf(LINE_FEED); feed >= 0; feed = data.indexOf(LINE_FEED, from)) {
          const line = data.subarray(from, feed + 1);
          const bytes = rest.length === 0 ? line : Buffer.concat([...rest, line]);
          const end = position + feed + 1;
          batch.push(end === until ? lastLine(bytes, base + end) : { bytes, end: base + end, complete: true });
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
      if (rest.length > 0) yield [{ ...lastLine(Buffer.concat(rest), base + position), complete: false }];
      base += position;
    } finally {
      await handle.close();
    }
  }
}

/** The last line of all: parts of it may be missing. With a whole line after the hole, that was another line, and is damage. */
function lastLine(bytes: Buffer, end: number): StoredLine {
  const hole = bytes.indexOf(0);
  if (hole < 0 || isWhole(bytes.subarray(bytes.lastIndexOf(0) + 1))) return { bytes, end, complete: true };
  return { bytes: bytes.subarray(0, hole), end, complete: false };
}

/** No part of a line but all of it is an object. */
function isWhole(line: Buffer): boolean {
  try {
    return line.at(-1) === LINE_FEED && typeof JSON.parse(line.toString('utf8')) === 'object';
  } catch {
    return false;
  }
}

/**
 * The files of a run's journal: `journal.jsonl`, `journal-2.jsonl` … Together they are one text. All but the last are
 * finished and never change; a new one is begun where the one before is full. While the last one is written, and when its
 * writer was killed, it ends in space: NUL bytes, which are no part of the text.
 */
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { oneLine } from '../../core/events/findings';
import { OpenExecError } from '../../core/kernel/errors';
import { errnoOf } from '../system/durable';
import { runFolder, segmentFile, segmentNumber } from './layout';

/** When a segment is full: at so many events, or before it would hold more bytes. */
export type SegmentLimit = { readonly events: number; readonly bytes: number };

export const SEGMENT_LIMIT: SegmentLimit = { events: 50_000, bytes: 50 * 1024 * 1024 };

/** `size` is how many bytes of it are text, `space` how many come after that. */
type Segment = { readonly number: number; readonly file: string; readonly size: number; readonly space: number };

/** The segments of a run that are there, in order. Throws `run_unknown` when there is none. */
export async function segmentsOf(root: string, run: string): Promise<Segment[]> {
  const segments = await find(root, run);
  if (segments.length > 0) return segments;
  throw new OpenExecError('run_unknown', `there is no journal of run ${run} in ${root}; see the list of runs`);
}

/** How long the journal's text is in bytes, an incomplete last line included; null when there is none. */
export async function journalLength(root: string, run: string): Promise<number | null> {
  const segments = await find(root, run);
  return segments.length === 0 ? null : segments.reduce((length, { size }) => length + size, 0);
}

/** A name that one could take for that of a journal's file. */
const LIKE_A_JOURNAL = /journal/i;

/**
 * What is wrong with the files of a run's journal as such, each with what is due: a hole in their numbers, one before the
 * last that is empty, a file that only looks as if it belonged to them.
 */
export async function segmentProblems(root: string, run: string): Promise<{ expected: string; found: string }[]> {
  const problems: { expected: string; found: string }[] = [];
  const segments = await find(root, run);
  for (const [place, { number, file, size }] of segments.entries()) {
    const name = path.basename(file);
    if (number !== place + 1) {
      problems.push({ expected: path.basename(segmentFile(root, run, place + 1)), found: name });
      break;
    }
    if (size === 0 && place < segments.length - 1)
      problems.push({ expected: `events in ${name}`, found: 'an empty file' });
  }
  const names = (await namesIn(runFolder(root, run))).sort();
  for (const name of names
    .filter((other) => LIKE_A_JOURNAL.test(other) && segmentNumber(other) === null)
    .slice(0, 10)) {
    problems.push({ expected: 'only files of the journal', found: oneLine(name) });
  }
  return problems;
}

/** True when the run has a folder, with a journal or without. */
export async function hasFolder(root: string, run: string): Promise<boolean> {
  const found = await stat(runFolder(root, run)).catch(() => null);
  return found?.isDirectory() === true;
}

async function find(root: string, run: string): Promise<Segment[]> {
  const numbers = (await namesIn(runFolder(root, run))).map(segmentNumber).filter((number) => number !== null);
  const segments: Segment[] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const file = segmentFile(root, run, number);
    const size = await sizeOf(file);
    if (size !== null) segments.push({ number, file, size, space: 0 });
  }
  const last = segments.pop();
  if (last === undefined) return segments;
  const size = await textLength(last.file, last.size);
  return [...segments, { ...last, size, space: last.size - size }];
}

const PIECE = 64 * 1024;

/**
 * How many of a file's bytes come before its space. That can be written meanwhile: what was durable before this was asked
 * is always counted. A file that cannot be read counts in full, and whoever reads it finds out why.
 */
async function textLength(file: string, length: number): Promise<number> {
  try {
    const handle = await open(file, 'r');
    try {
      // Of most journals the very last byte is a line feed, and no more has to be looked at.
      const piece = Buffer.allocUnsafe(Math.min(PIECE, length));
      for (let end = length, take = 1; end > 0; take = PIECE) {
        const from = Math.max(0, end - take);
        const { bytesRead } = await handle.read(piece, 0, end - from, from);
        for (let at = bytesRead - 1; at >= 0; at -= 1) if (piece[at] !== 0) return from + at + 1;
        end = from;
      }
      return 0;
    } finally {
      await handle.close();
    }
  } catch {
    return length;
  }
}

/** Null when the file went in between: the run is being removed. */
async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

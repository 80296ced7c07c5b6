/**
 * Runs that came out of a bundle. They lie in the store like any other and are told from the rest by `imported.json`
 * beside their journal; nothing is ever appended to them.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import { sha256Schema } from '../../core/kernel/hash';
import type { Blobs } from '../../core/ports/eventLog';
import { diskFailure, errnoOf, makeFolder, syncFolder, writeDurably } from '../system/durable';
import { openJournal } from './journal';
import { importedFile, incomingFolder, runFolder, runsFolder } from './layout';
import type { SegmentLimit } from './segments';

const importOriginSchema = z.strictObject({
  /** The bundle's file, as it was named. */
  file: z.string(),
  sha256: sha256Schema,
  /** When it was imported. */
  at: z.iso.datetime(),
  /** Fingerprint of the key whose signature was found good; null when there is none. */
  signedBy: z.string().nullable(),
});
export type ImportOrigin = z.infer<typeof importOriginSchema>;

export type ImportedRun = {
  /** The exact stored bytes of the journal, in pieces of any size. */
  readonly journal: AsyncIterable<Uint8Array>;
  readonly blobs: AsyncIterable<{ readonly sha256: string; readonly bytes: Uint8Array }>;
  readonly origin: ImportOrigin;
};

/** Lines that wait for the disk together while a journal is copied in. */
const BATCH_BYTES = 1024 * 1024;
const LINE_FEED = 10;

/**
 * Puts a run in its place in one step: it is built in a folder of its own and renamed. Throws `run_exists`,
 * `bundle_invalid` when a blob is not what its address says or the journal's end is incomplete, `disk_failure`.
 */
export async function adoptRun(
  root: string,
  run: string,
  content: ImportedRun,
  { blobs, limit }: { blobs: Blobs; limit: SegmentLimit | undefined },
): Promise<void> {
  const target = runFolder(root, run);
  if (await isThere(target)) throw alreadyThere(run, root);
  // Laid out like a store, so that the journal is written as any other is.
  const building = path.join(incomingFolder(root), randomUUID());
  try {
    await makeFolder(runFolder(building, run));
    await copyJournal(building, run, content.journal, limit);
    const origin = JSON.stringify(importOriginSchema.parse(content.origin));
    await writeDurably(importedFile(building, run), new TextEncoder().encode(`${origin}\n`));
    for await (const { sha256, bytes } of content.blobs) {
      const { blob } = await blobs.put(bytes, 'application/octet-stream');
      if (blob !== sha256) throw new OpenExecError('bundle_invalid', `blob ${sha256} is not what its address says`);
    }
    await moveIn(root, run, runFolder(building, run));
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function moveIn(root: string, run: string, from: string): Promise<void> {
  const target = runFolder(root, run);
  try {
    await rename(from, target);
    await syncFolder(runsFolder(root));
  } catch (error) {
    if (['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(errnoOf(error) ?? '') && (await isThere(target))) {
      throw alreadyThere(run, root, error);
    }
    throw diskFailure('the run', target, error);
  }
}

async function copyJournal(
  root: string,
  run: string,
  pieces: AsyncIterable<Uint8Array>,
  limit: SegmentLimit | undefined,
): Promise<void> {
  const journal = await openJournal({ root, run }, 'create', { limit });
  try {
    let rest: Uint8Array[] = [];
    let waiting: Promise<number>[] = [];
    let size = 0;
    for await (const piece of pieces) {
      let from = 0;
      for (let feed = piece.indexOf(LINE_FEED); feed >= 0; feed = piece.indexOf(LINE_FEED, from)) {
        const line = Buffer.concat([...rest, piece.subarray(from, feed + 1)]);
        rest = [];
        from = feed + 1;
        const due = journal.append(line);
        // It is awaited with the others; until then its failure must not count as one that nobody hears of.
        due.catch(() => undefined);
        waiting.push(due);
        size += line.length;
      }
      if (from < piece.length) rest.push(piece.subarray(from));
      if (size < BATCH_BYTES) continue;
      await Promise.all(waiting);
      waiting = [];
      size = 0;
    }
    await Promise.all(waiting);
    if (rest.length > 0) throw new OpenExecError('bundle_invalid', 'the last line of the journal is incomplete');
  } finally {
    await journal.close();
  }
}

/** Where an imported run came from; null for a run of this store's own. */
export async function importOriginOf(root: string, run: string): Promise<ImportOrigin | null> {
  let text: string;
  try {
    text = await readFile(importedFile(root, run), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
  return importOriginSchema.parse(JSON.parse(text));
}

/** True when the run came out of a bundle, so that it is read-only for ever. */
export const isImported = (root: string, run: string): Promise<boolean> => isThere(importedFile(root, run));

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

const alreadyThere = (run: string, root: string, cause?: unknown): OpenExecError =>
  new OpenExecError('run_exists', `run ${run} is in ${root} already; nothing was imported`, { cause });

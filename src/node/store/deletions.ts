/**
 * What was deleted, and why: `deletions.jsonl` in the root of a store, one line a deletion, durable before a file goes.
 * No journal could tell it any more, so that this file is what the index is filled from.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sha256Schema } from '../../core/kernel/hash';
import { diskFailure, errnoOf, syncFolder } from '../system/durable';

const deletionRecordSchema = z.strictObject({
  runId: z.string().min(1),
  events: z.number().int().nonnegative(),
  head: sha256Schema,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  deletedAt: z.iso.datetime(),
  reason: z.string(),
  /** The addresses of the blobs that went with it. */
  blobs: z.array(sha256Schema),
});
export type DeletionRecord = z.infer<typeof deletionRecordSchema>;

const fileOf = (root: string): string => path.join(root, 'deletions.jsonl');

/** Every deletion, oldest first. A line that a crash left half is passed over: its files are still there. */
export async function readDeletions(root: string): Promise<DeletionRecord[]> {
  let text: string;
  try {
    text = await readFile(fileOf(root), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    const parsed = deletionRecordSchema.safeParse(jsonOf(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Adds a deletion, durably. Throws `disk_failure`. */
export async function recordDeletion(root: string, record: DeletionRecord): Promise<void> {
  const file = fileOf(root);
  try {
    const handle = await open(file, 'a');
    try {
      // A line of its own, also after one that a crash left half.
      await handle.appendFile(`${(await endsOpen(handle, file)) ? '\n' : ''}${JSON.stringify(record)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(root);
  } catch (error) {
    throw diskFailure('the deletion', file, error);
  }
}

async function endsOpen(handle: FileHandle, file: string): Promise<boolean> {
  if ((await handle.stat()).size === 0) return false;
  return (await readFile(file)).at(-1) !== 10;
}

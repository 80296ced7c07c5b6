/**
 * Deleting a run, for retention. First it is written down what goes, durably, then the run is taken out of its place in one
 * step, then the files go: whatever breaks off in between, there is never half a run and never one that is gone unsaid.
 */
import { randomUUID } from 'node:crypto';
import { link, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunSummary } from '../../core/events/summary';
import { OpenExecError } from '../../core/kernel/errors';
import { diskFailure, errnoOf, makeFolder, syncFolder } from '../system/durable';
import { blobFile } from './blobs';
import { recordDeletion } from './deletions';
import { blobsFolder, incomingFolder, lockFile, runFolder, runsFolder, trashFolder } from './layout';
import type { Listing } from './listing';
import { lockRun } from './lock';
import type { StoreWorker } from './workerClient';

/** A blob that is younger may belong to an event that is not written yet. */
const OLD_MS = 24 * 60 * 60 * 1000;

export type Why = { readonly reason: string; readonly at: string };

/** Deletes a run and the blobs that no other run refers to. Throws `run_locked`, `disk_failure`. */
export async function removeRun(
  { root, listing, worker }: { root: string; listing: Listing; worker: StoreWorker },
  summary: RunSummary,
  why: Why,
): Promise<void> {
  const run = summary.runId;
  const lock = await lockRun(lockFile(root, run), run);
  try {
    const answer = await worker.ask({ kind: 'blobs', root, run });
    if (answer.kind !== 'blobs') throw new OpenExecError('store_worker', `the blobs of run ${run} were not found out`);
    const blobs: string[] = [];
    for (const address of answer.addresses) {
      if (await isOld(blobFile(blobsFolder(root), address))) blobs.push(address);
    }
    const { events, head, startedAt, endedAt } = summary;
    const record = { runId: run, events, head, startedAt, endedAt, deletedAt: why.at, reason: why.reason, blobs };
    await recordDeletion(root, record);
    await listing.forget(run);
    await takeAway(root, run, blobs);
  } finally {
    await lock.release();
  }
}

async function takeAway(root: string, run: string, blobs: readonly string[]): Promise<void> {
  const trash = path.join(trashFolder(root), randomUUID());
  try {
    await makeFolder(trash);
    await rename(runFolder(root, run), path.join(trash, 'run'));
    await syncFolder(runsFolder(root));
    for (const address of blobs) await takeBlob(blobFile(blobsFolder(root), address), path.join(trash, address));
    await rm(trash, { recursive: true, force: true });
  } catch (error) {
    throw diskFailure('the deletion', runFolder(root, run), error);
  }
}

/** Whoever stores the same bytes in this very moment makes the blob young first: then it is put back. */
async function takeBlob(file: string, trash: string): Promise<void> {
  try {
    await rename(file, trash);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  if (await isOld(trash)) return;
  await link(trash, file).catch((error: unknown) => {
    // It was stored anew already.
    if (errnoOf(error) !== 'EEXIST') throw error;
  });
}

async function isOld(file: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > OLD_MS;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Removes what a deletion or an import that broke off left behind; nothing there is in its place any more. */
export async function emptyTrash(root: string): Promise<void> {
  for (const folder of [trashFolder(root), incomingFolder(root)]) {
    for (const name of await readdir(folder).catch(() => [])) {
      const left = path.join(folder, name);
      // What is young may be another process's, at work just now.
      if (await isOld(left)) await rm(left, { recursive: true, force: true });
    }
  }
}

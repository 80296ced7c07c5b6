/** A run's record as it stands in its store, verified to its last byte, and the files that are made of it. */
import { problemOf, type VerifyReport } from '../../core/events/findings';
import { isEnded } from '../../core/events/summary';
import type { Derived } from '../../core/evidence/derive';
import { blobEntry, JOURNAL, MAX_BUNDLE_BYTES, REPORT } from '../../core/evidence/format';
import { OpenExecError } from '../../core/kernel/errors';
import type { Progress } from '../../core/ports/progress';
import { lockFile } from '../store/layout';
import { isLocked } from '../store/lock';
import type { RunStore } from '../store/store';
import { linesOf, verifyLines } from '../store/verifying';
import { sha256 } from '../system/sha256';
import { derive, referredBlobs, throwIfCancelled } from './bundle';

export type SoundRecord = {
  /** The journal and the blobs that it refers to, by their names in a bundle. */
  readonly entries: Map<string, Uint8Array>;
  readonly report: VerifyReport;
  readonly derived: Derived;
};

/** Rejects with `run_unknown`, `journal_corrupt` when the run is not sound, `blob_missing`, `bundle_invalid` for too much of it, `cancelled`. */
export async function soundRecord(store: RunStore, runId: string, progress: Progress): Promise<SoundRecord> {
  const journal = await journalOf(store, runId, progress);
  const report = await soundReport(store, runId, journal, progress);
  const entries = new Map([[JOURNAL, journal]]);
  await addBlobs(entries, store, runId, progress);
  return { entries, report, derived: await derive(journal, entries, progress) };
}

/**
 * The report of a run that has ended, was paused or was interrupted, as one HTML page: the same bytes as in its evidence bundle.
 * Rejects as `soundRecord` does, and with `run_active`.
 */
export async function htmlReport(store: RunStore, runId: string, progress: Progress): Promise<string> {
  await refuseActive(store, runId);
  return (await soundRecord(store, runId, progress)).derived.files[REPORT];
}

/** Rejects with `run_active` for a run that goes on, and `run_unknown`. */
export async function refuseActive(store: RunStore, runId: string): Promise<void> {
  const { status, root } = await store.summary(runId);
  if (await isLocked(lockFile(root, runId))) {
    throw new OpenExecError('run_active', `run ${runId} is being written; export it when it has ended or is paused`);
  }
  if (isEnded(status) || status === 'paused') return;
  throw new OpenExecError('run_active', `run ${runId} has no end; its status is ${status}`);
}

async function journalOf(store: RunStore, runId: string, { signal }: Progress): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of store.journalBytes(runId)) {
    throwIfCancelled(signal);
    size += piece.length;
    if (size > MAX_BUNDLE_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Verifies the bytes that go into the bundle, not those that the store holds a moment later. */
async function soundReport(
  store: RunStore,
  runId: string,
  journal: Uint8Array,
  progress: Progress,
): Promise<VerifyReport> {
  const blobs = await store.blobsOf(runId);
  const options = { run: runId, hash: sha256, blobs, heads: [], live: async () => false, ...progress };
  const report = await verifyLines(linesOf(journal), options);
  const [first] = report.findings;
  if (first === undefined) return report;
  throw new OpenExecError(
    'journal_corrupt',
    `run ${runId} is not sound and what is exported would vouch for it: event ${first.seq}: ${problemOf(first)}`,
  );
}

async function addBlobs(
  entries: Map<string, Uint8Array>,
  store: RunStore,
  runId: string,
  progress: Progress,
): Promise<void> {
  const blobs = await store.blobsOf(runId);
  let size = 0;
  for (const address of await referredBlobs(entries.get(JOURNAL) ?? new Uint8Array(), progress)) {
    throwIfCancelled(progress.signal);
    const bytes = await blobs.get(address);
    size += bytes.length;
    if (size > MAX_BUNDLE_BYTES) throw tooLarge();
    entries.set(blobEntry(address), bytes);
  }
}

export const tooLarge = (): OpenExecError =>
  new OpenExecError(
    'bundle_invalid',
    `the run is too large for a bundle: at most ${MAX_BUNDLE_BYTES} bytes fit into one`,
  );

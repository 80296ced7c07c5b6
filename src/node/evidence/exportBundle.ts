/** Writing a run's evidence bundle. The same run gives the same bytes, whenever, wherever and however often. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { problemOf, type VerifyReport } from '../../core/events/findings';
import { isEnded } from '../../core/events/summary';
import { manifestOf } from '../../core/evidence/check';
import { blobEntry, JOURNAL, MANIFEST, MAX_BUNDLE_BYTES, MAX_ENTRIES, SIGNATURE } from '../../core/evidence/format';
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import type { Progress } from '../../core/ports/progress';
import { lockFile } from '../store/layout';
import { isLocked } from '../store/lock';
import type { RunStore } from '../store/store';
import { linesOf, verifyLines } from '../store/verifying';
import { writeDurably } from '../system/durable';
import { sha256 } from '../system/sha256';
import { addressOf, derive, measure, referredBlobs, throwIfCancelled } from './bundle';
import { type Entries, pack } from './container';
import { keyInfo, signManifest } from './signingKey';

export type ExportOptions = {
  readonly file: string;
  /** PKCS8, PEM; without one the bundle is not signed. */
  readonly signingKey?: string;
  /** True when a person has agreed that what is in the file's place goes. */
  readonly replace?: boolean;
  /** True for the run's own writer: the record up to its last durable event, although more will follow. */
  readonly underWay?: boolean;
} & Progress;

export type Exported = {
  readonly file: string;
  readonly sha256: string;
  readonly events: number;
  /** Hash of the last event. */
  readonly head: string;
  readonly blobs: number;
  /** Fingerprint of the key. */
  readonly signedBy: string | null;
};

/**
 * Writes the bundle of a run that has ended, was paused or was interrupted, or of one under way for the run itself. A file that is there is left alone unless it is
 * to be replaced: `usage`, or nothing at all when it holds these very bytes. Rejects with `run_unknown`, `run_active`, `journal_corrupt` when the run is not sound
 * (a bundle would vouch for it), `blob_missing`, `usage`, `disk_failure`, `cancelled`.
 */
export async function exportBundle(store: RunStore, runId: string, options: ExportOptions): Promise<Exported> {
  const { file, signingKey, replace = false, underWay = false, ...progress } = options;
  const signedBy = signingKey === undefined ? null : keyInfo(signingKey).fingerprint;
  await refuseFolder(file);
  if (!underWay) await refuseActive(store, runId);
  const journal = await journalOf(store, runId, progress);
  const report = await soundReport(store, runId, journal, progress);
  const entries = new Map([[JOURNAL, journal]]);
  await addBlobs(entries, store, runId, progress);
  const derived = await derive(journal, entries, progress);
  for (const [name, text] of Object.entries(derived.files)) entries.set(name, encode(text));
  const recorded = { runId, events: report.events, blobs: report.blobs, head: report.head };
  const manifest = encode(canonicalize(manifestOf(recorded, derived.versions, await measure(entries, progress))));
  entries.set(MANIFEST, manifest);
  if (signingKey !== undefined) entries.set(SIGNATURE, encode(canonicalize(signManifest(manifest, signingKey))));
  refuseTooLarge(entries);
  const bytes = await pack(entries);
  throwIfCancelled(progress.signal);
  await place(file, bytes, replace);
  const { events, blobs, head } = report;
  return { file, sha256: await addressOf(bytes), events, head, blobs, signedBy };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function refuseFolder(file: string): Promise<void> {
  const [target, folder] = await Promise.all([file, path.dirname(file)].map((at) => stat(at).catch(() => null)));
  if (target?.isDirectory() === true) throw new OpenExecError('usage', `${file} is a folder; name a file in it`);
  if (folder?.isDirectory() !== true) {
    throw new OpenExecError('usage', `there is no folder ${path.dirname(file)} to write the bundle to`);
  }
}

async function refuseActive(store: RunStore, runId: string): Promise<void> {
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
    `run ${runId} is not sound and a bundle would vouch for it: event ${first.seq}: ${problemOf(first)}`,
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

function refuseTooLarge(entries: Entries): void {
  // Each entry takes its header, its line in the directory and its name twice; 300 bytes cover them.
  const size = [...entries.values()].reduce((sum, bytes) => sum + bytes.length + 300, 0);
  if (entries.size > MAX_ENTRIES || size > MAX_BUNDLE_BYTES) throw tooLarge();
}

const tooLarge = (): OpenExecError =>
  new OpenExecError(
    'bundle_invalid',
    `the run is too large for a bundle: at most ${MAX_BUNDLE_BYTES} bytes fit into one`,
  );

async function place(file: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there === null || replace) return writeDurably(file, bytes);
  if (there.isFile() && there.size === bytes.length && (await readFile(file)).equals(bytes)) return;
  throw new OpenExecError('usage', `${file} is there already and is something else; name another file or remove it`);
}

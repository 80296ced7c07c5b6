/** Writing a run's evidence bundle. The same run gives the same bytes, whenever, wherever and however often. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { manifestOf } from '../../core/evidence/check';
import { MANIFEST, MAX_BUNDLE_BYTES, MAX_ENTRIES, SIGNATURE } from '../../core/evidence/format';
import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import type { Progress } from '../../core/ports/progress';
import type { RunStore } from '../store/store';
import { writeDurably } from '../system/durable';
import { addressOf, measure, throwIfCancelled } from './bundle';
import { type Entries, pack } from './container';
import { keyInfo, signManifest } from './signingKey';
import { refuseActive, soundRecord, tooLarge } from './soundRecord';

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
  const { entries, report, derived } = await soundRecord(store, runId, progress);
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

function refuseTooLarge(entries: Entries): void {
  // Each entry takes its header, its line in the directory and its name twice; 300 bytes cover them.
  const size = [...entries.values()].reduce((sum, bytes) => sum + bytes.length + 300, 0);
  if (entries.size > MAX_ENTRIES || size > MAX_BUNDLE_BYTES) throw tooLarge();
}

async function place(file: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there === null || replace) return writeDurably(file, bytes);
  if (there.isFile() && there.size === bytes.length && (await readFile(file)).equals(bytes)) return;
  throw new OpenExecError('usage', `${file} is there already and is something else; name another file or remove it`);
}

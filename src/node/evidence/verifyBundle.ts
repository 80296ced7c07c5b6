/**
 * Checking a bundle that came from anywhere: its container, its manifest, every event and blob, what is made of them, its
 * signature. Nothing is written, and what is wrong is a finding, never an exception.
 */
import { readFile, stat } from 'node:fs/promises';
import { type ExternalHead, MOST_FINDINGS, type NotChecked, type VerifyReport } from '../../core/events/findings';
import {
  derivedFaults,
  entryFaults,
  type Fault,
  fault,
  type Measured,
  manifestFaults,
  readManifest,
} from '../../core/evidence/check';
import {
  blobOfEntry,
  JOURNAL,
  MANIFEST,
  MAX_BUNDLE_BYTES,
  MAX_MANIFEST_BYTES,
  type Manifest,
  SIGNATURE,
} from '../../core/evidence/format';
import { isOpenExecError, messageOf, OpenExecError } from '../../core/kernel/errors';
import { ZERO_HASH } from '../../core/kernel/hash';
import type { Progress } from '../../core/ports/progress';
import { isRunId } from '../store/layout';
import { linesOf, verifyLines } from '../store/verifying';
import { sha256 } from '../system/sha256';
import { addressOf, blobsIn, derive, measure, referredBlobs, textOf } from './bundle';
import { differsAt, type Entries, unpack } from './container';
import { checkSignature } from './signingKey';

export type VerifyBundleOptions = { readonly heads?: readonly ExternalHead[] } & Progress;

export type BundleReport = VerifyReport & {
  /** '' when the bundle is too damaged to say. */
  readonly runId: string;
  /** Fingerprint of the key whose signature is good; null when there is none, or it is not. */
  readonly signedBy: string | null;
};

/** A bundle as it was read once; what is imported are the bytes that were checked. */
export type CheckedBundle = {
  readonly report: BundleReport;
  readonly sha256: string;
  readonly journal: Uint8Array;
  readonly blobs: readonly { readonly sha256: string; readonly bytes: Uint8Array }[];
};

/** Checks a bundle. Rejects with `usage` when there is no such file, `bundle_invalid` when it is too large, `cancelled`. */
export async function verifyBundle(file: string, options: VerifyBundleOptions = {}): Promise<BundleReport> {
  return (await checkBundle(file, options)).report;
}

/** As `verifyBundle`, with what the bundle holds. */
export async function checkBundle(file: string, options: VerifyBundleOptions): Promise<CheckedBundle> {
  return checkBytes(await read(file), options);
}

/** As `checkBundle`, for a bundle that is in memory. */
export async function checkBytes(bytes: Uint8Array, options: VerifyBundleOptions): Promise<CheckedBundle> {
  const address = await addressOf(bytes);
  const unpacked = unpack(bytes);
  if (!unpacked.ok) {
    const nothing = { sound: true, events: 0, blobs: 0, head: ZERO_HASH, findings: [], notChecked: [] };
    const faults = [fault('an evidence bundle: a zip file of stored entries', unpacked.error)];
    const report = { ...together(nothing, faults, []), runId: '', signedBy: null };
    return { report, sha256: address, journal: new Uint8Array(), blobs: [] };
  }
  const entries = unpacked.value;
  const blobs = [...entries].flatMap(([name, content]) => {
    const blob = blobOfEntry(name);
    return blob === null ? [] : [{ sha256: blob, bytes: content }];
  });
  const journal = entries.get(JOURNAL) ?? new Uint8Array();
  return { report: await check(bytes, entries, journal, options), sha256: address, journal, blobs };
}

async function read(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new OpenExecError('usage', `there is no file ${file}`);
  // Reading a device or a pipe would never end.
  if (!found.isFile()) throw new OpenExecError('usage', `${file} is not a file`);
  if (found.size > MAX_BUNDLE_BYTES) {
    throw new OpenExecError('bundle_invalid', `${file} is larger than any evidence bundle (${MAX_BUNDLE_BYTES} bytes)`);
  }
  try {
    return await readFile(file);
  } catch (cause) {
    throw new OpenExecError('usage', `${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

async function check(
  bytes: Uint8Array,
  entries: Entries,
  journal: Uint8Array,
  { heads = [], ...progress }: VerifyBundleOptions,
): Promise<BundleReport> {
  const at = await differsAt(bytes, entries);
  const faults = at === null ? [] : [fault('a bundle byte for byte as it is written', `another byte at ${at}`)];
  const measured = await measure(entries, progress);
  const { manifest, faults: unreadable } = readManifest(manifestText(entries));
  faults.push(...unreadable);
  const runId = manifest?.runId ?? runOf(journal);
  if (!isRunId(runId)) faults.push(fault('the id of a run', JSON.stringify(runId.slice(0, 100))));
  const options = { run: runId, hash: sha256, blobs: blobsIn(entries), heads, live: notLive, ...progress };
  const most = mostLines(journal, manifest);
  const lines = await verifyLines(first(linesOf(journal), most), options);
  const isWhole = !hasMore(journal, most);
  if (!isWhole) faults.push(fault(`a journal of at most ${most} lines`, 'more lines'));
  if (manifest !== null) faults.push(...manifestFaults(manifest, measured, { ...lines, runId: runOf(journal) }));
  // What was not looked at must not be believed to be events.
  const made = await checkMade(isWhole && lines.sound, { entries, journal, measured, manifest }, progress);
  const signature = signatureOf(entries);
  const report = together(
    lines,
    [...faults, ...made.faults, ...signature.faults],
    [...made.notChecked, ...signature.notChecked],
  );
  return { ...report, runId, signedBy: signature.signedBy };
}

function manifestText(entries: Entries): string | null {
  return (entries.get(MANIFEST)?.length ?? 0) > MAX_MANIFEST_BYTES ? null : textOf(entries, MANIFEST);
}

const notLive = async (): Promise<boolean> => false;

/** The hashes alone of an event take more bytes than this. */
const LEAST_EVENT_BYTES = 128;

/**
 * How many lines of a journal are looked at, a few more than there can be for findings to have their place: what is beyond
 * is a fault as a whole, however many lines that makes.
 */
function mostLines(journal: Uint8Array, manifest: Manifest | null): number {
  const most = Math.ceil(journal.length / LEAST_EVENT_BYTES);
  return MOST_FINDINGS + (manifest === null ? most : Math.min(most, manifest.events));
}

function* first<T>(items: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const item of items) {
    if (count === most) return;
    count += 1;
    yield item;
  }
}

function hasMore(journal: Uint8Array, most: number): boolean {
  let end = 0;
  for (const line of first(linesOf(journal), most)) end = line.end;
  return end < journal.length;
}

/** The run that the first line says it belongs to; '' when it does not. */
function runOf(journal: Uint8Array): string {
  try {
    const [line] = linesOf(journal);
    const event: unknown = JSON.parse(line?.bytes.toString('utf8') ?? '');
    return typeof event === 'object' && event !== null && 'run' in event ? String(event.run) : '';
  } catch {
    return '';
  }
}

type Opened = { entries: Entries; journal: Uint8Array; measured: Measured; manifest: Manifest | null };

/** What is made of the journal can be made again only when the journal itself is sound. */
async function checkMade(
  sound: boolean,
  { entries, journal, measured, manifest }: Opened,
  progress: Progress,
): Promise<{ faults: Fault[]; notChecked: NotChecked[] }> {
  if (!sound) return { faults: entryFaults(measured, null), notChecked: [] };
  const faults = entryFaults(measured, await referredBlobs(journal, progress));
  try {
    const derived = await derive(journal, entries, progress);
    const compared = derivedFaults(derived, manifest, (name) => textOf(entries, name));
    return { faults: [...faults, ...compared.faults], notChecked: compared.notChecked };
  } catch (error) {
    if (!isOpenExecError(error, 'blob_missing')) throw error;
    return { faults: [...faults, fault('a blueprint and a policy that are text', 'other bytes')], notChecked: [] };
  }
}

function signatureOf(entries: Entries): { signedBy: string | null; faults: Fault[]; notChecked: NotChecked[] } {
  if (!entries.has(SIGNATURE)) {
    const detail = 'the bundle is not signed: nobody vouches for it';
    return { signedBy: null, faults: [], notChecked: [{ kind: 'signature', detail }] };
  }
  const checked = checkSignature(entries.get(MANIFEST) ?? new Uint8Array(), textOf(entries, SIGNATURE));
  if (!checked.good) {
    const { expected, found } = checked;
    return { signedBy: null, faults: [{ kind: 'signature', expected, found }], notChecked: [] };
  }
  const detail = `the key came with the bundle; compare its fingerprint ${checked.fingerprint} with one you know`;
  return { signedBy: checked.fingerprint, faults: [], notChecked: [{ kind: 'signer', detail }] };
}

/** What is found about the bundle stands after what is found about its events. */
function together(lines: VerifyReport, faults: readonly Fault[], notChecked: readonly NotChecked[]): VerifyReport {
  const all = [...lines.findings, ...faults.map((of) => ({ seq: lines.events, ...of }))];
  const findings = all.slice(0, MOST_FINDINGS);
  const more: NotChecked[] =
    all.length === findings.length
      ? []
      : [{ kind: 'more_findings', detail: `${all.length - findings.length} findings are not listed` }];
  return { ...lines, sound: all.length === 0, findings, notChecked: [...lines.notChecked, ...notChecked, ...more] };
}

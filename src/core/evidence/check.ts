/**
 * Whether a bundle's manifest, its entries and what its journal gives fit together: pure, over hashes that the adapter
 * took of the entries.
 */
import type { Finding, NotChecked } from '../events/findings';
import { canonicalize } from '../kernel/json';
import type { Derived } from './derive';
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  blobOfEntry,
  DERIVED,
  JOURNAL,
  MANIFEST,
  type Manifest,
  manifestSchema,
  REPORT,
  SIGNATURE,
} from './format';
import { REPORT_VERSION } from './report/report';

/** How long each entry is and its SHA-256. */
export type Measured = ReadonlyMap<string, { readonly bytes: number; readonly sha256: string }>;

/** What the journal itself says of the run. */
export type Recorded = {
  readonly runId: string;
  readonly events: number;
  readonly blobs: number;
  readonly head: string;
};

/** A finding about the bundle as a whole; it stands after the last event, for it is not about any of them. */
export type Fault = Pick<Finding, 'kind' | 'expected' | 'found'>;

export const fault = (expected: string, found: string): Fault => ({ kind: 'bundle', expected, found });

/** The manifest of these entries. */
export function manifestOf(recorded: Recorded, versions: Manifest['versions'], entries: Measured): Manifest {
  const { runId, head, events, blobs } = recorded;
  return {
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    reportVersion: REPORT_VERSION,
    runId,
    head,
    events,
    blobs,
    versions,
    entries: listed(entries),
  };
}

const listed = (entries: Measured): Manifest['entries'] =>
  [...entries]
    .filter(([name]) => name !== MANIFEST && name !== SIGNATURE)
    .map(([name, size]) => ({ name, ...size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Reads a manifest; null, with what is wrong, when it is none. A manifest that is not canonical is read, and a fault. */
export function readManifest(text: string | null): { manifest: Manifest | null; faults: Fault[] } {
  if (text === null) return { manifest: null, faults: [fault(`an entry ${MANIFEST}`, 'none, or not text')] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { manifest: null, faults: [fault(`JSON in ${MANIFEST}`, 'other text')] };
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    return { manifest: null, faults: [fault('a manifest of version 1', `${where} ${issue?.message ?? ''}`.trim())] };
  }
  const canonical = canonicalize(parsed.data) === text;
  return { manifest: parsed.data, faults: canonical ? [] : [fault('canonical JSON in the manifest', 'other text')] };
}

/** The manifest against the entries that are there and against the journal. */
export function manifestFaults(manifest: Manifest, entries: Measured, recorded: Recorded): Fault[] {
  const faults: Fault[] = [];
  for (const name of ['runId', 'events', 'blobs', 'head'] as const) {
    if (manifest[name] !== recorded[name]) {
      faults.push(fault(`${name} ${recorded[name]}, as the journal has it`, `${manifest[name]} in the manifest`));
    }
  }
  const named = new Map(manifest.entries.map((entry) => [entry.name, entry]));
  for (const { name, bytes, sha256 } of manifest.entries) {
    const there = entries.get(name);
    if (there === undefined) faults.push(fault(`an entry ${name}, which the manifest names`, 'none'));
    else if (there.sha256 !== sha256 || there.bytes !== bytes) {
      faults.push(
        fault(`${name} of ${bytes} bytes with hash ${sha256}`, `${there.bytes} bytes with hash ${there.sha256}`),
      );
    }
  }
  for (const name of entries.keys()) {
    if (name === MANIFEST || name === SIGNATURE || named.has(name)) continue;
    faults.push(fault('only entries that the manifest names', `an entry ${name} that it does not name`));
  }
  if (faults.length === 0 && canonicalize(manifest.entries) !== canonicalize(listed(entries))) {
    faults.push(fault('the entries in the order of their names, each once', 'another order'));
  }
  return faults;
}

/** Entries that must be there, and blobs that no event refers to. */
export function entryFaults(entries: Measured, referred: ReadonlySet<string> | null): Fault[] {
  const faults: Fault[] = [];
  for (const name of [JOURNAL, ...DERIVED]) {
    if (!entries.has(name)) faults.push(fault(`an entry ${name}`, 'none'));
  }
  if (referred === null) return faults;
  for (const name of entries.keys()) {
    const blob = blobOfEntry(name);
    if (blob !== null && !referred.has(blob))
      faults.push(fault('only blobs that the journal refers to', `blob ${blob}`));
  }
  return faults;
}

/** The files that are made of the journal against those that it gives; a report of another version cannot be compared. */
export function derivedFaults(
  derived: Derived,
  manifest: Manifest | null,
  textOf: (entry: string) => string | null,
): { faults: Fault[]; notChecked: NotChecked[] } {
  const faults: Fault[] = [];
  const notChecked: NotChecked[] = [];
  if (manifest !== null && canonicalize(manifest.versions) !== canonicalize(derived.versions)) {
    faults.push(fault('the versions that the run was started with', 'others in the manifest'));
  }
  for (const name of DERIVED) {
    if (name === REPORT && manifest !== null && manifest.reportVersion !== REPORT_VERSION) {
      const detail = `${REPORT} was written by version ${manifest.reportVersion} of the report and this is version ${REPORT_VERSION}: it was not compared with the journal; do not rely on it`;
      notChecked.push({ kind: 'report', detail });
      continue;
    }
    const text = textOf(name);
    if (text !== null && text !== derived.files[name]) {
      faults.push(fault(`the ${name} that the journal gives`, 'another'));
    }
  }
  return { faults, notChecked };
}

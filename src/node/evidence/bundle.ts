/** What writing and checking a bundle share: its entries measured, its journal read, the files made of it. */

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { RunEvent } from '../../core/events/schema';
import type { Measured } from '../../core/evidence/check';
import { blobsOf, type Derived, derivation } from '../../core/evidence/derive';
import { blobEntry } from '../../core/evidence/format';
import { OpenExecError } from '../../core/kernel/errors';
import { BlobChanged } from '../../core/ports/blobChanged';
import type { Blobs } from '../../core/ports/eventLog';
import type { Progress } from '../../core/ports/progress';
import { linesOf } from '../store/verifying';
import { breather } from '../system/breathe';
import { sha256 } from '../system/sha256';
import type { Entries } from './container';

/** Bytes that are hashed in one go. */
const PIECE = 1024 * 1024;

/** Length and hash of every entry, with turns for the event loop. Rejects with `cancelled`. */
export async function measure(entries: Entries, { signal }: Progress): Promise<Measured> {
  const measured = new Map<string, { bytes: number; sha256: string }>();
  for (const [name, bytes] of entries) {
    measured.set(name, { bytes: bytes.length, sha256: await addressOf(bytes) });
    throwIfCancelled(signal);
  }
  return measured;
}

/** SHA-256 in pieces, with turns for the event loop. */
export async function addressOf(bytes: Uint8Array): Promise<string> {
  const breathe = breather();
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += PIECE) {
    hash.update(bytes.subarray(at, at + PIECE));
    await breathe();
  }
  return hash.digest('hex');
}

/** Rejects a long operation that was ended early. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new OpenExecError('cancelled', 'the work on the evidence bundle was cancelled');
}

/** The events of a journal that was verified to its last byte. Rejects with `cancelled`. */
export async function* eventsOf(journal: Uint8Array, { signal }: Progress): AsyncGenerator<RunEvent> {
  const breathe = breather();
  for (const { bytes } of linesOf(journal)) {
    await breathe();
    throwIfCancelled(signal);
    // Verification has read these very bytes with the schema of events.
    yield JSON.parse(bytes.toString('utf8')) as RunEvent;
  }
}

/** Every blob that a verified journal refers to. Rejects with `cancelled`. */
export async function referredBlobs(journal: Uint8Array, progress: Progress): Promise<ReadonlySet<string>> {
  const referred = new Set<string>();
  for await (const event of eventsOf(journal, progress)) for (const { blob } of blobsOf(event)) referred.add(blob);
  return referred;
}

/** The files made of a verified journal, its blobs taken from the entries. Rejects with `cancelled`. */
export async function derive(journal: Uint8Array, entries: Entries, progress: Progress): Promise<Derived> {
  const derived = derivation((blob) => textOf(entries, blobEntry(blob)));
  for await (const event of eventsOf(journal, progress)) derived.take(event);
  const breathe = breather();
  const report: string[] = [];
  for (const piece of derived.report()) {
    report.push(piece);
    await breathe();
  }
  return derived.make(report.join(''));
}

/** The text of an entry; null when it is not there or is not UTF-8. */
export function textOf(entries: Entries, name: string): string | null {
  const bytes = entries.get(name);
  return bytes === undefined || !isUtf8(bytes) ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The blobs of a bundle; nothing can be put there. */
export const blobsIn = (entries: Entries): Blobs => ({
  get: async (address) => {
    const bytes = entries.get(blobEntry(address));
    if (bytes === undefined) throw new OpenExecError('blob_missing', `blob ${address} is not in the bundle`);
    if (sha256(bytes) !== address) throw new BlobChanged(`blob ${address} in the bundle is not what its address says`);
    return bytes;
  },
  put: async () => {
    throw new OpenExecError('internal', 'a bundle is not written to');
  },
});

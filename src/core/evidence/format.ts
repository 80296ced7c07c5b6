/**
 * The evidence bundle, version 1: what its files are called and what the JSON in it looks like. A bundle is one zip file
 * of stored (uncompressed) entries in the order of their names; the container itself is node/evidence/container.ts.
 *
 * Invariants: `manifest.json` lists every other entry but the signature, which is over the manifest's exact bytes, so
 * that whoever vouches for the manifest vouches for all. Nothing in a bundle depends on when, where or by whom it was
 * exported.
 */
import { z } from 'zod';
import { count, name } from '../events/parts';
import { sha256Schema } from '../kernel/hash';

export const BUNDLE_FORMAT = 'openexec-evidence';
export const BUNDLE_VERSION = 1;

export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'signature.json';
export const JOURNAL = 'journal.jsonl';
export const REPORT = 'report.html';
/** What is made out of the journal for people and tools that do not want to read it; made again when it is checked. */
export const DERIVED = ['blueprint.json', 'plan.json', 'policy.json', REPORT, 'versions.json'] as const;

const BLOBS = 'blobs/';
/** The entry that holds a blob. */
export const blobEntry = (sha256: string): string => `${BLOBS}${sha256}`;
/** The blob that an entry holds, null when it holds none. */
export function blobOfEntry(entry: string): string | null {
  const sha256 = entry.slice(BLOBS.length);
  return entry.startsWith(BLOBS) && sha256Schema.safeParse(sha256).success ? sha256 : null;
}

const FIXED: ReadonlySet<string> = new Set([MANIFEST, SIGNATURE, JOURNAL, ...DERIVED]);
/** True for the names that a bundle can have; there are no folders but `blobs`. */
export const isEntryName = (entry: string): boolean => FIXED.has(entry) || blobOfEntry(entry) !== null;

/** A zip file without the 64-bit extension has fewer entries than this. */
export const MAX_ENTRIES = 65_534;
/** No bundle is larger, for it is checked in memory. */
export const MAX_BUNDLE_BYTES = 1024 * 1024 * 1024;
/** Manifest and signature are read before anything about them is known. */
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

const versions = z.strictObject({ openexec: z.string(), node: z.string(), platform: z.string(), git: z.string() });

export const manifestSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  version: z.literal(BUNDLE_VERSION),
  /** Which version of the report's text and layout wrote `report.html`. */
  reportVersion: z.number().int().positive(),
  runId: name,
  head: sha256Schema,
  events: count,
  blobs: count,
  /** What the run was started with. */
  versions,
  /** Every entry but the manifest and the signature, in the order of their names. */
  entries: z.array(z.strictObject({ name: z.string(), bytes: count, sha256: sha256Schema })).max(MAX_ENTRIES),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const signatureSchema = z.strictObject({
  algorithm: z.literal('Ed25519'),
  /** SPKI, PEM. */
  publicKey: z.string().max(1000),
  /** SHA-256 of the key's SPKI DER. */
  fingerprint: sha256Schema,
  /** Base64, over the exact bytes of `manifest.json`. */
  signature: z.base64().max(200),
});
export type BundleSignature = z.infer<typeof signatureSchema>;

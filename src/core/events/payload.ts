/**
 * Payloads: text inside an event that may be large. Up to 8 KiB it stands in the event; above, the journal holds a
 * reference to a content-addressed blob. In memory (engine, replay) payloads are always inline.
 *
 * Invariant: event data holds no free-form objects; free-form JSON travels as payload text. Hence an object with the
 * shape of a blob reference *is* one, and externalising and inlining need no schema.
 */
import { z } from 'zod';
import { OpenExecError } from '../kernel/errors';
import { sha256Schema } from '../kernel/hash';

/** Bytes of UTF-8 above which a payload becomes a blob. */
export const INLINE_LIMIT = 8 * 1024;

export const blobRefSchema = z.strictObject({
  blob: sha256Schema,
  bytes: z.number().int().nonnegative(),
  media: z.string().min(1),
});
export type BlobRef = z.infer<typeof blobRefSchema>;

export const payloadSchema = z.union([z.string(), blobRefSchema]);
export type Payload = z.infer<typeof payloadSchema>;

/** True when the value has exactly the shape of a blob reference. */
export function isBlobRef(value: unknown): value is BlobRef {
  return typeof value === 'object' && value !== null && 'blob' in value && blobRefSchema.safeParse(value).success;
}

/** The text of a payload that is inline; a reference here means that an event was not inlined first, which is a bug. */
export function textOf(payload: Payload): string {
  if (typeof payload === 'string') return payload;
  throw new OpenExecError('internal', `payload ${payload.blob} was not loaded before it was used`);
}

/** Every blob reference inside event data, in order of appearance. */
export function blobRefsIn(data: unknown): BlobRef[] {
  const found: BlobRef[] = [];
  collect(data, found);
  return found;
}

function collect(data: unknown, found: BlobRef[]): void {
  if (typeof data !== 'object' || data === null) return;
  if (isBlobRef(data)) found.push(data);
  else {
    const members = data as Readonly<Record<string, unknown>>;
    for (const name in members) collect(members[name], found);
  }
}

/** Replaces each value for which `swap` answers something; objects and arrays are copied only on the way to a change. */
export function mapLeaves(data: unknown, swap: (value: unknown) => unknown): unknown {
  const swapped = swap(data);
  if (swapped !== undefined) return swapped;
  if (Array.isArray(data)) return data.map((item) => mapLeaves(item, swap));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapLeaves(value, swap)]));
}

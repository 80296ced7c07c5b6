/**
 * Between the two forms of an event: in memory payloads are text, in the journal those above INLINE_LIMIT are references
 * to blobs. Hashes are always over the stored form. Needs no schema for the walk (see the invariant in payload.ts).
 */
import { OpenExecError } from '../kernel/errors';
import { ZERO_HASH } from '../kernel/hash';
import { wellFormed } from '../kernel/json';
import type { Blobs } from '../ports/eventLog';
import { type BlobRef, blobRefsIn, INLINE_LIMIT, isBlobRef, mapLeaves } from './payload';
import { EVENT_VERSION, type EventBody, eventSchema, type RunEvent } from './schema';

const MEDIA = 'text/plain';

/**
 * The stored form of a body: every string above INLINE_LIMIT bytes of UTF-8 is put into the blobs, durably, and replaced
 * by its reference. Throws `event_invalid` when the result is no event, for instance because a place that cannot hold a
 * payload was too long; `disk_failure` when a blob could not be stored.
 */
export async function externalizeBody(body: EventBody, blobs: Blobs): Promise<EventBody> {
  const refs = new Map<string, BlobRef>();
  for (const text of longStringsIn(body.data)) {
    if (!refs.has(text)) refs.set(text, await blobs.put(encode(text), MEDIA));
  }
  const stored = refs.size === 0 ? body : { ...body, data: mapLeaves(body.data, (leaf) => swapIn(refs, leaf)) };
  return checked(stored);
}

/**
 * The event with its payloads as text again. `hash` and `prev` stay those of the stored form.
 * Throws `blob_missing` when a payload is gone or is not text.
 */
export async function inlineEvent(event: RunEvent, blobs: Blobs): Promise<RunEvent> {
  const texts = new Map<string, string>();
  for (const { blob } of blobRefsIn(event.data)) {
    if (!texts.has(blob)) texts.set(blob, decode(blob, await blobs.get(blob)));
  }
  if (texts.size === 0) return event;
  const data = mapLeaves(event.data, (leaf) => (isBlobRef(leaf) ? texts.get(leaf.blob) : undefined));
  return { ...event, data } as RunEvent;
}

const swapIn = (refs: ReadonlyMap<string, BlobRef>, leaf: unknown): BlobRef | undefined =>
  typeof leaf === 'string' ? refs.get(leaf) : undefined;

function longStringsIn(data: unknown): string[] {
  if (typeof data === 'string') return isLong(data) ? [data] : [];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(longStringsIn);
}

/** UTF-8 takes one to three bytes for each UTF-16 unit, so that most strings need not be encoded to be measured. */
function isLong(text: string): boolean {
  if (text.length > INLINE_LIMIT) return true;
  return text.length * 3 > INLINE_LIMIT && encode(text).length > INLINE_LIMIT;
}

function encode(text: string): Uint8Array {
  // An encoder would replace half a surrogate pair silently, and the text read back would be another one.
  if (wellFormed(text) !== text) throw new OpenExecError('internal', 'a payload holds half of a surrogate pair');
  return new TextEncoder().encode(text);
}

function decode(blob: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new OpenExecError('blob_missing', `blob ${blob} is used as text but is not UTF-8`, { cause });
  }
}

function checked(body: { type: EventBody['type'] }): EventBody {
  const place = {
    v: EVENT_VERSION,
    run: '-',
    seq: 0,
    at: '2000-01-01T00:00:00.000Z',
    prev: ZERO_HASH,
    hash: ZERO_HASH,
  };
  const parsed = eventSchema.safeParse({ ...place, ...body });
  if (parsed.success) return body as EventBody;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : ` at ${issue.path.join('.')}: ${issue.message}`;
  throw new OpenExecError('event_invalid', `${body.type} cannot be stored${where}`, { cause: parsed.error });
}

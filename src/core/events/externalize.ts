/**
 * Between the two forms of an event: in memory payloads are text, in the journal those above INLINE_LIMIT are references
 * to blobs. Hashes are always over the stored form. Needs no schema for the walk (see the invariant in payload.ts).
 */
import { OpenExecError } from '../kernel/errors';
import { ZERO_HASH } from '../kernel/hash';
import { wellFormed } from '../kernel/json';
import { cut } from '../kernel/text';
import type { Blobs } from '../ports/eventLog';
import { type BlobRef, blobRefsIn, INLINE_LIMIT, isBlobRef, mapLeaves } from './payload';
import { EVENT_VERSION, type EventBody, eventSchema, type RunEvent } from './schema';

const MEDIA = 'text/plain';

/**
 * The stored form of a body: every string above INLINE_LIMIT bytes of UTF-8 is put into the blobs, durably, and replaced
 * by its reference. Throws `event_invalid` when that makes it no event, because a place that cannot hold a payload was too
 * long; `disk_failure` when a blob could not be stored. A body without long strings is given back as it is, and at once:
 * what is written is checked against the schema by the log.
 */
export function externalizeBody(body: EventBody, blobs: Blobs): EventBody | Promise<EventBody> {
  const long = new Set<string>();
  findLongStrings(body.data, long);
  return long.size === 0 ? body : withBlobs(body, long, blobs);
}

async function withBlobs(body: EventBody, long: ReadonlySet<string>, blobs: Blobs): Promise<EventBody> {
  const refs = new Map<string, BlobRef>();
  for (const text of long) refs.set(text, await blobs.put(encode(text), MEDIA));
  return checked(body.type, { ...body, data: mapLeaves(body.data, (leaf) => swapIn(refs, leaf)) });
}

/** The members that hold payloads, whatever event they are in; all other strings stand in the event itself. */
const PAYLOADS: ReadonlySet<string> = new Set(
  'task definition content text arguments input output detail edited kept'.split(' '),
);
/** Characters that are kept of a text that is too long for its place. */
const KEPT = 2000;

/**
 * The body with every text cut that is too long for a place that can hold no payload: a reason, a title, a path. A run must
 * not end because somebody said much. What fits is left as it is, and a body that fits is given back itself.
 */
export function fitted(body: EventBody): EventBody {
  return hasMisfit(body.data, '') ? ({ ...body, data: shortened(body.data, '') } as EventBody) : body;
}

const misfits = (text: string, key: string): boolean => isLong(text) && !PAYLOADS.has(key);

function hasMisfit(data: unknown, key: string): boolean {
  if (typeof data === 'string') return misfits(data, key);
  if (typeof data !== 'object' || data === null) return false;
  if (Array.isArray(data)) return data.some((item) => hasMisfit(item, key));
  const members = data as Readonly<Record<string, unknown>>;
  for (const name in members) if (hasMisfit(members[name], name)) return true;
  return false;
}

function shortened(data: unknown, key: string): unknown {
  if (typeof data === 'string') return misfits(data, key) ? `${cut(data, KEPT)}…` : data;
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => shortened(item, key));
  return Object.fromEntries(Object.entries(data).map(([name, member]) => [name, shortened(member, name)]));
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

function findLongStrings(data: unknown, found: Set<string>): void {
  if (typeof data === 'string') {
    if (isLong(data)) found.add(data);
  } else if (typeof data === 'object' && data !== null) {
    const members = data as Readonly<Record<string, unknown>>;
    for (const name in members) findLongStrings(members[name], found);
  }
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

function checked(type: EventBody['type'], body: object): EventBody {
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
  throw new OpenExecError('event_invalid', `${type} cannot be stored${where}`, { cause: parsed.error });
}

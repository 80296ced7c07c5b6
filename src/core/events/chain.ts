/**
 * The hash chain of a run: sealing a body into an event, and checking that an event stands where it claims to.
 * Format: SHA-256 over the RFC 8785 text of the envelope without `hash`; `prev` of the first event is 64 zeros.
 */
import type { Sha256 } from '../kernel/hash';
import { ZERO_HASH } from '../kernel/hash';
import { canonicalize } from '../kernel/json';
import { EVENT_VERSION, type EventBody, type RunEvent } from './schema';

/** The head of a chain: how many events it has and the hash of the last. */
export type Head = { readonly events: number; readonly hash: string };

export const EMPTY_HEAD: Head = { events: 0, hash: ZERO_HASH };

/** Where an event stands in a run, and what its hash is made with. */
export type SealPlace = { readonly run: string; readonly at: string; readonly head: Head; readonly hash: Sha256 };

/** Gives a body its place after `head`. */
export type Seal = (body: EventBody, place: SealPlace) => RunEvent;

/** Gives a body its place after `head`. The data must be in its stored form, large payloads as blob references. */
export function seal(body: EventBody, place: SealPlace): RunEvent {
  const open = {
    v: EVENT_VERSION,
    run: place.run,
    seq: place.head.events,
    at: place.at,
    ...body,
    prev: place.head.hash,
  };
  return { ...open, hash: place.hash(canonicalize(open)) } as RunEvent;
}

/** The hash that the event's content gives, whatever its `hash` member claims. */
export function hashOf(event: RunEvent, hash: Sha256): string {
  const { hash: _claimed, ...open } = event;
  return hash(canonicalize(open));
}

/** The head after an event. */
export const headAfter = (event: RunEvent): Head => ({ events: event.seq + 1, hash: event.hash });

/** The line of the journal that holds an event: canonical JSON, one line feed at its end. */
export const lineOf = (event: RunEvent): string => `${canonicalize(event)}\n`;

/** Line and hash of an event from one canonicalization; `hash` is that of the content, whatever the event claims. */
export function writeEvent(event: RunEvent, hash: Sha256): { readonly line: string; readonly hash: string } {
  const line = lineOf(event);
  return { line, hash: hash(textWithoutHash(line.slice(0, -1))) };
}

const MEMBER = ',"hash":"';
const MEMBER_LENGTH = MEMBER.length + 64 + 1;

/**
 * The canonical text of an event without its `hash`, cut out of its canonical text; the event must satisfy the schema.
 * Then what is cut is the envelope's member: inside a string every quotation mark has a backslash before it, and after
 * `hash` in canonical order come only `node`, `prev`, `run`, `seq`, `type` and `v`, which hold no objects.
 */
export function textWithoutHash(text: string): string {
  const at = text.lastIndexOf(MEMBER);
  return text.slice(0, at) + text.slice(at + MEMBER_LENGTH);
}

/** Where a replay and its record part, and what differs. A replay that cannot run at all is an error, not this. */

import type { EventBody, RunEvent } from '../events/schema';
import { canonicalize } from '../kernel/json';

export type Divergence = {
  readonly seq: number;
  /** Members from the event down to the first that differs, joined by dots; empty when the whole event does. */
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
};

/** The first difference between two events of the same place; null when they are the same, hash for hash. */
export function compareEvents(recorded: RunEvent | undefined, replayed: RunEvent | undefined): Divergence | null {
  if (!recorded || !replayed) {
    const seq = (recorded ?? replayed)?.seq ?? 0;
    return recorded === replayed ? null : { seq, path: '', recorded: recorded ?? null, replayed: replayed ?? null };
  }
  // The contents as well: whoever changed an event may have left its hash as it was.
  if (recorded.hash === replayed.hash && same(recorded, replayed)) return null;
  const { hash: a, ...recordedRest } = recorded;
  const { hash: b, ...replayedRest } = replayed;
  if (same(recordedRest, replayedRest)) return { seq: recorded.seq, path: 'hash', recorded: a, replayed: b };
  return { seq: recorded.seq, ...firstDifference(recordedRest, replayedRest, []) };
}

/** What sealing gives an event besides its body. */
const ENVELOPE: ReadonlySet<string> = new Set(['v', 'run', 'seq', 'at', 'prev', 'hash']);

/** True when a recorded event has exactly the members of this body, besides its place. */
export function hasBody(recorded: RunEvent, body: EventBody): boolean {
  const event: Members = recorded;
  const said: Members = body;
  let more = 0;
  for (const name in said) {
    const member = said[name];
    if (member === undefined) continue;
    if (ENVELOPE.has(name) || !Object.hasOwn(event, name) || !same(event[name], member)) return false;
    more += 1;
  }
  for (const name in event) if (event[name] !== undefined) more -= 1;
  return more === -ENVELOPE.size;
}

/** True for equal JSON values; a member that is undefined counts as absent, as it does in canonical text. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameItems(a, b);
  return sameMembers(a as Members, b as Members);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!same(a[at], b[at])) return false;
  return true;
}

type Members = Readonly<Record<string, unknown>>;

function sameMembers(a: Members, b: Members): boolean {
  let more = 0;
  for (const key in a) {
    const member = a[key];
    if (member === undefined) continue;
    // What every object inherits is no member of it.
    if (!Object.hasOwn(b, key) || !same(member, b[key])) return false;
    more += 1;
  }
  for (const key in b) if (b[key] !== undefined) more -= 1;
  return more === 0;
}

function firstDifference(a: unknown, b: unknown, path: string[]): Omit<Divergence, 'seq'> {
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    // `type` says most about what went another way, so it is named before what follows from it.
    for (const key of ['type', ...keys.filter((k) => k !== 'type')]) {
      if (text(a[key]) !== text(b[key])) return firstDifference(a[key], b[key], [...path, key]);
    }
  }
  return { path: path.join('.'), recorded: a ?? null, replayed: b ?? null };
}

const text = (value: unknown): string => (value === undefined ? '' : canonicalize(value));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

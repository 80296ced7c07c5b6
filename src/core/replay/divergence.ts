/** Where a replay and its record part, and what differs. A replay that cannot run at all is an error, not this. */

import type { RunEvent } from '../events/schema';
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
  if (recorded.hash === replayed.hash) return null;
  const { hash: _a, ...a } = recorded;
  const { hash: _b, ...b } = replayed;
  return { seq: recorded.seq, ...firstDifference(a, b, []) };
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

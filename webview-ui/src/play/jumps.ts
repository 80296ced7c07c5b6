/** Where the next of something is. Pure; each answers null when there is none. */
import type { EventLog } from '../log/log';

export const JUMPS = ['denial', 'failure', 'approval', 'change'] as const;
export type Jump = (typeof JUMPS)[number];

/** The next (1) or last (-1) event of a kind, seen from `at`. */
export const jump = (log: EventLog, at: number, kind: Jump, direction: 1 | -1): number | null =>
  log.seekMark(kind, at, direction);

/** The beginning of the next visit of a node; backwards that of this one, or of the one before when that is where one is. */
export function jumpVisit(log: EventLog, at: number, direction: 1 | -1): number | null {
  const here = log.visitOf(at);
  const begun = log.visit(here)?.from ?? 0;
  if (direction === -1 && at > begun) return begun;
  return log.visit(here + direction)?.from ?? null;
}

/** The next event that fits a filter; null when there is none that way. */
export function jumpFitting(fitting: Uint32Array | null, at: number, direction: 1 | -1): number | null {
  if (fitting === null) return null;
  const found = direction === 1 ? fitting.find((seq) => seq > at) : fitting.findLast((seq) => seq < at);
  return found ?? null;
}

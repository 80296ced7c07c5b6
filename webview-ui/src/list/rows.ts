/**
 * The rows of the event list by their place, without a list of them: a run may have a million. Visits of nodes, and the events
 * of those that are not folded away. Pure.
 *
 * Invariant: every event that fits stands in one row, its own or that of its folded visit; rows are in the order of events.
 */
import type { EventLog } from '../log/log';
import type { Visit } from '../log/visit';

export type Row =
  | {
      readonly kind: 'visit';
      readonly visit: Visit;
      readonly place: number;
      readonly of: number;
      readonly folded: boolean;
    }
  | { readonly kind: 'event'; readonly seq: number; readonly place: number; readonly of: number };

export interface Rows {
  /** How many there are. */
  readonly count: number;
  /** How many events are in them, those of folded visits included. */
  readonly events: number;
  row(index: number): Row | undefined;
  /** The row of an event; of one that does not fit the next that does, or the last. -1 without rows. */
  indexOf(seq: number): number;
  /** The seq that a row stands for where rows are walked: an event's, or the first of a folded visit; null for an open visit. */
  stop(index: number): number | null;
}

/** A visit with what of it is shown: places in `fitting`, or seqs where all are shown. */
type Part = { readonly visit: number; readonly from: number; readonly to: number };

/** `fitting` are the seqs that are shown, in order; null for all. */
export function rowsOf(log: EventLog, collapsed: ReadonlySet<string>, fitting: Uint32Array | null): Rows {
  const parts = fitting === null ? allParts(log) : fittingParts(log, fitting);
  const starts = new Uint32Array(parts.length + 1);
  const folded = (part: Part): boolean => collapsed.size > 0 && collapsed.has(log.visit(part.visit)?.key ?? '');
  let events = 0;
  parts.forEach((part, index) => {
    const size = part.to - part.from;
    events += size;
    starts[index + 1] = (starts[index] ?? 0) + 1 + (folded(part) ? 0 : size);
  });
  const seqAt = (place: number): number => (fitting === null ? place : (fitting[place] ?? 0));
  const partAt = (index: number): number => lastAtMost(starts, parts.length, index);

  const row = (index: number): Row | undefined => {
    const which = partAt(index);
    const part = parts[which];
    const visit = part === undefined ? undefined : log.visit(part.visit);
    if (part === undefined || visit === undefined || index < 0) return undefined;
    const place = index - (starts[which] ?? 0);
    if (place === 0) return { kind: 'visit', visit, place: which + 1, of: parts.length, folded: folded(part) };
    return { kind: 'event', seq: seqAt(part.from + place - 1), place, of: part.to - part.from };
  };
  return {
    count: starts[parts.length] ?? 0,
    events,
    row,
    indexOf(seq) {
      if (parts.length === 0) return -1;
      const place = fitting === null ? seq : lowerBound(fitting, seq);
      const which = Math.max(0, lastAtMost({ at: (at) => parts[at]?.from ?? 0 }, parts.length, place));
      const part = parts[which];
      if (part === undefined) return -1;
      const start = starts[which] ?? 0;
      return folded(part) ? start : start + 1 + Math.min(Math.max(0, place - part.from), part.to - part.from - 1);
    },
    stop(index) {
      const found = row(index);
      if (found === undefined) return null;
      if (found.kind === 'event') return found.seq;
      const part = parts[found.place - 1];
      return found.folded && part !== undefined ? seqAt(part.from) : null;
    },
  };
}

/** The seq that ↑ (-1) or ↓ (1) leads to from the selected event; the event itself at either end. */
export function neighbour(rows: Rows, selected: number, direction: 1 | -1): number {
  const at = rows.indexOf(selected);
  // An event that is not shown stands before the one that its place names.
  const stands = rows.stop(at);
  if (direction === 1 && stands !== null && stands > selected) return stands;
  for (let index = at + direction; index >= 0 && index < rows.count; index += direction) {
    const stop = rows.stop(index);
    if (stop !== null && (direction === 1 ? stop > selected : stop < selected)) return stop;
  }
  return selected;
}

function allParts(log: EventLog): Part[] {
  const parts: Part[] = [];
  for (let visit = 0; visit < log.visitCount; visit += 1) {
    const { from, to } = log.visit(visit) ?? { from: 0, to: 0 };
    parts.push({ visit, from, to });
  }
  return parts;
}

function fittingParts(log: EventLog, fitting: Uint32Array): Part[] {
  const parts: Part[] = [];
  let from = 0;
  while (from < fitting.length) {
    const visit = log.visitOf(fitting[from] ?? 0);
    const end = log.visit(visit)?.to;
    const to = end === undefined ? fitting.length : lowerBound(fitting, end);
    parts.push({ visit, from, to: Math.max(to, from + 1) });
    from = Math.max(to, from + 1);
  }
  return parts;
}

/** The first place whose number is not below `limit`. */
function lowerBound(rising: Uint32Array, limit: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of the first `count` places whose number is at most `limit`; -1 when there is none. */
function lastAtMost(rising: { at(index: number): number | undefined }, count: number, limit: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising.at(middle) ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

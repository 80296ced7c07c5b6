/**
 * Where events stand along the strip: in the order and rhythm in which they happened, with idle time cut short. Positions are
 * numbers that rise from 0; two events are at least 1 apart, so that each can be pointed at.
 *
 * Invariant: positions of events that are there never change while a run grows.
 */
import type { EventLog } from '../log/log';

/** A gap that is longer, in milliseconds, is idle time … */
export const IDLE_MS = 5000;
/** … and as wide as this many milliseconds, unless idle time is shown. */
export const IDLE_SHOWN = 1000;

export class TimeAxis {
  readonly #log: EventLog;
  readonly #positions: Float64Array;
  readonly #breaks: readonly number[];

  private constructor(log: EventLog, positions: Float64Array, breaks: readonly number[]) {
    this.#log = log;
    this.#positions = positions;
    this.#breaks = breaks;
  }

  /** The axis of a log; `before` is one of the same run, fewer of its events and the same choice, whose work is used again. */
  static of(log: EventLog, idleShown: boolean, before?: TimeAxis): TimeAxis {
    const known = before === undefined ? 0 : Math.min(before.#log.length, log.length);
    const room = before !== undefined && before.#positions.length >= log.length ? before.#positions : null;
    const positions = room ?? new Float64Array(Math.max(1024, log.length * 2));
    if (room === null && before !== undefined) positions.set(before.#positions.subarray(0, known));
    const breaks = before === undefined ? [] : [...before.#breaks];
    for (let seq = known; seq < log.length; seq += 1) {
      const gap = seq === 0 ? 0 : Math.max(1, log.time(seq) - log.time(seq - 1));
      const idle = !idleShown && gap > IDLE_MS;
      if (idle) breaks.push(seq);
      positions[seq] = (seq === 0 ? 0 : (positions[seq - 1] ?? 0)) + (idle ? IDLE_SHOWN : gap);
    }
    return new TimeAxis(log, positions, breaks);
  }

  /** Where the last event stands; 1 for an empty axis. */
  get end(): number {
    return Math.max(1, this.at(this.#log.length - 1));
  }

  /** The events before which idle time was cut. */
  get breaks(): readonly number[] {
    return this.#breaks;
  }

  at(seq: number): number {
    return this.#positions[seq] ?? 0;
  }

  /** The event that is nearest to a position; -1 without events. */
  nearest(position: number): number {
    const { length } = this.#log;
    const after = this.first(position);
    if (after >= length) return length - 1;
    if (after === 0) return 0;
    return position - this.at(after - 1) <= this.at(after) - position ? after - 1 : after;
  }

  /** The first event at or after a position; the number of events when there is none. */
  first(position: number): number {
    let [low, high] = [0, this.#log.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The stretch of the axis that is in sight. */
export type View = { readonly from: number; readonly to: number };

/** The narrowest view, in positions. */
const MIN_SPAN = 20;

export const wholeOf = (axis: TimeAxis): View => ({ from: 0, to: axis.end });

export const isWhole = (view: View, axis: TimeAxis): boolean => view.from <= 0 && view.to >= axis.end;

/** The view after zooming by `factor` (below 1 comes nearer) about a position, which stays where it is. */
export function zoomed(view: View, axis: TimeAxis, about: number, factor: number): View {
  const span = Math.min(axis.end, Math.max(MIN_SPAN, (view.to - view.from) * factor));
  const share = (about - view.from) / Math.max(1e-9, view.to - view.from);
  return within(about - span * share, span, axis);
}

/** The view moved by a number of positions. */
export const panned = (view: View, axis: TimeAxis, by: number): View =>
  within(view.from + by, view.to - view.from, axis);

/** The view, moved as little as needed to show a position. */
export function showing(view: View, axis: TimeAxis, position: number): View {
  if (position >= view.from && position <= view.to) return view;
  const span = view.to - view.from;
  return within(position < view.from ? position - span * 0.1 : position - span * 0.9, span, axis);
}

function within(from: number, span: number, axis: TimeAxis): View {
  const start = Math.max(0, Math.min(from, axis.end - span));
  return { from: start, to: start + Math.min(span, axis.end) };
}

/** Pixels from the left of a strip that is `width` wide. */
export const toX = (position: number, view: View, width: number): number =>
  ((position - view.from) / Math.max(1e-9, view.to - view.from)) * width;

export const toPosition = (x: number, view: View, width: number): number =>
  view.from + (x / Math.max(1, width)) * (view.to - view.from);

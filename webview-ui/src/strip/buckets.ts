/**
 * What each column of pixels has to show, lane by lane: a run of a million events is drawn by looking at each of them once, in
 * arrays of numbers. Pure.
 */

import { LANE_OF, LANES } from '../filter/filter';
import { TONES, TYPES } from '../log/columns';
import { MARKS } from '../log/jumpMarks';
import type { EventLog } from '../log/log';
import { type TimeAxis, toX, type View } from './axis';

export type Buckets = {
  readonly width: number;
  /** For each lane and column: 0 for nothing, else 1 + the gravest tone's place in `GRAVITY`. */
  readonly tones: readonly Uint8Array[];
  /** For each column the gravest mark of its events, a place in `MARKS`. */
  readonly marks: Uint8Array;
  /** For each column whether an event of it fits what is searched and filtered for. */
  readonly fitting: Uint8Array;
};

/** Tones from what may be covered to what may not. */
export const GRAVITY = ['neutral', 'good', 'active', 'warn', 'bad'] as const;

const LANE_BY_TYPE = Uint8Array.from(TYPES.map((type) => LANES.indexOf(LANE_OF[type])));
const GRAVITY_BY_TONE = Uint8Array.from(TONES.map((tone) => 1 + GRAVITY.indexOf(tone)));

/** The columns of a strip that is `width` pixels wide. */
export function bucketsOf(
  log: EventLog,
  axis: TimeAxis,
  view: View,
  width: number,
  fitting: Uint32Array | null,
): Buckets {
  const tones = LANES.map(() => new Uint8Array(width));
  const marks = new Uint8Array(width);
  const fits = new Uint8Array(width);
  const { columns } = log;
  const [from, to] = [axis.first(view.from), Math.min(log.length, axis.first(view.to + 1e-6))];
  const scale = width / Math.max(1e-9, view.to - view.from);
  const column = (seq: number): number => Math.min(width - 1, ((axis.at(seq) - view.from) * scale) | 0);
  for (let seq = from; seq < to; seq += 1) {
    const x = column(seq);
    const lane = tones[LANE_BY_TYPE[columns.type(seq)] ?? 0];
    const grave = GRAVITY_BY_TONE[columns.tone(seq)] ?? 1;
    if (lane !== undefined && (lane[x] ?? 0) < grave) lane[x] = grave;
  }
  MARKS.forEach((mark, place) => {
    if (mark === 'none') return;
    for (const seq of log.marked(mark, from, to)) marks[column(seq)] = place;
  });
  if (fitting !== null) {
    for (const seq of fitting) {
      if (seq < from || seq >= to) continue;
      fits[Math.min(width - 1, Math.max(0, Math.floor(toX(axis.at(seq), view, width))))] = 1;
    }
  }
  return { width, tones, marks, fitting: fits };
}

/** A visit of a node as it is drawn. */
export type NodeSpan = { readonly visit: number; readonly x: number; readonly width: number };

/** The visits in sight that are at least a pixel wide or alone in their pixel, from left to right. */
export function spansOf(log: EventLog, axis: TimeAxis, view: View, width: number): NodeSpan[] {
  const spans: NodeSpan[] = [];
  const first = Math.max(0, log.visitOf(Math.min(log.length - 1, axis.first(view.from))) - 1);
  let drawn = -1;
  for (let visit = first; visit < log.visitCount; visit += 1) {
    const found = log.visit(visit);
    if (found === undefined) break;
    const x = toX(axis.at(found.from), view, width);
    if (x > width) break;
    const end = toX(axis.at(found.to - 1), view, width);
    if (found.node === null || end < 0 || Math.floor(end) <= drawn) continue;
    const left = Math.max(0, x);
    spans.push({ visit, x: left, width: Math.max(1, Math.min(width, end) - left) });
    drawn = Math.floor(end);
  }
  return spans;
}

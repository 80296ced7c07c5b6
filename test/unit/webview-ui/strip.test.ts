import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventHeader } from '../../../src/protocol/messages';
import { MARKS } from '../../../webview-ui/src/log/jumpMarks';
import { EventLog } from '../../../webview-ui/src/log/log';
import {
  IDLE_SHOWN,
  panned,
  showing,
  TimeAxis,
  toPosition,
  toX,
  wholeOf,
  zoomed,
} from '../../../webview-ui/src/strip/axis';
import { bucketsOf, GRAVITY, spansOf } from '../../../webview-ui/src/strip/buckets';

const START = Date.parse('2026-01-01T00:00:00.000Z');

/** A log whose events follow each other after so many milliseconds. */
const logOf = (gaps: readonly number[], header: (seq: number) => Partial<EventHeader> = () => ({})): EventLog => {
  let at = START;
  return EventLog.of(
    gaps.map((gap, seq) => {
      at += gap;
      const made = {
        seq,
        at: new Date(at).toISOString(),
        type: 'tool.finished',
        title: `event ${seq}`,
        tone: 'neutral',
      };
      return { ...made, ...header(seq) } as EventHeader;
    }),
  );
};
const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 5000, max: 900_000 })), {
  minLength: 1,
  maxLength: 200,
});

describe('the axis of the strip', () => {
  it('keeps the order of events, each at a place of its own', () => {
    fc.assert(
      fc.property(gaps, fc.boolean(), (list, idleShown) => {
        const axis = TimeAxis.of(logOf(list), idleShown);
        for (let seq = 1; seq < list.length; seq += 1)
          expect(axis.at(seq) - axis.at(seq - 1)).toBeGreaterThanOrEqual(1);
        for (let seq = 0; seq < list.length; seq += 1) expect(axis.nearest(axis.at(seq))).toBe(seq);
      }),
    );
  });

  it('cuts idle time short, and shows it in full when that is wanted', () => {
    const log = logOf([0, 100, 60_000, 100]);
    const cut = TimeAxis.of(log, false);
    expect(cut.breaks).toEqual([2]);
    expect(cut.at(2) - cut.at(1)).toBe(IDLE_SHOWN);
    const full = TimeAxis.of(log, true);
    expect(full.breaks).toEqual([]);
    expect(full.at(2) - full.at(1)).toBe(60_000);
  });

  it('is the same whether a run is there at once or grows', () => {
    fc.assert(
      fc.property(gaps, fc.nat(), (list, cut) => {
        const whole = logOf(list);
        const headers = whole.slice(0, whole.length);
        const first = EventLog.of(headers.slice(0, cut % list.length));
        const grown = TimeAxis.of(first.with(headers.slice(first.length)), false, TimeAxis.of(first, false));
        const atOnce = TimeAxis.of(whole, false);
        expect(headers.map(({ seq }) => grown.at(seq))).toEqual(headers.map(({ seq }) => atOnce.at(seq)));
        expect(grown.breaks).toEqual(atOnce.breaks);
      }),
    );
  });
});

describe('the view of the strip', () => {
  const axis = TimeAxis.of(logOf(Array.from({ length: 100 }, () => 100)), false);

  it('stays where the pointer is while it zooms, and within the run', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.constantFrom(0.5, 0.8, 1.25, 3)),
        (where, zooms) => {
          const about = where * axis.end;
          let view = wholeOf(axis);
          for (const factor of zooms) {
            const before = toX(about, view, 1000);
            const next = zoomed(view, axis, about, factor);
            expect(next.from).toBeGreaterThanOrEqual(0);
            expect(next.to).toBeLessThanOrEqual(axis.end + 1e-6);
            const inside = next.from > 0 && next.to < axis.end - 1e-6;
            if (inside) expect(toX(about, next, 1000)).toBeCloseTo(before, 3);
            view = next;
          }
        },
      ),
    );
  });

  it('moves as little as needed to show an event, and not at all when it is in sight', () => {
    const view = zoomed(wholeOf(axis), axis, 0, 0.1);
    expect(showing(view, axis, view.from + 1)).toBe(view);
    const moved = showing(view, axis, axis.end);
    expect(moved.to).toBeCloseTo(axis.end);
    expect(moved.to - moved.from).toBeCloseTo(view.to - view.from);
    expect(panned(view, axis, -1e9).from).toBe(0);
  });

  it('turns positions into pixels and back', () => {
    const view = { from: 100, to: 300 };
    expect(toX(200, view, 50)).toBe(25);
    expect(toPosition(25, view, 50)).toBe(200);
  });
});

describe('the columns of the strip', () => {
  const told: Partial<EventHeader>[] = [
    { type: 'node.started', node: 'fix', attempt: 1 },
    { type: 'policy.decided', node: 'fix', attempt: 1 },
    { type: 'policy.decided', node: 'fix', attempt: 1, tone: 'bad' },
    { type: 'file.changed', node: 'fix', attempt: 1 },
    { type: 'approval.requested', node: 'fix', attempt: 1, tone: 'warn' },
    { type: 'model.failed', node: 'fix', attempt: 1, tone: 'bad' },
  ];
  const log = logOf(
    told.map(() => 10),
    (seq) => told[seq] ?? {},
  );
  const axis = TimeAxis.of(log, false);

  it('know a denial, a failure, an approval and a change by their marks', () => {
    const marked = MARKS.slice(1).map((mark) => [mark, log.marked(mark, 0, log.length)]);
    expect(Object.fromEntries(marked)).toEqual({ denial: [2], change: [3], approval: [4], failure: [5] });
  });

  it('do not take a call that was denied for one that failed', () => {
    const denied = logOf([10], () => ({ type: 'tool.finished', tone: 'bad', outcome: 'denied' }));
    expect(denied.marked('failure', 0, 1)).toEqual([]);
  });

  it('show the gravest of what shares a pixel', () => {
    const { tones, marks } = bucketsOf(log, axis, wholeOf(axis), 1, null);
    expect(MARKS[marks[0] ?? 0]).toBe('failure');
    expect(GRAVITY[(tones[3]?.[0] ?? 0) - 1]).toBe('bad');
    expect(GRAVITY[(tones[4]?.[0] ?? 0) - 1]).toBe('warn');
  });

  it('have each event in the pixel that stands for its time, and mark those that fit', () => {
    const { tones, fitting } = bucketsOf(log, axis, wholeOf(axis), 500, Uint32Array.of(3));
    expect([...(tones[3] ?? [])].flatMap((tone, x) => (tone > 0 ? [x] : []))).toEqual([100, 200]);
    expect([...fitting].flatMap((fits, x) => (fits === 1 ? [x] : []))).toEqual([300]);
  });

  it('have nothing of what is out of sight', () => {
    const { marks } = bucketsOf(log, axis, { from: 0, to: 15 }, 100, null);
    expect([...marks].every((mark) => mark === 0)).toBe(true);
  });

  it('show every visit of a node that is in sight', () => {
    expect(spansOf(log, axis, wholeOf(axis), 100)).toMatchObject([{ x: 0, width: 100 }]);
  });
});

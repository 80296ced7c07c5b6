/** What a run spent, gathered from its events, and as few points as pixels need. */
import { describe, expect, it } from 'vitest';
import type { EventHeader } from '../../../src/protocol/messages';
import { decimate, nearest, pointAt } from '../../../webview-ui/src/charts/decimate';
import { BETWEEN_NODES, costOf, NO_MODEL, type Point, ranked, Spending } from '../../../webview-ui/src/charts/spending';
import { EventLog } from '../../../webview-ui/src/log/log';

const START = Date.parse('2026-01-31T12:00:00.000Z');

type Charge = { at: number; node?: string; model?: string; input?: number; output?: number; costUsd?: number | null };

/** A run that begins with an event that charges nothing; `at` in seconds. */
function headersOf(charges: readonly Charge[], from = 1): EventHeader[] {
  const rest = { title: '', tone: 'neutral' } as const;
  const first: EventHeader = { ...rest, seq: 0, at: new Date(START).toISOString(), type: 'run.started' };
  const charged = charges.map(({ at, node, model = 'm1', input = 100, output = 10, costUsd = 0.01 }, index) => ({
    ...rest,
    seq: from + index,
    at: new Date(START + at * 1000).toISOString(),
    type: 'budget.charged' as const,
    ...(node === undefined ? {} : { node }),
    spent: { model, input, output, costUsd },
  }));
  return from === 1 ? [first, ...charged] : charged;
}

const spendingOf = (...charges: Charge[]) => Spending.of(EventLog.of(headersOf(charges)), null);

describe('what a run spent', () => {
  it('rises over time, from the first event that charged something', () => {
    const { points } = spendingOf({ at: 2 }, { at: 5, input: 300, costUsd: 0.02 });
    expect(points).toEqual([
      { seq: 1, at: 2000, tokens: 110, costUsd: 0.01 },
      { seq: 2, at: 5000, tokens: 420, costUsd: 0.03 },
    ]);
  });

  it('is summed by node and by model, the most tokens first', () => {
    const { byNode, byModel } = spendingOf(
      { at: 1, node: 'fix', model: 'a' },
      { at: 2, node: 'implement', model: 'b', input: 900 },
      { at: 3, node: 'fix', model: 'b' },
      { at: 4, model: '' },
    );
    expect(ranked(byNode).map(([name, { requests }]) => [name, requests])).toEqual([
      ['implement', 1],
      ['fix', 2],
      [BETWEEN_NODES, 1],
    ]);
    expect(ranked(byModel).map(([name]) => name)).toEqual(['b', 'a', NO_MODEL]);
  });

  it('has an unknown cost that is never nothing, and a part of one that says so', () => {
    expect(costOf(spendingOf({ at: 1, costUsd: null }).total)).toBe('unknown');
    expect(costOf(spendingOf({ at: 1, costUsd: null }, { at: 2, costUsd: 0.5 }).total)).toBe('at least $0.50');
    expect(costOf(spendingOf({ at: 1, costUsd: 0.25 }, { at: 2, costUsd: 0.5 }).total)).toBe('$0.75');
    expect(costOf(spendingOf({ at: 1, costUsd: 0 }).total)).toBe('$0');
  });

  it('draws no cost as long as none is known', () => {
    const { points } = spendingOf({ at: 1, costUsd: null }, { at: 2, costUsd: 0.5 });
    expect(points.map(({ costUsd }) => costUsd)).toEqual([null, 0.5]);
  });

  it('goes on from what was gathered before, and starts over with another run', () => {
    const log = EventLog.of(headersOf([{ at: 1 }]));
    const before = Spending.of(log, null);
    const after = Spending.of(log.with(headersOf([{ at: 2 }], 2)), before);
    expect(after).toBe(before);
    expect(after.total.requests).toBe(2);
    expect(Spending.of(EventLog.of(headersOf([{ at: 1 }])), after).total.requests).toBe(1);
  });

  it('never goes back in time when the clock was set back', () => {
    expect(spendingOf({ at: 5 }, { at: 3 }).points.map(({ at }) => at)).toEqual([5000, 5000]);
  });
});

const rising = (count: number): Point[] =>
  Array.from({ length: count }, (_, index) => ({ seq: index, at: index * 10, tokens: index * 100, costUsd: null }));

describe('as many points as there are pixels', () => {
  it('are all of them when they are few', () => {
    const points = rising(20);
    expect(decimate(points, 10)).toBe(points);
  });

  it('are two a pixel at most, in order, with the first and the last of all', () => {
    const points = rising(100_000);
    const kept = decimate(points, 300);
    expect(kept.length).toBeLessThanOrEqual(600);
    expect(kept[0]).toBe(points[0]);
    expect(kept.at(-1)).toBe(points.at(-1));
    expect(kept.every((point, index) => index === 0 || (kept[index - 1]?.seq ?? 0) < point.seq)).toBe(true);
  });

  it('are the first and the last when all happened at once', () => {
    const at = rising(100).map((point) => ({ ...point, at: 7 }));
    expect(decimate(at, 10)).toEqual([at[0], at[99]]);
  });

  it('are found by their time, and by the event up to which they count', () => {
    const points = rising(10);
    expect(nearest(points, 34)?.seq).toBe(3);
    expect(nearest(points, 36)?.seq).toBe(4);
    expect(nearest(points, -5)?.seq).toBe(0);
    expect(nearest(points, 1e9)?.seq).toBe(9);
    expect(nearest([], 3)).toBeNull();
    expect(pointAt(points, 4)?.seq).toBe(4);
    expect(pointAt(points, -1)).toBeNull();
  });
});

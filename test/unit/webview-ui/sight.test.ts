import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROW, rowsIn, slotsIn, topFor } from '../../../webview-ui/src/list/useSight';

const cases = fc
  .record({
    count: fc.integer({ min: 1, max: 1_000_000 }),
    at: fc.nat(),
    top: fc.nat(30_000_000),
    height: fc.integer({ min: 3 * ROW, max: 2000 }),
    following: fc.boolean(),
  })
  .map(({ at, count, ...rest }) => ({ ...rest, count, at: at % count }));

describe('what of the list is in sight', () => {
  it('always has the selected row, and below the row of its visit that stays at the top', () => {
    fc.assert(
      fc.property(cases, ({ top, height, at, count, following }) => {
        const next = topFor({ top, height }, at, count, following);
        expect(next).toBeGreaterThanOrEqual(0);
        expect(at * ROW + ROW).toBeLessThanOrEqual(next + height);
        expect(at * ROW).toBeGreaterThanOrEqual(following ? next : Math.min(next + ROW, at * ROW));
        const { from, to } = rowsIn({ top: next, height }, count);
        expect(from).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(to);
        expect(to - from).toBeLessThanOrEqual(slotsIn({ top: next, height }));
      }),
    );
  });

  it('does not move when the row is in sight already', () => {
    expect(topFor({ top: 1000, height: 500 }, 50, 1000, false)).toBe(1000);
  });

  it('moves as little as needed, and follows the head at the lower end', () => {
    expect(topFor({ top: 0, height: 220 }, 20, 1000, false)).toBe(21 * ROW - 220);
    expect(topFor({ top: 5000, height: 220 }, 20, 1000, false)).toBe(19 * ROW);
    expect(topFor({ top: 0, height: 220 }, 999, 1000, true)).toBe(1000 * ROW - 220);
  });

  it('never asks for rows that are not there', () => {
    expect(rowsIn({ top: 0, height: 2000 }, 3)).toEqual({ from: 0, to: 3 });
    expect(rowsIn({ top: 0, height: 2000 }, 0)).toEqual({ from: 0, to: 0 });
  });
});

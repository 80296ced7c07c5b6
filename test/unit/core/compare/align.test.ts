import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alignable, align, CHANGED_COST, type Column, GAP_COST } from '../../../../src/core/compare/align';

const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), content: fc.constantFrom('1', '2') });
const steps = fc.array(step, { maxLength: 40 });
/** So little that most lists are aligned window by window. */
const TINY = { maxCells: 40 };

const numbersOf = (columns: readonly Column[], side: 'a' | 'b') =>
  columns.map((column) => column[side]).filter((place) => place !== null);

/** What an alignment costs: 2 for a gap, 1 for a column that is changed. */
function costOfColumns(a: readonly Alignable[], b: readonly Alignable[], columns: readonly Column[]): number {
  let cost = 0;
  for (const column of columns) {
    if (column.a === null || column.b === null) cost += GAP_COST;
    else if (a[column.a]?.content !== b[column.b]?.content) cost += CHANGED_COST;
  }
  return cost;
}

function naive(a: readonly Alignable[], b: readonly Alignable[]): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column * GAP_COST)];
  a.forEach((one, row) => {
    const above = rows[row] ?? [];
    const costs = [(row + 1) * GAP_COST];
    b.forEach((other, column) => {
      const pair = one.key !== other.key ? Infinity : one.content === other.content ? 0 : CHANGED_COST;
      const gap = Math.min(above[column + 1] ?? Infinity, costs[column] ?? Infinity) + GAP_COST;
      costs.push(Math.min(gap, (above[column] ?? Infinity) + pair));
    });
    rows.push(costs);
  });
  return rows[a.length]?.[b.length] ?? 0;
}

describe('aligning two lists of steps', () => {
  it('costs what the full matrix says', () => {
    fc.assert(fc.property(steps, steps, (a, b) => costOfColumns(a, b, align(a, b)) === naive(a, b)));
  });

  for (const [name, options] of [
    ['as a whole', {}],
    ['window by window, where memory is short', TINY],
  ] as const) {
    it(`shows every step of both once, in order, and only equal keys share a column, ${name}`, () => {
      fc.assert(
        fc.property(steps, steps, (a, b) => {
          const columns = align(a, b, options);
          expect(numbersOf(columns, 'a')).toEqual(a.map((_, at) => at));
          expect(numbersOf(columns, 'b')).toEqual(b.map((_, at) => at));
          for (const { a: one, b: other } of columns) {
            if (one !== null && other !== null) expect(a[one]?.key).toBe(b[other]?.key);
          }
        }),
      );
    });

    it(`is the mirror image the other way round, ${name}`, () => {
      fc.assert(
        fc.property(steps, steps, (a, b) => {
          const mirrored = align(b, a, options).map((column) => ({ a: column.b, b: column.a }));
          expect(mirrored).toEqual(align(a, b, options));
        }),
      );
    });
  }

  it('finds a list identical with itself', () => {
    fc.assert(
      fc.property(steps, (a) => {
        expect(align(a, a)).toEqual(a.map((_, at) => ({ a: at, b: at })));
      }),
    );
  });

  it('widens the band as far as a long insertion needs', () => {
    const text = (count: number, key: string): Alignable[] =>
      Array.from({ length: count }, (_, at) => ({ key: `${key}${at}`, content: '' }));
    const [start, moved, end] = [text(5, 'start'), text(120, 'moved'), text(130, 'end')];
    const [a, b] = [
      [...start, ...moved, ...end, { key: 'x', content: '' }],
      [{ key: 'y', content: '' }, ...start, ...end, ...moved],
    ];
    expect(costOfColumns(a, b, align(a, b))).toBe(naive(a, b));
  });

  it('finds single differences of long lists window by window as well', () => {
    const long: Alignable[] = Array.from({ length: 600 }, (_, at) => ({ key: `k${at % 7}`, content: String(at) }));
    const other = long.flatMap((step, at) =>
      at % 50 === 49 ? [] : at % 60 === 59 ? [{ key: 'new', content: '' }, step] : [step],
    );
    expect(costOfColumns(long, other, align(long, other, { maxCells: 2_000 }))).toBe(naive(long, other));
  });
});

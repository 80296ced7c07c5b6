/** The line on top of a blueprint. */
import { describe, expect, test } from 'vitest';
import type { Bound } from '../../../../src/core/events/parts';
import type { Problem } from '../../../../src/core/kernel/yaml';
import { worstCaseWords } from '../../../../src/protocol/worstCaseWords';
import { lensesOf } from '../../../../src/vscode/blueprints/lenses';

const BOUND: Bound = { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95, costUsd: 0.9 };
const problem = (severity: Problem['severity']): Problem => ({ line: 1, column: 1, severity, message: 'no' });

describe('the lenses', () => {
  test('a sound blueprint can be started, drawn, and says what it can cost at the most', () => {
    expect(lensesOf([], BOUND)).toMatchObject([
      { title: 'Start run', does: 'start' },
      { title: 'Show graph', does: 'graph' },
      { title: 'Worst case: 14 model calls, 120k tokens, $0.90', does: 'nothing' },
    ]);
  });

  test('a broken one only leads to its problems', () => {
    expect(lensesOf([problem('error'), problem('error'), problem('warning')], null)).toMatchObject([
      { title: '2 problems', does: 'problems' },
    ]);
    expect(lensesOf([problem('error')], null)).toMatchObject([{ title: '1 problem' }]);
  });

  test('warnings are said besides', () => {
    expect(lensesOf([problem('warning')], BOUND).map(({ title }) => title)).toEqual([
      ...['Start run', 'Show graph', 'Worst case: 14 model calls, 120k tokens, $0.90', '1 warning'],
    ]);
  });
});

describe('the worst case in words', () => {
  test.each([
    [{ costUsd: null }, '14 model calls, 120k tokens, cost not known'],
    [{ modelCalls: 1, costUsd: 0 }, '1 model call, 120k tokens, $0'],
    [{ tokens: 950 }, '14 model calls, 950 tokens, $0.90'],
    [{ tokens: 120_001 }, '14 model calls, 121k tokens, $0.90'],
    [{ tokens: 999_500 }, '14 model calls, 1M tokens, $0.90'],
    [{ tokens: 1_210_000 }, '14 model calls, 1.3M tokens, $0.90'],
  ])('%j: %s', (changed, words) => {
    expect(worstCaseWords({ ...BOUND, ...changed })).toBe(words);
  });

  test('a bound that was recorded without a cost has none that is known', () => {
    const { costUsd: _, ...old } = BOUND;
    expect(worstCaseWords(old)).toMatch(/cost not known$/);
  });
});

/** What a person sees before a run starts. */
import { describe, expect, test } from 'vitest';
import type { RunPreview } from '../../../src/vscode/runs';
import { type SummaryRow, summaryRows } from '../../../src/vscode/startSummary';

const PREVIEW: RunPreview = {
  root: '/repo',
  model: { provider: 'openai', name: 'gpt-5', destination: 'api.openai.com', local: false },
  bound: { nodeExecutions: 9, modelCalls: 14, tokens: 120_000, minutes: 95, costUsd: 0.9 },
  budget: { modelCalls: 14, tokens: 120_000, minutes: 95, costUsd: 0.9 },
  commands: [
    { name: 'lint', line: 'npm run lint', source: 'package.json script "lint"' },
    { name: 'test', line: 'npm test', source: 'package.json script "test"' },
  ],
  commandsHash: 'h',
};

const said = (rows: readonly SummaryRow[]): string[] =>
  rows.filter(({ kind }) => kind === 'said').map(({ label, description = '' }) => `${label} | ${description}`);

describe('the summary before a start', () => {
  test('the start comes first, so that Enter alone starts the run; then the other choices, then what is said', () => {
    const kinds = summaryRows(PREVIEW, true).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['start', 'edit', 'back']);
    expect(kinds.slice(3)).not.toContain('start');
    expect(summaryRows(PREVIEW, true)[0]?.label).toMatch(/Start$/);
  });

  test('commands that nobody has seen here yet are confirmed with the start', () => {
    expect(summaryRows(PREVIEW, false)[0]?.label).toMatch(/Confirm the Commands and Start/);
  });

  test('worst case, model and every command are said, each with where it comes from', () => {
    expect(said(summaryRows(PREVIEW, true))).toEqual([
      '14 model calls, 120k tokens, $0.90, 95 minutes | ',
      'openai:gpt-5 | api.openai.com',
      'lint: npm run lint | package.json script "lint"',
      'test: npm test | package.json script "test"',
    ]);
  });

  test('a budget below the worst case is said, with just the limits that are lower', () => {
    const budget = { modelCalls: 10, tokens: 120_000, minutes: 95, costUsd: 0.5 };
    expect(said(summaryRows({ ...PREVIEW, budget }, true))[1]).toBe(
      "At most 10 model calls, $0.50 | the blueprint's budget",
    );
  });

  test('a limit on a cost that is not known otherwise is said as well', () => {
    const bound = { ...PREVIEW.bound, costUsd: null };
    expect(said(summaryRows({ ...PREVIEW, bound }, true))[1]).toMatch(/^At most \$0\.90/);
  });

  test('that no command was found is said', () => {
    expect(said(summaryRows({ ...PREVIEW, commands: [] }, true)).at(-1)).toBe('None was found | ');
  });
});

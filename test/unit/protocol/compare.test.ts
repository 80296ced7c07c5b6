/** The messages of the page "Compare Runs": what is refused, and that none grows beyond a megabyte. */
import { describe, expect, it } from 'vitest';
import type { Compared } from '../../../src/core/compare/compare';
import type { Step } from '../../../src/core/compare/steps';
import type { ComparedFile, RunMetrics } from '../../../src/core/events/comparison';
import {
  COMPARE_PROTOCOL,
  MAX_LISTED,
  PAGE,
  parseCompareHost,
  parseCompareWebview,
} from '../../../src/protocol/compare';
import { ColumnPages, comparedMessage } from '../../../src/vscode/compare/pages';

const LONG = 'x'.repeat(5_000);
const step = (seq: number, content = 'c'): Step => ({
  ...{ seq, type: 'tool.requested', node: LONG, tool: 'read_file', path: LONG, title: LONG, key: 'k', content },
});
const run = (at: number): RunMetrics => ({
  ...{
    run: `run-${at}`,
    task: 't',
    blueprint: 'b',
    model: 'm',
    policy: 'p',
    startedAt: '',
    status: 'failed',
    outcome: null,
  },
  ...{
    success: false,
    events: 1,
    attempts: 1,
    denials: 0,
    approvals: 0,
    modelCalls: 0,
    tokens: 0,
    costUsd: null,
    ms: 1,
  },
  firstDivergence: null,
});
const file = (at: number): ComparedFile => ({
  path: `${at}${LONG}`,
  runs: Array.from({ length: 6 }, () => ({ state: 'changed', sha256: 'a'.repeat(64), kept: true })),
});

/** Every other step differs; each tenth is in one run only. */
function compared(steps: number): Compared {
  const a = Array.from({ length: steps }, (_, at) => step(at));
  const b = Array.from({ length: steps }, (_, at) => step(at + 1, at % 2 === 0 ? 'c' : 'd'));
  const columns = a.map((_, at) => ({ a: at, b: at % 10 === 3 ? null : at }));
  const decision = { seq: 1, times: 1, decision: 'deny' as const, rule: LONG };
  const policy = { node: 'n', tool: 't', path: LONG, runs: Array.from({ length: 6 }, () => Array(50).fill(decision)) };
  return {
    comparison: {
      firstDivergence: null,
      nodes: [],
      metrics: Array.from({ length: 6 }, (_, at) => run(at)),
      files: Array.from({ length: 1_000 }, (_, at) => file(at)),
      policy: Array.from({ length: 1_000 }, () => policy),
    },
    beginnings: ['policy'],
    sameFiles: 0,
    aligned: { a, b, columns },
  };
}
const MEGABYTE = 1024 * 1024;
const sizeOf = (message: unknown): number => Buffer.byteLength(JSON.stringify(message));

describe('messages of a comparison', () => {
  it('list so much of a large one that both sides take it and it stays below a megabyte', () => {
    const message = comparedMessage(compared(1_000));
    expect(parseCompareHost(message).ok).toBe(true);
    expect(sizeOf(message)).toBeLessThan(MEGABYTE);
    expect(message.files).toHaveLength(MAX_LISTED);
    expect(message.more).toEqual({ nodes: 0, policy: 800, files: 800 });
    expect(message.columns).toEqual({ all: 1_000, different: 500, first: 1 });
  });

  it('carry the columns page by page, whatever the length of their titles', () => {
    const pages = new ColumnPages(compared(450).aligned ?? { a: [], b: [], columns: [] });
    const lengths = [0, PAGE, 2 * PAGE, 3 * PAGE].map((from) => {
      const message = pages.page('all', from);
      expect(parseCompareHost(message)).toEqual({ ok: true, value: message });
      expect(sizeOf(message)).toBeLessThan(MEGABYTE);
      return message.rows.length;
    });
    expect(lengths).toEqual([PAGE, PAGE, 50, 0]);
  });

  it('show differing columns alone when they are asked for, and say on which side a gap is', () => {
    const pages = new ColumnPages(compared(20).aligned ?? { a: [], b: [], columns: [] });
    const { rows } = pages.page('different', 0);
    expect(rows.map(({ state }) => state)).not.toContain('same');
    expect(rows.map(({ cells: [first] }) => first?.seq)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    expect(rows[1]).toMatchObject({ state: 'first', cells: [{ seq: 3 }, null] });
  });

  it('have no columns for more than two runs', () => {
    expect(comparedMessage({ ...compared(3), aligned: null }).columns).toBeNull();
  });

  it('are refused, with the place, when they are not understood', () => {
    const refusals = [
      parseCompareHost({ type: 'start', protocol: COMPARE_PROTOCOL, runs: ['only one'] }),
      parseCompareHost({ type: 'start', protocol: 2, runs: ['a', 'b'] }),
      parseCompareHost({ type: 'rows', view: 'some', from: 0, rows: [] }),
      parseCompareHost({ type: 'rows', view: 'all', from: 0, rows: [], more: 1 }),
      parseCompareWebview({ type: 'rows', view: 'all', from: -1 }),
      parseCompareWebview({ type: 'openDiff', file: 0 }),
      parseCompareWebview('ready'),
    ];
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ ok: false, error: expect.stringMatching(/comparison/) });
    expect(parseCompareWebview({ type: 'ready', protocol: COMPARE_PROTOCOL }).ok).toBe(true);
  });
});

/** The page "Compare Runs" as markup, and its state. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { type ComparedMessage, type CompareRow, PAGE, type RunMetrics } from '../../../src/protocol/compare';
import { ColumnRow, sideShown } from '../../../webview-ui/src/compare/ColumnRow';
import { targetOf } from '../../../webview-ui/src/compare/Columns';
import { ComparePage } from '../../../webview-ui/src/compare/ComparePage';
import { type CompareState, INITIAL, missingPages, reduceCompare, rowAt } from '../../../webview-ui/src/compare/state';
import { beginningsText, FIGURES } from '../../../webview-ui/src/compare/words';

vi.mock('../../../webview-ui/src/controls', () => import('../../support/plainControls'));

const nothing = () => {};
const ACTIONS = {
  ...{ read: nothing, jump: nothing, show: nothing, need: nothing, openEvent: nothing, openDiff: nothing },
};
const html = (state: CompareState): string => renderToStaticMarkup(<ComparePage state={state} actions={ACTIONS} />);

const run = (at: number, more: Partial<RunMetrics> = {}): RunMetrics => ({
  ...{ run: `run-${at}`, task: `Task <${at}>`, blueprint: 'quick_fix', model: 'openai:small', policy: 'standard' },
  ...{ startedAt: '2026-11-22T10:00:00.000Z', status: 'succeeded', outcome: 'done', success: true, events: 9 },
  ...{ attempts: 3, denials: 0, approvals: 1, modelCalls: 4, tokens: 1200, costUsd: 0.5, ms: 4000 },
  firstDivergence: null,
  ...more,
});
const divergence = (other: string) => ({
  ...{ runs: ['run-1', other] as [string, string], equalSteps: 4, seqs: [7, 9] as [number, number], node: 'implement' },
  ...{ tool: null, path: null, what: 'the reply of the model', text: 'After 4 equal steps: the reply differs.' },
});
const found = (more: Partial<ComparedMessage> = {}): ComparedMessage => ({
  type: 'compared',
  ...{
    firstDivergence: null,
    metrics: [run(1), run(2)],
    beginnings: [],
    nodes: [],
    policy: [],
    files: [],
    sameFiles: 2,
  },
  more: { nodes: 0, policy: 0, files: 0 },
  columns: { all: 40, different: 0, first: null },
  ...more,
});
const START = { type: 'start', protocol: 1, runs: ['run-1', 'run-2'] } as const;
const told = (...messages: readonly Parameters<typeof reduceCompare>[1][]): CompareState =>
  messages.reduce(reduceCompare, INITIAL);
const read = (more: Partial<ComparedMessage> = {}): CompareState =>
  told({ type: 'host', message: { ...START, runs: [...START.runs] } }, { type: 'host', message: found(more) });

const cell = (seq: number, title = `Step ${seq}`) => ({
  seq,
  type: 'tool.requested' as const,
  node: 'implement',
  title,
});
const drawn = (row: CompareRow | undefined, narrow = false): string =>
  renderToStaticMarkup(
    <ColumnRow
      row={row}
      place={4}
      top={88}
      height={22}
      narrow={narrow}
      activeSide={1}
      idOf={(place, side) => `c-${place}-${side}`}
      onOpen={nothing}
    />,
  );

describe('the page over compared runs', () => {
  it('says that it is read, and shows what was found before while it is read again', () => {
    expect(html(told({ type: 'host', message: { ...START, runs: [...START.runs] } }))).toContain(
      'Reading the records of 2 runs',
    );
    const again = reduceCompare(read(), { type: 'host', message: { ...START, runs: [...START.runs] } });
    expect(html(again)).toContain('The runs are the same');
    expect(html(again)).toContain('aria-busy="true"');
  });

  it('says what went wrong, as an alert', () => {
    const page = html(reduceCompare(INITIAL, { type: 'host', message: { type: 'problem', message: 'no run <b>' } }));
    expect(page).toMatch(/role="alert"[^>]*>.*no run &lt;b&gt;/);
  });

  it('says that runs are the same, in every part', () => {
    const page = html(read());
    for (const words of [
      'The runs are the same, step by step.',
      'No call was decided otherwise.',
      'No file differs at the end. 2 files were changed in the same way.',
      '40 steps, all the same',
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/≠|Only Differences/);
  });

  it('names each run with its state in words, and what they did not begin with alike', () => {
    const page = html(
      read({ metrics: [run(1), run(2, { status: 'failed', model: 'local:big' })], beginnings: ['policy', 'model'] }),
    );
    for (const words of ['Task &lt;1&gt;', 'Failed', 'local:big', 'same policy and model.'])
      expect(page).toContain(words);
    expect(beginningsText(['task', 'files', 'engine'])).toBe(
      'They did not begin with the same task, files and version of the engine.',
    );
    expect(beginningsText([])).toBeNull();
  });

  it('puts the first difference on top, with ways to the steps and to both timelines', () => {
    const page = html(read({ firstDivergence: divergence('run-2'), columns: { all: 40, different: 3, first: 4 } }));
    expect(page.indexOf('After 4 equal steps: the reply differs.')).toBeLessThan(page.indexOf('Figures'));
    for (const words of [
      'Show in Steps',
      'Open in Run 1',
      'Open in Run 2',
      '3 of 40 steps differ',
      'Only Differences',
    ]) {
      expect(page).toContain(words);
    }
  });

  it('says of each run of several where it differs from the first, and shows no columns', () => {
    const metrics = [run(1), run(2), run(3, { firstDivergence: divergence('run-3') })];
    const page = html(read({ metrics, firstDivergence: divergence('run-3'), columns: null }));
    expect(page).toMatch(/Run 2: <\/strong>the same, step by step\./);
    expect(page).toMatch(/Run 3: <\/strong>After 4 equal steps/);
    expect(page).not.toContain('role="grid"');
  });

  it('says differences of figures by a sign and a word', () => {
    const [first, other] = [run(1), run(2, { tokens: 1000, ms: 9000, costUsd: 0.75, denials: 2 })];
    const said = FIGURES.map(({ name, against }) => [name, against(other, first)]);
    expect(Object.fromEntries(said)).toEqual({
      ...{ Attempts: null, Denials: '+2 more', Approvals: null, 'Model calls': null, Tokens: '−200 fewer' },
      ...{ Cost: '+$0.25 more', Time: '+5 s longer' },
    });
    const cost = FIGURES.find(({ name }) => name === 'Cost');
    expect(cost?.against(run(2, { costUsd: null }), first)).toBeNull();
  });

  it('shows nodes, decisions and files by run, each difference with a sign and a word', () => {
    const page = html(
      read({
        nodes: [{ node: 'lint', runs: [{ visits: 2, outcome: 'success', ms: 10 }, null] }],
        policy: [
          {
            ...{ node: 'lint', tool: 'write_file', path: 'a.js' },
            runs: [
              [{ seq: 3, times: 2, decision: 'allow', rule: 'writes' }],
              [{ seq: 4, times: 1, decision: 'deny', rule: 'none' }],
            ],
          },
        ],
        files: [
          {
            path: 'a.js',
            runs: [
              { state: 'changed', sha256: 'a'.repeat(64), kept: true },
              { state: 'untouched', sha256: 'b'.repeat(64), kept: true },
            ],
          },
        ],
        more: { nodes: 0, policy: 12, files: 0 },
      }),
    );
    for (const words of [
      /never visited.*≠ differs/,
      /2 visits, 10 ms/,
      /Allowed 2 times/,
      /Denied/,
      /by none/,
      /12 more lines/,
    ]) {
      expect(page).toMatch(words);
    }
    expect(page).toMatch(/changed.*not touched.*≠ .*aria-label="Open diff of a\.js"/);
  });
});

describe('a row of the steps', () => {
  it('says in words what its sign says, and a gap is said to be one', () => {
    const page = drawn({ state: 'first', cells: [cell(7, 'Asked <x>'), null] });
    for (const words of ['only in run 1', 'Asked &lt;x&gt;', 'no such step', 'aria-rowindex="5"', 'id="c-4-1"']) {
      expect(page).toContain(words);
    }
    expect(drawn({ state: 'changed', cells: [cell(7), cell(8)] })).toMatch(
      /≠.*differs.*Step 7.*aria-selected="true".*Step 8/,
    );
    expect(drawn(undefined)).toContain('loading');
  });

  it('has, where the page is narrow, a line for each run only where they differ', () => {
    expect(drawn({ state: 'same', cells: [cell(7), cell(8)] }, true).match(/is-twin/g)).toHaveLength(1);
    expect(drawn({ state: 'changed', cells: [cell(7), cell(8)] }, true)).not.toContain('is-twin');
    expect([sideShown({ state: 'second', cells: [null, cell(1)] }, 0), sideShown(undefined, 1)]).toEqual([1, 1]);
  });

  it('is walked to by keys, never beyond the ends', () => {
    const at = { place: 5, side: 0 };
    expect(targetOf('ArrowDown', at, 10)).toEqual({ place: 6, side: 0 });
    expect(targetOf('PageDown', at, 10)).toEqual({ place: 9, side: 0 });
    expect(targetOf('PageUp', at, 10)).toEqual({ place: 0, side: 0 });
    expect(targetOf('ArrowRight', at, 10)).toEqual({ place: 5, side: 1 });
    expect(targetOf('x', at, 10)).toBeNull();
  });
});

describe('the state of the page', () => {
  const page = (from: number, view: 'all' | 'different' = 'all') => ({
    type: 'host' as const,
    message: {
      type: 'rows' as const,
      view,
      from,
      rows: [{ state: 'second' as const, cells: [null, cell(from)] as [null, ReturnType<typeof cell>] }],
    },
  });

  it('knows the rows whose page has come, by view, and which pages are missing', () => {
    const state = reduceCompare(read(), page(PAGE));
    expect(rowAt(state, PAGE)?.cells[1]?.seq).toBe(PAGE);
    expect(rowAt(state, 0)).toBeUndefined();
    expect(missingPages(state, 10, 2 * PAGE + 1)).toEqual([0, 2 * PAGE]);
    expect(rowAt(reduceCompare(state, { type: 'view', view: 'different' }), PAGE)).toBeUndefined();
  });

  it('lets pages go that came long ago, and all when it is compared again', () => {
    const many = Array.from({ length: 150 }, (_, at) => page(at * PAGE)).reduce<CompareState>(reduceCompare, read());
    expect(many.pages.size).toBe(100);
    expect([rowAt(many, 0), rowAt(many, 149 * PAGE)?.cells[1]?.seq]).toEqual([undefined, 149 * PAGE]);
    expect(reduceCompare(many, { type: 'host', message: found() }).pages.size).toBe(0);
  });

  it('jumps to the first column that differs, in either view', () => {
    const differing = read({ columns: { all: 40, different: 3, first: 17 } });
    expect(reduceCompare(differing, { type: 'jump' }).jump).toEqual({ place: 17 });
    const alone = reduceCompare(differing, { type: 'view', view: 'different' });
    expect(reduceCompare(alone, { type: 'jump' }).jump).toEqual({ place: 0 });
    expect(reduceCompare(read(), { type: 'jump' }).jump).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { blueprintNodes } from '../../../../src/core/events/blueprintNodes';
import { type FoldedMoment, foldMoment, momentOf, runMomentSchema } from '../../../../src/core/events/moment';
import type { DataOf, RunEvent } from '../../../../src/core/events/schema';
import { foldSummary, type RunSummary } from '../../../../src/core/events/summary';
import { chain, fileChanged, nodeStarted, origin } from '../../../support/eventChain';
import { RunWriter, SNAPSHOT, sha } from '../../../support/runWriter';
import { finishedRun, interruptedRun, resumedRun, waitingRun } from '../../../support/timelineRun';

const MINUTE = 60_000;
/** As many files as a moment lists. */
const MAX_FILES = 500;

function folded(events: readonly RunEvent[]): FoldedMoment {
  const state = events.reduce<FoldedMoment | null>(foldMoment, null);
  if (state === null) throw new Error('the run is empty');
  return state;
}

const momentAt = (events: readonly RunEvent[], seq = events.length - 1) => momentOf(folded(events.slice(0, seq + 1)));
const seqOf = (events: readonly RunEvent[], test: (event: RunEvent) => boolean) => events.findIndex(test);

const { data: started } = origin();
const question: DataOf<'approval.requested'> = {
  approval: 'a1',
  call: null,
  title: 'Go on?',
  detail: '',
  snapshot: SNAPSHOT,
};
const answer: DataOf<'approval.resolved'> = { approval: 'a1', verdict: 'approved', by: 'user', reason: '' };
const resumed: DataOf<'run.resumed'> = { by: 'user', inDoubt: null, tree: 't', openexec: '0.2.0' };
const ended: DataOf<'run.finished'> = {
  status: 'failed',
  outcome: 'fail',
  reason: '',
  tree: null,
  branch: null,
  commit: null,
};
const sent: DataOf<'model.requested'> = {
  turn: 1,
  retry: 0,
  delayMs: 0,
  provider: 'recorded',
  model: 'sample',
  conversation: { parent: sha(''), added: [], hash: sha('') },
  tools: [],
  signature: sha(''),
};

function begun(): RunWriter {
  const run = new RunWriter();
  run.add('run.started', started);
  return run;
}

describe('the nodes at an event', () => {
  const { events } = finishedRun();

  it('all wait at the start, in the order of the graph: along success first, then what repairs', () => {
    expect(momentAt(events, 0).nodes).toEqual(
      ['context', 'implement', 'lint', 'test', 'report', 'commit', 'fix'].map((id) => ({
        id,
        state: 'waiting',
        attempts: 0,
      })),
    );
  });

  it('are active once started, and keep the outcome and the attempts they had by then', () => {
    const failed = seqOf(events, (event) => event.type === 'node.finished' && event.data.outcome === 'failure');
    const stateOf = (seq: number, id: string) => momentAt(events, seq).nodes.find((node) => node.id === id);
    expect(stateOf(failed - 1, 'test')).toEqual({ id: 'test', state: 'active', attempts: 1 });
    expect(stateOf(failed, 'test')).toEqual({ id: 'test', state: 'failure', attempts: 1 });
    expect(stateOf(events.length - 1, 'test')).toEqual({ id: 'test', state: 'success', attempts: 2 });
    expect(stateOf(failed, 'commit')).toEqual({ id: 'commit', state: 'waiting', attempts: 0 });
  });

  it.each([
    ['stored apart', { blob: sha('b'), bytes: 9_000, media: 'application/json' }],
    ['no JSON', 'id: quick_fix'],
    ['of another form', '{"nodes":[]}'],
  ])('appear as they start when the blueprint is %s', (_what, definition) => {
    const body = origin();
    const first = { ...body, data: { ...body.data, blueprint: { ...body.data.blueprint, definition } } };
    const run = chain('r', [first, nodeStarted('b'), nodeStarted('a'), nodeStarted('b', 2)]);
    expect(momentAt(run, 0).nodes).toEqual([]);
    expect(momentAt(run).nodes).toEqual([
      { id: 'b', state: 'active', attempts: 2 },
      { id: 'a', state: 'active', attempts: 1 },
    ]);
  });

  it('are read from any graph: loops, unknown targets, nodes that nothing leads to, a start that is missing', () => {
    const nodes = { lost: {}, b: { on_success: 'a', on_failure: 'fail' }, a: { on_success: { to: 'b', max: 2 } } };
    expect(blueprintNodes(JSON.stringify({ start: 'a', nodes }))).toEqual(['a', 'b', 'lost']);
    expect(blueprintNodes(JSON.stringify({ nodes }))).toEqual(['lost', 'b', 'a']);
    expect(blueprintNodes(JSON.stringify({ start: 7, nodes: { a: { on_success: ['b'] } } }))).toEqual(['a']);
  });
});

describe('the status at an event', () => {
  it.each([
    ['finished', finishedRun()],
    ['waiting', waitingRun()],
    ['interrupted', interruptedRun()],
    ['resumed', resumedRun()],
  ])('is what the summary of a %s run says at each of its events', (_what, { events }) => {
    let summary: RunSummary | null = null;
    let moment: FoldedMoment | null = null;
    for (const event of events) {
      summary = foldSummary(summary, event);
      moment = foldMoment(moment, event);
      const { status, approvals, files, budget } = momentOf(moment);
      expect([status, approvals.map(({ approval }) => approval)]).toEqual([summary.status, summary.openApprovals]);
      expect(files.map(({ path }) => path)).toEqual(summary.filesChanged);
      expect([budget.tokens, budget.costUsd]).toEqual([summary.tokens, summary.costUsd]);
    }
  });

  it('tells a pause from what comes after it, and goes on waiting when the question is still open', () => {
    const run = begun();
    run.add('approval.requested', question);
    run.add('run.paused', { reason: 'nobody could answer' });
    run.add('run.resumed', resumed);
    run.add('approval.resolved', answer);
    const seen = run.events.map((_, seq) => momentAt(run.events, seq).status);
    expect(seen).toEqual(['running', 'waiting', 'paused', 'waiting', 'running']);
  });

  it('stays what it was while the result is handled', () => {
    const run = begun();
    run.add('run.cancelled', { by: 'user' });
    run.add('result.requested', { action: 'discard', by: 'user' });
    expect(momentAt(run.events).status).toBe('cancelled');
  });

  it('names what a person is asked, in a line of bounded length', () => {
    const run = begun();
    run.add('approval.requested', { ...question, title: 'x'.repeat(1000) });
    expect(momentAt(run.events).approvals).toEqual([{ approval: 'a1', title: 'x'.repeat(300) }]);
    run.add('approval.resolved', answer);
    expect(momentAt(run.events).approvals).toEqual([]);
  });
});

describe('the budget at an event', () => {
  it('counts a model request before its reply, and believes what was charged', () => {
    const run = begun();
    run.add('model.requested', sent);
    run.add('model.failed', { code: 'stalled', message: '', retryable: true, ms: 1 });
    run.add('model.requested', { ...sent, retry: 1 });
    expect(momentAt(run.events).budget).toMatchObject({ modelCalls: 2, tokens: 0, costUsd: 0 });
    const usage = { input: 5, output: 2, cached: 0, estimated: false };
    run.add('budget.charged', { usage, costUsd: null, totals: { modelCalls: 2, tokens: 7, costUsd: null } });
    expect(momentAt(run.events).budget).toMatchObject({ modelCalls: 2, tokens: 7, costUsd: null });
    expect(momentAt(run.events).budget.limits).toEqual(started.budget);
  });

  const minutes = (run: RunWriter): number[] => run.events.map((_, seq) => momentAt(run.events, seq).budget.minutes);

  it('counts the minutes of work, not those that a person was waited for', () => {
    const run = begun();
    run.add('approval.requested', question, 2 * MINUTE);
    run.add('approval.resolved', answer, 30 * MINUTE);
    run.add('run.finished', ended, MINUTE);
    run.add('result.requested', { action: 'apply', by: 'user' }, 90 * MINUTE);
    expect(minutes(run)).toEqual([0, 2, 2, 3, 3]);
  });

  it.each(['run.paused', 'run.interrupted'] as const)(
    'does not count from the last event before %s until the run goes on, whenever the halt was written down',
    (halt) => {
      const run = begun();
      run.add('model.requested', sent, 2 * MINUTE);
      if (halt === 'run.paused') run.add(halt, { reason: 'nobody could answer' }, 45 * MINUTE);
      else run.add(halt, { reason: 'the window closed', inDoubt: null }, 45 * MINUTE);
      run.add('run.resumed', resumed, 10 * MINUTE);
      run.add('run.finished', ended, MINUTE);
      expect(minutes(run)).toEqual([0, 2, 2, 2, 3]);
    },
  );

  it('counts once what is both: a halt while a person is waited for', () => {
    const run = begun();
    run.add('approval.requested', question, MINUTE);
    run.add('run.interrupted', { reason: 'the window closed', inDoubt: null }, 20 * MINUTE);
    run.add('run.resumed', resumed, 5 * MINUTE);
    run.add('approval.resolved', answer, 5 * MINUTE);
    run.add('run.finished', ended, MINUTE);
    expect(minutes(run)).toEqual([0, 1, 1, 1, 1, 2]);
  });

  it('is never below nothing when the clock was set back', () => {
    const run = begun();
    run.add('model.requested', sent, -5 * MINUTE);
    expect(momentAt(run.events).budget.minutes).toBe(0);
  });
});

describe('the files of a call in doubt', () => {
  const run = new RunWriter();
  run.add('run.started', started);
  const version = (text: string) => ({ sha256: sha(text), bytes: text.length, kept: true });
  const write = (call: string, before: string, after: string): number =>
    run.add('file.changed', { call, path: 'a.txt', before: version(before), after: version(after), how: 'write_file' });
  const done = run.tool('write_file', { path: 'a.txt' }, {}, (call) => void write(call, 'one', 'two'));
  const open = run.ask('write_file', { path: 'a.txt' }, 'allow', 'r', '');
  const changed = write(open, 'two', 'three');
  run.add('run.interrupted', { reason: 'crash', inDoubt: open });
  const inDoubt = { kind: 'call', id: open, decision: 'fail' } as const;
  const back = run.add('run.resumed', { ...resumed, inDoubt });

  it('are as they were before it as soon as the run goes on', () => {
    expect(done).not.toBe(open);
    expect(momentAt(run.events, changed).files).toMatchObject([{ after: version('three') }]);
    expect(momentAt(run.events, back).files).toMatchObject([{ before: version('one'), after: version('two') }]);
  });
});

describe('the files at an event', () => {
  const run = chain('r', [
    origin(),
    fileChanged('b.js', 'one', 'two'),
    fileChanged('a.js', null, 'new'),
    fileChanged('b.js', 'two', 'three'),
    fileChanged('a.js', 'new', null),
    fileChanged('b.js', 'three', 'one'),
  ]);
  const states = run.map((_, seq) =>
    momentAt(run, seq).files.map(({ path, before, after }) => [path, before?.sha256, after?.sha256]),
  );

  it('are compared with the start of the run, and gone when they are as they were', () => {
    expect(states).toEqual([
      [],
      [['b.js', sha('one'), sha('two')]],
      [
        ['a.js', undefined, sha('new')],
        ['b.js', sha('one'), sha('two')],
      ],
      [
        ['a.js', undefined, sha('new')],
        ['b.js', sha('one'), sha('three')],
      ],
      [['b.js', sha('one'), sha('three')]],
      [],
    ]);
  });

  it('are the first ones and a count, when there are more than can be listed', () => {
    const path = (i: number): string => `${String(i).padStart(4, '0')}.js`;
    const created = Array.from({ length: MAX_FILES + 20 }, (_, i) => fileChanged(path(i), null, 'x'));
    const { files, moreFiles } = momentAt(
      chain('r', [origin(), ...created.reverse(), fileChanged(path(1), 'x', null)]),
    );
    expect(moreFiles).toBe(19);
    expect(files.map((file) => file.path)).toEqual(
      [0, ...Array.from({ length: MAX_FILES - 1 }, (_, i) => i + 2)].map(path),
    );
  });

  it('are shared by the states before and after an event, as is all that it does not change', () => {
    const before = folded(run.slice(0, 3));
    const after = foldMoment(before, run[3] as RunEvent);
    expect(after.files?.left).toBe(before.files?.left);
    expect(after.nodes).toBe(before.nodes);
    expect(after.approvals).toBe(before.approvals);
    expect(after.totals).toBe(before.totals);
  });
});

describe('a moment', () => {
  it.each([finishedRun(), waitingRun(), interruptedRun(), resumedRun()])(
    'can be sent as it is, at every event of a run',
    ({ events }) => {
      for (const [seq] of events.entries()) {
        const moment = momentAt(events, seq);
        expect(runMomentSchema.parse(JSON.parse(JSON.stringify(moment)))).toEqual(moment);
        expect(moment.seq).toBe(seq);
      }
    },
  );

  it('is folded from the first event on, without a hole and within one run', () => {
    const { events } = finishedRun();
    const [first, second, third] = events as [RunEvent, RunEvent, RunEvent];
    const other = chain('other', [origin(), nodeStarted('a')])[1] as RunEvent;
    expect(() => foldMoment(null, second)).toThrow('a run begins with run.started');
    expect(() => foldMoment(folded([first]), third)).toThrow('does not follow');
    expect(() => foldMoment(folded([first]), other)).toThrow('does not follow');
  });
});

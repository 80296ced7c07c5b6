import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../../src/core/events/schema';
import { foldSummary, type RunSummary, runSummarySchema } from '../../../../src/core/events/summary';
import { sha256 } from '../../../../src/node/system/sha256';
import {
  chain,
  charged,
  decided,
  fileChanged,
  finished,
  nodeStarted,
  origin,
  toolFinished,
} from '../../../support/eventChain';
import { part, sent } from '../../../support/ledgerEntries';

const RUN = 'run-1';
const HASH = sha256('x');

function summaryOf(...bodies: EventBody[]): RunSummary {
  const summary = chain(RUN, [origin(), ...bodies]).reduce<RunSummary | null>(foldSummary, null);
  // Whatever is folded must fit its own schema, for so it is stored.
  return runSummarySchema.parse(summary);
}

const asked: EventBody = {
  type: 'approval.requested',
  data: { approval: 'a1', call: null, title: 'Commit', detail: 'diff', snapshot: HASH },
};
const answered: EventBody = {
  type: 'approval.resolved',
  data: { approval: 'a1', verdict: 'approved', by: 'me', reason: '' },
};
const paused: EventBody = { type: 'run.paused', data: { reason: 'nobody could answer' } };
const result = (action: 'apply' | 'discard', outcome: 'done' | 'refused'): EventBody => ({
  type: 'result.finished',
  data: { action, outcome, files: [], conflicts: [], reason: '' },
});

const broken: EventBody = { type: 'run.interrupted', data: { reason: 'crash', inDoubt: 'c2' } };
const goesOn = (inDoubt: { kind: 'call'; id: string; decision: 'repeat' | 'fail' } | null): EventBody => ({
  type: 'run.resumed',
  data: { by: 'me', inDoubt, tree: 't1', openexec: '0.1.0' },
});
const changedBy = (call: string, path: string, before: string | null, after: string): EventBody => {
  const body = fileChanged(path, before, after);
  return { ...body, data: { ...body.data, call } } as EventBody;
};

describe('the files of a summary', () => {
  it.each(['repeat', 'fail'] as const)('are what they were before a call in doubt, if a person says %s', (decision) => {
    const summary = summaryOf(
      changedBy('c1', 'b.txt', 'one', 'two'),
      toolFinished('c1'),
      changedBy('c2', 'a.txt', null, 'new'),
      changedBy('c2', 'b.txt', 'two', 'one'),
      broken,
      goesOn({ kind: 'call', id: 'c2', decision }),
    );
    expect(summary.filesChanged).toEqual(['b.txt']);
    expect(summary.touched).toEqual([
      { path: 'a.txt', before: null, after: null },
      { path: 'b.txt', before: sha256('one'), after: sha256('two') },
    ]);
  });

  it('stay what a call made of them that has an outcome', () => {
    const done = [changedBy('c2', 'a.txt', null, 'new'), toolFinished('c2'), broken, goesOn(null)];
    expect(summaryOf(...done).touched).toEqual([{ path: 'a.txt', before: null, after: sha256('new') }]);
  });

  it('are sorted, in whatever order they change, and those that are as they were are not listed', () => {
    const paths = ['m', 'c', 'x', 'a', 'd', 'c', 'z', 'm'];
    const seen = new Map<string, number>();
    const bodies = paths.map((path) => {
      const times = (seen.get(path) ?? 0) + 1;
      seen.set(path, times);
      return times === 1 ? fileChanged(path, 'old', 'new') : fileChanged(path, 'new', path === 'c' ? 'old' : 'newer');
    });
    const { touched, filesChanged } = summaryOf(...bodies);
    expect(touched.map(({ path }) => path)).toEqual(['a', 'c', 'd', 'm', 'x', 'z']);
    expect(filesChanged).toEqual(['a', 'd', 'm', 'x', 'z']);
  });

  it('are not all looked at for each change', () => {
    const many = 2_000;
    const paths = Array.from({ length: many }, (_, at) => `f${String(at).padStart(5, '0')}`);
    const before = summaryOf(...paths.map((path) => fileChanged(path, null, 'x')));
    let looked = 0;
    const touched = before.touched.map((file) => watched(file, () => (looked += 1)));
    const events = chain(RUN, [
      origin(),
      ...paths.map((path) => fileChanged(path, null, 'x')),
      fileChanged('f007', 'x', 'y'),
    ]);
    const last = events.at(-1);
    if (last === undefined) throw new Error('a last event');
    foldSummary({ ...before, touched }, last);
    expect(looked).toBeLessThan(2 * Math.log2(many));
  });
});

/** The same, telling whenever somebody asks for its path. */
function watched(file: RunSummary['touched'][number], onLook: () => void): RunSummary['touched'][number] {
  const { path, ...rest } = file;
  return {
    ...rest,
    get path() {
      onLook();
      return path;
    },
  };
}

describe('the summary of a run', () => {
  it('says at its start what runs on what', () => {
    expect(summaryOf()).toMatchObject({
      runId: RUN,
      status: 'running',
      task: 'Mend the discount',
      blueprint: 'quick_fix',
      model: 'recorded:sample',
      baseCommit: 'c0',
      baseTree: 't0',
      startedAt: '2026-01-31T12:00:00.000Z',
      endedAt: null,
      events: 1,
      costUsd: 0,
      result: 'none',
    });
  });

  it('names the node at work, and none between nodes', () => {
    const over: EventBody = {
      type: 'node.finished',
      node: 'fix',
      data: { outcome: 'success', reason: '', next: 'test', why: 'on_success' },
    };
    expect(summaryOf(nodeStarted('fix', 2))).toMatchObject({ currentNode: 'fix', attempt: 2 });
    expect(summaryOf(nodeStarted('fix', 2), over)).toMatchObject({ currentNode: null, attempt: 2 });
  });

  it('waits exactly while an approval is open', () => {
    expect(summaryOf(asked).status).toBe('waiting');
    expect(summaryOf(asked, decided('c', 'allow')).status).toBe('waiting');
    expect(summaryOf(asked, answered).status).toBe('running');
  });

  it('is paused until work goes on, and waits again when that was for an approval', () => {
    expect(summaryOf(paused)).toMatchObject({ status: 'paused', reason: 'nobody could answer', endedAt: null });
    expect(summaryOf(paused, nodeStarted('fix')).status).toBe('running');
    expect(summaryOf(asked, paused).status).toBe('paused');
    expect(summaryOf(asked, paused, answered).status).toBe('running');
  });

  it('ends with what the run says about its end', () => {
    expect(summaryOf(nodeStarted('fix'), finished)).toMatchObject({
      status: 'succeeded',
      outcome: 'done',
      reason: 'all gates passed',
      currentNode: null,
      endedAt: '2026-01-31T12:00:02.000Z',
      tree: 't1',
      branch: 'openexec/x',
      commit: 'c1',
      events: 3,
    });
    expect(summaryOf({ type: 'run.cancelled', data: { by: 'me' } }).status).toBe('cancelled');
    const interrupted: EventBody = { type: 'run.interrupted', data: { reason: 'the window closed', inDoubt: null } };
    expect(summaryOf(asked, interrupted)).toMatchObject({ status: 'interrupted', reason: 'the window closed' });
  });

  it('keeps its end when the result is applied or discarded, and counts a refusal as nothing', () => {
    expect(summaryOf(finished, result('apply', 'refused'))).toMatchObject({ status: 'succeeded', result: 'none' });
    expect(summaryOf(finished, result('apply', 'done'))).toMatchObject({ status: 'succeeded', result: 'applied' });
    expect(summaryOf(finished, result('discard', 'done'))).toMatchObject({ status: 'succeeded', result: 'discarded' });
  });

  it('is applied until the last apply is undone, and a commit names its branch without applying anything', () => {
    const told = (action: 'undo' | 'commit', more: object): EventBody =>
      ({
        type: 'result.finished',
        data: { action, outcome: 'done', files: [], conflicts: [], reason: '', ...more },
      }) as EventBody;
    const twice = [finished, result('apply', 'done'), result('apply', 'done')] as const;
    expect(summaryOf(...twice, told('undo', { left: 1 }))).toMatchObject({ result: 'applied' });
    expect(summaryOf(...twice, told('undo', { left: 0 }))).toMatchObject({ status: 'succeeded', result: 'none' });
    const committed = told('commit', { branch: 'openexec/x', commit: 'c9' });
    expect(summaryOf(finished, committed)).toMatchObject({ branch: 'openexec/x', commit: 'c9', result: 'none' });
  });

  /** Only OpenExec's own rule says that a tool is outside; another may be called the same. */
  const outside = (layer: string): EventBody => {
    const event = decided('d', 'deny') as EventBody<'policy.decided'>;
    return { ...event, data: { ...event.data, rule: 'toolset', layer } };
  };

  it('counts denials, and takes tokens, calls and cost from what was charged', () => {
    const run = summaryOf(
      decided('a', 'deny'),
      decided('b', 'allow'),
      decided('c', 'deny'),
      outside('built in'),
      outside('user policy mine (here)'),
      charged(1, 100, 0.5),
      charged(2, 250, 1),
    );
    expect(run).toMatchObject({ denials: 4, outsideToolset: 1, tokens: 250, modelCalls: 2, costUsd: 1 });
    expect(summaryOf(charged(1, 100, null)).costUsd).toBeNull();
  });

  it('lists the files that differ from the start, sorted, and not those that are as they were', () => {
    const changes = [
      fileChanged('src/b.ts', 'one', 'two'),
      fileChanged('src/a.ts', null, 'new'),
      fileChanged('src/c.ts', 'old', null),
      fileChanged('tmp.txt', null, 'scratch'),
    ];
    expect(summaryOf(...changes).filesChanged).toEqual(['src/a.ts', 'src/b.ts', 'src/c.ts', 'tmp.txt']);
    const undone = [
      fileChanged('tmp.txt', 'scratch', null),
      fileChanged('src/b.ts', 'two', 'three'),
      fileChanged('src/b.ts', 'three', 'one'),
    ];
    expect(summaryOf(...changes, ...undone).filesChanged).toEqual(['src/a.ts', 'src/c.ts']);
  });

  it('shows the first 300 characters of a task and never half of one', () => {
    const long = chain(RUN, [origin('🙂'.repeat(400))]).reduce<RunSummary | null>(foldSummary, null);
    expect(long?.task).toBe('🙂'.repeat(300));
    const stored = chain(RUN, [origin({ blob: HASH, bytes: 9000, media: 'text/plain' })]);
    expect(stored.reduce<RunSummary | null>(foldSummary, null)?.task).toBe('(a task of 9000 bytes)');
  });

  it('refuses an event that does not continue it', () => {
    const events = chain(RUN, [origin(), nodeStarted('a'), nodeStarted('b')]);
    const [first, second, third] = events;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three events');
    const run = foldSummary(null, first);
    expect(() => foldSummary(run, third)).toThrowError(expect.objectContaining({ code: 'internal' }));
    expect(() => foldSummary(null, second)).toThrowError(expect.objectContaining({ code: 'internal' }));
    expect(() => foldSummary(run, { ...second, run: 'other' })).toThrowError(
      expect.objectContaining({ code: 'internal' }),
    );
  });
});

describe('what left for models', () => {
  it('is counted: requests, all bytes with those that were carried again, and what was taken out', () => {
    const run = summaryOf(
      sent([part('system message', 100, { redactions: { jwt: 1 } }), part('user message', 50)]),
      sent([part('tool result c', 10, { redactions: { jwt: 2, 'e-mail': 3 } })], 150),
    );
    expect(run).toMatchObject({ requests: 2, bytesSent: 310, redactions: 6 });
    expect(summaryOf()).toMatchObject({ requests: 0, bytesSent: 0, redactions: 0 });
  });
});

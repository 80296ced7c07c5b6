import { describe, expect, it } from 'vitest';
import type { EventHeader } from '../../../src/protocol/messages';
import { latestVisits, progressAt } from '../../../webview-ui/src/graph/progress';
import { EventLog } from '../../../webview-ui/src/log/log';
import { finishedRun, interruptedRun, resumedRun, waitingRun } from '../../support/timelineRun';
import { batches } from '../../support/timelineScenes';

/** The events that the graph follows. */
const courseOf = (headers: readonly EventHeader[]): readonly EventHeader[] => EventLog.of(headers).course;
const headersOf = (run: ReturnType<typeof finishedRun>): EventHeader[] =>
  batches(run).flatMap((message) => (message.type === 'events' ? message.headers : []));
const atEnd = (headers: readonly EventHeader[]) => progressAt(courseOf(headers), headers.length - 1);

const finished = headersOf(finishedRun());
const seqOf = (type: EventHeader['type'], node: string, nth = 0): number =>
  finished.filter((header) => header.type === type && header.node === node)[nth]?.seq ?? -1;

/** Made-up headers of nodes, one after another. */
function made(...steps: Partial<EventHeader>[]): EventHeader[] {
  const blank = { at: '2026-01-31T12:00:00.000Z', title: 'x', tone: 'neutral' } as const;
  return steps.map((step, seq) => ({ ...blank, seq, type: 'node.started', ...step }));
}

describe('the progress of a run in its graph', () => {
  it('is nothing before the first node', () => {
    expect(progressAt(courseOf(finished), 0)).toMatchObject({ current: null, nodes: new Map(), routes: new Map() });
  });

  it('is what it was at the event that is looked at, not what it became', () => {
    const during = progressAt(courseOf(finished), seqOf('node.started', 'fix') + 3);
    expect(during.current).toBe('fix');
    expect(during.nodes.get('fix')).toEqual({ state: 'active', attempts: 1, retries: 0 });
    expect(during.nodes.get('test')?.state).toBe('failure');
    expect(during.nodes.has('report')).toBe(false);
    expect([during.routes.get('test.on_failure'), during.routes.get('lint.on_success')]).toEqual([1, 1]);
  });

  it('counts attempts and routes', () => {
    const { nodes, routes } = atEnd(finished);
    expect(nodes.get('lint')).toEqual({ state: 'success', attempts: 2, retries: 0 });
    expect([routes.get('lint.on_success'), routes.get('test.on_failure'), routes.get('lint.on_failure')]).toEqual([
      2,
      1,
      undefined,
    ]);
  });

  it('says that a person is asked, until the answer', () => {
    expect(atEnd(headersOf(waitingRun())).nodes.get('commit')?.state).toBe('asking');
    const answered = finished.find(({ type }) => type === 'approval.resolved')?.seq ?? -1;
    expect(progressAt(courseOf(finished), answered).nodes.get('commit')?.state).toBe('active');
  });

  it('knows a node that was left open, and that it is active again when the run is resumed', () => {
    expect(atEnd(headersOf(interruptedRun())).nodes.get('lint')?.state).toBe('open');
    expect(atEnd(headersOf(resumedRun())).nodes.get('lint')?.state).toBe('active');
  });

  it('counts what is repeated at once apart from routes, and from zero when the node is entered anew', () => {
    const test = { node: 'test' };
    const failed = { type: 'node.finished', node: 'test', outcome: 'failure' } as const;
    const steps = made(
      { ...test, attempt: 1 },
      { ...failed, next: 'test', route: 'retry' },
      { ...test, attempt: 2 },
      { ...failed, next: 'fix', route: 'on_failure' },
    );
    expect(progressAt(courseOf(steps), 2).nodes.get('test')).toEqual({ state: 'active', attempts: 2, retries: 1 });
    const after = progressAt(courseOf(steps), 3);
    expect(after.nodes.get('test')).toEqual({ state: 'failure', attempts: 2, retries: 0 });
    expect([...after.routes]).toEqual([['test.on_failure', 1]]);
  });

  it('leads to the latest visit of a node', () => {
    const latest = latestVisits(courseOf(finished));
    expect(latest.get('test')).toBe(seqOf('node.started', 'test', 1));
    expect(latest.get('nowhere')).toBeUndefined();
  });
});

describe('the progress of a very long run', () => {
  const nodes = ['a', 'b', 'c'];
  const long = made(
    ...Array.from({ length: 3000 }, (_, at): Partial<EventHeader> => {
      const node = nodes[Math.floor(at / 2) % 3] ?? 'a';
      return at % 2 === 0
        ? { type: 'node.started', node }
        : { type: 'node.finished', node, outcome: 'success', route: 'on_success' };
    }),
  );
  const course = courseOf(long);

  it('is the same at any event, in whatever order it is asked for', () => {
    for (const seq of [2999, 0, 511, 512, 513, 1023, 1024, 2047, 1500, 2999]) {
      const afresh = progressAt([...course], seq);
      expect(progressAt(course, seq)).toEqual(afresh);
    }
    expect(progressAt(course, 2999).routes.get('a.on_success')).toBe(500);
  });

  it('is not changed by what is asked for later', () => {
    const before = progressAt(course, 600);
    const copy = structuredClone(before);
    progressAt(course, 2999);
    expect(before).toEqual(copy);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { type FoldedMoment, foldMoment, momentOf, type RunMoment } from '../../../../src/core/events/moment';
import type { RunEvent } from '../../../../src/core/events/schema';
import { foldSummary, type RunSummary } from '../../../../src/core/events/summary';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { type HostMessage, MAX_BATCH } from '../../../../src/protocol/messages';
import type { Approvals } from '../../../../src/vscode/approvals';
import type { Runs } from '../../../../src/vscode/runs';
import { TimelineFeed } from '../../../../src/vscode/timeline/feed';
import { longRun } from '../../../support/eventChain';
import { RUN, SNAPSHOT } from '../../../support/runWriter';
import { finishedRun, interruptedRun, waitingRun } from '../../../support/timelineRun';

const nothing = { dispose: () => {} };

function foldAll<T>(fold: (before: T | null, event: RunEvent) => T, events: readonly RunEvent[]): T {
  const folded = events.reduce<T | null>(fold, null);
  if (folded === null) throw new Error('the run is empty');
  return folded;
}

const momentAt = (events: readonly RunEvent[], seq: number): RunMoment =>
  momentOf(foldAll<FoldedMoment>(foldMoment, events.slice(0, seq + 1)));

/** A feed of one run whose store does what the test says; `append` tells of an event as the store would. */
function feedOf(
  events: readonly RunEvent[],
  change: Partial<Runs> = {},
  listed = {},
  asked: () => ReturnType<Approvals['pending']> = () => [],
) {
  const runId = events[0]?.run ?? '';
  const told: ((event: RunEvent) => void)[] = [];
  const runs: Partial<Runs> = {
    summary: async () => ({
      ...foldAll<RunSummary>(foldSummary, events),
      readOnly: false,
      imported: false,
      ...listed,
    }),
    async *events(_run, from) {
      yield* events.slice(from);
    },
    onDidAppend: (listener) => {
      told.push(listener);
      return nothing;
    },
    onDidChange: () => nothing,
    onDidStream: () => nothing,
    onDidChangePolicy: () => nothing,
    drift: async () => null,
    ...change,
  };
  const approvals: Partial<Approvals> = { onDidChange: () => nothing, pending: asked };
  const posted: HostMessage[] = [];
  const listeners: ((message: HostMessage) => void)[] = [];
  const feed = new TimelineFeed(runId, runs as Runs, approvals as Approvals, (message) => {
    posted.push(message);
    for (const listener of listeners) listener(message);
  });
  return {
    feed,
    posted,
    onPost: (listener: (message: HostMessage) => void) => listeners.push(listener),
    append: (event: RunEvent) => {
      for (const listener of told) listener(event);
    },
    types: () => posted.map((message) => message.type),
    batches: () => posted.flatMap((message) => (message.type === 'events' ? [message] : [])),
  };
}

const forever = (): Promise<void> => new Promise(() => {});

describe('the feed of a timeline', () => {
  it('sends a first screen of headers while the rest of a long run is still being read', async () => {
    const events = longRun('r', 300);
    const { feed, types, batches } = feedOf(events, {
      async *events() {
        yield* events.slice(0, 100);
        await forever();
      },
    });
    await feed.greet();
    await vi.waitFor(() => expect(types()).toEqual(['hello', 'graph', 'events']));
    expect(batches()[0]?.headers.map((header) => header.seq)).toEqual(Array.from({ length: 100 }, (_, seq) => seq));
  });

  it('sends every header once and in order, in batches of bounded size', async () => {
    const events = longRun('r', 1_700);
    const { feed, types, batches } = feedOf(events);
    await feed.greet();
    await vi.waitFor(() => expect(types().at(-1)).toBe('run'));
    expect(batches().flatMap(({ headers }) => headers.map((header) => header.seq))).toEqual([...events.keys()]);
    expect(Math.max(...batches().map(({ headers }) => headers.length))).toBe(MAX_BATCH);
  });

  it('lets others run between two batches', async () => {
    const { feed, types, onPost } = feedOf(longRun('r', 1_700));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (types().at(-1) !== 'run') setImmediate(count);
    };
    const seen: number[] = [];
    onPost((message) => message.type === 'events' && seen.push(turns));
    count();
    await feed.greet();
    await vi.waitFor(() => expect(types().at(-1)).toBe('run'));
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('starts over at once, in the middle of a run that is still being read', async () => {
    const events = longRun('r', 2_000);
    let reads = 0;
    const { feed, types, batches } = feedOf(events, {
      async *events() {
        reads += 1;
        if (reads === 1) for (;;) yield* events;
        yield* events.slice(0, 3);
      },
    });
    await feed.greet();
    await vi.waitFor(() => expect(types()).toContain('events'));
    await feed.greet();
    await vi.waitFor(() => expect(types().at(-1)).toBe('run'));
    expect(types().slice(types().lastIndexOf('hello'))).toEqual(['hello', 'graph', 'events', 'run']);
    expect(batches().at(-1)).toMatchObject({ from: 0, headers: [{ seq: 0 }, { seq: 1 }, { seq: 2 }] });
  });

  it('says nothing before it greets, whatever the run does meanwhile', async () => {
    const { events } = finishedRun();
    const { feed, types, append } = feedOf(events);
    for (const event of events) append(event);
    expect(types()).toEqual([]);
    await feed.greet();
    await vi.waitFor(() => expect(types()).toEqual(['hello', 'graph', 'events', 'run']));
  });

  it('sends what was read before a record turned out to be broken, and says so', async () => {
    const { events } = finishedRun();
    const { feed, posted, types } = feedOf(events, {
      async *events() {
        yield* events.slice(0, 30);
        throw new OpenExecError('journal_corrupt', 'line 31 is not JSON');
      },
    });
    await feed.greet();
    await vi.waitFor(() => expect(types()).toEqual(['hello', 'graph', 'events', 'problem']));
    expect(posted.at(-1)).toEqual({ type: 'problem', message: 'line 31 is not JSON' });
  });

  it('tells a run that can be taken up again from one that is only to be looked at', async () => {
    const { events } = interruptedRun();
    const greeting = async (listed: object) => {
      const { feed, posted } = feedOf(events, {}, listed);
      await feed.greet();
      return posted[0];
    };
    expect(await greeting({})).toMatchObject({ run: { canResume: true, canDiscard: true, imported: false } });
    const imported = { imported: true, readOnly: true };
    expect(await greeting(imported)).toMatchObject({ run: { ...imported, canResume: false, canDiscard: false } });
  });
});

describe('the state at an event', () => {
  const { events } = finishedRun();

  it('is made one at a time, and of all that is asked for meanwhile only the last', async () => {
    const asked: { seq: number; answer: () => void }[] = [];
    const { feed, posted } = feedOf(events, {
      moment: (_run, seq) =>
        new Promise((resolve) => asked.push({ seq, answer: () => resolve(momentAt(events, seq)) })),
    });
    for (let seq = 0; seq < 50; seq += 1) feed.moment(seq);
    expect(asked.map(({ seq }) => seq)).toEqual([0]);
    asked[0]?.answer();
    await vi.waitFor(() => expect(asked.map(({ seq }) => seq)).toEqual([0, 49]));
    asked[1]?.answer();
    await vi.waitFor(() => expect(posted).toHaveLength(2));
    expect(posted).toEqual(
      [0, 49].map((seq) => ({ type: 'moment', runId: '01JD0000000000000000000001', moment: momentAt(events, seq) })),
    );
    feed.moment(7);
    expect(asked.map(({ seq }) => seq)).toEqual([0, 49, 7]);
  });

  it('that cannot be made is a problem, and the next one is made all the same', async () => {
    const { feed, posted } = feedOf(events, {
      moment: async (_run, seq) => {
        if (seq === 3) throw new OpenExecError('journal_corrupt', 'line 4 is not JSON');
        return momentAt(events, seq);
      },
    });
    feed.moment(3);
    feed.moment(4);
    await vi.waitFor(() => expect(posted).toHaveLength(2));
    expect(posted).toMatchObject([
      { type: 'problem', message: 'line 4 is not JSON' },
      { type: 'moment', moment: { seq: 4 } },
    ]);
  });

  it('is not sent to a timeline that was closed', async () => {
    let asked = 0;
    const { feed, posted } = feedOf(events, {
      moment: async (_run, seq) => {
        asked += 1;
        return momentAt(events, seq);
      },
    });
    feed.moment(1);
    feed.moment(2);
    feed.dispose();
    await new Promise((resolve) => setImmediate(resolve));
    expect([asked, posted]).toEqual([1, []]);
  });
});

describe('what a run asks', () => {
  const { events } = waitingRun();
  const written = { path: 'src/discount.js', content: 'new\n' };
  const request = {
    ...{ runId: RUN, approval: 'approval-1', title: 'write_file', detail: JSON.stringify(written), snapshot: SNAPSHOT },
    ...{ editable: true, repeatable: true, tool: 'write_file' },
  };
  const lastRun = (posted: readonly HostMessage[]) => posted.findLast((message) => message.type === 'run');

  it('comes with what of the policy asks, and with what would change in the tree that the run stands at', async () => {
    const looked: object[] = [];
    const fileInTree: Runs['fileInTree'] = async (_run, at) => {
      looked.push(at);
      return 'old\n';
    };
    const { feed, posted, types } = feedOf(events, { fileInTree }, {}, () => [request]);
    await feed.greet();
    await vi.waitFor(() => expect(types().at(-1)).toBe('run'));
    const tree = events.findLast((event) => event.type === 'tool.finished' && event.data.tree !== null);
    expect(looked).toEqual([
      { path: 'src/discount.js', tree: tree?.type === 'tool.finished' ? tree.data.tree : undefined },
    ]);
    expect(lastRun(posted)).toMatchObject({
      run: {
        approvals: [
          {
            ...{ approval: 'approval-1', tool: 'write_file', snapshot: SNAPSHOT, repeatable: true, question: false },
            asks: { rule: 'commit-asks', reason: 'a commit needs a person' },
            change: { what: 'Replaces the content: 1 line added, 1 line removed' },
          },
        ],
      },
    });
  });

  it('is watched, and cannot be answered, where another window asks it', async () => {
    const { feed, posted, types } = feedOf(events, {}, { readOnly: true });
    await feed.greet();
    await vi.waitFor(() => expect(types().at(-1)).toBe('run'));
    feed.dispose();
    const asked = { approval: 'approval-1', tool: 'git_commit', editable: false, repeatable: false };
    expect(lastRun(posted)).toMatchObject({ run: { readOnly: true, approvals: [asked] } });
  });

  it('is told together with what other runs ask in this window', async () => {
    const other = { ...request, runId: 'another' };
    const { feed, posted } = feedOf(events, {}, {}, () => [other]);
    await feed.greet();
    expect(posted[0]).toMatchObject({
      run: {
        approvals: [],
        elsewhere: [{ runId: 'another', title: 'write_file', task: expect.stringMatching(/^Invoices/) }],
      },
    });
  });
});

describe('the policy of a run, today and then', () => {
  const { events } = finishedRun();
  const changed = { what: 'changing docs/x.md', was: 'allow', now: 'ask', rule: 'docs-ask' } as const;
  const drift = { was: 'a', now: 'b', wider: [], narrower: [changed] };

  it('is compared after the greeting and whenever it changes, and told when the answer is another one', async () => {
    let today: typeof drift | null = null;
    let change = (): void => undefined;
    const { feed, posted } = feedOf(events, {
      drift: async () => today,
      onDidChangePolicy: (listener) => {
        change = listener;
        return nothing;
      },
    });
    const drifts = () => posted.filter((message) => message.type === 'drift').map((message) => message.drift);
    await feed.greet();
    today = drift;
    change();
    await vi.waitFor(() => expect(drifts()).toEqual([{ ...drift, more: 0 }]));
    change();
    today = null;
    change();
    await vi.waitFor(() => expect(drifts()).toEqual([{ ...drift, more: 0 }, null]));
  });

  it('explains a decision with its winner marked: the rule of the layer that decided', async () => {
    const decision = { decision: 'deny', rule: 'r', layer: 'workspace policy team (f.yaml)', reason: 'no' } as const;
    const step = { rule: 'r', effect: 'deny', target: null, matched: true, why: 'no', source: '' } as const;
    const steps = [
      { ...step, layer: 'chosen', effect: 'allow' } as const,
      { ...step, layer: 'user' } as const,
      { ...step, layer: 'workspace' } as const,
    ];
    const explained = { call: 'c', tool: 't', input: '{}', snapshot: SNAPSHOT, decision, steps, omitted: 7 };
    const { feed, posted } = feedOf(events, { explain: async () => explained });
    await feed.explain(22);
    expect(posted).toMatchObject([
      { type: 'explanation', seq: 22, problem: '', explanation: { decision, moreSteps: 7 } },
    ]);
    const [told] = posted;
    const marks = told?.type === 'explanation' ? told.explanation?.steps.map(({ won }) => won) : [];
    expect(marks).toEqual([false, false, true]);
  });

  it('says why a decision cannot be explained', async () => {
    const { feed, posted } = feedOf(events, {
      explain: async () => {
        throw new OpenExecError('run_unknown', 'the record has no such event');
      },
    });
    await feed.explain(3);
    expect(posted).toEqual([
      { type: 'explanation', runId: RUN, seq: 3, explanation: null, problem: 'the record has no such event' },
    ]);
  });
});

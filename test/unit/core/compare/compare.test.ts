/** Runs beside each other: which of their events are steps, where they first differ, and in what. */
import { describe, expect, it } from 'vitest';
import {
  type ComparedRun,
  compareRecords,
  countSameFiles,
  differingBeginnings,
} from '../../../../src/core/compare/compare';
import { DivergenceFinder } from '../../../../src/core/compare/divergence';
import { RecordFold } from '../../../../src/core/compare/record';
import { type Step, StepReader } from '../../../../src/core/compare/steps';
import { comparisonSchema } from '../../../../src/core/events/comparison';
import type { DataOf, EventBody, RunEvent } from '../../../../src/core/events/schema';
import { sha256 } from '../../../../src/node/system/sha256';
import { headerWriter } from '../../../../src/protocol/headers';
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

const node = 'implement';
const replied = (text: string, ms = 1): EventBody => ({
  type: 'model.responded',
  node,
  data: {
    ...{ text, toolCalls: [], costUsd: 0, stop: 'end', ms, firstTokenMs: null },
    usage: { input: 10 + ms, output: 1, cached: 0, estimated: false },
  },
});
const asked = (call: string, path: string, content = 'x', by: 'agent' | 'node' = 'agent'): EventBody => ({
  type: 'tool.requested',
  node,
  data: {
    ...{ call, tool: 'write_file', input: JSON.stringify({ path, content }), origin: by },
    facts: { paths: [{ asked: path, inside: path, problem: null }] },
  },
});
const nodeFinished = (outcome: DataOf<'node.finished'>['outcome']): EventBody => ({
  type: 'node.finished',
  node,
  attempt: 1,
  data: { outcome, reason: 'done', next: 'done', why: 'on_success' },
});
const beginning = (more: Partial<DataOf<'run.started'>> = {}): EventBody => {
  const { data } = origin();
  return { type: 'run.started', data: { ...data, ...more } };
};

const steps = (events: readonly RunEvent[]): Step[] => {
  const headerOf = headerWriter();
  const reader = new StepReader(sha256, (event) => headerOf(event).title);
  return events.map((event) => reader.take(event)).filter((step) => step !== null);
};
const runs = (...all: (readonly EventBody[])[]): ComparedRun[] => {
  const chains = all.map((bodies, at) => chain(`run-${at + 1}`, bodies));
  const first = steps(chains[0] ?? []);
  return chains.map((events, at) => {
    const fold = new RecordFold();
    for (const event of events) fold.take(event);
    const finder = new DivergenceFinder(['run-1', `run-${at + 1}`], first);
    for (const step of steps(events)) finder.take(step);
    return { record: fold.result(), firstDivergence: at === 0 ? null : finder.result() };
  });
};
const compare = (...all: (readonly EventBody[])[]) => compareRecords(runs(...all));
const divergence = (a: readonly EventBody[], b: readonly EventBody[]) =>
  compare([origin(), ...a], [origin(), ...b]).firstDivergence;

const WHOLE = [
  nodeStarted(node),
  replied('I write it.'),
  asked('c1', 'a.js'),
  decided('c1', 'allow'),
  toolFinished('c1'),
];

describe('the first divergence', () => {
  it('is none between a run and itself', () => {
    const same = compare([origin(), ...WHOLE, finished], [origin(), ...WHOLE, finished]);
    expect(same).toMatchObject({ firstDivergence: null, files: [], policy: [] });
  });

  it('is none where only ids, times, costs and the model of the beginning differ', () => {
    const other = [nodeStarted(node), replied('I write it.', 900), charged(1, 900, 1), asked('z9', 'a.js')];
    const model = { provider: 'openai', name: 'big', destination: 'api', local: false };
    const found = compare(
      [origin(), ...WHOLE],
      [beginning({ model }), ...other, decided('z9', 'allow'), toolFinished('z9')],
    );
    expect(found.firstDivergence).toBeNull();
  });

  it('names the events, the place and what differs, in a sentence', () => {
    const found = divergence(
      [nodeStarted(node), asked('c1', 'a.js', 'x')],
      [nodeStarted(node), asked('c2', 'a.js', 'y')],
    );
    expect(found).toEqual({
      ...{ runs: ['run-1', 'run-2'], equalSteps: 1, seqs: [2, 2], node, tool: 'write_file', path: 'a.js' },
      what: 'the arguments of the call',
      text: 'After 1 equal step, in implement: the arguments of the call over write_file a.js differ.',
    });
  });

  it('says what each run did where they did not do the same', () => {
    const found = divergence([nodeStarted(node), asked('c1', 'a.js')], [nodeStarted(node), replied('No.')]);
    expect(found?.text).toBe(
      'After 1 equal step, in implement: the first run goes on with “write_file a.js”, the other with “Model replied: text, 12 tokens”.',
    );
    expect(found).toMatchObject({ what: 'the next step', node, tool: null, path: null });
  });

  it('says which run has no further step', () => {
    expect(divergence(WHOLE, WHOLE.slice(0, 2))?.text).toBe(
      'After 2 equal steps, in implement: the other run has no further step, and the first goes on with “write_file a.js”.',
    );
    expect(divergence([], [nodeStarted(node)])).toMatchObject({ equalSteps: 0, seqs: [null, 1] });
  });

  it('is a decision that is not the same, and both are said', () => {
    const other = WHOLE.map((body) => (body.type === 'policy.decided' ? decided('c1', 'deny') : body));
    const { text, what } = divergence(WHOLE, other) ?? {};
    expect(what).toBe('the decision of the policy');
    expect(text).toMatch(/over write_file a\.js differs: “Allowed .*” and “Denied .*”\.$/);
  });

  it('passes over what a node of the blueprint asks for and what a command prints', () => {
    const command = (call: string, output: string): EventBody[] => [
      asked(call, 'a.js', output, 'node'),
      {
        ...toolFinished(call, output),
        data: { ...(toolFinished(call, output).data as DataOf<'tool.finished'>), exitCode: 1 },
      } as EventBody,
    ];
    expect(divergence(command('c1', '0.1 s'), command('c2', '0.2 s'))).toBeNull();
  });

  it('is, of several runs, the one after the fewest equal steps, each told beside its run', () => {
    const found = compare(
      [origin(), ...WHOLE],
      [origin(), ...WHOLE.slice(0, 4)],
      [origin(), ...WHOLE],
      [origin(), ...WHOLE.slice(0, 2)],
    );
    expect(found.metrics.map((run) => run.firstDivergence?.equalSteps ?? null)).toEqual([null, 4, null, 2]);
    expect(found.firstDivergence?.runs).toEqual(['run-1', 'run-4']);
    expect(comparisonSchema.safeParse(found).success).toBe(true);
  });
});

describe('what runs differ in', () => {
  it('counts attempts, denials, approvals, model calls, tokens, cost and the time without pauses', () => {
    const approval: EventBody = {
      type: 'approval.requested',
      node,
      data: { approval: 'a', call: null, title: 'May it?', detail: '', snapshot: sha256('') },
    };
    const paused: EventBody[] = [
      { type: 'run.paused', data: { reason: 'a person' } },
      { type: 'run.resumed', data: { by: 'a person', inDoubt: null, tree: 't', openexec: '1' } },
    ];
    const [first, second] = compare(
      [
        origin(),
        nodeStarted(node),
        asked('c1', '.env'),
        decided('c1', 'deny'),
        approval,
        charged(3, 120, null),
        finished,
      ],
      [origin(), nodeStarted(node), ...paused, nodeStarted(node, 2)],
    ).metrics;
    expect(first).toMatchObject({
      ...{ attempts: 1, denials: 1, approvals: 1, modelCalls: 3, tokens: 120, costUsd: null },
    });
    expect(first).toMatchObject({ status: 'succeeded', success: true, ms: 6000, policy: 'default' });
    expect(second).toMatchObject({ status: 'running', success: null, attempts: 2, ms: 3000 });
  });

  it('says of each node how often it was visited and how it ended, and where it never was', () => {
    const { nodes } = compare(
      [origin(), nodeStarted(node), nodeFinished('failure'), nodeStarted(node, 2), nodeFinished('success')],
      [origin(), nodeStarted('plan')],
    );
    expect(nodes).toEqual([
      { node, runs: [{ visits: 2, outcome: 'success', ms: 2000 }, null] },
      { node: 'plan', runs: [null, { visits: 1, outcome: null, ms: 0 }] },
    ]);
  });

  it('lists calls that were decided otherwise, and those of one run that were not simply allowed', () => {
    const made = (call: string, path: string, decision: 'allow' | 'deny'): EventBody[] => [
      asked(call, path),
      decided(call, decision),
      toolFinished(call),
    ];
    const { policy } = compare(
      [
        origin(),
        ...made('1', 'a', 'allow'),
        ...made('2', 'b', 'allow'),
        ...made('3', 'c', 'deny'),
        ...made('4', 'd', 'allow'),
      ],
      [origin(), ...made('1', 'a', 'deny'), ...made('2', 'a', 'deny'), ...made('3', 'b', 'allow')],
    );
    expect(policy.map(({ path }) => path)).toEqual(['a', 'c']);
    expect(policy[0]).toMatchObject({
      ...{ node, tool: 'write_file' },
      runs: [[{ seq: 2, times: 1, decision: 'allow' }], [{ seq: 2, times: 2, decision: 'deny' }]],
    });
    expect(policy[1]?.runs[1]).toEqual([]);
  });

  it('lists the files that are not the same at the end, with what an untouched one holds', () => {
    const all = runs(
      [origin(), fileChanged('a', 'x', 'y'), fileChanged('b', 'x', 'y'), fileChanged('new', null, 'z')],
      [origin(), fileChanged('a', 'x', 'q'), fileChanged('b', 'x', 'y'), fileChanged('gone', 'z', null)],
    );
    const { files } = compareRecords(all);
    const file = (state: string, text: string | null) => ({
      ...{ state, sha256: text === null ? null : sha256(text), kept: text !== null },
    });
    expect(files).toEqual([
      { path: 'a', runs: [file('changed', 'y'), file('changed', 'q')] },
      { path: 'gone', runs: [file('untouched', 'z'), file('deleted', null)] },
      { path: 'new', runs: [file('created', 'z'), file('untouched', null)] },
    ]);
    expect(countSameFiles(all.map(({ record }) => record))).toBe(1);
  });

  it('does not claim to know an untouched file of a run that began with other files', () => {
    const workspace = { ...(origin().data as DataOf<'run.started'>).workspace, baseTree: 'other' };
    const all = runs([origin(), fileChanged('a', 'x', 'y')], [beginning({ workspace })]);
    expect(compareRecords(all).files[0]?.runs[1]).toEqual({ state: 'unknown', sha256: null, kept: false });
    expect(differingBeginnings(all.map(({ record }) => record))).toEqual(['files']);
  });
});

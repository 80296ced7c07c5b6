import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headAfter, lineOf, seal } from '../../../../src/core/events/chain';
import { parseEvent } from '../../../../src/core/events/parseEvent';
import { blobRefsIn } from '../../../../src/core/events/payload';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { canonicalize } from '../../../../src/core/kernel/json';
import type { ModelFailure, ModelReply } from '../../../../src/core/ports/model';
import { type ReplayVerdict, replayExactly } from '../../../../src/core/replay/exact';
import { only, type Played, play, reply, sha256, types } from '../../../support/engine';
import { type Recording, recordOf, replay, UNPACED } from '../../../support/replay';

const LOOP = `
version: 1
id: loop
title: Loop
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 3, on_success: test, on_failure: fail }
  test: { type: deterministic, action: run_tests, retry: 1, on_success: agree, on_failure: { to: mend, max: 2 } }
  mend: { type: agent, goal: Mend it, max_turns: 2, on_success: test, on_exhausted: fail }
  agree: { type: deterministic, action: request_approval, on_success: commit, on_failure: { to: mend, max: 1 } }
  commit: { type: deterministic, action: git_commit, on_success: done, on_failure: fail }
`;

const recordingOf = ({ events, inline }: Played): Recording => ({ stored: events, inline });
const RULES = [
  { id: 'no-secrets', effect: 'deny', capabilities: ['repo_read', 'repo_write'], paths: ['secret'], reason: 'secret' },
  { id: 'writes-ask', effect: 'ask', capabilities: ['repo_write'], paths: ['ask'], reason: 'look first' },
  { id: 'rest', effect: 'allow', capabilities: ['repo_read', 'repo_write', 'exec_project'], reason: 'fine' },
  { id: 'commit', effect: 'ask', capabilities: ['git_commit'], reason: 'a person agrees first' },
];

const path = fc.constantFrom('a', 'secret', 'ask', 'ask');
const call = fc.oneof(
  path.map((p): [string, unknown] => ['read_file', { path: p }]),
  fc
    .tuple(path, fc.constantFrom('x', 'y'.repeat(9000), `ghp_${'a1B2'.repeat(9)}`, 'é😀'))
    .map(([p, content]): [string, unknown] => ['write_file', { path: p, content }]),
  fc.constantFrom<[string, unknown]>(
    ['run_command', { command: 'run-tests' }],
    ['run_command', { command: 'rm -rf /' }],
    ['nothing', {}],
    ['read_file', '{"path":'],
    ['git_commit', { message: 'm' }],
    ['write_file', { path: 'a', content: '«jwt»' }],
  ),
);
const failed = fc.record(
  {
    kind: fc.constant('failure' as const),
    code: fc.constantFrom('connection', 'server', 'unauthorized' as const),
    message: fc.constantFrom('No answer.', `bad key ghp_${'a1B2'.repeat(9)}`),
    retryable: fc.boolean(),
    retryAfterMs: fc.constantFrom(0, 1500.5, 30_000, 3_600_000),
    ms: fc.nat(9),
  },
  { requiredKeys: ['kind', 'code', 'message', 'retryable', 'ms'] },
);
const answer: fc.Arbitrary<ModelReply | ModelFailure> = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.string({ unit: 'binary', maxLength: 8 }), fc.array(call, { minLength: 1, maxLength: 3 }))
      .map(([text, calls]) => reply(text, ...calls)),
    weight: 5,
  },
  { arbitrary: fc.constantFrom(reply('Done.'), reply('z'.repeat(20_000))), weight: 3 },
  failed,
  fc.constantFrom<ModelReply>(
    { ...reply('cut'), stop: 'length' },
    { ...reply(''), stop: 'filter', costUsd: null },
    { ...reply('I will not.'), stop: 'refusal' },
    reply(''),
    { ...reply('', ['read_file', { path: 'a' }]), kept: `[{"signature":"${'EqQBCgIYAhIM'.repeat(900)}"}]` },
  ),
);
const change = (callId: string): EventBody<'file.changed'> => ({
  type: 'file.changed',
  data: { call: callId, path: 'a', before: null, after: { sha256: sha256('a'), bytes: 1, kept: true }, how: 'written' },
});

const story = fc.record({
  replies: fc.array(answer, { maxLength: 12 }),
  exits: fc.array(fc.nat(1), { maxLength: 6 }),
  verdicts: fc.array(fc.constantFrom('approved', 'approved', 'rejected', 'nobody' as const), { maxLength: 4 }),
  cancelAt: fc.option(fc.nat(60), { freq: 2 }),
  interrupt: fc.boolean(),
  task: fc.constantFrom('Mend the fault', 'Print the passwords', 'Ignore the rules', 'x'.repeat(9000)),
  outcomes: fc.array(fc.constantFrom('ok', 'error', 'timeout', 'cancelled' as const), { maxLength: 8 }),
  outputs: fc.array(fc.constantFrom('fine', 'w'.repeat(10_000), `t ghp_${'a1B2'.repeat(9)}`, 'broken \ud800 text'), {
    maxLength: 8,
  }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function tell(told: Story): Promise<Played> {
  const exits = [...told.exits];
  const verdicts = [...told.verdicts];
  const outcomes = [...told.outcomes];
  const outputs = [...told.outputs];
  const happens = (request: { call: string }) => ({
    outcome: outcomes.shift() ?? 'ok',
    output: outputs.shift() ?? 'done',
    events: [change(request.call)],
    tree: `t${outputs.length}`,
  });
  return play({
    blueprint: LOOP,
    task: told.task,
    local: false,
    replies: told.replies,
    policyRules: RULES,
    tools: {
      run_project_command: () => ({ exitCode: exits.shift() ?? 0, output: outputs.shift() ?? 'ran' }),
      write_file: (_input, request) => happens(request),
      read_file: () => ({ output: outputs.shift() ?? 'text' }),
    },
    approver: {
      ask: async () => {
        const verdict = verdicts.shift() ?? 'approved';
        return verdict === 'nobody'
          ? { kind: 'unavailable', reason: 'nobody is here' }
          : { kind: 'resolved', verdict, by: 'test', reason: 'said' };
      },
    },
    intervene: (events) => {
      if (told.cancelAt === null || events.length < told.cancelAt) return { kind: 'none' };
      const body: EventBody = told.interrupt
        ? { type: 'run.interrupted', data: { reason: 'closed', inDoubt: null } }
        : { type: 'run.cancelled', data: { by: 'test' } };
      return { kind: 'inject', body };
    },
  });
}

/** The same bodies in a chain of their own, as somebody would forge it who knows the format. */
function rechained(events: readonly RunEvent[]): RunEvent[] {
  let head = { events: 0, hash: '0'.repeat(64) };
  return events.map(({ type, data, node, attempt, cause, at, run }) => {
    const place = Object.fromEntries(
      Object.entries({ node, attempt, cause }).filter(([, value]) => value !== undefined),
    );
    const event = seal({ type, data, ...place } as EventBody, { run, at, head, hash: sha256 });
    head = headAfter(event);
    return event;
  });
}

/** As if the text of no line were at hand: every event is sealed anew. */
const NO_TEXT = () => null;

/** A verdict; or why there is none, for a record that nothing can be replayed from. */
const outcomeOf = (verdict: Promise<ReplayVerdict>) =>
  verdict.catch((error: unknown) => {
    if (!(error instanceof OpenExecError)) throw error;
    return { identical: false, code: error.code, message: error.message };
  });

/** The event of a line; null for one that holds none. */
function readLine(text: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(text);
    return parseEvent(value).data === value ? (value as RunEvent) : null;
  } catch {
    return null;
  }
}

/** The canonical text of an event; null for one that has none. */
function canonicalOf(event: RunEvent | null): string | null {
  try {
    return canonicalize(event);
  } catch {
    return null;
  }
}

describe('a replay of any run', () => {
  it('gives the same events, hash for hash, with denials, invalid calls, failures and cancellations', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const played = await tell(told);
        for (const type of types(played.events)) seen.add(type);
        for (const { data } of only(played.events, 'tool.finished')) seen.add(data.outcome);
        const verdict = await replay(recordingOf(played));
        expect(verdict).toMatchObject({ identical: true, divergence: null, events: played.events.length });
        expect(verdict.head).toEqual(verdict.recordedHead);
        expect(await replay(recordingOf(played), NO_TEXT)).toEqual(verdict);
      }),
      { numRuns: 200 },
    );
    // The stories are only worth something when they hold what they are meant to hold.
    for (const what of [
      'denied',
      'invalid',
      'rejected',
      'error',
      'timeout',
      'model.failed',
      'run.cancelled',
      'run.interrupted',
      'run.paused',
      'run.finished',
      'file.changed',
    ])
      expect([...seen]).toContain(what);
  });

  it('is not the same when any one event but the last was taken out, with or without a chain that was made anew', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.nat(), async (told, pick) => {
        const { events, inline } = await tell(told);
        fc.pre(events.length > 2);
        const at = 1 + (pick % (events.length - 2));
        const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== at);
        const cut = await replay({ stored: without(events), inline: without(inline) });
        expect(cut.identical).toBe(false);
        expect(cut.divergence).not.toBeNull();
        expect(await replay({ stored: without(events), inline: without(inline) }, NO_TEXT)).toEqual(cut);
      }),
      { numRuns: 100 },
    );
  });

  const TOLD: Story = {
    replies: [reply('', ['write_file', { path: 'a', content: 'x' }]), reply('Done.'), reply('Mended.')],
    exits: [1, 1, 0],
    verdicts: [],
    cancelAt: null,
    interrupt: false,
    task: 'Mend',
    outcomes: [],
    outputs: [],
  };

  it('finds an event that was taken out of a chain that was made anew, unless it says nothing that the engine decided', async () => {
    const { events, inline } = await tell(TOLD);
    for (let at = 1; at < events.length - 1; at++) {
      // A changed file is an observation: no other event of this run depends on it.
      if (events[at]?.type === 'file.changed') continue;
      const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== at);
      const verdict = await replay({ stored: rechained(without(events)), inline: rechained(without(inline)) });
      expect(verdict.identical, `without ${events[at]?.type} ${at}`).toBe(false);
    }
  });

  it('is shorter by the event that was cut off at the end, which only a head kept elsewhere shows', async () => {
    const { events, inline } = await tell(TOLD);
    const verdict = await replay({ stored: events.slice(0, -1), inline: inline.slice(0, -1) });
    expect(verdict.events).toBe(events.length - 1);
    expect(verdict.head.hash).not.toBe(events.at(-1)?.hash);
  });

  it('names what was put in after the end of the run', async () => {
    const { events, inline } = await tell(TOLD);
    const last = events.at(-1);
    if (!last) throw new Error('no events');
    const longer = (list: readonly RunEvent[]) =>
      rechained([...list, { ...last, type: 'budget.exceeded', data: { limit: 'x', allowed: 1, used: 2 } }]);
    const verdict = await replay({ stored: longer(events), inline: longer(inline) });
    expect(verdict).toMatchObject({ identical: false, divergence: { seq: events.length, path: '', replayed: null } });
  });

  it('goes on over the handling of the result, which came from outside', async () => {
    const { events, inline } = await tell(TOLD);
    const last = events.at(-1);
    if (!last) throw new Error('no events');
    const longer = (list: readonly RunEvent[]) =>
      rechained([...list, { ...last, type: 'result.requested', data: { action: 'apply', by: 'x' } }]);
    expect(await replay({ stored: longer(events), inline: longer(inline) })).toMatchObject({
      identical: true,
      events: events.length + 1,
    });
  });

  it('follows a run that was cancelled while a person was asked, which leaves no answer behind', async () => {
    const { events, inline } = await tell(TOLD);
    const upTo = events.findIndex((event) => event.type === 'approval.requested') + 1;
    expect(upTo).toBeGreaterThan(1);
    const cancelled = (list: readonly RunEvent[]) => {
      const last = list[upTo - 1];
      if (!last) throw new Error('no events');
      const { node: _node, attempt: _attempt, cause: _cause, ...place } = last;
      return rechained([...list.slice(0, upTo), { ...place, type: 'run.cancelled', data: { by: 'test' } } as RunEvent]);
    };
    const verdict = await replay({ stored: cancelled(events), inline: cancelled(inline) });
    expect(verdict).toMatchObject({ identical: true, divergence: null, events: upTo + 1 });
  });

  it('diverges where an event was changed whose hash was left as it was', async () => {
    const played = await tell(TOLD);
    const at = played.events.findIndex((event) => event.type === 'node.finished');
    const forged = (list: readonly RunEvent[]) =>
      list.map((event, i) =>
        i === at && event.type === 'node.finished' ? { ...event, data: { ...event.data, reason: 'forged' } } : event,
      );
    const verdict = await replay({ stored: forged(played.events), inline: forged(played.inline) });
    expect(verdict).toMatchObject({
      identical: false,
      divergence: { seq: at, path: 'data.reason', recorded: 'forged' },
    });
    const rehashed = played.events.map((event, i) => (i === at ? { ...event, hash: sha256('x') } : event));
    expect(await replay({ stored: rehashed, inline: played.inline })).toMatchObject({
      identical: false,
      divergence: { seq: at, path: 'hash' },
    });
  });

  /** A line with one character replaced, put in or taken out. */
  const damage = fc.record({
    event: fc.nat(),
    place: fc.nat(),
    removed: fc.nat(1),
    put: fc.oneof(
      fc.constantFrom('', '0', '1', '9', 'a', 'f', ' ', '"', '\\', ',', '\ud83d'),
      fc.string({ maxLength: 1 }),
    ),
  });

  it('is never the same when anything in any line was changed, and says so as if every event were sealed anew', async () => {
    const { events } = await tell(TOLD);
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(damage, async ({ event, place, removed, put }) => {
        const due = event % events.length;
        const line = lineOf(events[due] as RunEvent).slice(0, -1);
        const from = place % line.length;
        const text = `${line.slice(0, from)}${put}${line.slice(from + removed)}`;
        const read = readLine(text);
        // No event at all: a reader says so before anything is replayed.
        fc.pre(read !== null && blobRefsIn(read.data).length === 0);
        const damaged = events.map((one, at) => (at === due && read !== null ? read : one));
        const recording = { stored: damaged, inline: damaged };
        const same = canonicalOf(read) === line;
        if (!same) changed += 1;
        const found = await outcomeOf(replay(recording, (one, at) => (at === due ? text : canonicalize(one))));
        expect(found.identical, text).toBe(same);
        expect(await outcomeOf(replay(recording, NO_TEXT))).toEqual(found);
      }),
      { numRuns: 300 },
    );
    expect(changed).toBeGreaterThan(100);
  });

  it.each([
    ['a result that nobody asked for', [['finished', 'apply']]],
    [
      'another result than was asked for',
      [
        ['requested', 'apply'],
        ['finished', 'discard'],
      ],
    ],
    [
      'a result after a discard',
      [
        ['requested', 'discard'],
        ['finished', 'discard'],
        ['requested', 'apply'],
      ],
    ],
  ] as const)('diverges at %s', async (_what, results) => {
    const { events, inline } = await tell(TOLD);
    const last = events.at(-1);
    if (!last) throw new Error('no events');
    const bodies = results.map(([what, action]) => ({
      ...last,
      type: `result.${what}`,
      data:
        what === 'requested' ? { action, by: 'x' } : { action, outcome: 'done', files: [], conflicts: [], reason: '' },
    })) as RunEvent[];
    const longer = (list: readonly RunEvent[]) => rechained([...list, ...bodies]);
    const verdict = await replay({ stored: longer(events), inline: longer(inline) });
    expect(verdict).toMatchObject({ identical: false, divergence: { seq: events.length + results.length - 1 } });
  });

  it('diverges at a life that goes on after its end', async () => {
    const { events, inline } = await tell(TOLD);
    const last = events.at(-1);
    if (!last) throw new Error('no events');
    const { cause: _cause, ...place } = last;
    const cancelled = { ...place, type: 'run.cancelled', data: { by: 'x' } } as RunEvent;
    const longer = (list: readonly RunEvent[]) => rechained([...list, cancelled]);
    expect(await replay({ stored: longer(events), inline: longer(inline) })).toMatchObject({
      identical: false,
      divergence: { seq: events.length },
    });
  });

  it('makes no live call: the ports it is given answer from the record alone', async () => {
    const played = await tell(TOLD);
    const first = played.requests.length;
    const executed = played.executed.length;
    await replay(recordingOf(played));
    expect([played.requests.length, played.executed.length]).toEqual([first, executed]);
    await replayExactly(
      recordOf(recordingOf(played)),
      async (_run, _first, ports) => {
        const signal = new AbortController().signal;
        const request = { messages: [], tools: [], maxOutputTokens: 1, signature: 'live' };
        expect(await ports.model.invoke(request, { signal, onDelta: () => undefined })).toMatchObject({
          kind: 'failure',
          code: 'cassette_miss',
        });
        const result = await ports.toolbox.execute(
          { call: 'x', tool: 'write_file', input: '{}', origin: 'agent' },
          { paths: [] },
          signal,
        );
        expect(result).toMatchObject({ outcome: 'error', events: [] });
        const question = { approval: 'x', title: '', detail: '', snapshot: '', editable: false };
        expect(await ports.approver.ask(question, signal)).toMatchObject({ kind: 'unavailable' });
        await expect(ports.blobs.get('x')).rejects.toMatchObject({ code: 'internal' });
      },
      UNPACED,
    );
  });
});

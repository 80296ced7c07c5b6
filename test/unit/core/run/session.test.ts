import { describe, expect, it } from 'vitest';
import { only, type Played, play, reply, types } from '../../../support/engine';
import { replay as replayRecord } from '../../../support/replay';

const LOOP = `
version: 1
id: loop
title: Loop
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 4, on_success: test, on_failure: fail }
  test: { type: deterministic, action: run_tests, on_success: commit, on_failure: { to: mend, max: 2 } }
  mend: { type: agent, goal: Mend it, max_turns: 2, inputs: [test_report], on_success: test, on_failure: fail }
  commit: { type: deterministic, action: git_commit, on_success: done, on_failure: fail }
`;

const exits = (...codes: number[]) => {
  const left = [...codes];
  return { run_project_command: () => ({ exitCode: left.shift() ?? 0, output: 'ran' }) };
};

const replay = (played: Played) => replayRecord({ stored: played.events, inline: played.inline });

const finished = (played: Played) => only(played.events, 'run.finished').at(-1)?.data;

describe('a run', () => {
  it('goes round the test loop until the tests pass, then commits after a person agreed', async () => {
    const played = await play({
      blueprint: LOOP,
      replies: [reply('', ['write_file', { path: 'a.js', content: '1' }]), reply('Done.'), reply('Mended.')],
      tools: exits(1, 0),
    });
    expect(finished(played)).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(only(played.events, 'node.started').map((e) => `${e.node} ${e.attempt}`)).toEqual([
      'work 1',
      'test 1',
      'mend 1',
      'test 2',
      'commit 1',
    ]);
    expect(only(played.events, 'approval.resolved')).toHaveLength(1);
  });

  it('makes the request durable before it acts, and the outcome before the next decision', async () => {
    const { order } = await play({
      blueprint: LOOP,
      replies: [reply('', ['read_file', { path: 'a.js' }]), reply('Done.')],
      tools: exits(0),
    });
    const around = (act: string) => order.slice(order.indexOf(act) - 1, order.indexOf(act) + 2);
    expect(around('act: model')).toEqual(['model.requested', 'act: model', 'model.responded']);
    expect(around('act: read_file')).toEqual(['policy.decided', 'act: read_file', 'tool.finished']);
    expect(around('act: git_commit')).toEqual(['approval.resolved', 'act: git_commit', 'tool.finished']);
  });

  it('does nothing more once the record cannot be written', async () => {
    const scenario = { blueprint: LOOP, replies: [reply('Done.')], tools: exits(0) };
    const whole = await play(scenario);
    const at = whole.events.findIndex((event) => event.type === 'model.requested');
    await expect(play({ ...scenario, appendFailsAt: at })).rejects.toMatchObject({ code: 'disk_failure' });
  });

  it('pauses for a person when the counted route is used up', async () => {
    const played = await play({
      blueprint: LOOP,
      replies: [reply('Done.'), reply('Mended.'), reply('Mended.')],
      tools: exits(1, 1, 1),
    });
    expect(types(played.events).at(-1)).toBe('run.paused');
    expect(only(played.events, 'node.finished').at(-1)?.data).toMatchObject({ next: 'pause', outcome: 'failure' });
  });

  it('ends an agent that does not finish within its turns', async () => {
    const calls = ['a', 'b', 'c', 'd', 'e'].map((path) => reply('', ['read_file', { path }]));
    const played = await play({ blueprint: LOOP, replies: calls, tools: exits(0) });
    expect(played.requests).toHaveLength(4);
    expect(only(played.events, 'node.finished')[0]?.data).toMatchObject({ outcome: 'exhausted', why: 'on_exhausted' });
  });

  it('stops before the model call that would break the budget', async () => {
    const call = reply('', ['read_file', { path: 'a.js' }]);
    const budget = { modelCalls: 2, tokens: 100_000_000, minutes: 1000 };
    const played = await play({ blueprint: LOOP, replies: [call, call, call], budget });
    expect(played.requests).toHaveLength(2);
    expect(finished(played)).toMatchObject({ status: 'stopped', outcome: 'budget' });
  });

  it('tells the model of a denied call and goes on', async () => {
    const played = await play({
      blueprint: LOOP,
      policyRules: [
        { id: 'no-writes', effect: 'deny', capabilities: ['repo_write'], reason: 'read only' },
        { id: 'rest', effect: 'allow', capabilities: ['exec_project', 'git_commit'], reason: 'test' },
      ],
      replies: [reply('', ['write_file', { path: 'a.js', content: '1' }]), reply('Done.')],
      tools: exits(0),
    });
    expect(played.executed.map((call) => call.tool)).not.toContain('write_file');
    expect(only(played.events, 'tool.finished')[0]?.data).toMatchObject({ outcome: 'denied' });
    const shown = played.requests[1]?.messages.at(-1);
    expect(shown).toMatchObject({ role: 'tool', call: 'call_1', content: expect.stringContaining('no-writes') });
    expect(finished(played)?.status).toBe('succeeded');
  });

  it.each([
    ['an unknown tool', 'format_disk', {}, 'denied'],
    ['a tool that is not for agents', 'summarize', { text: 'x' }, 'denied'],
    ['arguments that are not JSON', 'read_file', '{"path":', 'invalid'],
    ['arguments of the wrong shape', 'read_file', { file: 'a' }, 'invalid'],
    ['a redacted placeholder as content', 'write_file', { path: 'a', content: 'key = «github-token»' }, 'invalid'],
  ])('does not execute %s', async (_what, tool, input, outcome) => {
    const played = await play({
      blueprint: LOOP,
      replies: [reply('', [tool, input]), reply('Done.')],
      tools: exits(0),
    });
    expect(only(played.events, 'tool.finished')[0]?.data.outcome).toBe(outcome);
    expect(played.executed.filter((call) => call.origin === 'agent')).toEqual([]);
  });

  it('stops by policy when a node of the blueprint itself is denied', async () => {
    const played = await play({
      blueprint: LOOP,
      policyRules: [{ id: 'read', effect: 'allow', capabilities: ['repo_read'], reason: 'test' }],
      replies: [reply('Done.')],
    });
    expect(finished(played)).toMatchObject({ status: 'stopped', outcome: 'policy' });
  });

  it('repeats a failed request only when that is safe, and no more than twice', async () => {
    const down = { kind: 'failure', code: 'connection', message: 'No answer.', retryable: true, ms: 1 } as const;
    const retried = await play({ blueprint: LOOP, replies: [down, down, reply('Done.')], tools: exits(0) });
    expect(finished(retried)?.status).toBe('succeeded');
    expect(only(retried.events, 'model.requested').map((e) => e.data.retry)).toEqual([0, 1, 2]);
    expect(new Set(only(retried.events, 'model.requested').map((e) => e.data.signature)).size).toBe(1);
    const lost = await play({ blueprint: LOOP, replies: [down, down, down, reply('Done.')] });
    expect(finished(lost)).toMatchObject({ status: 'failed', reason: expect.stringContaining('No answer.') });
    const key = await play({ blueprint: LOOP, replies: [{ ...down, code: 'unauthorized', retryable: false }] });
    expect(only(key.events, 'model.requested')).toHaveLength(1);
  });

  it('pauses when nobody can be asked', async () => {
    const played = await play({
      blueprint: LOOP,
      replies: [reply('Done.')],
      tools: exits(0),
      approver: { ask: async () => ({ kind: 'unavailable', reason: 'no window' }) },
    });
    expect(types(played.events).slice(-2)).toEqual(['approval.requested', 'run.paused']);
    expect(played.executed.map((c) => c.tool)).not.toContain('git_commit');
  });

  it('gives a call what is left of the time of its node, the time a person took not counted', async () => {
    const call = reply('', ['read_file', { path: 'a.js' }]);
    const played = await play({
      blueprint: LOOP,
      replies: [call, call, reply('Done.')],
      tools: exits(0),
      clockStepMs: 30_000,
    });
    const limits = played.executed
      .filter((request) => request.origin === 'agent')
      .map((request) => request.limitMs ?? 0);
    expect(limits[0]).toBeLessThan(15 * 60_000);
    expect(limits[1]).toBeLessThan(limits[0] ?? 0);
    const commit = played.executed.find((request) => request.tool === 'git_commit');
    expect(commit?.limitMs).toBeGreaterThan(8 * 60_000);
  });

  it('makes no more than 32 calls of one reply, and tells the model of the others', async () => {
    const many = Array.from({ length: 40 }, (_, at): [string, unknown] => ['read_file', { path: `a${at}.js` }]);
    const played = await play({ blueprint: LOOP, replies: [reply('', ...many), reply('Done.')], tools: exits(0) });
    expect(played.executed.filter((request) => request.origin === 'agent')).toHaveLength(32);
    const answers = played.requests[1]?.messages.filter((message) => message.role === 'tool') ?? [];
    expect(answers).toHaveLength(40);
    expect(answers.filter(({ content }) => String(content).startsWith('Not done'))).toHaveLength(8);
  });

  it('looks at the time of the node before every call, not only before every turn', async () => {
    const many = Array.from({ length: 30 }, (): [string, unknown] => ['read_file', { path: 'a.js' }]);
    const scenario = { blueprint: LOOP, replies: [reply('', ...many), reply('Done.')], tools: exits(0) };
    const played = await play({ ...scenario, clockStepMs: 60_000 });
    expect(played.executed.length).toBeLessThan(10);
    expect(only(played.events, 'node.finished')[0]?.data).toMatchObject({ outcome: 'exhausted' });
  });

  it.each([
    ['a path with half a surrogate pair', 'read_file', '{"path":"\\ud800x"}'],
    ['an unknown member with half a surrogate pair', 'read_file', '{"\\ud800":1}'],
    ['a tool name of 20,000 characters', 'x'.repeat(20_000), '{}'],
  ])('goes on after %s', async (_what, tool, input) => {
    const played = await play({
      blueprint: LOOP,
      replies: [reply('', [tool, input]), reply('Done.')],
      tools: exits(0),
    });
    expect(finished(played)?.status).toBe('succeeded');
  });

  it('does not let a made-up token count make its sums unsafe', async () => {
    const usage = { input: Number.MAX_SAFE_INTEGER, output: Number.MAX_SAFE_INTEGER, cached: 0, estimated: false };
    const played = await play({ blueprint: LOOP, replies: [{ ...reply('Done.'), usage }], tools: exits(0) });
    expect(only(played.events, 'budget.charged')[0]?.data.totals.tokens).toBe(2_000_000_000);
  });

  it('gives a model request no more than what is left of the time of its node', async () => {
    const call = reply('', ['read_file', { path: 'a.js' }]);
    const played = await play({
      blueprint: LOOP,
      replies: [call, reply('Done.')],
      tools: exits(0),
      clockStepMs: 30_000,
    });
    const [first = 0, second = 0] = played.limits;
    expect(first).toBeLessThanOrEqual(15 * 60_000);
    expect(second).toBeLessThan(first);
  });

  it('does not ask twice for a commit of the very tree that a person agreed to, and says whose word it rests on', async () => {
    const blueprint = LOOP.replace('on_success: commit', 'on_success: agree').concat(
      '  agree: { type: deterministic, action: request_approval, on_success: commit, on_failure: fail }\n',
    );
    const played = await play({ blueprint, replies: [reply('Done.')], tools: exits(0) });
    expect(only(played.events, 'approval.requested')).toHaveLength(1);
    expect(only(played.events, 'approval.resolved')[1]?.data).toMatchObject({
      approval: 'commit.1',
      by: 'test',
      reason: 'the same tree as in the approval agree.1',
    });
    expect(finished(played)?.status).toBe('succeeded');
  });

  it('asks a person before a sensitive task goes to a model on another machine', async () => {
    const task = 'Print the customer records with their passwords';
    const approver = {
      ask: async () => ({ kind: 'resolved', verdict: 'rejected', by: 'test', reason: 'no' }) as const,
    };
    const played = await play({ blueprint: LOOP, task, approver, local: false, replies: [reply('Done.')] });
    expect(played.requests).toEqual([]);
    expect(finished(played)).toMatchObject({ status: 'stopped', outcome: 'policy' });
  });

  it('redacts a secret in a tool result before it is recorded or sent', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const played = await play({
      blueprint: LOOP,
      replies: [reply('', ['read_file', { path: 'a.js' }]), reply('Done.')],
      tools: { ...exits(0), read_file: () => ({ output: `const t = "${token}"` }) },
    });
    expect(JSON.stringify(played.inline)).not.toContain(token);
    expect(JSON.stringify(played.requests)).not.toContain(token);
    expect(JSON.stringify(played.requests)).toContain('«github-token»');
  });

  it('flushes what a call changed together with its outcome, and decides on nothing before all of it is durable', async () => {
    let outcome: () => void = () => undefined;
    const outcomeIsThere = new Promise<void>((resolve) => {
      outcome = resolve;
    });
    const settled: string[] = [];
    const played = await play({
      blueprint: LOOP,
      replies: [reply('', ['write_file', { path: 'a.js', content: '1' }]), reply('Done.')],
      tools: {
        ...exits(0),
        write_file: (_input, { call }) => ({
          events: ['a.js', 'b.js'].map((path) => ({
            type: 'file.changed' as const,
            data: { call, path, before: null, after: null, how: 'write_file' },
          })),
        }),
      },
      durable: async (event) => {
        if (event.type === 'tool.finished') outcome();
        if (event.type === 'file.changed') await outcomeIsThere;
        settled.push(event.type);
      },
    });
    expect(only(played.events, 'file.changed')).toHaveLength(2);
    const next = settled.indexOf('tool.finished') + 1;
    expect(settled.slice(0, next + 2).filter((type) => type === 'file.changed')).toHaveLength(2);
    expect(finished(played)).toMatchObject({ status: 'succeeded' });
  });

  it('records linked conversations: each request says only what it adds', async () => {
    const read = reply('', ['read_file', { path: 'a.js' }]);
    const played = await play({ blueprint: LOOP, replies: [read, read, reply('Done.')], tools: exits(0) });
    const [first, second, third] = only(played.events, 'model.requested').map((e) => e.data.conversation);
    expect(first?.added.map((m) => m.role)).toEqual(['system', 'user']);
    expect(second?.added.map((m) => m.role)).toEqual(['tool']);
    expect(second?.parent).toBe(first?.hash);
    expect(third?.parent).toBe(second?.hash);
    expect(played.requests[2]?.messages.map((m) => m.role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
  });
});

describe('exact replay', () => {
  const scenario = {
    blueprint: LOOP,
    replies: [
      reply('', ['write_file', { path: 'a.js', content: 'x'.repeat(20_000) }]),
      reply('Done.'),
      reply('Mended.'),
    ],
    tools: { ...exits(1, 0), read_file: () => ({}) },
  };

  it('gives the same events, hash for hash', async () => {
    const played = await play({ ...scenario, tools: exits(1, 0) });
    const verdict = await replay(played);
    expect(verdict).toMatchObject({ identical: true, divergence: null, events: played.events.length });
    expect(verdict.head).toEqual(verdict.recordedHead);
  });

  it('follows a record that was cancelled', async () => {
    const played = await play({
      ...scenario,
      tools: exits(1, 0),
      intervene: (events) =>
        events.some((e) => e.type === 'tool.finished')
          ? { kind: 'inject', body: { type: 'run.cancelled', data: { by: 'test' } } }
          : { kind: 'none' },
    });
    expect(types(played.events).at(-1)).toBe('run.cancelled');
    expect((await replay(played)).identical).toBe(true);
  });

  it('names the first divergence when a recorded reply is another one', async () => {
    const played = await play({ ...scenario, tools: exits(1, 0) });
    const at = played.inline.findIndex((event) => event.type === 'model.responded');
    const changed = played.inline.map((event, i) =>
      i === at && event.type === 'model.responded' ? { ...event, data: { ...event.data, text: 'Other.' } } : event,
    );
    const verdict = await replay({ ...played, inline: changed });
    expect(verdict).toMatchObject({ identical: false, divergence: { seq: at, path: 'data.text', replayed: 'Other.' } });
  });

  it('diverges at the place of a removed reply, without a live call', async () => {
    const played = await play({ ...scenario, tools: exits(1, 0) });
    const at = played.events.findIndex((event) => event.type === 'model.responded');
    const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== at);
    const verdict = await replay({ ...played, events: without(played.events), inline: without(played.inline) });
    expect(verdict.identical).toBe(false);
    expect(verdict.divergence?.seq).toBe(at + 1);
  });

  it('cannot replay what does not begin with run.started', async () => {
    const played = await play({ ...scenario, tools: exits(1, 0) });
    const cut = { ...played, events: played.events.slice(1), inline: played.inline.slice(1) };
    await expect(replay(cut)).rejects.toMatchObject({ code: 'replay_impossible' });
  });
});

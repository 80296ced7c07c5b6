import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { NEW_RUN, type RunState } from '../../../../src/core/run/state';
import { step } from '../../../../src/core/run/step';
import { only, type Played, play, reply, type Scenario, types } from '../../../support/engine';

const node = (more: string) => `{ type: deterministic, on_failure: fail, ${more} }`;
const BLUEPRINT = `
version: 1
id: all
title: All
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 4, on_success: test, on_failure: fail }
  test: { type: deterministic, action: run_tests, retry: 1, on_success: agree, on_failure: { to: work, max: 1 } }
  agree: ${node('action: request_approval, on_success: commit')}
  commit: ${node('action: git_commit, on_success: done')}
`;
const down = { kind: 'failure', code: 'connection', message: 'No answer.', retryable: true, ms: 1 } as const;
const RICH: Scenario = {
  blueprint: BLUEPRINT,
  replies: [down, reply('', ['read_file', { path: 'a' }], ['format_disk', {}]), reply('Done.'), reply('Again.')],
  tools: {
    read_file: () => ({
      events: [
        {
          type: 'artifact.created',
          data: { call: 'work.1.1.1', name: 'note', kind: 'report', media: 'text/plain', content: 'n', summary: 's' },
        },
      ],
    }),
    run_project_command: (() => {
      const codes = [1, 1, 0];
      return () => ({ exitCode: codes.shift() ?? 0, tree: 't1' });
    })(),
  },
};

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** Every state of a run, each with the event that came in it. */
function states(events: readonly RunEvent[]): { state: RunState; event: RunEvent }[] {
  let state: RunState = NEW_RUN;
  return events.map((event) => {
    const at = { state, event };
    state = step(state, event).state;
    return at;
  });
}

describe('the engine', () => {
  it('is pure: the same state and event give the same step, and neither is changed', async () => {
    const { inline } = await play(RICH);
    expect(new Set(types(inline)).size).toBeGreaterThanOrEqual(15);
    for (const { state, event } of states(inline)) {
      frozen(state);
      frozen(event);
      const before = structuredClone({ state, event });
      expect(step(state, event)).toEqual(step(state, event));
      expect({ state, event }).toEqual(before);
    }
  });

  it('asks for at most one thing at a time, and for nothing once the run has ended', async () => {
    const { inline } = await play(RICH);
    for (const { state, event } of states(inline)) expect(step(state, event).effects.length).toBeLessThanOrEqual(1);
    const last = states(inline).at(-1);
    expect(last && step(last.state, last.event)).toMatchObject({
      state: { phase: 'ended', how: 'finished' },
      effects: [],
    });
  });

  const place = (event: RunEvent, body: EventBody): RunEvent => ({ ...event, ...body }) as RunEvent;
  const impossible = async (at: RunEvent['type'], body: EventBody, played?: Played) => {
    const found = states((played ?? (await play(RICH))).inline).find(({ event }) => event.type === at);
    if (!found) throw new Error(`the run has no ${at}`);
    return () => step(found.state, place(found.event, body));
  };

  it.each<[string, RunEvent['type'], EventBody]>([
    ['a start after the start', 'node.started', { type: 'run.started', data: {} as never }],
    ['anything before the start', 'run.started', { type: 'run.cancelled', data: { by: 'x' } }],
    [
      'a reply without an agent',
      'tool.requested',
      { type: 'node.finished', node: 'elsewhere', data: { outcome: 'success', reason: '', next: 'done', why: '' } },
    ],
    [
      'the end of a node that is not running',
      'node.started',
      { type: 'node.finished', node: 'work', data: { outcome: 'success', reason: '', next: 'done', why: '' } },
    ],
    [
      'the start of a node inside a node',
      'model.requested',
      { type: 'node.started', node: 'test', attempt: 1, data: { kind: 'deterministic', does: '' } },
    ],
    [
      'the start of a node that does not exist',
      'node.started',
      { type: 'node.started', node: 'constructor', attempt: 1, data: { kind: 'deterministic', does: '' } },
    ],
    [
      'a reply where no agent works',
      'plan.proposed',
      { type: 'model.failed', data: { code: 'x', message: '', retryable: false, ms: 0 } },
    ],
    [
      'a decision over no call',
      'model.requested',
      {
        type: 'policy.decided',
        data: {
          call: 'c',
          tool: 't',
          capability: '',
          decision: 'allow',
          rule: '',
          layer: '',
          reason: '',
          snapshot: '',
        },
      },
    ],
    [
      'a decision over another call',
      'policy.decided',
      {
        type: 'policy.decided',
        data: {
          call: 'c',
          tool: 't',
          capability: '',
          decision: 'allow',
          rule: '',
          layer: '',
          reason: '',
          snapshot: '',
        },
      },
    ],
    [
      'the result of another call',
      'tool.finished',
      {
        type: 'tool.finished',
        data: { call: 'c', tool: 't', outcome: 'ok', output: '', exitCode: 0, tree: null, confinement: '', ms: 0 },
      },
    ],
    [
      'a result without a call',
      'model.requested',
      {
        type: 'tool.finished',
        data: { call: 'c', tool: 't', outcome: 'ok', output: '', exitCode: 0, tree: null, confinement: '', ms: 0 },
      },
    ],
    [
      'a changed file without a call',
      'model.requested',
      { type: 'file.changed', data: { call: 'c', path: 'a', before: null, after: null, how: '' } },
    ],
    [
      'a verdict that nobody asked for',
      'model.requested',
      { type: 'approval.resolved', data: { approval: 'x', verdict: 'approved', by: 'x', reason: '' } },
    ],
    ['a second plan', 'model.requested', { type: 'plan.accepted', data: { plan: {} as never, changes: [], by: '' } }],
    ['a charge where no agent works', 'plan.proposed', { type: 'budget.charged', data: {} as never }],
    [
      'the handling of a result while it runs',
      'node.started',
      { type: 'result.requested', data: { action: 'apply', by: 'x' } },
    ],
  ])('refuses %s', async (_what, at, body) => {
    expect(await impossible(at, body)).toThrowError(expect.objectContaining({ code: 'event_invalid' }));
  });

  it('refuses everything after the end but the handling of the result', async () => {
    const { inline } = await play(RICH);
    const end = inline.reduce<RunState>((state, event) => step(state, event).state, NEW_RUN);
    for (const event of inline)
      expect(() => step(end, event)).toThrowError(expect.objectContaining({ code: 'event_invalid' }));
    const last = inline.at(-1);
    if (!last) throw new Error('no events');
    expect(step(end, place(last, { type: 'result.requested', data: { action: 'apply', by: 'x' } }))).toEqual({
      state: end,
      effects: [],
    });
  });

  it('refuses to begin with a blueprint or a policy that cannot be read', async () => {
    const [first] = (await play(RICH)).inline;
    if (first?.type !== 'run.started') throw new Error('no start');
    const begin = (data: Partial<typeof first.data>) => () =>
      step(NEW_RUN, { ...first, data: { ...first.data, ...data } });
    for (const definition of ['', '{}', '{"version":2}'])
      expect(begin({ blueprint: { ...first.data.blueprint, definition } })).toThrowError(
        expect.objectContaining({ code: 'blueprint_invalid' }),
      );
    expect(begin({ policy: { ...first.data.policy, content: '{' } })).toThrowError(
      expect.objectContaining({ code: 'policy_invalid' }),
    );
  });
});

describe('counters and limits', () => {
  const started = (played: Played) => only(played.events, 'node.started').map((e) => `${e.node} ${e.attempt}`);

  it('count retries anew in each visit, and routes over the whole run', async () => {
    const played = await play({
      blueprint: BLUEPRINT,
      replies: [reply('1'), reply('2')],
      tools: { run_project_command: () => ({ exitCode: 1 }) },
    });
    expect(started(played)).toEqual(['work 1', 'test 1', 'test 2', 'work 2', 'test 3', 'test 4']);
    expect(only(played.events, 'node.finished').map((e) => e.data.why)).toEqual([
      'on_success',
      'retry 1 of 1',
      'on_failure, 1 of 1',
      'on_success',
      'retry 1 of 1',
      'on_failure was taken 1 of 1 times: on_exhausted',
    ]);
    expect(types(played.events).at(-1)).toBe('run.paused');
  });

  it('send an agent that used up its turns where its node says', async () => {
    const blueprint = BLUEPRINT.replace('max_turns: 4,', 'max_turns: 1, on_exhausted: agree,');
    const played = await play({ blueprint, replies: [reply('', ['read_file', { path: 'a' }])] });
    expect(started(played)).toEqual(['work 1', 'agree 1', 'commit 1']);
  });

  it('take ids for ids, even those that every object inherits', async () => {
    const blueprint = BLUEPRINT.replaceAll('work', 'constructor').replace(
      'request_approval,',
      'request_approval, inputs: [valueof, constructor],',
    );
    const played = await play({
      ...RICH,
      blueprint,
      replies: [reply('1'), reply('2')],
      tools: { run_project_command: () => ({ exitCode: 0 }) },
    });
    expect(started(played)).toEqual(['constructor 1', 'test 1', 'agree 1', 'commit 1']);
    expect(only(played.inline, 'approval.requested')[0]?.data.detail).toBe('\n\n');
  });

  it('count failed requests against the budget of model calls', async () => {
    const played = await play({
      blueprint: BLUEPRINT,
      replies: [down, down, reply('Done.')],
      budget: { modelCalls: 2, tokens: 1e9, minutes: 99 },
    });
    expect(played.requests).toHaveLength(2);
    expect(only(played.events, 'budget.exceeded')[0]?.data).toEqual({ limit: 'model calls', allowed: 2, used: 2 });
    expect(only(played.events, 'run.finished')[0]?.data).toMatchObject({ status: 'stopped', outcome: 'budget' });
  });

  it('stop before a call that could cost more tokens than are left', async () => {
    const played = await play({
      blueprint: BLUEPRINT,
      replies: [reply('', ['read_file', { path: 'a' }]), reply('Done.')],
      budget: { modelCalls: 9, tokens: 64_100, minutes: 99 },
    });
    expect(played.requests).toHaveLength(1);
    expect(only(played.events, 'budget.exceeded')[0]?.data).toEqual({ limit: 'tokens', allowed: 64_100, used: 120 });
  });

  it('end a node whose conversation leaves no room for a reply, and never ask for more than fits', async () => {
    const blueprint = BLUEPRINT.replace('max_turns: 4,', 'max_turns: 4, max_call_tokens: 5000,');
    const played = await play({
      blueprint,
      replies: [reply('', ['read_file', { path: 'a' }])],
      tools: { read_file: () => ({ output: 'x'.repeat(15_000) }) },
    });
    expect(played.requests).toHaveLength(1);
    expect(played.requests[0]?.maxOutputTokens).toBeLessThan(5000);
    expect(only(played.events, 'node.finished')[0]?.data).toMatchObject({
      outcome: 'exhausted',
      reason: expect.stringContaining('outgrown'),
    });
  });

  it('count the time of a run, but not while a person is asked', async () => {
    const steps = (minutes: number) =>
      play({
        ...RICH,
        replies: [reply('', ['read_file', { path: 'a' }]), reply('Done.')],
        clockStepMs: 30_000,
        budget: { modelCalls: 9, tokens: 1e9, minutes },
      });
    expect(only((await steps(1)).events, 'budget.exceeded')[0]?.data.limit).toBe('minutes');
    expect(only((await steps(60)).events, 'budget.exceeded')).toEqual([]);
  });
});

describe('the route out of a node', () => {
  const blueprint = `
version: 1
id: routes
title: Routes
description: ''
toolset: coding
start: test
nodes:
  test: { type: deterministic, action: run_tests, retry: 1, on_success: done, on_failure: { to: lint, max: 1 } }
  lint: { type: deterministic, action: run_lint, on_success: test, on_failure: fail }
`;
  const failing: Scenario = {
    blueprint,
    tools: { run_project_command: ({ name }) => ({ exitCode: name === 'test' ? 1 : 0 }) },
  };

  it('is recorded by its name, since engine 2', async () => {
    const routes = async (engine: number) =>
      only((await play({ ...failing, engine })).events, 'node.finished').map(({ data }) => data.route);
    expect(await routes(2)).toEqual(['retry', 'on_failure', 'on_success', 'retry', 'on_exhausted']);
    expect(await routes(1)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('is counted by that name and not by its words', async () => {
    const { inline } = await play(failing);
    const reworded = inline.map((event) =>
      event.type === 'node.finished' ? { ...event, data: { ...event.data, why: 'it seemed best' } } : event,
    );
    const at = inline.findIndex(({ type }) => type === 'node.finished');
    const counted = (events: readonly RunEvent[], to: number) => {
      const state = events.slice(0, to).reduce((past, event) => step(past, event).state, NEW_RUN as RunState);
      return state.phase === 'active' ? { retries: state.retries, routes: state.routes } : null;
    };
    expect(counted(reworded, at + 1)).toEqual({ retries: 1, routes: {} });
    const end = inline.length - 1;
    expect(counted(reworded, end)).toEqual(counted(inline, end));
  });
});

describe('what a call holds', () => {
  it.each([
    ['written as it is', '{"path":"a","content":"k = «github-token»"}'],
    ['written with escapes', '{"path":"a","content":"k = \\u00abgithub-token\\u00bb"}'],
  ])('is refused as a file’s content when it is a placeholder, %s', async (_how, input) => {
    const played = await play({ blueprint: BLUEPRINT, replies: [reply('', ['write_file', input]), reply('Done.')] });
    expect(only(played.events, 'tool.finished')[0]?.data.outcome).toBe('invalid');
    expect(played.executed.map((c) => c.tool)).not.toContain('write_file');
  });

  it('is refused when it names half a character, and the run goes on', async () => {
    const played = await play({
      blueprint: BLUEPRINT,
      replies: [reply('', ['read_file', '{"path":"a\\ud800"}']), reply('Done.')],
    });
    expect(only(played.events, 'tool.finished')[0]?.data.outcome).toBe('invalid');
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
  });
});

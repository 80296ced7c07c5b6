import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/core/events/payload';
import type { RunEvent } from '../../../../src/core/events/schema';
import type { ApprovalRequest, ApprovalVerdict } from '../../../../src/core/ports/approver';
import { NEW_RUN, type RunState } from '../../../../src/core/run/state';
import { step } from '../../../../src/core/run/step';
import { only, type Played, play, playBroken, reply, type Scenario } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: asks
title: Asks
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 3, on_success: commit, on_failure: fail }
  commit: { type: deterministic, action: git_commit, on_success: done, on_failure: fail }
`;
const RULES = [
  { id: 'no-b', effect: 'deny', capabilities: ['repo_write'], paths: ['b'], reason: 'b is protected' },
  { id: 'asks', effect: 'ask', capabilities: ['repo_write', 'git_commit'], reason: 'look first' },
  { id: 'rest', effect: 'allow', capabilities: ['repo_read', 'exec_project'], reason: 'fine' },
];
const WRITE = reply('', ['write_file', { path: 'a', content: '1' }], ['read_file', { path: 'a' }]);
const written = (path: string): string => JSON.stringify({ path, content: '2' });

type Said = Omit<Extract<ApprovalVerdict, { kind: 'resolved' }>, 'kind' | 'by'>;

/** Answers each question the same way however often it is asked, new ones in order; what comes after that is approved. */
function person(...answers: Said[]) {
  const asked: ApprovalRequest[] = [];
  const left = [...answers];
  const said = new Map<string, Said>();
  const approver: Scenario['approver'] = {
    ask: async (request) => {
      asked.push(request);
      const answer = said.get(request.approval) ?? left.shift() ?? { verdict: 'approved', reason: '' };
      said.set(request.approval, answer);
      return { kind: 'resolved', by: 'Ada', ...answer };
    },
  };
  return { asked, approver };
}

const scenario = (approver: Scenario['approver'], more: Partial<Scenario> = {}): Scenario => ({
  blueprint: BLUEPRINT,
  policyRules: RULES,
  replies: [WRITE, reply('Done.')],
  ...(approver ? { approver } : {}),
  ...more,
});

const identical = async (played: Played): Promise<void> => {
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
};
const calls = (played: Played) =>
  only(played.inline, 'tool.finished').map(({ data }) => `${data.call} ${data.outcome}`);

describe('a call that a person changes', () => {
  const EDIT: Said = { verdict: 'approved', reason: 'rather so', edited: written('c') };

  it('is requested again as the person wrote it, decided on anew, and not asked for a second time', async () => {
    const { asked, approver } = person(EDIT);
    const played = await play(scenario(approver));
    expect(asked.map(({ approval, editable }) => [approval, editable])).toEqual([
      ['work.1.1.1', true],
      ['commit.1', true],
    ]);
    expect(calls(played)).toEqual(['work.1.1.1 rejected', 'work.1.1.1.e1 ok', 'work.1.1.2 ok', 'commit.1 ok']);
    expect(played.executed[0]).toMatchObject({ call: 'work.1.1.1.e1', tool: 'write_file', input: written('c') });
    expect(only(played.inline, 'approval.resolved')[0]?.data).toMatchObject({ by: 'Ada', edited: written('c') });
    expect(only(played.inline, 'approval.resolved')[1]?.data).toEqual({
      approval: 'work.1.1.1.e1',
      verdict: 'approved',
      by: 'Ada',
      reason: 'as edited in the approval work.1.1.1',
    });
    await identical(played);
  });

  it('answers the model once, and says that a person changed it', async () => {
    const played = await play(scenario(person(EDIT).approver));
    const answers = played.requests[1]?.messages.filter(({ role }) => role === 'tool') ?? [];
    expect(answers.map((message) => message.role === 'tool' && message.call)).toEqual(['call_1', 'call_2']);
    const [first] = answers;
    expect(first && textOf(first.content)).toBe(
      `[a person changed the arguments of this call to ${written('c')}]\ndone`,
    );
  });

  it.each<[string, Said, string]>([
    ['the policy denies it', { ...EDIT, edited: written('b') }, 'denied'],
    ['the arguments do not fit', { ...EDIT, edited: '{"path":1}' }, 'invalid'],
    ['it is not JSON', { ...EDIT, edited: '{' }, 'invalid'],
  ])('is not made when %s', async (_when, answer, outcome) => {
    const played = await play(scenario(person(answer).approver));
    expect(calls(played).slice(0, 2)).toEqual(['work.1.1.1 rejected', `work.1.1.1.e1 ${outcome}`]);
    expect(played.executed.map(({ tool }) => tool)).not.toContain('write_file');
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });

  it('is made as it stands when nothing about it was changed', async () => {
    const same = JSON.stringify({ path: 'a', content: '1' });
    const played = await play(scenario(person({ ...EDIT, edited: same }).approver));
    expect(calls(played)[0]).toBe('work.1.1.1 ok');
    expect(JSON.stringify(only(played.inline, 'approval.resolved'))).not.toContain('edited');
  });

  it('may be the commit message of a node, and ends the node', async () => {
    const message = JSON.stringify({ message: 'A better one' });
    const { approver } = person({ verdict: 'approved', reason: '' }, { ...EDIT, edited: message });
    const played = await play(scenario(approver));
    expect(played.executed.at(-1)).toMatchObject({ call: 'commit.1.e1', origin: 'node', input: message });
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });

  it('never records a secret that the person wrote', async () => {
    const edited = JSON.stringify({ path: 'c', content: `ghp_${'a1B2'.repeat(9)}` });
    const played = await play(scenario(person({ ...EDIT, edited }).approver));
    expect(JSON.stringify(played.inline)).not.toContain('ghp_');
    expect(calls(played)[1]).toBe('work.1.1.1.e1 invalid');
  });

  it('is taken up from every point at which the run can break', async () => {
    const fresh = () => scenario(person(EDIT).approver);
    const whole = await play(fresh());
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      for (const decision of ['repeat', 'fail'] as const) {
        const played = await playBroken(fresh(), [{ crashAfter, decision }]);
        expect(['run.finished', 'run.paused'], `${crashAfter} ${decision}`).toContain(played.events.at(-1)?.type);
        const made = played.executed.filter(({ call }) => call === 'work.1.1.1');
        expect(made, `the call that was changed, ${crashAfter}`).toEqual([]);
        await identical(played);
      }
    }
  });

  it('can be answered so only where the question says it', async () => {
    const blueprint = BLUEPRINT.replace('action: git_commit', 'action: request_approval');
    const { asked, approver } = person({ verdict: 'approved', reason: '' }, { ...EDIT, edited: 'something else' });
    const played = await play(scenario(approver, { blueprint }));
    expect(asked[1]).toMatchObject({ approval: 'commit.1', editable: false });
    expect(only(played.events, 'approval.resolved').at(-1)?.data).toMatchObject({ verdict: 'rejected' });
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('failed');
    await identical(played);
  });

  it('is followed by exactly the call that the person wrote, in a record of this engine', async () => {
    const played = await play(scenario(person(EDIT).approver));
    const at = played.inline.findIndex((event) => event.type === 'tool.requested' && event.data.call.endsWith('.e1'));
    const past = played.inline.slice(0, at).reduce((state, event) => step(state, event).state, NEW_RUN as RunState);
    const event = played.inline[at] as RunEvent<'tool.requested'>;
    expect(step(past, event).state.phase).toBe('active');
    for (const other of [{ input: written('d') }, { tool: 'read_file' }, { call: 'work.1.1.1.e2' }]) {
      expect(() => step(past, { ...event, data: { ...event.data, ...other } })).toThrow('tool.requested cannot come');
    }
  });

  it('could not be answered so in a run that engine 1 recorded', async () => {
    const { asked, approver } = person();
    const played = await play(scenario(approver, { engine: 1 }));
    expect(asked.map(({ editable }) => editable)).toEqual([false, false]);
    expect(JSON.stringify(only(played.events, 'approval.requested'))).not.toContain('editable');
  });
});

describe('a call that a person rejects', () => {
  it('is not made, and the model is told why', async () => {
    const played = await play(scenario(person({ verdict: 'rejected', reason: 'not that file' }).approver));
    expect(played.executed.map(({ tool }) => tool)).not.toContain('write_file');
    const answer = played.requests[1]?.messages.find(({ role }) => role === 'tool');
    expect(answer && textOf(answer.content)).toBe('A person rejected this call: not that file');
    await identical(played);
  });
});

describe('a node that asks before it begins', () => {
  const ASKING = BLUEPRINT.replace('max_turns: 3,', 'max_turns: 3, approval: true, title: The work,');

  it('does nothing until a person has agreed', async () => {
    const { asked, approver } = person();
    const played = await play(scenario(approver, { blueprint: ASKING }));
    expect(asked[0]).toMatchObject({
      approval: 'work.1.start',
      title: 'Begin the step The work?',
      detail: 'Do it',
      editable: false,
    });
    const order = played.order.slice(0, played.order.indexOf('act: model'));
    expect(order.indexOf('approval.resolved')).toBeGreaterThan(order.indexOf('node.started'));
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });

  it('fails with the reason of whoever says no, and is not tried again at once', async () => {
    const blueprint = BLUEPRINT.replace('start: work', 'start: lint').concat(
      '  lint: { type: deterministic, action: run_lint, approval: true, retry: 2, on_success: work, on_failure: fail }\n',
    );
    const { asked, approver } = person({ verdict: 'rejected', reason: 'not now' });
    const played = await play(scenario(approver, { blueprint }));
    expect(asked).toHaveLength(1);
    expect(played.executed).toEqual([]);
    expect(only(played.events, 'node.finished')[0]?.data).toMatchObject({
      outcome: 'failure',
      reason: 'rejected by Ada: not now',
      next: 'fail',
    });
    await identical(played);
  });

  it('does not lose the time in which it waits', async () => {
    const blueprint = ASKING.replace('max_turns: 3,', 'max_turns: 3, timeout_minutes: 1,');
    const played = await play(scenario(person().approver, { blueprint, clockStepMs: 5000 }));
    expect(played.limits[0]).toBeGreaterThan(45_000);
  });

  it('is passed over unasked when it has nothing to do', async () => {
    const blueprint = BLUEPRINT.replace('start: work', 'start: build').concat(
      '  build: { type: deterministic, action: run_build, optional: true, approval: true, on_success: work }\n',
    );
    const { asked, approver } = person();
    await play(scenario(approver, { blueprint }));
    expect(asked.map(({ approval }) => approval)).not.toContain('build.1.start');
  });

  it('goes on from every point at which it can break', async () => {
    const fresh = () => scenario(person().approver, { blueprint: ASKING });
    const whole = await play(fresh());
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      const played = await playBroken(fresh(), [{ crashAfter, decision: 'repeat' }]);
      expect(only(played.events, 'run.finished')[0]?.data.status, `${crashAfter}`).toBe('succeeded');
      const asked = only(played.events, 'approval.requested').filter(({ data }) => data.approval === 'work.1.start');
      expect(asked, `${crashAfter}`).toHaveLength(1);
      await identical(played);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { inDoubt } from '../../../../src/core/run/resume';
import { NOTHING_YET, recall } from '../../../../src/core/run/session';
import { only, type Played, play, playBroken, reply, type Scenario, types } from '../../../support/engine';
import { replay, replayNodeIn } from '../../../support/replay';

const FLOW = `
version: 1
id: flow
title: Flow
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 4, on_success: test, on_failure: fail }
  test: { type: deterministic, action: run_tests, on_success: agree, on_failure: { to: mend, max: 1 } }
  mend: { type: agent, goal: Mend it, max_turns: 2, on_success: test, on_failure: fail }
  agree: { type: deterministic, action: request_approval, on_success: commit, on_failure: fail }
  commit: { type: deterministic, action: git_commit, on_success: done, on_failure: fail }
`;

const scenario = (more: Partial<Scenario> = {}): Scenario => {
  const exits = [1, 0];
  return {
    blueprint: FLOW,
    replies: [
      reply('', ['write_file', { path: 'a.js', content: '1' }]),
      reply('Done.'),
      reply('Mended.'),
      reply('Again.'),
      reply('Again.'),
    ],
    tools: { run_project_command: () => ({ exitCode: exits.shift() ?? 0, output: 'ran', tree: 't1' }) },
    ...more,
  };
};

const recordingOf = ({ events, inline }: Played) => ({ stored: events, inline });
const actsOf = (played: Played, call: string) => played.executed.filter((request) => request.call === call).length;

describe('a run that broke off', () => {
  it('goes on from every point at which it can break, ends, and replays identically', async () => {
    const whole = await play(scenario());
    for (let crashAfter = 1; crashAfter < whole.events.length; crashAfter += 1) {
      for (const decision of ['repeat', 'fail'] as const) {
        const played = await playBroken(scenario(), [{ crashAfter, decision }]);
        expect(types(played.events).slice(0, crashAfter), `broken after ${crashAfter}`).toEqual(
          types(whole.events).slice(0, crashAfter),
        );
        expect(types(played.events)).toContain('run.resumed');
        // A step that was given up may leave the blueprint no way but to a person.
        const ends = decision === 'repeat' ? ['run.finished'] : ['run.finished', 'run.paused'];
        expect(ends, `broken after ${crashAfter}, ${decision}`).toContain(played.events.at(-1)?.type);
        expect(await replay(recordingOf(played))).toMatchObject({ identical: true, divergence: null, ended: true });
      }
    }
  });

  it('repeats a call in doubt only when a person says so', async () => {
    const whole = await play(scenario());
    const decided = only(whole.events, 'policy.decided').find(({ data }) => data.tool === 'write_file');
    const crashAfter = (decided?.seq ?? 0) + 1;
    const call = decided?.data.call ?? '';
    const repeated = await playBroken(scenario(), [{ crashAfter, decision: 'repeat' }]);
    expect(actsOf(repeated, call)).toBe(2);
    const failed = await playBroken(scenario(), [{ crashAfter, decision: 'fail' }]);
    expect(actsOf(failed, call)).toBe(1);
    const outcome = only(failed.events, 'tool.finished').find(({ data }) => data.call === call);
    expect(outcome?.data).toMatchObject({ outcome: 'error', confinement: 'not known' });
  });

  it('names the request in doubt when the model may have been asked', async () => {
    const whole = await play(scenario());
    const crashAfter = (only(whole.events, 'model.requested')[1]?.seq ?? 0) + 1;
    const told = whole.inline.slice(0, crashAfter).reduce(recall, NOTHING_YET);
    const at = told.state.phase === 'active' ? told.state : null;
    expect(at && inDoubt({ phase: 'halted', how: 'interrupted', run: at })).toMatchObject({
      kind: 'model',
      id: 'work.1.2',
    });
    const failed = await playBroken(scenario(), [{ crashAfter, decision: 'fail' }]);
    expect(only(failed.events, 'model.failed').at(0)?.data).toMatchObject({ code: 'in_doubt', retryable: false });
    const repeated = await playBroken(scenario(), [{ crashAfter, decision: 'repeat' }]);
    expect(only(repeated.events, 'model.requested').map(({ data }) => [data.turn, data.retry])).toContainEqual([2, 1]);
  });

  it('says once what leaves the machine, also when it broke off between saying it and the request', async () => {
    const whole = await play(scenario());
    const crashAfter = (only(whole.events, 'egress.sent')[0]?.seq ?? 0) + 1;
    const played = await playBroken(scenario(), [{ crashAfter, decision: 'repeat' }]);
    expect(only(played.events, 'egress.sent')).toHaveLength(only(whole.events, 'egress.sent').length);
  });

  it('asks the same question again without recording it twice', async () => {
    const whole = await play(scenario());
    const crashAfter = (only(whole.events, 'approval.requested')[0]?.seq ?? 0) + 1;
    const played = await playBroken(scenario(), [{ crashAfter, decision: 'repeat' }]);
    expect(only(played.events, 'approval.requested')).toHaveLength(only(whole.events, 'approval.requested').length);
    expect(only(played.events, 'approval.resolved')).toHaveLength(only(whole.events, 'approval.resolved').length);
  });

  it('can break off again and again', async () => {
    const breaks = [3, 9, 15, 21, 27].map((crashAfter) => ({ crashAfter, decision: 'repeat' as const }));
    const played = await playBroken(scenario(), [...breaks, { crashAfter: 33, decision: 'fail' }]);
    expect(only(played.events, 'run.resumed').length).toBeGreaterThan(3);
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('does not count the time in between against its budget', async () => {
    const whole = await play(scenario());
    const stopped = { ...scenario(), clockStepMs: 10 };
    const crashAfter = whole.events.length - 6;
    const played = await playBroken(stopped, [{ crashAfter, decision: 'repeat' }]);
    expect(only(played.events, 'budget.exceeded')).toEqual([]);
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
  });
});

describe('a run that was paused', () => {
  it('goes on at the question that nobody could answer', async () => {
    const answers = ['nobody', 'approved', 'approved'];
    const approver: Scenario['approver'] = {
      ask: async () =>
        answers.shift() === 'nobody'
          ? { kind: 'unavailable', reason: 'nobody is here' }
          : { kind: 'resolved', verdict: 'approved', by: 'test', reason: '' },
    };
    const played = await playBroken(scenario({ approver }), [{ crashAfter: 10_000, decision: 'repeat' }]);
    expect(types(played.events)).toContain('run.paused');
    expect(only(played.events, 'approval.requested').filter(({ data }) => data.approval === 'agree.1')).toHaveLength(1);
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('visits the node again that had used up its rounds, with a fresh set of them and the same budget', async () => {
    const blueprint = FLOW.replace('{ to: mend, max: 1 }', '{ to: mend, max: 1 }, on_exhausted: pause');
    const exits = [1, 1, 1, 0];
    const tools = { run_project_command: () => ({ exitCode: exits.shift() ?? 0, output: 'ran', tree: 't1' }) };
    const played = await playBroken(scenario({ blueprint, tools }), [{ crashAfter: 10_000, decision: 'repeat' }]);
    const visits = only(played.events, 'node.started').map(({ node }) => node);
    expect(visits).toEqual(['work', 'test', 'mend', 'test', 'test', 'mend', 'test', 'agree', 'commit']);
    expect(await replay(recordingOf(played))).toMatchObject({ identical: true });
  });

  it('stays within its budget however often it is resumed', async () => {
    const budget = { modelCalls: 3, tokens: 100_000_000, minutes: 1000 };
    const crash = { decision: 'repeat' as const };
    const whole = await play(scenario());
    const at = (only(whole.events, 'model.requested')[0]?.seq ?? 0) + 1;
    // Each time it breaks off right after the request that it has just repeated.
    const played = await playBroken(
      scenario({ budget }),
      [0, 4, 8, 12].map((more) => ({ crashAfter: at + more, ...crash })),
    );
    expect(only(played.events, 'model.requested').length).toBeLessThanOrEqual(3);
    expect(types(played.events)).toContain('budget.exceeded');
  });
});

describe('a step replay', () => {
  it('runs one node again from its recorded inputs, each of its visits, and compares', async () => {
    const played = await play(scenario());
    const verdict = await replayNodeIn(recordingOf(played), 'test');
    const own = played.events.filter(({ node }) => node === 'test');
    expect(verdict).toMatchObject({ identical: true, visits: 2, events: own.length });
    expect(verdict.recordedHead.hash).toBe(own.at(-1)?.hash);
    expect(verdict.head).toEqual(verdict.recordedHead);
  });

  it('names the first divergence inside the node, and looks at no other', async () => {
    const played = await play(scenario());
    const recording = recordingOf(played);
    const changed = recording.inline.map((event) =>
      event.type === 'tool.finished' && event.node === 'test' && event.attempt === 2
        ? { ...event, data: { ...event.data, exitCode: 1 } }
        : event,
    );
    const verdict = await replayNodeIn({ ...recording, inline: changed }, 'test');
    expect(verdict.identical).toBe(false);
    expect(verdict.divergence?.recordedBy).toBe('0');
    expect(await replayNodeIn({ ...recording, inline: changed }, 'work')).toMatchObject({ identical: true });
  });

  it('follows a node through a break in its middle', async () => {
    const whole = await play(scenario());
    const crashAfter = (only(whole.events, 'model.requested')[1]?.seq ?? 0) + 1;
    const played = await playBroken(scenario(), [{ crashAfter, decision: 'repeat' }]);
    expect(await replayNodeIn(recordingOf(played), 'work')).toMatchObject({ identical: true, visits: 1 });
  });

  it('says of a node that the run never came to that there was no visit', async () => {
    expect(await replayNodeIn(recordingOf(await play(scenario())), 'nowhere')).toMatchObject({ visits: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { foldMoment, momentOf } from '../../../../src/core/events/moment';
import type { RunEvent } from '../../../../src/core/events/schema';
import { foldSummary } from '../../../../src/core/events/summary';
import type { Intervention } from '../../../../src/core/ports/intervention';
import { only, type Played, play, playBroken, reply, type Scenario, types } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: pausing
title: Pausing
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 3, result: { type: report }, on_success: test, on_failure: fail }
  test: { type: deterministic, action: run_tests, on_success: agree, on_failure: fail }
  agree: { type: deterministic, action: request_approval, on_success: commit, on_failure: fail }
  commit: { type: deterministic, action: git_commit, on_success: done, on_failure: fail }
`;

/** A person who pauses the run once, as soon as this holds. */
function pausing(when: (events: readonly RunEvent[]) => boolean): (events: readonly RunEvent[]) => Intervention {
  let done = false;
  return (events) => {
    if (done || !when(events)) return { kind: 'none' };
    done = true;
    return { kind: 'inject', body: { type: 'run.paused', data: { reason: 'paused by Ada' } } };
  };
}

const scenario = (when: (events: readonly RunEvent[]) => boolean): Scenario => ({
  blueprint: BLUEPRINT,
  answer: ({ messages }) =>
    messages.some(({ role }) => role === 'tool') ? reply('It is there.') : reply('', ['read_file', { path: 'a' }]),
  intervene: pausing(when),
});
const NEVER_BREAKS = { crashAfter: 10_000, decision: 'repeat' as const };
const identical = async (played: Played): Promise<void> => {
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
};

describe('a run that a person pauses', () => {
  it('goes on where it was, from between any two of its effects, and does nothing twice', async () => {
    const whole = await play(scenario(() => false));
    for (let at = 1; at < whole.events.length; at += 1) {
      const played = await playBroken(
        scenario((events) => events.length >= at),
        [NEVER_BREAKS],
      );
      const paused = only(played.events, 'run.paused');
      expect(paused.map(({ data }) => data.reason)).toEqual(['paused by Ada']);
      expect(types(played.events).filter((type) => !['run.paused', 'run.resumed'].includes(type))).toEqual(
        types(whole.events),
      );
      expect(played.executed.map(({ call }) => call)).toEqual(whole.executed.map(({ call }) => call));
      await identical(played);
    }
  });

  it('is shown as paused, and the time until it goes on does not count', async () => {
    const played = await play(scenario((events) => events.some(({ type }) => type === 'tool.finished')));
    expect(played.events.at(-1)?.type).toBe('run.paused');
    const moment = played.events.reduce(foldMoment, null as Parameters<typeof foldMoment>[0]);
    expect(moment && momentOf(moment).status).toBe('paused');
    const summary = played.events.reduce(foldSummary, null as Parameters<typeof foldSummary>[0]);
    expect(summary).toMatchObject({ status: 'paused', reason: 'paused by Ada' });
  });

  it('cannot be told apart from a pause of the blueprint by hiding where that came from', async () => {
    const blueprint = BLUEPRINT.replace('on_success: agree, on_failure: fail', 'on_success: pause, on_failure: fail');
    const played = await play({ ...scenario(() => false), blueprint });
    expect(only(played.events, 'run.paused')[0]).toMatchObject({ cause: expect.any(Number) });
    await identical(played);
  });
});

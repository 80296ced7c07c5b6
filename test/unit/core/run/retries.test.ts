import { describe, expect, it } from 'vitest';
import type { Intervention } from '../../../../src/core/ports/intervention';
import type { ModelFailure } from '../../../../src/core/ports/model';
import { only, type Played, play, reply, type Scenario, types } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: retries
title: Retries
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 3, max_call_tokens: 10000, timeout_minutes: 2, on_success: done, on_failure: fail, on_exhausted: fail }
`;

const failing = (more: Partial<ModelFailure> = {}): ModelFailure => ({
  kind: 'failure',
  code: 'rate_limited',
  message: 'The server at memory allows no more for now.',
  retryable: true,
  ms: 1,
  ...more,
});
const told = async (replies: Scenario['replies'], more: Partial<Scenario> = {}): Promise<Played> => {
  const played = await play({ blueprint: BLUEPRINT, replies: replies ?? [], ...more });
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  return played;
};
const delays = (played: Played) => only(played.events, 'model.requested').map(({ data }) => data.delayMs);
const ending = (played: Played) => only(played.events, 'node.finished').at(-1)?.data;

describe('a server that asks to wait', () => {
  it('is waited for as long as it asks, which the record says', async () => {
    const played = await told([failing({ retryAfterMs: 20_000.4 }), reply('Done.')]);
    expect(only(played.events, 'model.failed')[0]?.data.retryAfterMs).toBe(20_001);
    expect(delays(played)).toEqual([0, 20_001]);
    expect(ending(played)).toMatchObject({ outcome: 'success' });
  });

  it('is not asked sooner than after the pause that a retry takes anyway', async () => {
    const [, delay = 0] = delays(await told([failing({ retryAfterMs: 5 }), reply('Done.')]));
    expect(delay).toBeGreaterThanOrEqual(1000);
    expect(delay).toBeLessThanOrEqual(1500);
  });

  it('is waited for up to a minute; for longer the step fails at once and says how long it would have been', async () => {
    expect(delays(await told([failing({ retryAfterMs: 60_000 }), reply('Done.')]))).toEqual([0, 60_000]);
    const played = await told([failing({ retryAfterMs: 60_001 }), reply('Done.')]);
    expect(played.requests).toHaveLength(1);
    expect(ending(played)).toMatchObject({
      outcome: 'failure',
      reason:
        'The server at memory allows no more for now. The server asks to wait 61 s before the next try, which is too long here.',
    });
    const hour = await told([failing({ retryAfterMs: 3_600_000 }), reply('Done.')]);
    expect(ending(hour)?.reason).toContain('asks to wait 60 min');
  });

  it('is not waited for beyond the time of the step, nor beyond that of the run', async () => {
    const late = await told([failing({ retryAfterMs: 50_000 }), reply('Done.')], { clockStepMs: 30_000 });
    expect(late.requests).toHaveLength(1);
    expect(ending(late)?.reason).toContain('asks to wait 50 s');
    const budget = { modelCalls: 10, tokens: 1_000_000, minutes: 1 };
    const short = await told([failing({ retryAfterMs: 50_000 }), reply('Done.')], { clockStepMs: 2000, budget });
    expect(short.requests).toHaveLength(1);
    expect(ending(short)?.reason).toContain('asks to wait 50 s');
  });

  it('leaves the request after the pause only the time that is left then', async () => {
    const played = await told([failing({ retryAfterMs: 30_000 }), reply('Done.')]);
    const [first = 0, second = 0] = played.limits;
    expect(second).toBeLessThanOrEqual(first - 30_000);
  });

  it('is tried three times in all, however short the pause that it asks for', async () => {
    const played = await told(Array(5).fill(failing({ retryAfterMs: 1 })));
    expect(played.requests).toHaveLength(3);
    expect(ending(played)).toMatchObject({ outcome: 'failure' });
  });

  it('was not heard by the engines before', async () => {
    const played = await told([failing({ retryAfterMs: 20_000 }), reply('Done.')], { engine: 3 });
    expect(only(played.events, 'model.failed')[0]?.data).not.toHaveProperty('retryAfterMs');
    expect(delays(played)[1]).toBeLessThanOrEqual(1500);
  });
});

describe('a request that failed', () => {
  const LIMITS = { modelCalls: 100, tokens: 10_000_000, minutes: 1000 };

  it('counts as a call of the model, and is not repeated when the budget has no other', async () => {
    const played = await told([failing(), reply('Done.')], { budget: { ...LIMITS, modelCalls: 1 } });
    expect(played.requests).toHaveLength(1);
    expect(only(played.events, 'budget.exceeded')[0]?.data).toEqual({ limit: 'model calls', allowed: 1, used: 1 });
  });

  it('is repeated only when what is left of tokens and cost is enough for the repetition', async () => {
    const price = { input: 2, output: 8 };
    const dear = { ...reply('', ['read_file', { path: 'a' }]), costUsd: null };
    const spent = { ...dear, usage: { input: 9000, output: 1000, cached: 0, estimated: false } };
    const worst = (1808 * 2 + 8192 * 8) / 1_000_000;
    const costUsd = worst + 0.02;
    const afford = await told([spent, failing(), reply('Done.')], {
      budget: { ...LIMITS, costUsd: 0.026 + worst },
      price,
    });
    expect(afford.requests).toHaveLength(3);
    const poor = await told([spent, failing(), reply('Done.')], { budget: { ...LIMITS, costUsd }, price });
    expect(poor.requests).toHaveLength(1);
    const few = await told([failing(), reply('Done.')], { budget: { ...LIMITS, tokens: 9999 } });
    expect(few.requests).toEqual([]);
  });
});

describe('a run that ends in the pause before a retry', () => {
  const endedInPause = (intervention: Intervention, engine?: number): Promise<Played> => {
    const control = new AbortController();
    return told([failing(), reply('Done.')], {
      signal: control.signal,
      onWait: () => control.abort(),
      intervene: () => (control.signal.aborted ? intervention : { kind: 'none' }),
      ...(engine === undefined ? {} : { engine }),
    });
  };
  const CANCELLED: Intervention = { kind: 'inject', body: { type: 'run.cancelled', data: { by: 'test' } } };

  it.each([
    ['because it is cancelled', CANCELLED, undefined, ['model.failed', 'run.cancelled']],
    ['because it is cancelled, with an engine of before,', CANCELLED, 3, ['model.failed', 'run.cancelled']],
    ['because its window closes', { kind: 'stop' } as const, undefined, ['model.requested', 'model.failed']],
  ])('%s records no request that never left, and replays exactly', async (_why, intervention, engine, last) => {
    const played = await endedInPause(intervention, engine);
    expect(played.requests).toHaveLength(1);
    expect(delays(played)).toEqual([0]);
    expect(only(played.events, 'egress.sent')).toHaveLength(1);
    expect(types(played.events).slice(-2)).toEqual(last);
  });
});

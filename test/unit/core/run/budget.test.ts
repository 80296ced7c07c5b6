import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../../../src/core/models/price';
import type { ModelReply } from '../../../../src/core/ports/model';
import { budgetOf, worstCallCost } from '../../../../src/core/run/budget';
import { only, type Played, play, playBroken, reply, type Scenario } from '../../../support/engine';
import { replay } from '../../../support/replay';

const BLUEPRINT = `
version: 1
id: spends
title: Spends
description: ''
toolset: coding
start: work
nodes:
  work: { type: agent, goal: Do it, max_turns: 5, max_call_tokens: 10000, on_success: done, on_failure: fail, on_exhausted: fail }
`;
const PRICE = { input: 2, output: 8 };
/** The most that one call of the node can cost: 8192 tokens out, the rest in. */
const WORST = (1808 * 2 + 8192 * 8) / 1_000_000;

const saying = (text: string, costUsd: number | null, ...calls: [string, unknown][]): ModelReply => ({
  ...reply(text, ...calls),
  usage: { input: 1000, output: 500, cached: 0, estimated: false },
  costUsd,
});
const reading = (path: string, costUsd: number | null): ModelReply => saying('', costUsd, ['read_file', { path }]);
const LIMITS = { modelCalls: 100, tokens: 10_000_000, minutes: 1000 };
const run = (replies: ModelReply[], more: Partial<Scenario>) => play({ blueprint: BLUEPRINT, replies, ...more });
const end = (played: Played) => only(played.events, 'run.finished')[0]?.data;
const over = (played: Played) => only(played.events, 'budget.exceeded').map(({ data }) => data);

describe('the worst cost of a call', () => {
  it('is that of as many dear tokens as a call can have', () => {
    expect(worstCallCost(10_000, PRICE)).toBeCloseTo(WORST, 12);
    expect(worstCallCost(2000, PRICE)).toBeCloseTo(0.016, 12);
    expect(worstCallCost(10_000, { input: 8, output: 2 })).toBeCloseTo(0.08, 12);
  });

  it('takes all input as written to the cache where that is dearer, and never as read from it', () => {
    const cached = { input: 2, output: 8, cacheRead: 0.2, cacheWrite: 2.5 };
    expect(worstCallCost(10_000, cached)).toBeCloseTo((1808 * 2.5 + 8192 * 8) / 1_000_000, 12);
    expect(worstCallCost(10_000, { input: 2, output: 2.2, cacheWrite: 2.5 })).toBeCloseTo(0.025, 12);
    expect(worstCallCost(10_000, { input: 2, output: 8, cacheRead: 0.2 })).toBeCloseTo(WORST, 12);
  });

  it('bounds what any usage of a call costs, however it was cached', () => {
    const cost = fc.double({ min: 0, max: 50, noNaN: true });
    const price = fc.record(
      { input: cost, output: cost, cacheRead: cost, cacheWrite: cost },
      { requiredKeys: ['input', 'output'] },
    );
    fc.assert(
      fc.property(price, fc.nat(100_000), fc.nat(8192), fc.nat(), fc.nat(), (of, tokens, out, a, b) => {
        const output = Math.min(out, tokens);
        const input = tokens - output;
        const cached = a % (input + 1);
        const cacheWrite = b % (input - cached + 1);
        const usage = { input, output, cached, cacheWrite, estimated: false };
        expect(costOf(usage, of)).toBeLessThanOrEqual(worstCallCost(tokens, of) + 1e-9);
      }),
    );
  });
});

describe('the budget of a run', () => {
  const bound = { nodeExecutions: 9, modelCalls: 50, tokens: 1000, minutes: 60, costUsd: 0.9 };

  it('is the worst case where the blueprint says nothing, and the less of both where it does', () => {
    expect(budgetOf(bound, {})).toEqual({ modelCalls: 50, tokens: 1000, minutes: 60, costUsd: 0.9 });
    const budget = { model_calls: 60, tokens: 500, minutes: 0.5, cost_usd: 0.5 };
    expect(budgetOf(bound, { budget })).toEqual({ modelCalls: 50, tokens: 500, minutes: 0.5, costUsd: 0.5 });
  });

  it('limits no cost that is not known and that nobody limits', () => {
    expect(budgetOf({ ...bound, costUsd: null }, {})).not.toHaveProperty('costUsd');
    expect(budgetOf({ ...bound, costUsd: null }, { budget: { cost_usd: 2 } })).toMatchObject({ costUsd: 2 });
  });

  it('stops before a call that could cost more than is left', async () => {
    const budget = { ...LIMITS, costUsd: 0.01 + WORST };
    const played = await run([reading('a', 0.009), reading('b', 0.002), reading('c', 0.001)], { budget, price: PRICE });
    expect(played.requests).toHaveLength(2);
    expect(over(played)).toEqual([{ limit: 'cost', allowed: budget.costUsd, used: 0.011 }]);
    expect(end(played)).toMatchObject({ status: 'stopped', outcome: 'budget' });
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  });

  it('takes the price of the run where the provider names no cost', async () => {
    const played = await run([reading('a', null), saying('Done.', null)], { price: PRICE });
    expect(only(played.events, 'budget.charged').at(-1)?.data.totals.costUsd).toBeCloseTo(0.012, 12);
    expect(end(played)?.status).toBe('succeeded');
  });

  it('stops before the first call when it limits a cost that nobody knows', async () => {
    const played = await run([saying('Done.', null)], { budget: { ...LIMITS, costUsd: 1 } });
    expect(played.requests).toEqual([]);
    expect(end(played)?.reason).toBe('the run may cost $1, and what the model costs is not known');
  });

  it('does not limit a model that costs nothing', async () => {
    const free = { input: 0, output: 0 };
    const played = await run([reading('a', 0), saying('Done.', 0)], { price: free, budget: { ...LIMITS, costUsd: 0 } });
    expect(end(played)?.status).toBe('succeeded');
  });

  it('that is its worst case lets the run take its longest way', async () => {
    const dear = (path: string): ModelReply => ({
      ...reading(path, null),
      usage: { input: 1808, output: 8192, cached: 0, estimated: false },
    });
    const paths = ['a', 'b', 'c', 'd', 'e', 'f'];
    const played = await run(paths.map(dear), { price: PRICE });
    expect(played.requests).toHaveLength(5);
    expect(over(played)).toEqual([]);
  });
});

describe('what was reserved for a call', () => {
  const greedy = (tokens: number, costUsd: number | null): ModelReply => ({
    ...reading('a', costUsd),
    usage: { input: tokens, output: 0, cached: 0, estimated: false },
  });

  it('is settled by what the server reports, also where that is more: the next call is not made then', async () => {
    const tokens = await run([greedy(25_000, 0), reading('b', 0)], { budget: { ...LIMITS, tokens: 30_000 } });
    expect(tokens.requests).toHaveLength(1);
    expect(over(tokens)).toEqual([{ limit: 'tokens', allowed: 30_000, used: 25_000 }]);
    const cost = await run([greedy(1, 0.9), reading('b', 0)], { budget: { ...LIMITS, costUsd: 0.95 }, price: PRICE });
    expect(cost.requests).toHaveLength(1);
    expect(over(cost)).toEqual([{ limit: 'cost', allowed: 0.95, used: 0.9 }]);
  });

  it('covers the longest way of a run that writes all it sends into a cache', async () => {
    const price = { ...PRICE, cacheWrite: 2.5, cacheRead: 0.2 };
    const dear = (path: string): ModelReply => ({
      ...reading(path, null),
      usage: { input: 1808, output: 8192, cached: 0, cacheWrite: 1808, estimated: false },
    });
    const played = await run(['a', 'b', 'c', 'd', 'e', 'f'].map(dear), { price });
    expect(played.requests).toHaveLength(5);
    expect(over(played)).toEqual([]);
  });

  it('is the whole budget once a cost is not known: it is never taken as nothing', async () => {
    const unknown = await run([reading('a', null), reading('b', 0)], { budget: { ...LIMITS } });
    expect(only(unknown.events, 'budget.charged').map(({ data }) => data.totals.costUsd)).toEqual([null, null]);
  });

  it('counts a request that is in doubt as a call, and its repetition has to fit into the budget as well', async () => {
    const scenario = { blueprint: BLUEPRINT, replies: [saying('Done.', 0)], budget: { ...LIMITS, modelCalls: 1 } };
    const whole = await play(scenario);
    const crashAfter = (only(whole.events, 'model.requested')[0]?.seq ?? 0) + 1;
    const played = await playBroken(scenario, [{ crashAfter, decision: 'repeat' }]);
    expect(only(played.events, 'model.requested')).toHaveLength(1);
    expect(over(played)).toEqual([{ limit: 'model calls', allowed: 1, used: 1 }]);
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  });
});

describe('a budget of tokens', () => {
  const reasonOf = async (tokens: number): Promise<string | undefined> =>
    end(await run([reading('a', 0), reading('b', 0)], { budget: { ...LIMITS, tokens } }))?.reason;

  it('that is below what a call can take says so, and not that it was used', async () => {
    expect(await reasonOf(1000)).toBe(
      'the budget of 1000 tokens does not allow another call of up to 10000 tokens (0 used)',
    );
    expect(await reasonOf(11_000)).toContain('(1500 used)');
  });
});

describe('the minutes of a run', () => {
  const CHECKS = `
version: 1
id: checks
title: Checks
description: ''
toolset: coding
start: lint
nodes:
  lint: { type: deterministic, action: run_lint, timeout_minutes: 10, on_success: test, on_failure: test }
  test: { type: deterministic, action: run_tests, timeout_minutes: 10, on_success: done, on_failure: fail }
`;
  /** Every event takes so long. */
  const checked = (minutes: number, clockStepMs: number, more: Partial<Scenario> = {}) =>
    play({ blueprint: CHECKS, budget: { ...LIMITS, minutes }, clockStepMs, ...more });
  const same = async (played: Played) =>
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });

  it('are looked at before each node, whatever it does', async () => {
    const played = await checked(4, 30_000);
    expect(played.executed.map(({ input }) => JSON.parse(input))).toEqual([{ name: 'lint' }]);
    expect(over(played)).toEqual([{ limit: 'minutes', allowed: 4, used: 5 }]);
    expect(end(played)).toMatchObject({
      status: 'stopped',
      outcome: 'budget',
      reason: 'the budget of 4 minutes is used up',
    });
    await same(played);
  });

  it('limit a command that is under way, and its end by them ends the run', async () => {
    const late = { outcome: 'timeout' as const, output: 'ended after 60 s', exitCode: null };
    const played = await checked(2, 20_000, { tools: { run_project_command: () => late } });
    const [call] = played.executed;
    expect(call?.limitMs).toBe(20_000);
    expect(over(played)).toHaveLength(1);
    expect(only(played.events, 'node.finished')).toEqual([]);
    expect(end(played)).toMatchObject({ status: 'stopped', outcome: 'budget' });
    await same(played);
  });

  it('do not undo what came to its end in them', async () => {
    const quick = CHECKS.replace('on_success: test', 'on_success: done');
    const played = await checked(2, 25_000, { blueprint: quick });
    expect(only(played.events, 'node.finished')[0]?.at).toBe('2026-01-01T00:03:45.000Z');
    expect(end(played)?.status).toBe('succeeded');
  });

  it('limit the requests of an agent, and one that fails when they are over ends the run', async () => {
    const failure = { kind: 'failure', code: 'stalled', message: 'no end', retryable: false, ms: 1 } as const;
    const played = await play({
      blueprint: BLUEPRINT,
      replies: [failure],
      budget: { ...LIMITS, minutes: 2 },
      clockStepMs: 25_000,
    });
    expect(played.limits).toEqual([45_000]);
    expect(only(played.events, 'model.failed')).toHaveLength(1);
    expect(over(played)).toMatchObject([{ limit: 'minutes', allowed: 2 }]);
    await same(played);
  });

  it('that are the worst case leave the ends of nodes to the limits of these', async () => {
    const late = { outcome: 'timeout' as const, output: 'ended after 600 s', exitCode: null };
    const played = await checked(20, 150_000, { tools: { run_project_command: () => late } });
    expect(over(played)).toEqual([]);
    expect(end(played)?.status).toBe('failed');
  });

  it('are asked for by model calls alone in a run that engine 1 recorded', async () => {
    const played = await checked(4, 30_000, { engine: 1 });
    expect(end(played)?.status).toBe('succeeded');
  });
});

describe('the tokens of a step', () => {
  const CAPPED = BLUEPRINT.replace('max_call_tokens: 10000', 'max_call_tokens: 10000, max_tokens: 12000');

  it('end it before the call that could take it above them', async () => {
    const played = await play({ blueprint: CAPPED, replies: [reading('a', 0), reading('b', 0), reading('c', 0)] });
    expect(played.requests).toHaveLength(2);
    expect(only(played.events, 'node.finished')[0]?.data).toMatchObject({
      outcome: 'exhausted',
      reason: 'another call could take the step above its 12000 tokens (3000 used)',
    });
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  });

  it('count anew in each visit', async () => {
    const again = CAPPED.replace('on_success: done', 'on_success: { to: work, max: 1 }');
    const replies = [reading('a', 0), saying('Done.', 0), reading('a', 0), saying('Done.', 0)];
    const played = await play({ blueprint: again, replies });
    expect(only(played.events, 'node.finished').map(({ data }) => data.outcome)).toEqual(['success', 'success']);
  });
});

/** The worst case against the real engine: never exceeded by any adversary, and reached by the worst one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlueprint } from '../../../../src/core/blueprint/check';
import { type Blueprint, blueprintSchema } from '../../../../src/core/blueprint/schema';
import type { Bound } from '../../../../src/core/events/parts';
import { boundOf, budgetOf } from '../../../../src/core/run/budget';
import { type Adversary, everyWay, fight, PRICE, type Spent, UNLIMITED } from '../../../support/adversary';
import { types } from '../../../support/engine';
import { cases, patience, SEED } from '../../../support/random';

const MEASURES = [
  'nodeExecutions',
  'agentTurns',
  'modelCalls',
  'tokens',
  'tokensIn',
  'tokensOut',
  'minutes',
  'costUsd',
] as const satisfies (keyof Spent & keyof Bound)[];

const blueprint = (nodes: object, start = 'a'): Blueprint =>
  blueprintSchema.parse({ version: 1, id: 'b', title: 'B', description: '', toolset: 'coding', start, nodes });
function most(of: Blueprint): Spent {
  const bound = boundOf(of, PRICE);
  if (!bound.ok) throw new Error(bound.error);
  return bound.value as Spent;
}
const check = (more: object = {}) => ({ type: 'deterministic', action: 'run_tests', on_success: 'done', ...more });
const agent = (more: object = {}) => ({
  type: 'agent',
  goal: 'g',
  max_turns: 2,
  max_call_tokens: 20_000,
  on_success: 'done',
  ...more,
});

/** Takes everything of every node, and leaves it in each of the ways in which it can be left. */
async function worstOf(of: Blueprint, ways: number): Promise<Spent> {
  const worst: Spent[] = [];
  for (const out of [0, 1]) {
    await everyWay(ways, async (choose) => {
      const ends = ['end', 'length', 'calls'] as const;
      const adversary: Adversary = {
        call: () => (['pass', 'fail', 'stop'] as const)[choose(3)] ?? 'pass',
        request: ({ node, turn, retry }) => {
          const at = of.nodes[node];
          if (retry < 2) return 'retryable';
          return at?.type === 'agent' && turn < at.max_turns ? 'calls' : (ends[choose(3)] ?? 'end');
        },
        time: () => 0,
        out: () => out,
        calls: () => 1,
      };
      worst.push((await fight(of, adversary, UNLIMITED)).spent);
    });
  }
  return worst.reduce((a, b) => Object.fromEntries(MEASURES.map((m) => [m, Math.max(a[m], b[m])])) as Spent);
}

describe('the worst case', () => {
  it.each<[string, Blueprint]>([
    ['one node with retries', blueprint({ a: check({ retry: 2 }) })],
    ['one agent', blueprint({ a: agent() })],
    ['a counted loop', blueprint({ a: check({ on_failure: { to: 'b', max: 2 } }), b: agent({ on_success: 'a' }) })],
    ['a node that is counted back to itself', blueprint({ a: check({ on_failure: { to: 'a', max: 3 } }) })],
    [
      'two counted ways out of one node',
      blueprint({
        a: check({ on_success: { to: 'a', max: 2 }, on_failure: { to: 'a', max: 2 }, on_exhausted: 'done' }),
      }),
    ],
    [
      'nested loops',
      blueprint({
        a: check({ on_success: 'b', on_failure: { to: 'a', max: 1 } }),
        b: check({ action: 'run_lint', on_failure: { to: 'a', max: 1 } }),
      }),
    ],
    [
      'a way out when exhausted that is the longest',
      blueprint({ a: agent({ on_failure: { to: 'a', max: 1 }, on_exhausted: 'b' }), b: check({ retry: 1 }) }),
    ],
    ['a retry in a loop', blueprint({ a: check({ retry: 1, on_failure: { to: 'a', max: 1 } }) })],
  ])('of %s is reached, in every measure but time, by the worst of all adversaries', async (_what, of) => {
    const { minutes: _most, ...bound } = most(of);
    const { minutes: _taken, ...worst } = await worstOf(of, 3000);
    expect({ ...worst, costUsd: Math.ceil(worst.costUsd * 1e6) / 1e6 }).toEqual(bound);
  });

  it('is reached in time by commands that take all of theirs', async () => {
    const of = blueprint({ a: check({ retry: 1, timeout_minutes: 7, on_failure: { to: 'a', max: 2 } }) });
    const slow: Adversary = { call: () => 'fail', request: () => 'end', time: () => 1, out: () => 1, calls: () => 1 };
    const { spent } = await fight(of, slow, UNLIMITED);
    expect(spent.minutes).toBe(most(of).minutes);
    expect(spent.minutes).toBe(42);
  });
});

const IDS = ['a', 'b', 'c', 'd'];
const target = fc.constantFrom(...IDS, 'done', 'fail', 'pause');
const route = fc.oneof(target, fc.record({ to: target, max: fc.integer({ min: 1, max: 3 }) }));
const ways = { on_success: route, on_failure: route, on_exhausted: target };
const node = fc.oneof(
  fc
    .record({
      action: fc.constantFrom('run_tests', 'run_lint', 'build_context', 'summarize', 'git_commit', 'request_approval'),
      retry: fc.nat(2),
      timeout_minutes: fc.integer({ min: 1, max: 9 }),
      ...ways,
    })
    .map((drawn) => {
      const once = drawn.action === 'git_commit' || drawn.action === 'request_approval';
      return { type: 'deterministic', ...drawn, retry: once ? 0 : drawn.retry };
    }),
  fc.record({
    type: fc.constant('agent'),
    goal: fc.constant('g'),
    approval: fc.constantFrom(undefined, undefined, true),
    max_turns: fc.integer({ min: 1, max: 5 }),
    max_call_tokens: fc.constantFrom(7000, 20_000),
    max_tokens: fc.constantFrom(undefined, 20_000, 45_000),
    timeout_minutes: fc.integer({ min: 1, max: 9 }),
    ...ways,
  }),
);
const graphs = fc
  .record({ nodes: fc.tuple(node, node, node, node), used: fc.integer({ min: 1, max: 4 }) })
  .map(({ nodes, used }) => blueprint(Object.fromEntries(nodes.slice(0, used).map((n, i) => [IDS[i], n]))))
  .filter((graph) => checkBlueprint(graph).length === 0);

/** Every answer out of one stream of numbers; most of them go on as long as they may. */
function chaos(luck: Iterator<number>): Adversary {
  const pick = <T>(...some: T[]): T => some[(luck.next().value as number) % some.length] as T;
  return {
    call: () => pick('pass', 'pass', 'fail', 'fail', 'stop'),
    request: () => pick('calls', 'calls', 'calls', 'end', 'end', 'length', 'retryable', 'retryable', 'fatal'),
    time: () => pick(0, 0.1, 0.5, 1),
    out: () => pick(0, 0.5, 1, 1),
    calls: () => pick(1, 2, 40),
  };
}

/**
 * What is begun when the time of a node is used up may still end: a second for each of the requests of its last turn, and
 * the pauses between them.
 */
const GRACE_MINUTES = (3 * 1 + 1.5 + 3) / 60;

function graceOf(measure: keyof Spent, { nodeExecutions }: Spent): number {
  if (measure === 'minutes') return GRACE_MINUTES * nodeExecutions;
  // Sums of fractions differ in their last digits by the order in which they are made.
  return measure === 'costUsd' ? 1e-9 : 0;
}

const options = (numRuns: number) => ({ numRuns, seed: SEED, endOnFailure: false });
const luck = fc.infiniteStream(fc.nat(1000));

describe('a run of any blueprint that was accepted', () => {
  it('ends, and takes no more than its worst case in any measure, whatever models, commands, people and clocks do', {
    timeout: patience(60_000),
  }, async () => {
    await fc.assert(
      fc.asyncProperty(graphs, luck, async (of, stream) => {
        const { spent, events } = await fight(of, chaos(stream), UNLIMITED);
        const bound = most(of);
        expect(['run.finished', 'run.paused']).toContain(types(events).at(-1));
        for (const measure of MEASURES) {
          expect(spent[measure], measure).toBeLessThanOrEqual(bound[measure] + graceOf(measure, spent));
        }
      }),
      options(cases(250, 5000)),
    );
  });

  it('is never stopped by a budget that is its worst case, as long as the clock is just', {
    timeout: patience(60_000),
  }, async () => {
    await fc.assert(
      fc.asyncProperty(graphs, luck, async (of, stream) => {
        const bound = most(of);
        const { events } = await fight(of, { ...chaos(stream), time: () => 0 }, budgetOf(bound, of));
        expect(types(events)).not.toContain('budget.exceeded');
      }),
      options(cases(200, 5000)),
    );
  });

  it('keeps to a budget that is a part of its worst case', { timeout: patience(60_000) }, async () => {
    await fc.assert(
      fc.asyncProperty(graphs, luck, fc.integer({ min: 1, max: 9 }), async (of, stream, tenths) => {
        const bound = most(of);
        const part = (n: number): number => Math.ceil((n * tenths) / 10);
        const budget = {
          modelCalls: part(bound.modelCalls),
          tokens: part(bound.tokens),
          minutes: UNLIMITED.minutes,
          costUsd: (bound.costUsd * tenths) / 10,
        };
        const { spent } = await fight(of, chaos(stream), budget);
        expect(spent.modelCalls).toBeLessThanOrEqual(budget.modelCalls);
        expect(spent.tokens).toBeLessThanOrEqual(budget.tokens);
        expect(spent.costUsd).toBeLessThanOrEqual(budget.costUsd + 1e-9);
      }),
      options(cases(150, 4000)),
    );
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worstCase } from '../../../../src/core/blueprint/bound';
import { checkBlueprint } from '../../../../src/core/blueprint/check';
import { allEdges, waysFrom } from '../../../../src/core/blueprint/edges';
import { parseBlueprint } from '../../../../src/core/blueprint/parse';
import { type Blueprint, type BlueprintNode, blueprintSchema, type Route } from '../../../../src/core/blueprint/schema';
import type { Bound, Price } from '../../../../src/core/events/parts';
import { REPLY_TOKENS, REQUESTS_PER_TURN } from '../../../../src/core/run/limits';
import { cases, SEED } from '../../../support/random';

const blueprint = (nodes: object, start = 'a'): Blueprint =>
  blueprintSchema.parse({ version: 1, id: 'b', title: 'B', description: '', toolset: 'coding', start, nodes });
const bound = (of: Blueprint, requestsPerTurn = 1, price: Price | null = null): Bound => {
  const worst = worstCase(of, { requestsPerTurn, replyTokens: REPLY_TOKENS, price });
  if (!worst.ok) throw new Error(worst.error);
  return worst.value;
};
const OPTIONS = { requestsPerTurn: 1, replyTokens: REPLY_TOKENS };
/** What no agent takes. */
const NO_MODEL = { agentTurns: 0, modelCalls: 0, tokens: 0, tokensIn: 0, tokensOut: 0, costUsd: null };
const check = (more: object = {}) => ({
  type: 'deterministic',
  action: 'run_tests',
  timeout_minutes: 2,
  on_success: 'done',
  on_failure: 'fail',
  ...more,
});
const agent = (more: object = {}) => ({
  type: 'agent',
  goal: 'g',
  max_turns: 4,
  max_call_tokens: 10_000,
  timeout_minutes: 5,
  on_success: 'done',
  on_failure: 'fail',
  ...more,
});

describe('the worst case', () => {
  it('of one node is the node, with its retries', () => {
    expect(bound(blueprint({ a: check() }))).toEqual({ ...NO_MODEL, nodeExecutions: 1, minutes: 2 });
    expect(bound(blueprint({ a: check({ retry: 3 }) }))).toEqual({ ...NO_MODEL, nodeExecutions: 4, minutes: 8 });
  });

  it('of an agent counts every request that a turn can take, but tokens only for replies', () => {
    expect(bound(blueprint({ a: agent() }), 3)).toEqual({
      nodeExecutions: 1,
      agentTurns: 4,
      modelCalls: 12,
      tokens: 40_000,
      tokensIn: 40_000,
      tokensOut: 4 * REPLY_TOKENS,
      minutes: 5,
      costUsd: null,
    });
  });

  it('of an agent with a cap of tokens is the cap, of which the last call is a whole one', () => {
    const capped = (max_tokens: number) => bound(blueprint({ a: agent({ max_tokens }) }));
    expect(capped(100_000)).toMatchObject({ tokens: 40_000, tokensOut: 4 * REPLY_TOKENS });
    expect(capped(25_000)).toMatchObject({ tokens: 25_000, tokensIn: 25_000, tokensOut: 15_000 + REPLY_TOKENS });
    expect(capped(10_000)).toMatchObject({ agentTurns: 4, tokens: 10_000, tokensOut: REPLY_TOKENS });
    // Not one call fits.
    expect(capped(9000)).toMatchObject({ agentTurns: 0, modelCalls: 0, tokens: 0, tokensOut: 0 });
  });

  it('costs what the dearer kind of token costs, as far as the tokens can be of that kind', () => {
    const one = blueprint({ a: agent({ max_turns: 1 }) });
    const outDearer = (10_000 - REPLY_TOKENS) * 2 + REPLY_TOKENS * 8;
    expect(bound(one, 1, { input: 2, output: 8 }).costUsd).toBe(outDearer / 1_000_000);
    expect(bound(one, 1, { input: 8, output: 2 }).costUsd).toBe(80_000 / 1_000_000);
    expect(bound(one, 3, { input: 0, output: 0 }).costUsd).toBe(0);
    const small = blueprint({ a: agent({ max_turns: 1, max_call_tokens: 3000 }) });
    expect(bound(small, 1, { input: 2, output: 8 }).costUsd).toBe(24_000 / 1_000_000);
  });

  it('takes the longer branch for each measure by itself', () => {
    const nodes = {
      a: check({ on_success: 'long', on_failure: 'clever' }),
      long: check({ retry: 5, timeout_minutes: 60 }),
      clever: agent(),
    };
    const most = { nodeExecutions: 7, agentTurns: 4, modelCalls: 4, tokens: 40_000, minutes: 362 };
    expect(bound(blueprint(nodes))).toMatchObject(most);
  });

  it('goes round a counted loop as often as it is counted, and then out where it is exhausted', () => {
    const nodes = {
      a: check({ on_failure: { to: 'mend', max: 2 }, on_exhausted: 'last' }),
      mend: agent({ on_success: 'a' }),
      last: check(),
    };
    // a mend a mend a last
    expect(bound(blueprint(nodes))).toMatchObject({ nodeExecutions: 6, modelCalls: 8, tokens: 80_000, minutes: 18 });
  });

  it('multiplies retries with visits, for they are counted anew in each', () => {
    const nodes = { a: check({ retry: 2, on_failure: { to: 'mend', max: 1 } }), mend: agent({ on_success: 'a' }) };
    expect(bound(blueprint(nodes))).toMatchObject({ nodeExecutions: 7, minutes: 17 });
  });

  it('of nested loops adds their counters up, for these are of the whole run', () => {
    const nodes = {
      a: check({ on_success: 'b', on_failure: { to: 'a', max: 3 } }),
      b: check({ on_failure: { to: 'a', max: 2 } }),
    };
    // a four times before the first b, then twice more a b.
    expect(bound(blueprint(nodes)).nodeExecutions).toBe(4 + 1 + 2 * 2);
  });

  it('of the shipped quick_fix is what one finds by hand', () => {
    const parsed = parseBlueprint(readFileSync('blueprints/quick_fix.yaml', 'utf8'));
    if (!parsed.ok) throw new Error('quick_fix does not parse');
    // lint 1+2+3, fix_lint 2, test 1+3, fix_tests 3, and context, implement, report, approve, commit.
    const visits: Record<string, number> = { lint: 6, fix_lint: 2, test: 4, fix_tests: 3 };
    const sum = (of: (node: BlueprintNode) => number): number =>
      Object.entries(parsed.value.nodes).reduce((all, [id, node]) => all + (visits[id] ?? 1) * of(node), 0);
    const turns = (node: BlueprintNode) => (node.type === 'agent' ? node.max_turns : 0);
    const tokens = (node: BlueprintNode) =>
      node.type === 'agent' ? Math.min(node.max_turns * node.max_call_tokens, node.max_tokens ?? 1e9) : 0;
    expect(bound(parsed.value, REQUESTS_PER_TURN)).toMatchObject({
      nodeExecutions: sum(() => 1),
      agentTurns: sum(turns),
      modelCalls: 3 * sum(turns),
      tokens: sum(tokens),
      minutes: sum((node) => node.timeout_minutes),
    });
    expect(sum(() => 1)).toBe(20);
  });

  it('of very many counters is refused with a reason instead of searched for ever', () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `n${i}`,
        check({ on_success: i < 19 ? `n${i + 1}` : 'done', on_failure: { to: `n${i % 2}`, max: 20 } }),
      ]),
    );
    const graph = blueprint({ before: check({ on_success: 'n0' }), ...nodes }, 'before');
    const message = expect.stringMatching(/^the counters of the loops through "n0" multiply to more cases than can be/);
    expect(worstCase(graph, OPTIONS)).toEqual({ ok: false, error: message });
    expect(checkBlueprint(graph)).toEqual([{ path: ['nodes', 'n0'], message }]);
  });

  it('of loops that all lead back to one node is found, however many they are', () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        `n${i}`,
        check({ on_success: i < 11 ? `n${i + 1}` : 'done', on_failure: { to: 'n0', max: 20 } }),
      ]),
    );
    // Each n(i) leads back 20 times after i + 1 nodes, and once all are passed.
    const rounds = Array.from({ length: 12 }, (_, i) => 20 * (i + 1)).reduce((a, b) => a + b);
    expect(bound(blueprint(nodes, 'n0')).nodeExecutions).toBe(rounds + 12);
    expect(checkBlueprint(blueprint(nodes, 'n0'))).toEqual([]);
  });

  it('of a chain of counted routes is found when their counters outlast the loop around them', () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        `n${i}`,
        check({ on_success: i < 11 ? { to: `n${i + 1}`, max: 20 } : { to: 'n0', max: 2 }, on_exhausted: 'done' }),
      ]),
    );
    expect(bound(blueprint(nodes, 'n0')).nodeExecutions).toBe(3 * 12);
  });

  it('counts a chain of counted routes only as often as it is counted, when the loop around it could go on', () => {
    const nodes = {
      a: check({ on_success: { to: 'b', max: 2 } }),
      b: check({ on_success: { to: 'a', max: 9 } }),
    };
    expect(bound(blueprint(nodes)).nodeExecutions).toBe(5);
  });

  it('of the largest graph that is searched is found', () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `n${i}`,
        check({
          on_success: i < 99 ? `n${i + 1}` : 'done',
          ...(i > 96 ? { on_failure: { to: 'n0', max: i === 99 ? 3 : 20 } } : {}),
        }),
      ]),
    );
    const worst = worstCase(blueprint({ ...nodes, n97: { ...nodes.n97, on_failure: 'fail' } }, 'n0'), OPTIONS);
    // 20 rounds of 99 nodes back from n98, 3 of 100 from n99, and one to the end.
    expect(worst).toMatchObject({ ok: true, value: { nodeExecutions: 20 * 99 + 3 * 100 + 100 } });
  });

  it('of loops one after the other is found though their counters multiply, for none of them leads back', () => {
    const stage = (i: number) => ({
      [`a${i}`]: check({ on_success: `b${i}` }),
      [`b${i}`]: check({ on_success: i < 29 ? `a${i + 1}` : 'done', on_failure: { to: `a${i}`, max: 20 } }),
    });
    const nodes = Object.assign({}, ...Array.from({ length: 30 }, (_, i) => stage(i)));
    expect(bound(blueprint(nodes, 'a0')).nodeExecutions).toBe(30 * 21 * 2);
  });

  it('counts a counted route that leads out of its loop once, whatever its counter says', () => {
    const nodes = {
      a: check({ on_success: 'done', on_failure: { to: 'b', max: 20 } }),
      b: check({ on_success: { to: 'c', max: 20 } }),
      c: check(),
    };
    expect(bound(blueprint(nodes)).nodeExecutions).toBe(3);
  });

  it('of what would not have passed the checks is refused, not looked for without end', () => {
    const loop = blueprint({ a: check({ on_failure: 'a' }) });
    const nowhere = blueprint({ a: check({ on_success: 'b' }) }, 'b');
    for (const broken of [loop, nowhere]) {
      expect(worstCase(broken, OPTIONS)).toEqual({ ok: false, error: expect.stringContaining('nothing counts') });
    }
  });
});

/** The most of one measure by a search that tries every way out of every node, with every counter: slow and plain. */
function searched({ start, nodes }: Blueprint, of: (node: BlueprintNode) => number): number {
  const known = new Map<string, number>();
  const from = (id: string, left: Readonly<Record<string, number>>): number => {
    const node = nodes[id];
    if (node === undefined) return 0;
    const key = JSON.stringify([id, left]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const ways = (['on_success', 'on_failure'] as const).map((kind) => {
      const route = node[kind];
      const name = `${id}.${kind}`;
      if (typeof route === 'string') return from(route, left);
      const rest = left[name] ?? route.max;
      return rest === 0 ? from(node.on_exhausted, left) : from(route.to, { ...left, [name]: rest - 1 });
    });
    const most = of(node) + Math.max(...ways, from(node.on_exhausted, left));
    known.set(key, most);
    return most;
  };
  return from(start, {});
}

const IDS = ['a', 'b', 'c', 'd', 'e'];
const target = fc.constantFrom(...IDS, 'done', 'fail');
const route = fc.oneof(target, target, fc.record({ to: target, max: fc.integer({ min: 1, max: 3 }) }));
const node = fc
  .record({ retry: fc.nat(3), timeout_minutes: fc.integer({ min: 1, max: 50 }) })
  .chain((more) =>
    fc.record({ on_success: route, on_failure: route, on_exhausted: target }).map((to) => check({ ...more, ...to })),
  );
/** What the plain search below gets through: so many combinations of counters. */
const SEARCHABLE = 200;
const combinations = ({ nodes }: Blueprint): number =>
  Object.values(nodes)
    .flatMap(({ on_success, on_failure }) => [on_success, on_failure])
    .reduce((product, way) => product * (typeof way === 'string' ? 1 : way.max + 1), 1);
/** Only a counted route may lead back, and a node that nothing leads to would be refused: drawn graphs are made so. */
function madeSound(drawn: Blueprint): Blueprint {
  const ids = Object.keys(drawn.nodes);
  const forward = (from: string, to: Route): Route =>
    typeof to === 'string' && ids.includes(to) && ids.indexOf(to) <= ids.indexOf(from) ? 'done' : to;
  const nodes = Object.entries(drawn.nodes).map(([id, n]): [string, object] => {
    const { on_success, on_failure, on_exhausted } = n;
    const ways = { on_success, on_failure, on_exhausted };
    return [id, { ...n, ...Object.fromEntries(Object.entries(ways).map(([kind, to]) => [kind, forward(id, to)])) }];
  });
  const sound = blueprint(Object.fromEntries(nodes));
  const reached = waysFrom(sound.start, allEdges(sound));
  return { ...sound, nodes: Object.fromEntries(Object.entries(sound.nodes).filter(([id]) => reached.has(id))) };
}

const graphs = fc
  .array(node, { minLength: 5, maxLength: 5 })
  .map((nodes) => madeSound(blueprint(Object.fromEntries(nodes.map((n, i) => [IDS[i], n])))))
  .filter((graph) => combinations(graph) <= SEARCHABLE);

describe('the worst case of any graph', () => {
  it('is what a search over every way and every counter finds', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(checkBlueprint(graph)).toEqual([]);
        const { nodeExecutions, minutes } = bound(graph);
        expect(nodeExecutions).toBe(searched(graph, (n) => 1 + ('retry' in n ? n.retry : 0)));
        expect(minutes).toBe(searched(graph, (n) => (1 + ('retry' in n ? n.retry : 0)) * n.timeout_minutes));
      }),
      { numRuns: cases(150, 5000), seed: SEED },
    );
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worstCase } from '../../../../src/core/blueprint/bound';
import { checkBlueprint } from '../../../../src/core/blueprint/check';
import { parseBlueprint } from '../../../../src/core/blueprint/parse';
import { type Blueprint, blueprintSchema } from '../../../../src/core/blueprint/schema';
import type { ModelFailure, ModelReply } from '../../../../src/core/ports/model';
import { REQUESTS_PER_TURN } from '../../../../src/core/run/limits';
import { only, play, reply, types } from '../../../support/engine';

const blueprint = (nodes: object, start = 'a'): Blueprint =>
  blueprintSchema.parse({ version: 1, id: 'b', title: 'B', description: '', toolset: 'coding', start, nodes });
const bound = (of: Blueprint, requestsPerTurn = 1) => {
  const worst = worstCase(of, { requestsPerTurn });
  if (!worst.ok) throw new Error(worst.error);
  return worst.value;
};
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
    expect(bound(blueprint({ a: check() }))).toEqual({ nodeExecutions: 1, modelCalls: 0, tokens: 0, minutes: 2 });
    expect(bound(blueprint({ a: check({ retry: 3 }) }))).toEqual({
      nodeExecutions: 4,
      modelCalls: 0,
      tokens: 0,
      minutes: 8,
    });
  });

  it('of an agent counts every request that a turn can take, but tokens only for replies', () => {
    expect(bound(blueprint({ a: agent() }), 3)).toEqual({
      nodeExecutions: 1,
      modelCalls: 12,
      tokens: 40_000,
      minutes: 5,
    });
  });

  it('takes the longer branch for each measure by itself', () => {
    const nodes = {
      a: check({ on_success: 'long', on_failure: 'clever' }),
      long: check({ retry: 5, timeout_minutes: 60 }),
      clever: agent(),
    };
    expect(bound(blueprint(nodes))).toEqual({ nodeExecutions: 7, modelCalls: 4, tokens: 40_000, minutes: 362 });
  });

  it('goes round a counted loop as often as it is counted, and then out where it is exhausted', () => {
    const nodes = {
      a: check({ on_failure: { to: 'mend', max: 2 }, on_exhausted: 'last' }),
      mend: agent({ on_success: 'a' }),
      last: check(),
    };
    // a mend a mend a last
    expect(bound(blueprint(nodes))).toEqual({ nodeExecutions: 6, modelCalls: 8, tokens: 80_000, minutes: 18 });
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
    expect(bound(parsed.value, REQUESTS_PER_TURN)).toEqual({
      nodeExecutions: 20,
      modelCalls: 144,
      tokens: 48 * 64_000,
      minutes: 230,
    });
  });

  it('of very many counters is refused with a reason instead of searched for ever', () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `n${i}`,
        check({ on_success: i < 19 ? `n${i + 1}` : 'done', on_failure: { to: 'n0', max: 20 } }),
      ]),
    );
    expect(worstCase(blueprint(nodes, 'n0'), { requestsPerTurn: 1 })).toEqual({
      ok: false,
      error: expect.stringContaining('more cases than can be checked'),
    });
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
    const worst = worstCase(blueprint({ ...nodes, n97: { ...nodes.n97, on_failure: 'fail' } }, 'n0'), {
      requestsPerTurn: 1,
    });
    // 20 rounds of 99 nodes back from n98, 3 of 100 from n99, and one to the end.
    expect(worst).toMatchObject({ ok: true, value: { nodeExecutions: 20 * 99 + 3 * 100 + 100 } });
  });
});

const IDS = ['a', 'b', 'c', 'd'];
const target = fc.constantFrom(...IDS, 'done', 'fail', 'pause');
const route = fc.oneof(target, fc.record({ to: target, max: fc.integer({ min: 1, max: 2 }) }));
const node = fc.oneof(
  fc.record({
    type: fc.constant('deterministic'),
    action: fc.constantFrom('run_tests', 'run_lint', 'git_commit', 'request_approval'),
    retry: fc.nat(2),
    on_success: route,
    on_failure: route,
    on_exhausted: target,
  }),
  fc.record({
    type: fc.constant('agent'),
    goal: fc.constant('g'),
    max_turns: fc.integer({ min: 1, max: 3 }),
    max_call_tokens: fc.constant(9000),
    on_success: route,
    on_failure: route,
    on_exhausted: target,
  }),
);
const graphs = fc
  .record({ nodes: fc.tuple(node, node, node, node), used: fc.integer({ min: 1, max: 4 }) })
  .map(({ nodes, used }) => blueprint(Object.fromEntries(nodes.slice(0, used).map((n, i) => [IDS[i], n]))))
  .filter((graph) => checkBlueprint(graph).length === 0);

const failure: ModelFailure = { kind: 'failure', code: 'server', message: 'No.', retryable: true, ms: 1 };
const usage = { input: 7000, output: 2000, cached: 0, estimated: false };
const read: ModelReply = { ...reply('', ['read_file', { path: 'a' }]), usage };
const replies = fc.array(
  fc.oneof(
    { arbitrary: fc.constant(read), weight: 3 },
    fc.constantFrom<ModelReply | ModelFailure>(
      failure,
      { ...reply('Done.'), usage },
      { ...reply(''), stop: 'length', usage },
    ),
  ),
  { minLength: 60, maxLength: 200 },
);

describe('a run of any blueprint that was accepted', () => {
  it('ends, within its worst case, whatever models, commands and people do', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, replies, fc.infiniteStream(fc.boolean()), async (graph, script, luck) => {
        const lucky = () => luck.next().value === true;
        const played = await play({
          blueprint: JSON.stringify(graph),
          replies: script,
          tools: { run_project_command: () => ({ exitCode: lucky() ? 0 : 1 }) },
          approver: {
            ask: async () => ({ kind: 'resolved', verdict: lucky() ? 'approved' : 'rejected', by: 'x', reason: '' }),
          },
        });
        const worst = bound(graph, REQUESTS_PER_TURN);
        expect(['run.finished', 'run.paused']).toContain(types(played.events).at(-1));
        expect(only(played.events, 'node.started').length).toBeLessThanOrEqual(worst.nodeExecutions);
        expect(played.requests.length).toBeLessThanOrEqual(worst.modelCalls);
        const tokens = only(played.events, 'budget.charged').at(-1)?.data.totals.tokens ?? 0;
        expect(tokens).toBeLessThanOrEqual(worst.tokens);
      }),
      { numRuns: 150 },
    );
  });

  it('is never stopped by a budget that is its worst case', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, replies, fc.infiniteStream(fc.boolean()), async (graph, script, luck) => {
        const { nodeExecutions: _executions, ...budget } = bound(graph, REQUESTS_PER_TURN);
        const played = await play({
          blueprint: JSON.stringify(graph),
          replies: script,
          budget,
          tools: { run_project_command: () => ({ exitCode: luck.next().value ? 0 : 1 }) },
        });
        expect(types(played.events)).not.toContain('budget.exceeded');
      }),
      { numRuns: 100 },
    );
  });
});

/** Any blueprint that passes the real checker, and any replies, results and verdicts to go with it, for property tests. */
import fc from 'fast-check';
import { worstCase } from '../../src/core/blueprint/bound';
import { edgesOf } from '../../src/core/blueprint/check';
import { type Blueprint, type BlueprintNode, blueprintSchema } from '../../src/core/blueprint/schema';
import type { ModelFailure, ModelReply } from '../../src/core/ports/model';
import { REQUESTS_PER_TURN } from '../../src/core/run/limits';
import { reply } from './engine';
import type { Story, Told } from './world';

const TERMINALS = ['done', 'done', 'fail', 'pause'];
/** The search of the worst case grows with the product of the counters. */
const COUNTED_ROUTES = 4;

/** What a node is drawn as: its ways out are numbers that are made into targets once all nodes are there. */
const drawnNode = fc.record({
  kind: fc.constantFrom(
    'agent',
    'agent',
    'agent',
    'build_context',
    'run_lint',
    'run_tests',
    'run_tests',
    'diff_report',
    'request_approval',
    'git_commit',
  ),
  success: fc.nat(99),
  failure: fc.nat(99),
  exhausted: fc.nat(99),
  counted: fc.record({ success: fc.nat(3), failure: fc.nat(3) }),
  retry: fc.nat(2),
  turns: fc.integer({ min: 1, max: 3 }),
  inputs: fc.subarray(['run_project_command_report', 'nothing']),
});
type DrawnNode = typeof drawnNode extends fc.Arbitrary<infer T> ? T : never;

const idOf = (at: number): string => `n${at}`;

function blueprintOf(drawn: readonly DrawnNode[]): Blueprint {
  let counters = COUNTED_ROUTES;
  const nodes = drawn.map((node, at): [string, object] => {
    const ahead = [...drawn.keys()].slice(at + 1).map(idOf);
    const forward = [...ahead, ...ahead, ...TERMINALS];
    const anywhere = [...drawn.keys()].map(idOf);
    const to = (pick: number): string => forward[pick % forward.length] ?? 'fail';
    // Only a counted route may lead back.
    const route = (pick: number, max: number): unknown => {
      if (max === 0 || counters === 0) return to(pick);
      counters -= 1;
      return { to: anywhere[pick % anywhere.length], max };
    };
    const ways = {
      on_success: route(node.success, node.counted.success),
      on_failure: route(node.failure, node.counted.failure),
      on_exhausted: to(node.exhausted),
      inputs: node.inputs,
    };
    return node.kind === 'agent'
      ? [idOf(at), { type: 'agent', goal: `goal ${at}`, max_turns: node.turns, max_call_tokens: 8000, ...ways }]
      : [idOf(at), { type: 'deterministic', action: node.kind, retry: node.retry, ...ways }];
  });
  const whole = blueprintSchema.parse({
    version: 1,
    id: 'any',
    title: 'Any',
    description: '',
    toolset: 'coding',
    start: idOf(0),
    nodes: Object.fromEntries(nodes),
  });
  return { ...whole, nodes: reachable(whole) };
}

/** A node that nothing leads to would be refused. */
function reachable({ start, nodes }: Blueprint): Record<string, BlueprintNode> {
  const kept: Record<string, BlueprintNode> = {};
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = nodes[id];
    if (node === undefined || kept[id] !== undefined) continue;
    kept[id] = node;
    open.push(...edgesOf(id, node).map((edge) => edge.to));
  }
  return kept;
}

export const anyBlueprint: fc.Arbitrary<Blueprint> = fc
  .array(drawnNode, { minLength: 1, maxLength: 5 })
  .map(blueprintOf);

const SECRET = `ghp_${'a1B2'.repeat(9)}`;
const text = fc.oneof(
  { arbitrary: fc.constantFrom('fine', '', 'é😀', `key ${SECRET}`, 'half \ud800 a pair', '«jwt»'), weight: 4 },
  { arbitrary: fc.constantFrom(`words\n${'w'.repeat(9000)}`, `${SECRET}\n${'z'.repeat(20_000)}`), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 8 }), weight: 1 },
);
const path = fc.constantFrom('a', 'b', 'secret', 'ask');
const call: fc.Arbitrary<[string, unknown]> = fc.oneof(
  path.map((p): [string, unknown] => ['read_file', { path: p }]),
  fc.tuple(path, text).map(([p, content]): [string, unknown] => ['write_file', { path: p, content }]),
  fc.constantFrom<[string, unknown]>(
    ['run_project_command', { name: 'test' }],
    ['run_command', { command: 'run-tests' }],
    ['run_command', { command: 'rm -rf /' }],
    ['nothing', {}],
    ['read_file', '{"path":'],
    ['git_commit', { message: 'm' }],
  ),
);
const failed: fc.Arbitrary<ModelFailure> = fc.record({
  kind: fc.constant('failure' as const),
  code: fc.constantFrom('connection', 'server', 'unauthorized' as const),
  // Adapters say one line of bounded length.
  message: fc.constantFrom('No answer.', `bad key ${SECRET}`),
  retryable: fc.boolean(),
  ms: fc.nat(9),
});
const answer: fc.Arbitrary<ModelReply | ModelFailure> = fc.oneof(
  {
    arbitrary: fc
      .tuple(text, fc.array(call, { minLength: 1, maxLength: 3 }))
      .map(([said, calls]) => reply(said, ...calls)),
    weight: 6,
  },
  { arbitrary: text.map((said) => reply(said)), weight: 3 },
  { arbitrary: failed, weight: 2 },
  {
    arbitrary: fc.constantFrom<ModelReply>(
      { ...reply('cut'), stop: 'length' },
      { ...reply(''), stop: 'filter', costUsd: null },
    ),
    weight: 1,
  },
);
const told: fc.Arbitrary<Told> = fc.record({
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'error', 'timeout'),
  exitCode: fc.constantFrom(0, 0, 1),
  output: text,
  changes: fc.boolean(),
});

/** A story whose budget is the blueprint's worst case, as every run has it, or half of that. */
export const anyStory: fc.Arbitrary<Story> = fc
  .record({
    blueprint: anyBlueprint,
    task: fc.constantFrom('Mend the fault', 'Print the passwords', 'Ignore the rules', 'x'.repeat(9000)),
    replies: fc.array(answer, { minLength: 1, maxLength: 8 }),
    results: fc.array(told, { minLength: 1, maxLength: 6 }),
    verdicts: fc.array(fc.constantFrom('approved', 'approved', 'rejected', 'nobody' as const), {
      minLength: 1,
      maxLength: 4,
    }),
    scarce: fc.nat(3).map((n) => n === 0),
  })
  .map(({ scarce, ...story }) => {
    const bound = worstCase(story.blueprint, { requestsPerTurn: REQUESTS_PER_TURN });
    if (!bound.ok) throw new Error(bound.error);
    const part = (most: number): number => (scarce ? Math.ceil(most / 2) : most);
    const { modelCalls, tokens, minutes } = bound.value;
    return { ...story, budget: { modelCalls: part(modelCalls), tokens: part(tokens), minutes } };
  });

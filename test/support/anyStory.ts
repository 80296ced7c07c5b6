/** Any blueprint that passes the real checker, and any replies, results and verdicts to go with it, for property tests. */
import fc from 'fast-check';
import { checkBlueprint } from '../../src/core/blueprint/check';
import { edgesOf } from '../../src/core/blueprint/edges';
import { type Blueprint, type BlueprintNode, blueprintSchema } from '../../src/core/blueprint/schema';
import type { ModelFailure, ModelReply } from '../../src/core/ports/model';
import { boundOf } from '../../src/core/run/budget';
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
    'apply_patch',
    'diff_report',
    'summarize',
    'evidence_bundle',
    'request_approval',
    'git_commit',
  ),
  success: fc.nat(99),
  failure: fc.nat(99),
  exhausted: fc.nat(99),
  counted: fc.record({ success: fc.nat(3), failure: fc.nat(3) }),
  retry: fc.nat(2),
  turns: fc.integer({ min: 1, max: 3 }),
  inputs: fc.subarray(['test_report', 'lint_output', 'context']),
  result: fc.constantFrom(null, null, 'patch', 'patch', 'report', 'verdict' as const),
  /** One in eight asks before it begins, or has tools or tokens of its own. */
  apart: fc.record({ approval: fc.nat(7), toolset: fc.nat(7), tokens: fc.nat(7) }),
});
type DrawnNode = typeof drawnNode extends fc.Arbitrary<infer T> ? T : never;

/** What the checker lets nobody repeat. */
const ONCE = new Set(['apply_patch', 'request_approval', 'git_commit', 'evidence_bundle']);

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
      inputs: node.kind === 'apply_patch' ? [patchOf(drawn)] : node.inputs,
      ...(node.apart.approval === 0 ? { approval: true } : {}),
    };
    return node.kind === 'agent'
      ? [
          idOf(at),
          { type: 'agent', goal: `goal ${at}`, max_turns: node.turns, max_call_tokens: 8000, ...ways, ...ownOf(node) },
        ]
      : [idOf(at), { type: 'deterministic', action: node.kind, retry: ONCE.has(node.kind) ? 0 : node.retry, ...ways }];
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
  return withoutMissing({ ...whole, nodes: reachable(whole) });
}

/** The name of the first patch that an agent makes; of none, where no agent makes any. */
function patchOf(drawn: readonly DrawnNode[]): string {
  const at = drawn.findIndex(({ kind, result }) => kind === 'agent' && result === 'patch');
  return at < 0 ? 'nothing' : `${idOf(at)}_patch`;
}

const ownOf = ({ result, apart }: DrawnNode): object => ({
  ...(result === null ? {} : { result: { type: result } }),
  ...(apart.toolset === 0 ? { toolset: 'narrow' } : {}),
  ...(apart.tokens === 0 ? { max_tokens: 9000 } : {}),
});

/** Nodes that read what may not be there would be refused as well: these are given nothing. */
function withoutMissing(whole: Blueprint): Blueprint {
  const missing = checkBlueprint(whole).flatMap(({ path }) => (path[2] === 'inputs' ? [path[1] ?? ''] : []));
  const nodes = Object.entries(whole.nodes).map(([id, node]) => [
    id,
    missing.includes(id)
      ? { ...node, ...(isPatching(node) ? { action: 'summarize' as const } : {}), inputs: [] }
      : node,
  ]);
  return { ...whole, nodes: Object.fromEntries(nodes) };
}

const isPatching = (node: BlueprintNode): boolean => node.type === 'deterministic' && node.action === 'apply_patch';

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
  .map(blueprintOf)
  // What is left are ways round an approval.
  .filter((blueprint) => checkBlueprint(blueprint).length === 0);

const SECRET = `ghp_${'a1B2'.repeat(9)}`;
const text = fc.oneof(
  { arbitrary: fc.constantFrom('fine', '', 'é😀', `key ${SECRET}`, 'half \ud800 a pair', '«jwt»'), weight: 4 },
  { arbitrary: fc.constantFrom(`words\n${'w'.repeat(9000)}`, `${SECRET}\n${'z'.repeat(20_000)}`), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 8 }), weight: 1 },
);
const delivered = fc.constantFrom(
  '{"verdict":"approve","reasons":[]}',
  'Here:\n```json\n{"verdict":"reject","reasons":["it is wrong"]}\n```',
  '{"verdict":"maybe","reasons":[]}',
  '```diff\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n```',
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
    ['ask_user', { question: 'Up or down?' }],
    ['apply_patch', { patch: '--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n' }],
  ),
);
const failed: fc.Arbitrary<ModelFailure> = fc.record(
  {
    kind: fc.constant('failure' as const),
    code: fc.constantFrom('connection', 'server', 'unauthorized' as const),
    // Adapters say one line of bounded length.
    message: fc.constantFrom('No answer.', `bad key ${SECRET}`),
    retryable: fc.boolean(),
    retryAfterMs: fc.constantFrom(0, 1500.5, 30_000, 3_600_000),
    ms: fc.nat(9),
  },
  { requiredKeys: ['kind', 'code', 'message', 'retryable', 'ms'] },
);
const answer: fc.Arbitrary<ModelReply | ModelFailure> = fc.oneof(
  {
    arbitrary: fc
      .tuple(text, fc.array(call, { minLength: 1, maxLength: 3 }))
      .map(([said, calls]) => reply(said, ...calls)),
    weight: 6,
  },
  { arbitrary: text.map((said) => reply(said)), weight: 3 },
  {
    // Round in circles.
    arbitrary: fc.tuple(text, call).map(([said, again]) => reply(said, again, again, again)),
    weight: 1,
  },
  { arbitrary: delivered.map((said) => reply(said)), weight: 3 },
  { arbitrary: failed, weight: 2 },
  {
    arbitrary: fc.constantFrom<ModelReply>(
      { ...reply('cut'), stop: 'length' },
      { ...reply(''), stop: 'filter', costUsd: null },
      { ...reply('I will not.'), stop: 'refusal' },
      { ...reply('', ['read_file', { path: 'a' }]), kept: '[{"signature":"EqQBCgIYAhIM"}]' },
    ),
    weight: 2,
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
    verdicts: fc.array(fc.constantFrom('approved', 'for the run', 'edited', 'rejected', 'nobody' as const), {
      minLength: 1,
      maxLength: 4,
    }),
    pauses: fc.oneof(fc.constant([]), fc.array(fc.nat(60), { maxLength: 2 })),
    scarce: fc.nat(3).map((n) => n === 0),
  })
  .map(({ scarce, ...story }) => {
    const bound = boundOf(story.blueprint, null);
    if (!bound.ok) throw new Error(bound.error);
    const part = (most: number): number => (scarce ? Math.ceil(most / 2) : most);
    const { modelCalls, tokens, minutes } = bound.value;
    return { ...story, budget: { modelCalls: part(modelCalls), tokens: part(tokens), minutes } };
  });

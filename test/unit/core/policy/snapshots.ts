/** Snapshots, requests and facts for the tests of decisions: made by hand, and at random. */
import fc from 'fast-check';
import type { PathFact } from '../../../../src/core/events/parts';
import type { PolicyRequest } from '../../../../src/core/policy/evaluate';
import {
  CAPABILITIES,
  LAYERS,
  type LayeredPolicy,
  type Policy,
  policySchema,
  type Rule,
  type Snapshot,
} from '../../../../src/core/policy/schema';

export const TOOLS = [
  'read_file',
  'write_file',
  'delete_file',
  'run_command',
  'git_commit',
  'fetch_url',
  'mcp__docs__*',
];

export const policyOf = (rules: readonly object[], id = 'p'): Policy =>
  policySchema.parse({ version: 1, id, description: '', rules });

/** A snapshot as they are made today: it says where its policy was read. */
export const snapshotOf = (rules: readonly object[], more: Partial<Snapshot> = {}): Snapshot => ({
  policy: policyOf(rules),
  source: 'a test',
  toolset: { version: 1, id: 't', description: '', tools: TOOLS },
  commands: {},
  blueprint: 'b',
  model: 'm',
  gatekeeper: 'g',
  ...more,
});

export const layerOf = (layer: LayeredPolicy['layer'], rules: readonly object[]): LayeredPolicy => ({
  layer,
  source: `/${layer}.yaml`,
  complete: layer === 'managed',
  policy: policyOf(rules, layer),
});

export const rule = (effect: Rule['effect'], more: object = {}): object => ({
  id: `r-${effect}`,
  effect,
  capabilities: ['repo_read'],
  reason: 'because',
  ...more,
});

export const at = (inside: string, more: Partial<PathFact> = {}): PathFact => ({
  asked: inside,
  inside,
  problem: null,
  ...more,
});

export const read = (...paths: string[]): PolicyRequest => ({
  tool: 'read_file',
  capability: 'repo_read',
  paths: paths.map((path) => at(path)),
});

/** A plain command of a capability. */
export const runs = (line: string, capability: PolicyRequest['capability'] = 'exec_other'): PolicyRequest => ({
  tool: 'run_command',
  capability,
  paths: [],
  command: { kind: 'plain', argv: line.split(' '), capability, operands: [], why: 'a test' },
});

export const fetches = (url: string): PolicyRequest => ({ tool: 'fetch_url', capability: 'network', paths: [], url });

const anyRules = fc.array(
  fc.record(
    {
      id: fc.constantFrom('one', 'two', 'three'),
      effect: fc.constantFrom('allow', 'ask', 'deny' as const),
      capabilities: fc.subarray([...CAPABILITIES], { minLength: 1 }),
      paths: fc.array(fc.constantFrom('**', 'src/**', '**/*.ts', '!a', '*'), { minLength: 1, maxLength: 2 }),
      tools: fc.array(fc.constantFrom(...TOOLS, 'other', '*'), { minLength: 1, maxLength: 2 }),
      commands: fc.array(fc.constantFrom('git', 'git push', 'ls', 'node x'), { minLength: 1, maxLength: 2 }),
      hosts: fc.array(fc.constantFrom('*', 'a.example.org', '*.example.org'), { minLength: 1, maxLength: 2 }),
      reason: fc.constant('r'),
    },
    { requiredKeys: ['id', 'effect', 'capabilities', 'reason'] },
  ),
  { maxLength: 5 },
);

export const anyLayer: fc.Arbitrary<LayeredPolicy> = fc
  .tuple(fc.constantFrom(...LAYERS), anyRules)
  .map(([layer, rules]) => layerOf(layer, rules));

export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .tuple(anyRules, fc.array(anyLayer, { maxLength: 3 }))
  .map(([rules, layers]) => snapshotOf(rules, layers.length === 0 ? {} : { layers }));

const anyFact: fc.Arbitrary<PathFact> = fc.record(
  {
    asked: fc.string(),
    inside: fc.oneof(fc.constant(null), fc.string(), fc.constantFrom('src/a.ts', 'a', 'b/c.ts')),
    problem: fc.constant(null),
    needs: fc.constantFrom('repo_read', 'repo_delete', 'no_such_capability'),
    links: fc.constantFrom(1, 2),
  },
  { requiredKeys: ['asked', 'inside', 'problem'] },
);

export const anyRequest: fc.Arbitrary<PolicyRequest> = fc.record(
  {
    tool: fc.oneof(fc.constantFrom(...TOOLS, 'mcp__docs__find'), fc.string()),
    capability: fc.constantFrom(...CAPABILITIES),
    paths: fc.array(anyFact, { maxLength: 3 }),
    command: fc.oneof(
      fc.constant({ kind: 'refused' as const, why: 'no' }),
      fc.constantFrom('ls', 'git push', './git -C . push', 'sudo git push').map((line) => ({
        ...{ kind: 'plain' as const, argv: line.split(' '), capability: 'exec_other' as const },
        ...{ operands: [], why: 'w' },
      })),
    ),
    program: fc.constantFrom('system', 'repository', 'missing' as const),
    url: fc.oneof(fc.string(), fc.constantFrom('https://a.example.org/', 'http://a.example.org/')),
  },
  { requiredKeys: ['tool', 'capability', 'paths'] },
);

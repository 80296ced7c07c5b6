/**
 * The blueprint language, version 1: a graph of deterministic nodes and agent nodes. A blueprint holds no shell; its
 * routes are data, its loops are counted.
 */
import { z } from 'zod';

export const TERMINALS = ['done', 'fail', 'pause'] as const;
export type Terminal = (typeof TERMINALS)[number];

export const ACTIONS = [
  'build_context',
  'run_lint',
  'run_tests',
  'run_build',
  'run_format',
  'diff_report',
  'request_approval',
  'git_commit',
] as const;

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'an id is lower-case letters, digits and _, and starts with a letter');

/** Where to go: a node or a terminal, or one that may be taken a limited number of times in a run. */
const route = z.union([
  id,
  z.strictObject({
    to: id,
    /** How often this route may be taken in one run; afterwards `on_exhausted` of the node applies. */
    max: z.number().int().min(1).max(20),
  }),
]);
export type Route = z.infer<typeof route>;

const common = {
  title: z.string().min(1).max(80).optional(),
  on_success: route,
  on_failure: route.default('pause'),
  on_exhausted: id.default('pause'),
  /** Names of artifacts that the node is given. */
  inputs: z.array(id).default([]),
};

const deterministic = z.strictObject({
  type: z.literal('deterministic'),
  action: z.enum(ACTIONS),
  /** How often the node is repeated at once when it fails; its own counter, apart from routes. */
  retry: z.number().int().min(0).max(5).default(0),
  /** For `run_*`: pass the node over when the project declares no such command, instead of refusing to start. */
  optional: z.boolean().default(false),
  timeout_minutes: z.number().int().min(1).max(120).default(10),
  ...common,
});

const agent = z.strictObject({
  type: z.literal('agent'),
  goal: z.string().min(1).max(8000),
  /** Model replies in one visit of the node. */
  max_turns: z.number().int().min(1).max(100),
  /** Tokens, in and out together, that one model call of the node may cost at the most. */
  max_call_tokens: z.number().int().min(1000).max(1_000_000).default(64_000),
  timeout_minutes: z.number().int().min(1).max(120).default(15),
  ...common,
});

export const nodeSchema = z.discriminatedUnion('type', [deterministic, agent]);
export type BlueprintNode = z.infer<typeof nodeSchema>;
export type AgentNode = Extract<BlueprintNode, { type: 'agent' }>;
export type DeterministicNode = Extract<BlueprintNode, { type: 'deterministic' }>;

/** Nodes above which a graph is neither read by people nor searched to its end. */
const NODE_LIMIT = 100;

export const blueprintSchema = z.strictObject({
  version: z.literal(1),
  id,
  title: z.string().min(1).max(80),
  description: z.string().max(2000),
  toolset: z.string().min(1),
  start: id,
  nodes: z.record(id, nodeSchema).refine((nodes) => Object.keys(nodes).length <= NODE_LIMIT, {
    error: `a blueprint has at most ${NODE_LIMIT} nodes`,
  }),
});
export type Blueprint = z.infer<typeof blueprintSchema>;

/** Where a route leads. */
export const targetOf = (route: Route): string => (typeof route === 'string' ? route : route.to);

/** How often a route may be taken; Infinity when it is not counted. */
export const limitOf = (route: Route): number => (typeof route === 'string' ? Number.POSITIVE_INFINITY : route.max);

/** True for `done`, `fail` and `pause`. */
export function isTerminal(target: string): target is Terminal {
  return (TERMINALS as readonly string[]).includes(target);
}

export type RouteKind = 'on_success' | 'on_failure';
/** The name under which a route is counted. */
export const routeKey = (node: string, kind: RouteKind): string => `${node}.${kind}`;

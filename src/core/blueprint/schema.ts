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
  'apply_patch',
  'diff_report',
  'request_approval',
  'git_commit',
  'summarize',
  'evidence_bundle',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What each action does, for the person who writes a blueprint. */
const ACTION_WORDS: Readonly<Record<Action, string>> = {
  build_context: 'Choose the files that the model is shown. Makes `context`.',
  run_lint: "Run the project's lint command. Makes `lint_report` and `lint_output`.",
  run_tests: "Run the project's tests; passes only when tests ran and none failed. Makes `test_report`, `test_output`.",
  run_build: "Run the project's build command. Makes `build_report` and `build_output`.",
  run_format: "Run the project's format command, which may change files. Makes `format_report`, `format_output`.",
  apply_patch: 'Apply a patch that an agent has delivered: name it under `inputs`.',
  diff_report: 'Report what the run has changed so far. Makes `diff`.',
  request_approval: 'Ask a person; a rejection is the failure of the node. `inputs` is what the person is shown.',
  git_commit: 'Commit the result on a branch of its own. Makes `commit`.',
  summarize: 'Write down what the run has done so far. Makes `summary`.',
  evidence_bundle: 'Write the evidence of the run so far to a file. Makes `evidence`.',
};

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'an id is lower-case letters, digits and _, and starts with a letter');

/** Where to go: a node or a terminal, or one that may be taken a limited number of times in a run. */
const route = z.union(
  [
    id,
    z.strictObject({
      to: id.describe('A node, or done, fail, pause.'),
      max: z
        .number()
        .int()
        .min(1)
        .max(20)
        .describe('How often this route may be taken in one run; afterwards `on_exhausted` of the node applies.'),
    }),
  ],
  {
    error: ({ input }) =>
      input === undefined
        ? 'is missing: say where to go, a node or done, fail or pause'
        : 'where to go is a node or done, fail or pause; counted, it is { to: NODE, max: 1 to 20 }',
  },
);
export type Route = z.infer<typeof route>;

const common = {
  title: z.string().min(1).max(80).optional().describe('What people are shown instead of the id.'),
  on_success: route.describe(
    'Where to go when the node has succeeded: a node, or done, fail, pause. A way back is counted: `{ to: NODE, max: 2 }`.',
  ),
  on_failure: route
    .default('pause')
    .describe('Where to go when the node has failed: a node, or done, fail, pause. Counted: `{ to: NODE, max: 2 }`.'),
  on_exhausted: id
    .default('pause')
    .describe('Where to go when a counted route of the node is used up, or an agent has met its limits.'),
  inputs: z.array(id).default([]).describe('Names of artifacts, made by nodes before, that the node is given.'),
  outputs: z
    .array(id)
    .optional()
    .describe('What the node makes: of an action its own artifacts, of an agent the one name of its result.'),
  approval: z
    .boolean()
    .optional()
    .describe('Ask a person before the node does anything; a rejection is the failure of the node.'),
};

/** What a member of a verdict may be, besides `verdict` and `reasons`, which every verdict has. */
const verdictField = z.union([
  z.enum(['text', 'number', 'boolean', 'list']),
  z.strictObject({ one_of: z.array(z.string().min(1).max(100)).min(1).max(50) }),
]);

/** What an agent node must deliver; a deterministic check of it, never the agent's word, ends the node. */
export const resultSchema = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('patch') })
    .describe('A change of files in this visit; without tools that write, a unified diff in the last reply.'),
  z
    .strictObject({
      type: z.literal('report'),
      min_characters: z.number().int().min(1).max(100_000).default(1).describe('A shorter text is not a report.'),
    })
    .describe('A text in the last reply.'),
  z
    .strictObject({
      type: z.literal('verdict'),
      fields: z
        .record(id, verdictField)
        .optional()
        .describe('Members besides `verdict` and `reasons`: text, number, boolean, list, or `{ one_of: [...] }`.'),
    })
    .describe('A JSON object in the last reply: `verdict` (approve or reject), `reasons` (texts), and these fields.'),
]);
export type AgentResult = z.infer<typeof resultSchema>;

export const deterministicSchema = z.strictObject({
  type: z.literal('deterministic').describe('The runtime does it, without a model.'),
  action: z.enum(ACTIONS).meta({
    description: 'What the node does.',
    enumDescriptions: ACTIONS.map((action) => ACTION_WORDS[action]),
  }),
  retry: z
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('How often the node is repeated at once when it fails; its own counter, apart from routes.'),
  optional: z
    .boolean()
    .default(false)
    .describe('For run_*: pass the node over when the project declares no such command, instead of refusing to start.'),
  timeout_minutes: z.number().int().min(1).max(120).default(10).describe('Minutes that one try of the node may take.'),
  ...common,
});

export const agentSchema = z.strictObject({
  type: z.literal('agent').describe('A model does it, in a bounded loop of replies and tool calls.'),
  goal: z.string().min(1).max(8000).describe('What the model is to reach, in words for it.'),
  max_turns: z
    .number({
      error: ({ input }) =>
        input === undefined ? 'is missing: an agent needs a limit of its replies in one visit' : undefined,
    })
    .int()
    .min(1)
    .max(100)
    .describe('Model replies in one visit of the node.'),
  toolset: z
    .string()
    .min(1)
    .optional()
    .describe("The tools of this node, all of which the run's toolset has as well; left out: the run's."),
  max_tokens: z
    .number()
    .int()
    .min(1000)
    .max(100_000_000)
    .optional()
    .describe('Tokens, in and out together, that one visit may cost; left out: as many as its calls may.'),
  result: resultSchema
    .optional()
    .describe(
      'What the node must deliver: a patch, a report or a verdict. It is checked; the word of the model is not enough.',
    ),
  max_call_tokens: z
    .number()
    .int()
    .min(1000)
    .max(1_000_000)
    .default(64_000)
    .describe('Tokens, in and out together, that one model call of the node may cost at the most.'),
  timeout_minutes: z.number().int().min(1).max(120).default(15).describe('Minutes that one visit may take.'),
  ...common,
});

export const nodeSchema = z.discriminatedUnion('type', [deterministicSchema, agentSchema], {
  error: ({ code }) =>
    code === 'invalid_union' ? 'a node is deterministic (it has an action) or agent (it has a goal)' : undefined,
});
export type BlueprintNode = z.infer<typeof nodeSchema>;
export type AgentNode = Extract<BlueprintNode, { type: 'agent' }>;
export type DeterministicNode = Extract<BlueprintNode, { type: 'deterministic' }>;

/** Nodes above which a graph is neither read by people nor searched to its end. */
const NODE_LIMIT = 100;

export const budgetSchema = z.strictObject({
  model_calls: z.number().int().min(1).optional().describe('Model requests of one run, repeated ones included.'),
  tokens: z.number().int().min(1).optional().describe('Tokens of one run, in and out together.'),
  minutes: z.number().min(1).optional().describe('Minutes of one run; waiting for people does not count.'),
  cost_usd: z.number().positive().optional().describe('US dollars of one run, at the published price of the model.'),
});

export const blueprintSchema = z.strictObject({
  version: z.literal(1).describe('The version of the blueprint language.'),
  id: id.describe('The name under which the blueprint is started; the same as the name of its file.'),
  title: z.string().min(1).max(80).describe('What people are shown.'),
  description: z.string().max(2000).describe('What the blueprint is for, in a few sentences.'),
  toolset: z
    .string({
      error: ({ input }) => (input === undefined ? 'is missing: name the tools that a run may use' : undefined),
    })
    .min(1)
    .describe('The tools that a run may use.'),
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The model that the blueprint was written for, as PROVIDER:NAME; what a person configured comes first.'),
  budget: budgetSchema.optional().describe('Limits below the worst case; the first that is met ends a run.'),
  start: id.describe('The first node.'),
  nodes: z
    .record(id, nodeSchema)
    .refine((nodes) => Object.keys(nodes).length <= NODE_LIMIT, {
      error: `a blueprint has at most ${NODE_LIMIT} nodes`,
    })
    .describe('The steps, each under its id.'),
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

/**
 * The pieces that event data is made of: plans, conversations, usage, file versions, limits.
 */
import { z } from 'zod';
import { sha256Schema } from '../kernel/hash';
import { payloadSchema } from './payload';

export const count = z.number().int().nonnegative();
export const name = z.string().min(1);
/** US dollars; null is "not known", which is never shown as 0. */
export const money = z.number().nonnegative().nullable();
/** The id of a tool call, unique in its run. */
export const call = z.string().min(1);

export const usage = z.strictObject({ input: count, output: count, cached: count, estimated: z.boolean() });
export type Usage = z.infer<typeof usage>;

export const totals = z.strictObject({ modelCalls: count, tokens: count, costUsd: money });
export type Totals = z.infer<typeof totals>;

/**
 * The worst case of a blueprint, computed before the start. What runs before engine 2 did not record is optional; a cost
 * that is null is not known.
 */
export const bound = z.strictObject({
  nodeExecutions: count,
  agentTurns: count.optional(),
  modelCalls: count,
  tokens: count,
  tokensIn: count.optional(),
  tokensOut: count.optional(),
  minutes: count,
  costUsd: money.optional(),
});
export type Bound = z.infer<typeof bound>;

/** What a run may spend; the first limit that is met ends it. */
export const budget = z.strictObject({
  modelCalls: count,
  tokens: count,
  minutes: z.number().nonnegative(),
  costUsd: z.number().nonnegative().optional(),
});

/** What a model costs, in US dollars for a million tokens. */
export const price = z.strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() });
export type Price = z.infer<typeof price>;

export const nodeOutcome = z.enum(['success', 'failure', 'exhausted', 'cancelled']);
export type NodeOutcome = z.infer<typeof nodeOutcome>;

/** How a node was left: by one of its routes, or to be repeated at once. */
export const routeTaken = z.enum(['retry', 'on_success', 'on_failure', 'on_exhausted']);
export type RouteTaken = z.infer<typeof routeTaken>;

export const toolOutcome = z.enum(['ok', 'error', 'denied', 'rejected', 'invalid', 'cancelled', 'timeout']);
export type ToolOutcome = z.infer<typeof toolOutcome>;

/**
 * A file's content at a moment. When it is `kept`, the bytes lie in the blob store under `sha256`; content that holds
 * what looks like a secret is not kept, only its hash is.
 */
export const fileVersion = z.strictObject({ sha256: sha256Schema, bytes: count, kept: z.boolean() });
export type FileVersion = z.infer<typeof fileVersion>;

export const plan = z.strictObject({
  mode: z.enum(['chat', 'task', 'run']),
  intent: z.enum(['question', 'feature', 'bugfix', 'refactor', 'tests', 'docs', 'build', 'operate']),
  surface: z.enum(['frontend', 'backend', 'none']),
  toolset: z.string(),
  blueprint: z.string(),
  zones: z.array(z.string()),
  excluded: z.array(z.string()),
  sensitivity: z.enum(['low', 'medium', 'high']),
  risk: z.array(z.enum(['destructive', 'exfiltration', 'override'])),
  route: z.enum(['cloud', 'local', 'refuse']),
  confidence: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
export type Plan = z.infer<typeof plan>;

export const contextFile = z.strictObject({
  path: z.string(),
  lines: z.tuple([count, count]),
  bytes: count,
  sha256: sha256Schema,
  why: z.string(),
});
export const withheldFile = z.strictObject({ path: z.string(), rule: z.string() });

/** A tool call as the model wrote it: `arguments` is its JSON text, unparsed. */
export const toolCall = z.strictObject({ id: call, name: z.string(), arguments: payloadSchema });

export const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: payloadSchema }),
  z.strictObject({ role: z.literal('user'), content: payloadSchema }),
  z.strictObject({ role: z.literal('assistant'), content: payloadSchema, toolCalls: z.array(toolCall) }),
  z.strictObject({ role: z.literal('tool'), call, content: payloadSchema }),
]);
export type Message = z.infer<typeof message>;
/** What the engine itself says to a model; assistant messages come from there. */
export type Outgoing = Exclude<Message, { role: 'assistant' }>;

/**
 * A conversation linked by hash: `hash` covers `parent` and every message since, so that a request says only what it
 * adds. The assistant's own messages are in `model.responded` and are covered by the hash, not repeated.
 */
export const conversation = z.strictObject({
  parent: sha256Schema,
  added: z.array(message),
  hash: sha256Schema,
});

export const redactions = z.record(z.string(), count);
export const egressPart = z.strictObject({ source: z.string(), bytes: count, sha256: sha256Schema, redactions });
export type EgressPart = z.infer<typeof egressPart>;

/** What was found on disk about a call's targets at the moment of the check; policy decides on these facts alone. */
export const pathFact = z.strictObject({
  asked: z.string(),
  /** The path inside the root after every symlink was followed, with `/`; null when it leads outside or is not a path. */
  inside: z.string().nullable(),
  problem: z.string().nullable(),
});
export type PathFact = z.infer<typeof pathFact>;

export const toolFacts = z.strictObject({ paths: z.array(pathFact) });
export type ToolFacts = z.infer<typeof toolFacts>;

export const runOrigin = z.strictObject({
  task: payloadSchema,
  blueprint: z.strictObject({ id: z.string(), hash: sha256Schema, definition: payloadSchema }),
  policy: z.strictObject({ id: z.string(), snapshot: sha256Schema, content: payloadSchema }),
  toolset: z.string(),
  model: z.strictObject({ provider: z.string(), name: z.string(), destination: z.string(), local: z.boolean() }),
  gatekeeper: z.strictObject({ id: z.string(), sha256: sha256Schema.nullable() }),
  workspace: z.strictObject({
    /** The repository's root on the machine that ran it; the result is applied there and nowhere else. */
    root: z.string(),
    head: z.string(),
    baseCommit: z.string(),
    baseTree: z.string(),
    dirty: z.boolean(),
    dependencies: z.array(z.string()),
    notCovered: z.array(z.string()),
  }),
  versions: z.strictObject({ openexec: z.string(), node: z.string(), platform: z.string(), git: z.string() }),
  flags: z.strictObject({ engine: z.number().int().positive(), prompt: z.number().int().positive() }),
  bound,
  budget,
  /** The model's price at the start, by which the cost is bounded; left out when it is not known. */
  price: price.optional(),
  approvals: z.enum(['ask', 'never', 'all']),
  seed: z.string(),
  parent: z.string().nullable(),
});
export type RunOrigin = z.infer<typeof runOrigin>;

/** The content of an artifact of kind `commit`. */
export const commitArtifact = z.strictObject({ branch: z.string(), commit: z.string() });

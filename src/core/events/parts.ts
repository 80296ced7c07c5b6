/**
 * The pieces that event data is made of: plans, conversations, usage, file versions, limits.
 */
import { z } from 'zod';
import { sha256Schema } from '../kernel/hash';
import { payloadSchema } from './payload';
import { planChanges } from './planParts';

export const count = z.number().int().nonnegative();
export const name = z.string().min(1);
/** US dollars; null is "not known", which is never shown as 0. */
export const money = z.number().nonnegative().nullable();
/** The id of a tool call, unique in its run. */
export const call = z.string().min(1);

/**
 * Tokens of one exchange. `input` is everything that was sent; `cached` and `cacheWrite` say how much of it was read from
 * the provider's cache and written to it. `output` is everything that was made, thinking included.
 */
export const usage = z.strictObject({
  input: count,
  output: count,
  cached: count,
  cacheWrite: count.optional(),
  estimated: z.boolean(),
});
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

/** What a model costs, in US dollars for a million tokens; input that is read from a cache or written to it as all input, where nothing is said. */
export const price = z.strictObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative().optional(),
  cacheWrite: z.number().nonnegative().optional(),
});
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

/** What a person makes of a run's result; `undo` takes the last apply that stands back. */
export const resultAction = z.enum(['apply', 'discard', 'commit', 'undo']);
export type ResultAction = z.infer<typeof resultAction>;

export type { Plan } from './planParts';

export const contextFile = z.strictObject({
  path: z.string(),
  lines: z.tuple([count, count]),
  bytes: count,
  sha256: sha256Schema,
  why: z.string(),
});
export const withheldFile = z.strictObject({ path: z.string(), rule: z.string() });

/** How a reply ended: by itself, for its tool calls, at its length limit, by the provider's filter, or because the model would not. */
export const stopReason = z.enum(['end', 'tools', 'length', 'filter', 'refusal']);
export type StopReason = z.infer<typeof stopReason>;

/** A tool call as the model wrote it: `arguments` is its JSON text, unparsed. */
export const toolCall = z.strictObject({ id: call, name: z.string(), arguments: payloadSchema });

export const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: payloadSchema }),
  z.strictObject({ role: z.literal('user'), content: payloadSchema }),
  z.strictObject({
    role: z.literal('assistant'),
    content: payloadSchema,
    toolCalls: z.array(toolCall),
    /** What the provider that made the message wants back with it, such as signed thinking; its own JSON. */
    kept: payloadSchema.optional(),
  }),
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
/** A file, or a range of its lines, that is sent; recorded since engine 4. */
export const egressFile = z.strictObject({ path: z.string(), lines: z.tuple([count, count]).nullable() });
export type EgressFile = z.infer<typeof egressFile>;
export const egressPart = z.strictObject({
  source: z.string(),
  bytes: count,
  sha256: sha256Schema,
  redactions,
  /** The files that this part shows, where it is known which. */
  files: z.array(egressFile).min(1).optional(),
});
export type EgressPart = z.infer<typeof egressPart>;

/** What was found on disk about a call's targets at the moment of the check; policy decides on these facts alone. */
export const pathFact = z.strictObject({
  asked: z.string(),
  /** The path inside the root after every symlink was followed, with `/`; null when it leads outside or is not a path. */
  inside: z.string().nullable(),
  problem: z.string().nullable(),
  /** What the call needs over this target, where that is not the call's own capability: a command reads its operands. */
  needs: z.string().optional(),
  /** How many names the file has, when it has more than one: another of them may be protected. */
  links: count.optional(),
});
export type PathFact = z.infer<typeof pathFact>;

/** Where the program of a command line was found: a program inside the repository is not what its name says. */
export const programFact = z.enum(['system', 'repository', 'missing']);
export type ProgramFact = z.infer<typeof programFact>;

export const toolFacts = z.strictObject({ paths: z.array(pathFact), program: programFact.optional() });
export type ToolFacts = z.infer<typeof toolFacts>;

export const runOrigin = z.strictObject({
  task: payloadSchema,
  blueprint: z.strictObject({ id: z.string(), hash: sha256Schema, definition: payloadSchema }),
  policy: z.strictObject({ id: z.string(), snapshot: sha256Schema, content: payloadSchema }),
  toolset: z.string(),
  model: z.strictObject({ provider: z.string(), name: z.string(), destination: z.string(), local: z.boolean() }),
  /** The model's limits, in tokens, by which requests are held to its window; recorded since engine 4. */
  window: z.strictObject({ contextTokens: count.nullable(), outputTokens: count.nullable() }).optional(),
  gatekeeper: z.strictObject({ id: z.string(), sha256: sha256Schema.nullable() }),
  /** What the person changed of the gatekeeper's plan before the start; left out when nothing. */
  changes: planChanges.optional(),
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

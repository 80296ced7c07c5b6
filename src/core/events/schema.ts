/**
 * The events of a run, version 1. Every step of a run is one of these; types come from the schemas.
 *
 * Invariants: `seq` counts from 0 without holes; `hash` is SHA-256 over the canonical JSON of the envelope without
 * `hash`; `prev` is the hash before. Data holds no free-form objects (see payload.ts).
 */
import { z } from 'zod';
import { sha256Schema } from '../kernel/hash';
import {
  call,
  contextFile,
  conversation,
  count,
  egressPart,
  fileVersion,
  money,
  name,
  nodeOutcome,
  redactions,
  resultAction,
  routeTaken,
  runOrigin,
  stopReason,
  toolCall,
  toolFacts,
  toolOutcome,
  totals,
  usage,
  withheldFile,
} from './parts';
import { payloadSchema } from './payload';
import { classification, plan, taskFacts } from './planParts';

const dataOf = {
  'run.started': runOrigin,
  'plan.proposed': z.strictObject({
    plan,
    classifier: z.string(),
    ms: count,
    /** What the plan was made of; recorded since engine 4. */
    facts: taskFacts.optional(),
    /** Null when no model answered; `problem` then says why. */
    classification: classification.nullable().optional(),
    problem: z.string().optional(),
  }),
  'plan.accepted': z.strictObject({ plan, changes: z.array(z.string()), by: z.string() }),
  'context.built': z.strictObject({ call, files: z.array(contextFile), withheld: z.array(withheldFile), bytes: count }),
  /** A person lets the run work on more of the repository than its plan says. */
  'zones.widened': z.strictObject({ zones: z.array(z.string()).min(1), by: z.string(), reason: z.string() }),
  /** The run has met sensitive data, and stays sensitive from here on. */
  'sensitivity.raised': z.strictObject({
    from: plan.shape.sensitivity,
    to: plan.shape.sensitivity,
    kinds: redactions,
    call: call.nullable(),
  }),
  'node.started': z.strictObject({ kind: z.enum(['deterministic', 'agent']), does: z.string() }),
  'node.finished': z.strictObject({
    outcome: nodeOutcome,
    reason: z.string(),
    next: z.string(),
    why: z.string(),
    /** Recorded since engine 2; before, `why` says it in words. */
    route: routeTaken.optional(),
  }),
  'egress.sent': z.strictObject({
    provider: z.string(),
    model: z.string(),
    destination: z.string(),
    parts: z.array(egressPart),
    carried: z.strictObject({ parts: count, bytes: count }),
    bytes: count,
  }),
  'model.requested': z.strictObject({
    turn: count,
    retry: count,
    delayMs: count,
    provider: z.string(),
    model: z.string(),
    conversation,
    tools: z.array(z.string()),
    signature: sha256Schema,
  }),
  'model.responded': z.strictObject({
    text: payloadSchema,
    toolCalls: z.array(toolCall),
    usage,
    costUsd: money,
    stop: stopReason,
    /** What the provider wants back with the next request; see `message`. */
    kept: payloadSchema.optional(),
    ms: count,
    firstTokenMs: count.nullable(),
  }),
  'model.failed': z.strictObject({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    /** Milliseconds that the server asked to wait. */
    retryAfterMs: count.optional(),
    ms: count,
  }),
  /** Old tool results were shortened, because the conversation had outgrown the model's window; recorded since engine 4. */
  'conversation.shortened': z.strictObject({
    calls: z.array(z.strictObject({ call, before: count, after: count })).min(1),
    /** UTF-8 bytes of the whole conversation. */
    before: count,
    after: count,
    /** The hash of the conversation as it is from here on. */
    hash: sha256Schema,
  }),
  'tool.requested': z.strictObject({
    call,
    tool: z.string(),
    input: payloadSchema,
    origin: z.enum(['agent', 'node']),
    facts: toolFacts,
  }),
  'policy.decided': z.strictObject({
    call,
    tool: z.string(),
    capability: z.string(),
    decision: z.enum(['allow', 'ask', 'deny']),
    rule: z.string(),
    layer: z.string(),
    reason: z.string(),
    snapshot: sha256Schema,
  }),
  'approval.requested': z.strictObject({
    approval: z.string(),
    call: call.nullable(),
    title: z.string(),
    detail: payloadSchema,
    snapshot: sha256Schema,
    /** True when the person may change what is to be done instead of approving it as it is. */
    editable: z.boolean().optional(),
    /** True when the model asks the person something: the reason of the answer is what it is told. */
    question: z.boolean().optional(),
    /** True when the question is what of the repository may be sent: `detail` is the JSON text of a list of files. */
    context: z.boolean().optional(),
  }),
  'approval.resolved': z.strictObject({
    approval: z.string(),
    verdict: z.enum(['approved', 'rejected']),
    by: z.string(),
    reason: z.string(),
    /** The call's input as the person wants it (JSON text), with `approved`: the policy decides on it anew. */
    edited: payloadSchema.optional(),
    /** `run`: the same call, word for word, is not asked about again in this run. Left out: once. */
    scope: z.enum(['once', 'run']).optional(),
    /** Files that the person took out of what is sent, with `approved`, of a question about the context. */
    leftOut: z.array(z.string()).min(1).optional(),
  }),
  'tool.finished': z.strictObject({
    call,
    tool: z.string(),
    outcome: toolOutcome,
    output: payloadSchema,
    exitCode: z.number().int().nullable(),
    tree: z.string().nullable(),
    confinement: z.string(),
    ms: count,
    /** What was redacted out of the result, by kind; left out when nothing was. Recorded since engine 4. */
    found: redactions.optional(),
  }),
  'file.changed': z.strictObject({
    call,
    path: z.string(),
    before: fileVersion.nullable(),
    after: fileVersion.nullable(),
    how: z.string(),
  }),
  'artifact.created': z.strictObject({
    call,
    name,
    kind: z.enum(['context', 'report', 'output', 'diff', 'commit', 'patch', 'verdict', 'bundle']),
    media: z.string(),
    content: payloadSchema,
    summary: z.string(),
  }),
  /** The agent goes round in circles; its node ends with this. */
  'loop.detected': z.strictObject({
    kind: z.enum(['same call', 'alternating', 'no progress']),
    calls: count,
    detail: z.string(),
  }),
  'budget.charged': z.strictObject({ usage, costUsd: money, totals }),
  'budget.exceeded': z.strictObject({ limit: z.string(), allowed: z.number(), used: z.number() }),
  'run.paused': z.strictObject({ reason: z.string() }),
  'run.interrupted': z.strictObject({ reason: z.string(), inDoubt: call.nullable() }),
  'run.resumed': z.strictObject({
    by: z.string(),
    /** The effect that was begun and has no outcome, and what a person decided about it; null when there is none. */
    inDoubt: z
      .strictObject({ kind: z.enum(['call', 'model']), id: z.string(), decision: z.enum(['repeat', 'fail']) })
      .nullable(),
    /** The tree that the run's copy is set back to before anything else is done: the last that the record knows. */
    tree: z.string(),
    /** Version of OpenExec that goes on from here. */
    openexec: z.string(),
  }),
  'run.cancelled': z.strictObject({ by: z.string() }),
  'run.finished': z.strictObject({
    status: z.enum(['succeeded', 'failed', 'stopped']),
    outcome: z.string(),
    reason: z.string(),
    tree: z.string().nullable(),
    branch: z.string().nullable(),
    commit: z.string().nullable(),
  }),
  'result.requested': z.strictObject({
    action: resultAction,
    by: z.string(),
    /** The files that an apply is about; all of them when it is not there. */
    only: z.array(z.string()).optional(),
  }),
  'result.finished': z.strictObject({
    action: resultAction,
    outcome: z.enum(['done', 'refused']),
    files: z.array(z.string()),
    conflicts: z.array(z.string()),
    reason: z.string(),
    /** Of an apply: the git tree that holds its files under `before` and `after`, from which it can be undone. */
    undo: z.string().optional(),
    /** Of an undo: how many applies of the run still stand. */
    left: count.optional(),
    /** Of a commit. */
    branch: z.string().optional(),
    commit: z.string().optional(),
  }),
} as const;

export type EventType = keyof typeof dataOf;
export const EVENT_TYPES = Object.keys(dataOf) as [EventType, ...EventType[]];
export const EVENT_VERSION = 1;

/** The data of one type of event. */
export type DataOf<T extends EventType> = z.infer<(typeof dataOf)[T]>;

const envelope = {
  v: z.literal(EVENT_VERSION),
  run: z.string().min(1),
  seq: count,
  at: z.iso.datetime({ precision: 3 }),
  node: z.string().optional(),
  attempt: z.number().int().positive().optional(),
  cause: count.optional(),
  prev: sha256Schema,
  hash: sha256Schema,
};

type Envelope = z.infer<z.ZodObject<typeof envelope>>;

/** What is said in an event, before it has a place in the chain. */
export type EventBody<T extends EventType = EventType> = {
  [K in T]: { type: K; data: DataOf<K>; node?: string; attempt?: number; cause?: number };
}[T];

/** An event in its place in a run's chain. */
export type RunEvent<T extends EventType = EventType> = { [K in T]: Envelope & { type: K; data: DataOf<K> } }[T];

const variants = EVENT_TYPES.map((type) => z.strictObject({ ...envelope, type: z.literal(type), data: dataOf[type] }));

/** Parses one event of any type; unknown types, versions and members are refused. */
export const eventSchema = z.discriminatedUnion(
  'type',
  variants as unknown as [(typeof variants)[number], ...(typeof variants)[number][]],
) as unknown as z.ZodType<RunEvent>;

/**
 * The messages between the extension host and the timeline webview, version 6. Both sides parse every message; what does
 * not parse is refused, never half used.
 *
 * Order: the webview says `ready` once it can listen (and again whenever it missed something); the host answers `hello`
 * and then the run's headers from 0 in `events` batches, and
 * its `graph` once. `hello` starts over: whatever was shown before is gone. Every
 * message about a run names it, so that an answer which arrives after a change of runs is dropped.
 */
import { z } from 'zod';
import { runMomentSchema } from '../core/events/moment';
import { EVENT_TYPES } from '../core/events/schema';
import { runStatusSchema as coreStatusSchema } from '../core/events/summary';
import { err, ok, type Result } from '../core/kernel/result';
import { changeSchema, pendingApprovalSchema, scopeSchema, waitingElsewhereSchema } from './approval';
import { checkModeSchema, checkSchema } from './check';
import { leftOutSchema } from './contextQuestion';
import { pictureSchema, routeSchema } from './graph';
import { driftSchema, explanationSchema } from './policy';

/** Raised with every change that an older webview or host would misunderstand. */
export const PROTOCOL_VERSION = 6;
/** The most headers that one `events` message carries. */
export const MAX_BATCH = 500;
/** The longest title of a header, in characters. */
export const MAX_TITLE = 300;

/** What stands between the words of a title and the rule that it ends with. */
export const RULE_MARK = ' — ';

/** The longest reason or answer that a person may give, in characters. */
export const MAX_REASON = 2000;
/** The longest input that a person may write in place of a call's own, in characters. */
export const MAX_EDITED = 400_000;

/** The most events that are named in answer to a search. */
export const MAX_FOUND = 10_000;
/** The longest search, in characters. */
export const MAX_QUERY = 200;
/** The largest picture, in characters of base64: no message is larger than a megabyte. */
export const MAX_IMAGE = 1_000_000;

const count = z.number().int().nonnegative();
const runId = z.string().min(1);
const time = z.iso.datetime({ precision: 3 });

export const toneSchema = z.enum(['neutral', 'good', 'bad', 'warn', 'active']);
export type Tone = z.infer<typeof toneSchema>;

/** What the list shows of an event; its data comes on demand, in `details`. */
export const eventHeaderSchema = z.strictObject({
  seq: count,
  at: time,
  type: z.enum(EVENT_TYPES),
  node: z.string().optional(),
  attempt: z.number().int().positive().optional(),
  cause: count.optional(),
  /** One line for people. */
  title: z.string().max(MAX_TITLE),
  tone: toneSchema,
  /** The rule that the title ends with, after RULE_MARK, where there is one. */
  rule: z.string().optional(),
  /** How it ended, in the event's own word (`success`, `denied`, `timeout` …), where the event says so. */
  outcome: z.string().optional(),
  /** Of a finished node: where the run goes, and by which of its routes. */
  next: z.string().optional(),
  route: routeSchema.optional(),
  /** How long it took, in milliseconds, where the event says so. */
  ms: count.optional(),
  /** The tool of a call, for all events of the call that say so. */
  tool: z.string().optional(),
  /** The first path that it is about. */
  path: z.string().optional(),
  /** What was charged to the budget: by which model, how many tokens, US dollars; a cost of null is "unknown". */
  spent: z
    .strictObject({ model: z.string(), input: count, output: count, costUsd: z.number().nonnegative().nullable() })
    .optional(),
  /** What the event belongs to. */
  ref: z.strictObject({ call: z.string().optional(), approval: z.string().optional() }).optional(),
});
export type EventHeader = z.infer<typeof eventHeaderSchema>;

/** A run that waits for an approval is running, with a pending approval. */
export const runStatusSchema = coreStatusSchema.exclude(['waiting']);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** A run as the header of the timeline shows it. */
export const runViewSchema = z.strictObject({
  runId,
  task: z.string(),
  blueprint: z.string(),
  model: z.string(),
  /** True when replies come from a record; the webview then says that no live call is made. */
  recorded: z.boolean(),
  status: runStatusSchema,
  /** Why it stands as it does, one line; empty when there is nothing to say. */
  reason: z.string(),
  currentNode: z.string().nullable(),
  attempt: z.number().int().positive().nullable(),
  /** How many events the run has by now. */
  events: count,
  startedAt: time,
  endedAt: time.nullable(),
  tokens: count,
  /** US dollars; null is "unknown". */
  costUsd: z.number().nonnegative().nullable(),
  denials: count,
  /** How many of the denials were over calls of tools that the run or its step does not have. */
  outsideToolset: count,
  /** Requests that left for models, the bytes of all together, and what was taken out of them. */
  requests: count,
  bytesSent: count,
  redactions: count,
  filesChanged: z.array(z.string()),
  branch: z.string().nullable(),
  /** `ready`: there is a result that can be applied. */
  result: z.enum(['none', 'ready', 'applied', 'discarded']),
  /** True when it can be given up: its result, or a run that stopped before its end. */
  canDiscard: z.boolean(),
  /** True when it stopped before its end and can be taken up again here. */
  canResume: z.boolean(),
  /** True when it runs here and can be made to stop after what is under way. */
  canPause: z.boolean(),
  /** True when it can be watched, not steered: another window writes it, or it is imported. */
  readOnly: z.boolean(),
  /** True when it was recorded elsewhere and came in an evidence bundle. */
  imported: z.boolean(),
  /** What the run asks a person. */
  approvals: z.array(pendingApprovalSchema),
  /** What other runs ask in this window. */
  elsewhere: z.array(waitingElsewhereSchema),
});
export type RunView = z.infer<typeof runViewSchema>;

/** A payload that was shortened before it was sent: where it stands in the event, and its full length in characters. */
export const cutSchema = z.strictObject({ path: z.string(), length: count });
export type Cut = z.infer<typeof cutSchema>;

const hostMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.literal(PROTOCOL_VERSION),
    /** Null: the view is of a blueprint; or no run is chosen, and the webview says how to start one. */
    run: runViewSchema.nullable(),
    /** The blueprint file that is shown, where there is no run. */
    picture: pictureSchema.optional(),
    notice: z.string().optional(),
  }),
  /** Headers `from`, `from + 1` …, without a hole. */
  z.strictObject({
    type: z.literal('events'),
    runId,
    from: count,
    headers: z.array(eventHeaderSchema).max(MAX_BATCH),
  }),
  z.strictObject({ type: z.literal('run'), run: runViewSchema }),
  /** The event as JSON text, payloads inlined and bounded (see details.ts). */
  z.strictObject({ type: z.literal('details'), runId, seq: count, event: z.string(), cuts: z.array(cutSchema) }),
  /** The state of the run after the event that was `selected`; of several that were asked for at once, the last. */
  z.strictObject({ type: z.literal('moment'), runId, moment: runMomentSchema }),
  /** The graph of the run's blueprint; without a run that of the blueprint file that is shown, whenever it changes. */
  z.strictObject({ type: z.literal('graph'), runId: runId.nullable(), picture: pictureSchema }),
  /** A piece of the reply that the model is writing; for display only. */
  z.strictObject({ type: z.literal('delta'), runId, text: z.string() }),
  z.strictObject({ type: z.literal('select'), runId, seq: count }),
  /** How the decision at an event came about; null when that cannot be told, and `problem` says why. */
  z.strictObject({
    type: z.literal('explanation'),
    runId,
    seq: count,
    explanation: explanationSchema.nullable(),
    problem: z.string(),
  }),
  /** How today's policy differs from the one that the run was started with; null when it does not. */
  z.strictObject({ type: z.literal('drift'), runId, drift: driftSchema.nullable() }),
  /** The events whose recorded data holds what was searched for, in order; of very many the first. */
  z.strictObject({
    type: z.literal('found'),
    runId,
    /** That of the question: answers to older ones are dropped. */
    id: count,
    seqs: z.array(count).max(MAX_FOUND),
    /** False while there may be more of them, further on. */
    complete: z.boolean(),
    /** True when there are more than are named. */
    more: z.boolean(),
  }),
  /** What a file's change did, line by line; null when that cannot be told, and `problem` says why. */
  z.strictObject({
    type: z.literal('change'),
    runId,
    seq: count,
    change: changeSchema.nullable(),
    problem: z.string(),
  }),
  /** How a replay or verification of the run goes, or went. */
  z.strictObject({ type: z.literal('check'), runId, check: checkSchema }),
  /** Something went wrong on the host's side; one line for a person. */
  z.strictObject({ type: z.literal('problem'), message: z.string() }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;
export type HostMessageOf<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;

export const runCommandSchema = z.enum([
  'resume',
  'apply',
  'discard',
  'pause',
  'cancel',
  'replay',
  'verify',
  'export',
  'report',
  'compare',
  'rerunModel',
  'rerunPolicy',
  'whatIf',
]);
export type RunCommand = z.infer<typeof runCommandSchema>;

const webviewMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), protocol: z.literal(PROTOCOL_VERSION) }),
  z.strictObject({ type: z.literal('details'), runId, seq: count }),
  z.strictObject({
    type: z.literal('resolveApproval'),
    runId,
    approval: z.string().min(1),
    verdict: z.enum(['approved', 'rejected']),
    reason: z.string().max(MAX_REASON),
    /** With `approved`, and only where it is repeatable; once, when left out. */
    scope: scopeSchema.optional(),
    /** With `approved`: the input as the person wants it, as JSON text; the policy decides on it anew. */
    edited: z.string().max(MAX_EDITED).optional(),
    /** With `approved`, of a question about the context: files that were asked about and are not to be sent. */
    leftOut: leftOutSchema.optional(),
  }),
  /** The person stands at this event, and looks at the state of the run there. */
  z.strictObject({ type: z.literal('selected'), runId, seq: count }),
  z.strictObject({ type: z.literal('command'), runId, id: runCommandSchema }),
  /** How did the decision at this event come about? */
  z.strictObject({ type: z.literal('explain'), runId, seq: count }),
  /** Let the run work on what the call of this decision was refused for; a person is asked on how much of it. */
  z.strictObject({ type: z.literal('widenZones'), runId, seq: count }),
  /** In which events' recorded data is this? The newest question is the only one that is answered. */
  z.strictObject({ type: z.literal('search'), runId, id: count, query: z.string().min(1).max(MAX_QUERY) }),
  /** What did this change of a file do? */
  z.strictObject({ type: z.literal('change'), runId, seq: count }),
  /** Open a file as it was after this event in the editor's own diff: against what it was before, at the start, or is now. */
  z.strictObject({
    type: z.literal('openDiff'),
    runId,
    seq: count,
    path: z.string().min(1),
    against: z.enum(['before', 'base', 'now']),
  }),
  /** Replay or verify the run, and tell how it goes. */
  z.strictObject({ type: z.literal('check'), runId, mode: checkModeSchema }),
  z.strictObject({ type: z.literal('cancelCheck'), runId }),
  /** Open the two sides of the divergence that was found. */
  z.strictObject({ type: z.literal('openDivergence'), runId }),
  /** Put a link to this event on the clipboard. */
  z.strictObject({ type: z.literal('copyLink'), runId, seq: count }),
  /** Write a picture of the view to a file that the person chooses; PNG, in base64. */
  z.strictObject({ type: z.literal('saveImage'), runId, png: z.base64().max(MAX_IMAGE) }),
  /** Open the timeline of another run, which waits for an answer. */
  z.strictObject({ type: z.literal('openRun'), other: runId }),
  /** Open the shown blueprint file at this node. */
  z.strictObject({ type: z.literal('reveal'), node: z.string().min(1) }),
]);
export type WebviewMessage = z.infer<typeof webviewMessageSchema>;

/** `version`: the other side speaks another version (of an extension updated meanwhile); `malformed`: anything else. */
export type ProtocolProblem = { readonly kind: 'version' | 'malformed'; readonly message: string };

/** Parses what came from the extension host. The version is looked at before the shape. */
export function parseHostMessage(raw: unknown): Result<HostMessage, ProtocolProblem> {
  return parse(hostMessageSchema, raw, 'hello', 'extension');
}

/**
 * Parses what came from the webview. A host that is answered `version` still sends its own `hello`, for that is what
 * makes the webview ask the person to reload the window.
 */
export function parseWebviewMessage(raw: unknown): Result<WebviewMessage, ProtocolProblem> {
  return parse(webviewMessageSchema, raw, 'ready', 'timeline');
}

const handshakeSchema = z.object({ type: z.string(), protocol: z.number() });

function parse<T>(schema: z.ZodType<T>, raw: unknown, greeting: string, sender: string): Result<T, ProtocolProblem> {
  const handshake = handshakeSchema.safeParse(raw);
  if (handshake.success && handshake.data.type === greeting && handshake.data.protocol !== PROTOCOL_VERSION) {
    const message = `the ${sender} speaks protocol ${handshake.data.protocol}, this side ${PROTOCOL_VERSION}; reload the window`;
    return err({ kind: 'version', message });
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'message' : issue.path.join('.');
  return err({
    kind: 'malformed',
    message: `a message from the ${sender} is not understood: ${where}: ${issue?.message}`,
  });
}

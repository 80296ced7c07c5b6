/**
 * The messages between the extension host and the timeline webview, version 3. Both sides parse every message; what does
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
import { pictureSchema, routeSchema } from './graph';

/** Raised with every change that an older webview or host would misunderstand. */
export const PROTOCOL_VERSION = 3;
/** The most headers that one `events` message carries. */
export const MAX_BATCH = 500;
/** The longest title of a header, in characters. */
export const MAX_TITLE = 300;

/** The longest input that a person may write in place of a call's own, in characters. */
export const MAX_EDITED = 400_000;

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
  /** How it ended, in the event's own word (`success`, `denied`, `timeout` …), where the event says so. */
  outcome: z.string().optional(),
  /** Of a finished node: where the run goes, and by which of its routes. */
  next: z.string().optional(),
  route: routeSchema.optional(),
  /** How long it took, in milliseconds, where the event says so. */
  ms: count.optional(),
  /** What the event belongs to. */
  ref: z.strictObject({ call: z.string().optional(), approval: z.string().optional() }).optional(),
});
export type EventHeader = z.infer<typeof eventHeaderSchema>;

/** A run that waits for an approval is running, with a pending approval. */
export const runStatusSchema = coreStatusSchema.exclude(['waiting']);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const pendingApprovalSchema = z.strictObject({
  approval: z.string().min(1),
  title: z.string(),
  /** The exact arguments, or the diff, that the approval is bound to. */
  detail: z.string(),
  /** True when `detail` is a call's input as JSON text, which the person may change instead of approving it as it is. */
  editable: z.boolean(),
});
export type PendingApproval = z.infer<typeof pendingApprovalSchema>;

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
  pendingApproval: pendingApprovalSchema.nullable(),
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
  /** Something went wrong on the host's side; one line for a person. */
  z.strictObject({ type: z.literal('problem'), message: z.string() }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;
export type HostMessageOf<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;

export const runCommandSchema = z.enum(['resume', 'apply', 'discard', 'pause', 'cancel', 'replay', 'verify', 'export']);
export type RunCommand = z.infer<typeof runCommandSchema>;

const webviewMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), protocol: z.literal(PROTOCOL_VERSION) }),
  z.strictObject({ type: z.literal('details'), runId, seq: count }),
  z.strictObject({
    type: z.literal('resolveApproval'),
    runId,
    approval: z.string().min(1),
    verdict: z.enum(['approved', 'rejected']),
    reason: z.string().max(2000),
    /** With `approved`: the input as the person wants it, as JSON text; the policy decides on it anew. */
    edited: z.string().max(MAX_EDITED).optional(),
  }),
  /** The person stands at this event, and looks at the state of the run there. */
  z.strictObject({ type: z.literal('selected'), runId, seq: count }),
  z.strictObject({ type: z.literal('command'), runId, id: runCommandSchema }),
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

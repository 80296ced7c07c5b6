/**
 * The state of a run: nothing but a fold over its events. It is never stored; it is computed again from the record.
 */
import type { Blueprint } from '../blueprint/schema';
import type {
  EgressFile,
  Message,
  NodeOutcome,
  Outgoing,
  Plan,
  RunOrigin,
  StopReason,
  ToolFacts,
  Totals,
} from '../events/parts';
import type { DataOf, EventType } from '../events/schema';
import type { Snapshot } from '../policy/schema';
import type { CallRequest } from '../ports/toolbox';
import type { Effect } from './effects';
import type { DoneCall } from './loops';

/** One visit of a node. */
export type Visit = {
  readonly id: string;
  /** How often the node has been started in this run, this time included. */
  readonly attempt: number;
  readonly startedAt: number;
  /** Milliseconds of this visit that went by while a person was asked. */
  readonly waitedMs: number;
  /** The work tree when the visit began. */
  readonly tree: string | null;
};

/** A visit that is over. */
export type PastVisit = {
  readonly id: string;
  readonly attempt: number;
  readonly outcome: NodeOutcome;
  readonly reason: string;
};

/** What is known of an artifact besides its content. */
export type ArtifactNote = Pick<DataOf<'artifact.created'>, 'call' | 'kind' | 'summary'>;

/** The tool loop of an agent node. */
export type AgentState = {
  /** Turns begun in this visit. */
  readonly turn: number;
  readonly retry: number;
  /** What the model has been sent and has answered, as recorded. */
  readonly sent: readonly Message[];
  /** UTF-8 bytes of what `sent` carries. */
  readonly sentBytes: number;
  /** What comes next, not yet cleared for egress. */
  readonly pending: readonly Outgoing[];
  /** Hash over `sent`, less the assistant messages after the last request. */
  readonly hash: string;
  /** Assistant messages since the last request; the next request's hash covers them. */
  readonly unlinked: readonly Message[];
  /** Calls of the last reply that are still to be made, in order. */
  readonly queue: readonly { readonly request: CallRequest; readonly modelCall: string }[];
  /** Why the last reply ended. */
  readonly stop: StopReason;
  /** Tokens, in and out together, that this visit was charged. */
  readonly tokens: number;
  /** Calls of this visit with their results, and how many there were when the work tree last changed. */
  readonly done: readonly DoneCall[];
  readonly settled: number;
  /** What the result still lacks, as the model was told last; null when nothing was found missing. */
  readonly missing: string | null;
  /** Replies in a row, the last one included, that held nothing at all. */
  readonly empty: number;
  /** The turn in which the model first wrote a call that is not JSON; null when it did not. */
  readonly malformedIn: number | null;
};

/** The call that is being decided or made. */
export type CallState = {
  readonly request: CallRequest;
  readonly facts: ToolFacts;
  readonly modelCall: string | null;
  /** The edit that this call was made by; null for a call as the model or the node wrote it. */
  readonly edit: Edit | null;
};

/** An agreement that stands for every call like the one that it was given to; see standing.ts. */
export type Standing = { readonly to: string; readonly approval: string; readonly by: string };

/** A call that a person changed instead of agreeing to it: what is requested in its place. */
export type Edit = { readonly approval: string; readonly by: string; readonly request: CallRequest };

/** The effect that is under way, and the last event that it has left in the record so far. */
export type OpenEffect = { readonly effect: Effect; readonly said: EventType | null };

export type ActiveRun = {
  readonly phase: 'active';
  readonly origin: RunOrigin;
  readonly blueprint: Blueprint;
  readonly snapshot: Snapshot;
  readonly task: string;
  readonly startedAt: number;
  /** Milliseconds that the run waited for a person; they do not count against its time. */
  readonly waitedMs: number;
  readonly waitingSince: number | null;
  /** Time of the last event. */
  readonly at: number;
  readonly open: OpenEffect;
  /** The node that was left last. */
  readonly left: string | null;
  readonly plan: Plan | null;
  readonly visit: Visit | null;
  readonly attempts: Readonly<Record<string, number>>;
  readonly retries: number;
  /** How often each counted route was taken. */
  readonly routes: Readonly<Record<string, number>>;
  readonly agent: AgentState | null;
  readonly call: CallState | null;
  readonly artifacts: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, ArtifactNote>>;
  /** The visits that are over, in their order. */
  readonly visits: readonly PastVisit[];
  /** The edit of a call that is about to be requested, from the person's answer on. */
  readonly edit: Edit | null;
  readonly totals: Totals;
  /** What a person has agreed to in a node of the blueprint, and the tree as it was then. */
  readonly agreed: { readonly approval: string; readonly by: string; readonly tree: string | null } | null;
  /** What a person has allowed for the whole run. */
  readonly allowed: readonly Standing[];
  /** The last context that was built. */
  readonly context: DataOf<'context.built'> | null;
  /** What calls of the model have shown it, by its own ids of them. */
  readonly shown: Readonly<Record<string, readonly EgressFile[]>>;
  /** The approval under which a sensitive run may go on with a model that is not local; null when there is none. */
  readonly sensitiveAgreed: string | null;
  /** The last question about what of a context may be sent. */
  readonly contextAsked: string | null;
  /** What is due once the record says that the run has become sensitive. */
  readonly due: Effect | null;
  readonly tree: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
};

export type RunState =
  | { readonly phase: 'new' }
  | ActiveRun
  /** Stopped before its end; `run` is as it was then, and goes on from there when a person resumes it. */
  | { readonly phase: 'halted'; readonly how: 'paused' | 'interrupted'; readonly run: ActiveRun }
  | { readonly phase: 'ended'; readonly how: 'finished' | 'cancelled' | 'discarded' };

export const NEW_RUN: RunState = { phase: 'new' };

/**
 * What is known of a run at a glance, folded from its events one by one. Pure: the same events give the same summary,
 * so that any list of runs can be rebuilt from the journals. Works on stored events; a payload may be a reference.
 */
import { z } from 'zod';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import { sha256Schema } from '../kernel/hash';
import { count, money, name } from './parts';
import type { Payload } from './payload';
import type { DataOf, RunEvent } from './schema';

export const runStatusSchema = z.enum([
  'running',
  'waiting',
  'paused',
  'interrupted',
  'cancelled',
  'succeeded',
  'failed',
  'stopped',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

const netChange = z.strictObject({
  path: z.string(),
  before: sha256Schema.nullable(),
  after: sha256Schema.nullable(),
  /** The call that is changing it, as long as that has no outcome, and what it was before: what it is if that is given up. */
  open: z.strictObject({ call: z.string(), before: sha256Schema.nullable() }).optional(),
});
type NetChange = z.infer<typeof netChange>;

export const runSummarySchema = z.strictObject({
  runId: name,
  status: runStatusSchema,
  /** The blueprint's own word for how it ended; null until then. */
  outcome: z.string().nullable(),
  reason: z.string(),
  /** The first 300 characters. */
  task: z.string(),
  blueprint: z.string(),
  /** `provider:name`. */
  model: z.string(),
  policyHash: sha256Schema,
  currentNode: z.string().nullable(),
  attempt: count,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  events: count,
  /** Hash of the last event. */
  head: sha256Schema,
  /** What was charged to the budget. */
  tokens: count,
  modelCalls: count,
  costUsd: money,
  denials: count,
  /** Denials of calls of tools that the run, or its step, does not have. */
  outsideToolset: count,
  /** Requests that were recorded before they were sent to a model, and the UTF-8 bytes of all together. */
  requests: count,
  bytesSent: count,
  /** What was taken out of what was new in them. */
  redactions: count,
  /** Sorted; files that are as they were at the start are not in it. */
  filesChanged: z.array(z.string()),
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  tree: z.string().nullable(),
  baseCommit: z.string(),
  baseTree: z.string(),
  result: z.enum(['none', 'applied', 'discarded']),
  /**
   * What the fold itself needs: approvals without an answer, and each touched file's first and last content,
   * sorted by path.
   */
  openApprovals: z.array(z.string()),
  touched: z.array(netChange),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** True when the run stopped before its end and waits for a person to make something of it. */
export const isHalted = (status: RunStatus): boolean => status === 'paused' || status === 'interrupted';

/** True when a person can take the run up again: it stopped before its end, and its copy was not given up. */
export const canResume = ({ status, result }: Pick<RunSummary, 'status' | 'result'>): boolean =>
  isHalted(status) && result === 'none';

const TASK_LENGTH = 300;

/** True when nothing more happens in the run but the handling of its result. */
export const isEnded = (status: RunStatus): boolean =>
  status !== 'running' && status !== 'waiting' && status !== 'paused';

/** A task as a list shows it: its first 300 characters; of one that is stored apart, its size. */
export function taskLine(task: Payload): string {
  if (typeof task !== 'string') return `(a task of ${task.bytes} bytes)`;
  // Cut by characters, for half of a surrogate pair could not be stored.
  return task.length <= TASK_LENGTH
    ? task
    : Array.from(task.slice(0, 2 * TASK_LENGTH))
        .slice(0, TASK_LENGTH)
        .join('');
}

/**
 * The summary after one more event; `null` before the first. Throws `internal` when the event does not continue the
 * summary (another run, a hole), for then the two do not belong together.
 */
export function foldSummary(summary: RunSummary | null, event: RunEvent): RunSummary {
  if (summary === null) return started(event);
  if (event.run !== summary.runId || event.seq !== summary.events) {
    throw new OpenExecError(
      'internal',
      `event ${event.run}/${event.seq} does not follow ${summary.runId}/${summary.events - 1}`,
    );
  }
  return told({ ...summary, events: event.seq + 1, head: event.hash }, event);
}

function started(event: RunEvent): RunSummary {
  if (event.type !== 'run.started' || event.seq !== 0) {
    throw new OpenExecError('internal', `a run begins with run.started, not with ${event.type} at ${event.seq}`);
  }
  const { data } = event;
  return {
    runId: event.run,
    status: 'running',
    outcome: null,
    reason: '',
    task: taskLine(data.task),
    blueprint: data.blueprint.id,
    model: `${data.model.provider}:${data.model.name}`,
    policyHash: data.policy.snapshot,
    currentNode: null,
    attempt: 0,
    startedAt: event.at,
    endedAt: null,
    events: 1,
    head: event.hash,
    tokens: 0,
    modelCalls: 0,
    costUsd: 0,
    denials: 0,
    outsideToolset: 0,
    requests: 0,
    bytesSent: 0,
    redactions: 0,
    filesChanged: [],
    branch: null,
    commit: null,
    tree: null,
    baseCommit: data.workspace.baseCommit,
    baseTree: data.workspace.baseTree,
    result: 'none',
    openApprovals: [],
    touched: [],
  };
}

/** What an event says, put into the summary; the switch names every type, so that a new one has to be thought about. */
function told(run: RunSummary, event: RunEvent): RunSummary {
  switch (event.type) {
    case 'run.paused':
      return { ...run, status: 'paused', reason: event.data.reason };
    case 'run.interrupted':
      return ended(run, event.at, { status: 'interrupted', reason: event.data.reason });
    case 'run.resumed':
      return awake({
        ...setBack(run, event.data.inDoubt),
        status: 'running',
        endedAt: null,
        outcome: null,
        reason: '',
      });
    case 'run.cancelled':
      return ended(run, event.at, { status: 'cancelled', reason: `cancelled by ${event.data.by}` });
    case 'run.finished':
      return ended(run, event.at, event.data);
    case 'result.finished':
      return event.data.outcome === 'done' ? withResult(run, event.data) : run;
    case 'result.requested':
      return run;
    default:
      return awake(during(run, event));
  }
}

function withResult(run: RunSummary, { action, left = 0, branch, commit }: DataOf<'result.finished'>): RunSummary {
  switch (action) {
    case 'apply':
      return { ...run, result: 'applied' };
    case 'discard':
      return { ...run, result: 'discarded' };
    case 'undo':
      return { ...run, result: left > 0 ? 'applied' : 'none' };
    case 'commit':
      return { ...run, branch: branch ?? run.branch, commit: commit ?? run.commit };
    default:
      return assertNever(action);
  }
}

type LifeCycle =
  | 'run.paused'
  | 'run.interrupted'
  | 'run.resumed'
  | 'run.cancelled'
  | 'run.finished'
  | `result.${'requested' | 'finished'}`;
type Work = Exclude<RunEvent, { type: LifeCycle }>;

function during(run: RunSummary, event: Work): RunSummary {
  switch (event.type) {
    case 'node.started':
      return { ...run, currentNode: event.node ?? null, attempt: event.attempt ?? 1 };
    case 'node.finished':
      return { ...run, currentNode: null };
    case 'policy.decided':
      return denied(run, event.data);
    case 'approval.requested':
      return { ...run, openApprovals: [...run.openApprovals, event.data.approval] };
    case 'approval.resolved':
      return { ...run, openApprovals: run.openApprovals.filter((open) => open !== event.data.approval) };
    case 'file.changed':
      return changed(run, event.data);
    case 'tool.finished':
      return settled(run);
    case 'budget.charged':
      return { ...run, ...event.data.totals };
    case 'egress.sent':
      return sent(run, event.data);
    case 'budget.exceeded':
    case 'loop.detected':
    case 'run.started':
    case 'plan.proposed':
    case 'plan.accepted':
    case 'zones.widened':
    case 'sensitivity.raised':
    case 'context.built':
    case 'model.requested':
    case 'model.responded':
    case 'model.failed':
    case 'conversation.shortened':
    case 'tool.requested':
    case 'artifact.created':
      return run;
    default:
      return assertNever(event);
  }
}

function sent(run: RunSummary, { parts, bytes }: DataOf<'egress.sent'>): RunSummary {
  const taken = parts.flatMap(({ redactions }) => Object.values(redactions)).reduce((sum, times) => sum + times, 0);
  return {
    ...run,
    requests: run.requests + 1,
    bytesSent: run.bytesSent + bytes,
    redactions: run.redactions + taken,
  };
}

function denied(run: RunSummary, { decision, rule, layer }: DataOf<'policy.decided'>): RunSummary {
  if (decision !== 'deny') return run;
  const outside = isOutsideToolset({ rule, layer }) ? 1 : 0;
  return { ...run, denials: run.denials + 1, outsideToolset: run.outsideToolset + outside };
}

/** True for a denial because the run, or its step, has no such tool. */
const isOutsideToolset = ({ rule, layer }: Pick<DataOf<'policy.decided'>, 'rule' | 'layer'>): boolean =>
  rule === 'toolset' && layer === 'built in';

/** Work goes on: a pause is over, and whether somebody is waited for depends on the open approvals alone. */
function awake(run: RunSummary): RunSummary {
  if (isEnded(run.status)) return run;
  return { ...run, status: run.openApprovals.length > 0 ? 'waiting' : 'running' };
}

type Ending = {
  status: RunStatus;
  reason: string;
  outcome?: string;
  tree?: string | null;
  branch?: string | null;
  commit?: string | null;
};

function ended(run: RunSummary, at: string, end: Ending): RunSummary {
  return {
    ...run,
    status: end.status,
    outcome: end.outcome ?? null,
    reason: end.reason,
    currentNode: null,
    endedAt: at,
    tree: end.tree ?? null,
    branch: end.branch ?? null,
    commit: end.commit ?? null,
  };
}

/**
 * Found by halves in lists that are sorted, and copied only where they change: a run may touch tens of thousands of files.
 */
function changed(run: RunSummary, { call, path, before, after }: DataOf<'file.changed'>): RunSummary {
  const at = placeIn(run.touched.length, path, (place) => run.touched[place]?.path);
  const there = run.touched[at];
  const known = there?.path === path ? there : null;
  const was = known === null ? (before?.sha256 ?? null) : known.after;
  const file: NetChange = {
    path,
    before: known === null ? was : known.before,
    after: after?.sha256 ?? null,
    open: known?.open?.call === call ? known.open : { call, before: was },
  };
  const touched = spliced(run.touched, at, known === null ? 0 : 1, [file]);
  return { ...run, touched, filesChanged: listed(run.filesChanged, file) };
}

/** The files that differ from the start, with or without this one. */
function listed(files: string[], { path, before, after }: NetChange): string[] {
  const at = placeIn(files.length, path, (place) => files[place]);
  const isListed = files[at] === path;
  if (isListed === (before !== after)) return files;
  return isListed ? spliced(files, at, 1, []) : spliced(files, at, 0, [path]);
}

/** The first of so many places, sorted, whose path is not before this one. */
function placeIn(length: number, path: string, pathAt: (place: number) => string | undefined): number {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((pathAt(middle) ?? '') < path) from = middle + 1;
    else to = middle;
  }
  return from;
}

function spliced<T>(list: readonly T[], at: number, drop: number, put: readonly T[]): T[] {
  const copy = list.slice();
  copy.splice(at, drop, ...put);
  return copy;
}

/** The call has its outcome: what it changed stays. */
function settled(run: RunSummary): RunSummary {
  let touched: NetChange[] | null = null;
  for (let at = 0; at < run.touched.length; at += 1) {
    const file = run.touched[at];
    if (file?.open === undefined) continue;
    touched ??= run.touched.slice();
    touched[at] = { path: file.path, before: file.before, after: file.after };
  }
  return touched === null ? run : { ...run, touched };
}

/** The run's copy is set back to what it was before the call in doubt, whether that is given up or repeated. */
function setBack(run: RunSummary, inDoubt: DataOf<'run.resumed'>['inDoubt']): RunSummary {
  if (inDoubt?.kind !== 'call') return run;
  const touched = run.touched.map((file) =>
    file.open?.call === inDoubt.id ? { path: file.path, before: file.before, after: file.open.before } : file,
  );
  const filesChanged = touched.filter(({ before, after }) => before !== after).map(({ path }) => path);
  return { ...run, touched, filesChanged };
}

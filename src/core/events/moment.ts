/**
 * The state of a run at one of its events: nodes, budget, files, open approvals. Pure: a fold over stored events.
 *
 * Invariant: what a fold answers shares all that did not change with what it was given, and neither its cost nor that of
 * `momentOf` grows with the events before (with the files, as their logarithm), so that many states of one run can be
 * kept and shown.
 */
import { z } from 'zod';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import { cut } from '../kernel/text';
import { blueprintNodes } from './blueprintNodes';
import { type ChangedFiles, countChanged, fileMomentSchema, firstChanged, withChange } from './changedFiles';
import { budget, count, money, type Totals } from './parts';
import type { DataOf, RunEvent } from './schema';
import { type RunStatus, runStatusSchema } from './summary';

/** The most files that a moment lists. */
const MAX_FILES = 500;
/** A blueprint has at most half as many; a record of another origin may claim what it likes. */
const MAX_NODES = 200;
/** The most open approvals that are listed; this engine has one at a time. */
const MAX_APPROVALS = 50;
const TITLE_LENGTH = 300;

const nodeMoment = z.strictObject({
  id: z.string(),
  /** `active` in a run that does not run: the run stopped while the node was open. */
  state: z.enum(['waiting', 'active', 'success', 'failure', 'exhausted', 'cancelled']),
  attempts: count,
});
export type NodeMoment = z.infer<typeof nodeMoment>;

export const runMomentSchema = z.strictObject({
  /** The event that was the last by then. */
  seq: count,
  status: runStatusSchema,
  /** In the blueprint's order; when its definition is stored apart, those that have started. */
  nodes: z.array(nodeMoment).max(MAX_NODES),
  budget: z.strictObject({
    modelCalls: count,
    tokens: count,
    costUsd: money,
    /** Without the time that a person was waited for, and without the time between a halt and its end. */
    minutes: z.number().nonnegative(),
    limits: budget,
  }),
  /** Files that are not as they were at the start, sorted by path; of more than 500 the first. */
  files: z.array(fileMomentSchema).max(MAX_FILES),
  /** How many more there are. */
  moreFiles: count,
  approvals: z.array(z.strictObject({ approval: z.string(), title: z.string() })).max(MAX_APPROVALS),
});
export type RunMoment = z.infer<typeof runMomentSchema>;

/** What is folded; `momentOf` makes it readable. */
export type FoldedMoment = {
  readonly run: string;
  readonly seq: number;
  readonly status: RunStatus;
  readonly nodes: readonly NodeMoment[];
  readonly totals: Totals;
  readonly limits: RunMoment['budget']['limits'];
  readonly files: ChangedFiles;
  /** The files as they were before the call that is open: what they are again when it is given up or repeated. */
  readonly settled: ChangedFiles;
  readonly approvals: RunMoment['approvals'];
  readonly startedAt: number;
  /** Time of the last event, in milliseconds. */
  readonly at: number;
  /** Milliseconds that did not count. */
  readonly idleMs: number;
  /** Since when the time does not count; null while it does. */
  readonly idleSince: number | null;
};

/** The state after one more event; `null` before the first. Throws `internal` when the event does not continue it. */
export function foldMoment(moment: FoldedMoment | null, event: RunEvent): FoldedMoment {
  if (moment === null) return started(event);
  if (event.run !== moment.run || event.seq !== moment.seq + 1) {
    throw new OpenExecError('internal', `event ${event.run}/${event.seq} does not follow ${moment.run}/${moment.seq}`);
  }
  return { ...told(moment, event), seq: event.seq, at: Date.parse(event.at) };
}

function started(event: RunEvent): FoldedMoment {
  if (event.type !== 'run.started' || event.seq !== 0) {
    throw new OpenExecError('internal', `a run begins with run.started, not with ${event.type} at ${event.seq}`);
  }
  const { blueprint, budget: limits } = event.data;
  const nodes = blueprintNodes(blueprint.definition).slice(0, MAX_NODES);
  const at = Date.parse(event.at);
  return {
    run: event.run,
    seq: 0,
    status: 'running',
    nodes: nodes.map((id) => ({ id, state: 'waiting', attempts: 0 })),
    totals: { modelCalls: 0, tokens: 0, costUsd: 0 },
    limits,
    files: null,
    settled: null,
    approvals: [],
    startedAt: at,
    at,
    idleMs: 0,
    idleSince: null,
  };
}

/** What an event says, put into the state; the switch names every type, so that a new one has to be thought about. */
function told(run: FoldedMoment, event: RunEvent): FoldedMoment {
  switch (event.type) {
    case 'node.started':
      return awake(withNode(run, event.node, { state: 'active', attempts: event.attempt ?? 1 }));
    case 'node.finished':
      return awake(withNode(run, event.node, { state: event.data.outcome }));
    case 'model.requested':
      // Every request counts, whatever becomes of it.
      return awake({ ...run, totals: { ...run.totals, modelCalls: run.totals.modelCalls + 1 } });
    case 'budget.charged':
      return awake({ ...run, totals: event.data.totals });
    case 'file.changed': {
      const { path, before, after, how } = event.data;
      return awake({ ...run, files: withChange(run.files, { path, before, after, how }) });
    }
    case 'approval.requested':
      return awake(asked(run, event));
    case 'approval.resolved':
      return awake(answered(run, event));
    case 'run.paused':
      return halted(run, 'paused');
    case 'run.interrupted':
      return halted(run, 'interrupted');
    case 'run.resumed':
      return awake(counting({ ...setBack(run, event.data.inDoubt), status: 'running' }, event));
    case 'tool.requested':
    case 'tool.finished':
      return awake({ ...run, settled: run.files });
    case 'run.cancelled':
      return ended(run, 'cancelled', event);
    case 'run.finished':
      return ended(run, event.data.status, event);
    case 'result.requested':
    case 'result.finished':
      return run;
    case 'run.started':
    case 'plan.proposed':
    case 'plan.accepted':
    case 'zones.widened':
    case 'sensitivity.raised':
    case 'context.built':
    case 'egress.sent':
    case 'model.responded':
    case 'model.failed':
    case 'conversation.shortened':
    case 'policy.decided':
    case 'artifact.created':
    case 'budget.exceeded':
    case 'loop.detected':
      return awake(run);
    default:
      return assertNever(event);
  }
}

const setBack = (run: FoldedMoment, inDoubt: DataOf<'run.resumed'>['inDoubt']): FoldedMoment =>
  inDoubt?.kind === 'call' ? { ...run, files: run.settled } : run;

/** Whether work goes on or a person is waited for depends on the open approvals alone, as long as the run does. */
function awake(run: FoldedMoment): FoldedMoment {
  if (run.status !== 'running' && run.status !== 'waiting') return run;
  const status = run.approvals.length > 0 ? 'waiting' : 'running';
  return status === run.status ? run : { ...run, status };
}

function withNode(run: FoldedMoment, id: string | undefined, now: Partial<NodeMoment>): FoldedMoment {
  if (id === undefined) return run;
  const known = run.nodes.some((node) => node.id === id);
  if (known) return { ...run, nodes: run.nodes.map((node) => (node.id === id ? { ...node, ...now } : node)) };
  if (run.nodes.length >= MAX_NODES) return run;
  return { ...run, nodes: [...run.nodes, { id, state: 'active', attempts: 1, ...now }] };
}

function asked(run: FoldedMoment, { data, at }: RunEvent<'approval.requested'>): FoldedMoment {
  const { approval } = data;
  const others = run.approvals.filter((open) => open.approval !== approval).slice(0, MAX_APPROVALS - 1);
  const title = cut(data.title, TITLE_LENGTH);
  return { ...run, approvals: [...others, { approval, title }], idleSince: run.idleSince ?? Date.parse(at) };
}

function answered(run: FoldedMoment, event: RunEvent<'approval.resolved'>): FoldedMoment {
  const approvals = run.approvals.filter((open) => open.approval !== event.data.approval);
  return counting({ ...run, approvals }, event);
}

/** The run stood still since its last event: what says so may have been written much later, by another window. */
function halted(run: FoldedMoment, status: 'paused' | 'interrupted'): FoldedMoment {
  return { ...run, status, idleSince: run.idleSince ?? run.at };
}

function ended(run: FoldedMoment, status: RunStatus, { at }: RunEvent): FoldedMoment {
  return { ...run, status, idleSince: run.idleSince ?? Date.parse(at) };
}

/** The time counts again, unless the run still waits for an answer. */
function counting(run: FoldedMoment, { at }: RunEvent): FoldedMoment {
  if (run.idleSince === null || run.approvals.length > 0) return run;
  return { ...run, idleMs: run.idleMs + Math.max(0, Date.parse(at) - run.idleSince), idleSince: null };
}

/** The state as it is shown; its size has a bound, whatever the run did. */
export function momentOf(run: FoldedMoment): RunMoment {
  const { seq, status, nodes, approvals, limits, totals } = run;
  const spentMs = Math.max(0, (run.idleSince ?? run.at) - run.startedAt - run.idleMs);
  return {
    seq,
    status,
    nodes: [...nodes],
    budget: { ...totals, minutes: spentMs / 60_000, limits },
    files: firstChanged(run.files, MAX_FILES),
    moreFiles: Math.max(0, countChanged(run.files) - MAX_FILES),
    approvals,
  };
}

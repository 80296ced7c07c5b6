/**
 * The engine: `step(state, event) → { state, effects }`. Pure and synchronous; the only place where a run's next move
 * is decided. What is not a function of the events before it has been recorded as an event first.
 */
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { needsAgreement } from '../gatekeeper/plan';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import { costOf } from '../models/price';
import { actOnFailure, actOnReply, afterReply, afterRequest, nextTurn, openAgent } from './agent';
import { begin } from './begin';
import { budgetReason, outOfMinutes } from './budget';
import { actOnDecision, actOnVerdict, decideCall, editOf } from './calls';
import { canCome, commitOf } from './canCome';
import type { Effect } from './effects';
import { finishCall } from './finishCall';
import {
  beginDeterministic,
  countRoute,
  endRun,
  finishNode,
  follow,
  isPassedOver,
  nodeOf,
  placeOf,
  record,
  startNode,
  toolsetOf,
} from './nodes';
import { deliveryOf } from './results';
import { takeUp, wake } from './resume';
import type { ActiveRun, OpenEffect, RunState } from './state';

export type Step = { readonly state: RunState; readonly effects: readonly Effect[] };

/** The approval that stands between a risky plan and the first node. */
const PLAN_APPROVAL = 'plan';

/**
 * Takes one event (payloads inline) into the state and says what is to be done next. Throws `event_invalid` for an
 * event that cannot come in this state: the record then is not one of this engine; `blueprint_invalid` or
 * `policy_invalid` when what the run started with cannot be read.
 */
export function step(state: RunState, event: RunEvent): Step {
  switch (state.phase) {
    case 'new': {
      if (event.type !== 'run.started') throw misplaced(state, event);
      const run = begin(event);
      return { state: run, effects: [run.open.effect] };
    }
    case 'active':
      return tracked(state.open, event, inTime(event, advance(state, event)));
    case 'halted':
      return whileHalted(state, event);
    case 'ended':
      if (event.type === 'result.requested' || event.type === 'result.finished') return stay(state);
      throw misplaced(state, event);
    default:
      return assertNever(state);
  }
}

/** Keeps in the state what is under way: whoever takes the run up again after a crash has nothing but the record. */
function tracked(open: OpenEffect, event: RunEvent, { state, effects }: Step): Step {
  if (state.phase !== 'active') return { state, effects };
  const [effect] = effects;
  const now = effect ? { effect, said: null } : { ...open, said: event.type };
  return { state: { ...state, at: Date.parse(event.at), open: now }, effects };
}

/**
 * Holds a run to its minutes: once they are used up nothing is begun any more, and what was ended or failed meanwhile ends
 * the run and not only its node. What came to its own end by then is kept.
 */
function inTime(event: RunEvent, decided: Step): Step {
  const { state, effects } = decided;
  const [effect] = effects;
  if (state.phase !== 'active' || effect === undefined) return decided;
  if (!begins(effect) && !brokeOff(event)) return decided;
  const over = outOfMinutes(state, Date.parse(event.at));
  return over ? go(state, record({ type: 'budget.exceeded', ...placeOf(state, event), data: over })) : decided;
}

function begins(effect: Effect): boolean {
  if (effect.kind === 'record') return effect.body.type === 'node.started';
  return effect.kind === 'prepare_call' || effect.kind === 'invoke_model';
}

const brokeOff = (event: RunEvent): boolean =>
  event.type === 'model.failed' || (event.type === 'tool.finished' && event.data.outcome === 'timeout');

type Halted = Extract<RunState, { phase: 'halted' }>;

/** Between a halt and what a person makes of it. A result that was discarded leaves nothing to go on with. */
function whileHalted(state: Halted, event: RunEvent): Step {
  switch (event.type) {
    case 'result.requested':
      return stay(state);
    case 'result.finished':
      return event.data.action === 'discard' && event.data.outcome === 'done'
        ? stay({ phase: 'ended', how: 'discarded' })
        : stay(state);
    case 'run.interrupted':
      if (state.how === 'interrupted') throw misplaced(state, event);
      return stay({ ...state, how: 'interrupted' });
    case 'run.resumed': {
      const run = wake(state.run, event);
      const effect = takeUp(run, event);
      if (effect === null) throw misplaced(state, event);
      return tracked(run.open, event, inTime(event, go(run, effect)));
    }
    default:
      throw misplaced(state, event);
  }
}

function advance(run: ActiveRun, event: RunEvent): Step {
  if (!canCome(run, event)) throw misplaced(run, event);
  switch (event.type) {
    case 'plan.proposed': {
      const { plan } = event.data;
      return go(run, record({ type: 'plan.accepted', cause: event.seq, data: { plan, changes: [], by: 'defaults' } }));
    }
    case 'plan.accepted':
      return acceptPlan({ ...run, plan: event.data.plan }, event);
    case 'node.started':
      return enter(run, event);
    case 'node.finished':
      return leave(run, event);
    case 'model.requested':
      return stay(asked(run, afterRequest(agentOf(run, event), event)));
    case 'model.responded':
      return charge({ ...run, agent: afterReply(run, agentOf(run, event), event) }, event);
    case 'model.failed':
      return go(run, actOnFailure(run, agentOf(run, event), event));
    case 'budget.charged':
      return charged(run, event);
    case 'budget.exceeded':
      return go(run, endRun(run, 'stopped', 'budget', budgetReason(run, event.data), event));
    case 'tool.requested':
      return request(run, event);
    case 'policy.decided':
      return go(run, actOnDecision(run, callOf(run, event), event));
    case 'approval.requested':
      return stay({ ...run, waitingSince: Date.parse(event.at) });
    case 'approval.resolved':
      return resolve(waited(run, event), event);
    case 'artifact.created':
      return run.call ? stay(withArtifact(run, event)) : keepResult(run, event);
    case 'tool.finished': {
      const { run: after, effect } = finishCall(run, callOf(run, event), event);
      return go(after, effect);
    }
    case 'loop.detected':
      return go(run, finishNode(run, 'exhausted', `loop: ${event.data.detail}`, event));
    case 'context.built':
    case 'egress.sent':
    case 'file.changed':
      return stay(run);
    case 'run.finished':
      return stay({ phase: 'ended', how: 'finished' });
    case 'run.cancelled':
      return stay({ phase: 'ended', how: 'cancelled' });
    case 'run.paused':
      return stay({ phase: 'halted', how: 'paused', run });
    case 'run.interrupted':
      return stay({ phase: 'halted', how: 'interrupted', run });
    case 'run.resumed':
    case 'run.started':
    case 'result.requested':
    case 'result.finished':
      throw misplaced(run, event);
    default:
      return assertNever(event);
  }
}

const stay = (state: RunState): Step => ({ state, effects: [] });
const go = (state: RunState, ...effects: Effect[]): Step => ({ state, effects });

function misplaced(state: RunState, event: RunEvent): OpenExecError {
  return new OpenExecError(
    'event_invalid',
    `event ${event.seq}: ${event.type} cannot come while the run is ${state.phase}`,
  );
}

function acceptPlan(run: ActiveRun, event: RunEvent<'plan.accepted'>): Step {
  const doubt = needsAgreement(event.data.plan, run.origin.model);
  if (!doubt) return go(run, startNode(run, run.blueprint.start, event.seq));
  const detail = event.data.plan.reasons.join('\n');
  return go(run, {
    kind: 'ask_approval',
    approval: PLAN_APPROVAL,
    call: null,
    title: `Go on? ${doubt}`,
    detail,
    place: { cause: event.seq },
  });
}

function enter(before: ActiveRun, event: RunEvent<'node.started'>): Step {
  const id = event.node ?? '';
  const attempt = event.attempt ?? 1;
  const node = nodeOf(before, id);
  const visit = { id, attempt, startedAt: Date.parse(event.at), waitedMs: 0, tree: before.tree };
  const run = { ...before, visit, attempts: { ...before.attempts, [id]: attempt }, agent: null, call: null };
  if (node.approval !== true || isPassedOver(run, node)) return beginNode(run, event);
  const does = node.type === 'agent' ? node.goal : node.action;
  const title = `Begin the step ${node.title ?? id}?`;
  return go(run, {
    kind: 'ask_approval',
    approval: beginApproval(visit),
    call: null,
    title,
    detail: does,
    place: placeOf(run, event),
  });
}

/** The approval that stands before a node which asks for one. */
const beginApproval = ({ id, attempt }: { id: string; attempt: number }): string => `${id}.${attempt}.start`;

function beginNode(run: ActiveRun, event: RunEvent): Step {
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type === 'deterministic') return go(run, beginDeterministic(run, node, event));
  const agent = openAgent(run, node);
  return go({ ...run, agent }, nextTurn(run, node, agent, event));
}

function leave(before: ActiveRun, event: RunEvent<'node.finished'>): Step {
  const left = event.node ?? null;
  const { outcome, reason } = event.data;
  const past = { id: left ?? '', attempt: event.attempt ?? 1, outcome, reason };
  const visits = [...before.visits, past];
  const run = { ...before, ...countRoute(before, event), left, visits, visit: null, agent: null, call: null };
  return go(run, follow(run, event));
}

/** Every request counts as a model call, whatever becomes of it. */
const asked = (run: ActiveRun, agent: ActiveRun['agent']): ActiveRun => ({
  ...run,
  agent,
  totals: { ...run.totals, modelCalls: run.totals.modelCalls + 1 },
});

function charge(run: ActiveRun, event: RunEvent<'model.responded'>): Step {
  const { usage } = event.data;
  const { totals, origin } = run;
  const costUsd = event.data.costUsd ?? (origin.price ? costOf(usage, origin.price) : null);
  const after = {
    modelCalls: totals.modelCalls,
    tokens: totals.tokens + usage.input + usage.output,
    costUsd: totals.costUsd === null || costUsd === null ? null : totals.costUsd + costUsd,
  };
  const body = { type: 'budget.charged', ...placeOf(run, event), data: { usage, costUsd, totals: after } } as const;
  return go(run, record(body));
}

function charged(run: ActiveRun, event: RunEvent<'budget.charged'>): Step {
  const next = { ...run, totals: event.data.totals };
  const { agent, effect } = actOnReply(next, agentOf(run, event), event);
  return go({ ...next, agent }, effect);
}

function request(before: ActiveRun, event: RunEvent<'tool.requested'>): Step {
  const { call, tool, input, origin, facts } = event.data;
  const modelCall = origin === 'agent' ? (before.agent?.queue[0]?.modelCall ?? null) : null;
  const made = { request: { call, tool, input: textOf(input), origin }, facts, modelCall, edit: before.edit };
  const run = { ...before, call: made, edit: null };
  return go(run, decideCall(run, event));
}

/** The run after a person has answered: the time that it waited does not count. */
function waited(run: ActiveRun, event: RunEvent): ActiveRun {
  const waitedMs = run.waitingSince === null ? 0 : Math.max(0, Date.parse(event.at) - run.waitingSince);
  const visit = run.visit && { ...run.visit, waitedMs: run.visit.waitedMs + waitedMs };
  return { ...run, visit, waitingSince: null, waitedMs: run.waitedMs + waitedMs };
}

function resolve(run: ActiveRun, event: RunEvent<'approval.resolved'>): Step {
  const approved = event.data.verdict === 'approved';
  if (run.call) return go({ ...run, edit: editOf(run.call, event) }, actOnVerdict(run, run.call, event));
  if (run.visit) {
    if (event.data.approval === beginApproval(run.visit) && approved) return beginNode(run, event);
    const reason = approved
      ? `approved by ${event.data.by}`
      : `rejected by ${event.data.by}: ${event.data.reason || 'no reason given'}`;
    const { approval, by } = event.data;
    const after = approved ? { ...run, agreed: { approval, by, tree: run.tree } } : run;
    // Who said no is not asked the same thing again, as often as the node may be repeated.
    const retried = event.data.approval !== beginApproval(run.visit);
    return go(after, finishNode(run, approved ? 'success' : 'failure', reason, event, { retried }));
  }
  if (approved) return go(run, startNode(run, run.blueprint.start, event.seq));
  return go(run, endRun(run, 'stopped', 'policy', 'a person did not agree to the plan', event));
}

function withArtifact(run: ActiveRun, event: RunEvent<'artifact.created'>): ActiveRun {
  const { name, call, kind, summary, content } = event.data;
  const artifacts = { ...run.artifacts, [name]: textOf(content) };
  const next = { ...run, artifacts, notes: { ...run.notes, [name]: { call, kind, summary } } };
  if (kind !== 'commit') return next;
  const { branch, commit } = commitOf(event) ?? { branch: run.branch, commit: run.commit };
  return { ...next, branch, commit };
}

/** An agent's result that its last reply holds: recorded, it ends the step. */
function keepResult(run: ActiveRun, event: RunEvent<'artifact.created'>): Step {
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type !== 'agent') throw misplaced(run, event);
  const delivery = deliveryOf(run, node, agentOf(run, event), toolsetOf(run));
  if (delivery.kind !== 'artifact') throw misplaced(run, event);
  return go(withArtifact(run, event), finishNode(run, delivery.outcome, delivery.reason, event));
}

function agentOf(run: ActiveRun, event: RunEvent): NonNullable<ActiveRun['agent']> {
  if (!run.agent) throw misplaced(run, event);
  return run.agent;
}

function callOf(run: ActiveRun, event: RunEvent): NonNullable<ActiveRun['call']> {
  if (!run.call) throw misplaced(run, event);
  return run.call;
}

/**
 * The engine: `step(state, event) → { state, effects }`. Pure and synchronous; the only place where a run's next move
 * is decided. What is not a function of the events before it has been recorded as an event first.
 */
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { accepted, sensitive } from '../gatekeeper/changes';
import { assertNever } from '../kernel/assertNever';
import { costOf } from '../models/price';
import { actOnFailure, actOnReply, afterReply, afterRequest, afterShortening, nextTurn } from './agent';
import { begin } from './begin';
import { budgetReason, outOfMinutes } from './budget';
import { actOnDecision, decideCall } from './calls';
import { canCome, commitOf } from './canCome';
import type { Effect } from './effects';
import { finishCall } from './finishCall';
import { agentOf, callOf, go, misplaced, type Step, stay } from './moves';
import { countRoute, endRun, finishNode, follow, nodeOf, placeOf, record, toolsetOf } from './nodes';
import { acceptPlan, met, routed, widened } from './planned';
import { resolve, waited } from './resolve';
import { deliveryOf } from './results';
import { takeUp, wake } from './resume';
import type { ActiveRun, OpenEffect, RunState } from './state';
import { enter } from './visits';
import { shortening } from './window';

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
      return tracked(state.open, event, inTime(event, routed(advance(state, event))));
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
  // What a person said in between is no part of the effect that is under way.
  if (event.type === 'zones.widened') return { state: { ...state, at: Date.parse(event.at) }, effects };
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
      return tracked(run.open, event, inTime(event, routed(go(run, effect))));
    }
    default:
      throw misplaced(state, event);
  }
}

function advance(run: ActiveRun, event: RunEvent): Step {
  if (!canCome(run, event)) throw misplaced(run, event);
  switch (event.type) {
    case 'plan.proposed': {
      const data = accepted(event.data.plan, run.origin.changes);
      return go(run, record({ type: 'plan.accepted', cause: event.seq, data }));
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
      return met(after, effect, event);
    }
    case 'sensitivity.raised':
      return run.due && run.plan ? go({ ...run, plan: sensitive(run.plan), due: null }, run.due) : stay(run);
    case 'zones.widened':
      return stay(run.plan ? { ...run, plan: widened(run.plan, event) } : run);
    case 'context.built':
      return stay({ ...run, context: event.data });
    case 'loop.detected':
      return go(run, finishNode(run, 'exhausted', `loop: ${event.data.detail}`, event));
    case 'conversation.shortened':
      return shortened(run, event);
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

/** The turn that was due when the conversation had outgrown its window. */
function shortened(before: ActiveRun, event: RunEvent<'conversation.shortened'>): Step {
  const short = shortening(before);
  const node = nodeOf(before, before.visit?.id ?? '');
  if (short === null || node.type !== 'agent') throw misplaced(before, event);
  const agent = afterShortening(agentOf(before, event), short, event);
  const run = { ...before, agent };
  return go(run, nextTurn(run, node, agent, event));
}

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

/**
 * Taking a run up again after a pause, a crash or a closed window: from the last durable decision, with what was under
 * way. An effect that may have been performed and has no outcome is in doubt; it is repeated only when a person says so.
 * All pure: a replay takes the run up in the same way.
 */
import { routeKey } from '../blueprint/schema';
import type { DataOf, RunEvent } from '../events/schema';
import { assertNever } from '../kernel/assertNever';
import { oneLine } from '../kernel/text';
import { BROKE_OFF_TEXT } from '../prompt/outcomes';
import { exceeded } from './budget';
import type { Effect } from './effects';
import { nodeOf, placeOf, record, startNode, timeLeft } from './nodes';
import type { ActiveRun, RunState } from './state';

/** What was begun and has no outcome; `title` is one line for the person who has to decide. */
export type InDoubt = { readonly kind: 'call' | 'model'; readonly id: string; readonly title: string };

/** What is in doubt in a run that stopped; null when nothing is, or when it did not stop. */
export function inDoubt(state: RunState): InDoubt | null {
  return state.phase === 'halted' ? doubtOf(state.run) : null;
}

function doubtOf({ open, origin }: ActiveRun): InDoubt | null {
  const { effect, said } = open;
  if (effect.kind === 'execute_call') {
    const { call, tool, input } = effect.request;
    return { kind: 'call', id: call, title: `${tool} ${oneLine(input, 160)}` };
  }
  if (effect.kind !== 'invoke_model' || said !== 'model.requested') return null;
  const { node, attempt } = effect.place;
  const id = `${node}.${attempt}.${effect.turn}`;
  return { kind: 'model', id, title: `request ${id} to ${origin.model.name} at ${origin.model.destination}` };
}

/** The run with the time between its halt and now counted as waiting; an open question counts its own. */
export function wake(run: ActiveRun, event: RunEvent<'run.resumed'>): ActiveRun {
  const gap = run.waitingSince === null ? Math.max(0, Date.parse(event.at) - run.at) : 0;
  const visit = run.visit && { ...run.visit, waitedMs: run.visit.waitedMs + gap };
  return { ...backIn(run), visit, waitedMs: run.waitedMs + gap };
}

/** A node that paused the run gets a fresh set of its counted routes: a person has looked. The budget stays what it was. */
function backIn(run: ActiveRun): ActiveRun {
  const { left } = run;
  if (left === null || !pausedByBlueprint(run)) return run;
  const own = [routeKey(left, 'on_success'), routeKey(left, 'on_failure')];
  return { ...run, routes: Object.fromEntries(Object.entries(run.routes).filter(([key]) => !own.includes(key))) };
}

const pausedByBlueprint = ({ open }: ActiveRun): boolean =>
  open.effect.kind === 'record' && open.effect.body.type === 'run.paused';

/**
 * What a resumed run does first; null when the event does not settle exactly what is in doubt, or when it goes on from
 * another tree than the record does.
 */
export function takeUp(run: ActiveRun, event: RunEvent<'run.resumed'>): Effect | null {
  const doubt = doubtOf(run);
  const settled = event.data.inDoubt;
  if (doubt?.kind !== settled?.kind || doubt?.id !== settled?.id || event.data.tree !== run.tree) return null;
  if (doubt !== null && settled !== null) return settle(run, settled.decision, event);
  const { effect, said } = run.open;
  switch (effect.kind) {
    case 'record':
      return pausedByBlueprint(run) && run.left !== null ? startNode(run, run.left, event.seq) : effect;
    case 'propose_plan':
    case 'shorten':
    case 'prepare_call':
      return effect;
    case 'invoke_model':
      return { ...effect, limitMs: timeLeft(run, event), ...(said === 'egress.sent' ? { announced: true } : {}) };
    case 'ask_approval':
      return said === 'approval.requested' ? { ...effect, asked: true } : effect;
    case 'execute_call':
      return null;
    default:
      return assertNever(effect);
  }
}

type Decision = NonNullable<DataOf<'run.resumed'>['inDoubt']>['decision'];

function settle(run: ActiveRun, decision: Decision, event: RunEvent<'run.resumed'>): Effect | null {
  const { effect } = run.open;
  if (effect.kind === 'execute_call') {
    if (decision === 'repeat') return { ...effect, request: { ...effect.request, limitMs: timeLeft(run, event) } };
    return givenUpCall(run, effect, event);
  }
  if (effect.kind !== 'invoke_model') return null;
  if (decision === 'fail') return givenUpRequest(run, event);
  const node = nodeOf(run, run.visit?.id ?? '');
  // The request counts, though nobody knows its reply, and the one that repeats it must fit into the budget as well.
  const over = node.type === 'agent' ? exceeded(run, node, Date.parse(event.at)) : null;
  if (over) return record({ type: 'budget.exceeded', ...placeOf(run, event), data: over });
  const { turn, retry, place } = effect;
  return { kind: 'invoke_model', turn, retry: retry + 1, delayMs: 0, limitMs: timeLeft(run, event), place };
}

function givenUpCall(
  run: ActiveRun,
  { request: { call, tool } }: Extract<Effect, { kind: 'execute_call' }>,
  event: RunEvent<'run.resumed'>,
): Effect {
  const result = {
    outcome: 'error',
    output: BROKE_OFF_TEXT,
    exitCode: null,
    tree: event.data.tree,
    confinement: 'not known',
    ms: 0,
  } as const;
  return record({ type: 'tool.finished', ...placeOf(run, event), data: { call, tool, ...result } });
}

function givenUpRequest(run: ActiveRun, event: RunEvent<'run.resumed'>): Effect {
  const message = 'The run broke off during this request; its reply, if there was one, is lost.';
  const data = { code: 'in_doubt', message, retryable: false, ms: 0 };
  return record({ type: 'model.failed', ...placeOf(run, event), data });
}

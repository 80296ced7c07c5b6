/** What follows once a call has its outcome: another call, the next turn, or the end of the node. All pure. */
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { nextCall, nextTurn, withResult } from './agent';
import type { Effect } from './effects';
import { finishNodeCall } from './gates';
import { loopIn, withCall } from './loops';
import { nodeOf, placeOf, record } from './nodes';
import { editedNote } from './prompt';
import type { ActiveRun, AgentState, CallState } from './state';

type Followed = { readonly run: ActiveRun; readonly effect: Effect };

/** The run after a call of it has ended. `before` is as it was during the call. */
export function finishCall(before: ActiveRun, current: CallState, event: RunEvent<'tool.finished'>): Followed {
  const run = { ...before, tree: event.data.tree ?? before.tree, call: null };
  if (run.edit) return { run, effect: { kind: 'prepare_call', request: run.edit.request, place: placeOf(run, event) } };
  const node = nodeOf(run, run.visit?.id ?? '');
  if (current.request.origin === 'node' || node.type !== 'agent' || run.agent === null)
    return { run, effect: finishNodeCall(run, event) };
  const answered = told(run.agent, current, event);
  const agent = run.origin.flags.engine < 2 ? answered : counted(answered, current, event, run.tree !== before.tree);
  const next = { ...run, agent };
  const loop = loopIn(agent.done, agent.settled);
  if (loop) return { run: next, effect: record({ type: 'loop.detected', ...placeOf(run, event), data: loop }) };
  const [due] = agent.queue;
  return {
    run: next,
    effect: due ? nextCall(next, node, due.request, event) : nextTurn(next, node, agent, event),
  };
}

/** The agent with a call's result, as the model will read it. */
function told(
  agent: AgentState,
  { request, modelCall, edit }: CallState,
  event: RunEvent<'tool.finished'>,
): AgentState {
  const output = textOf(event.data.output);
  return withResult(agent, modelCall ?? '', edit === null ? output : `${editedNote(request.input)}\n${output}`);
}

/** The agent with the call among those by which loops are found. */
function counted(
  agent: AgentState,
  { request }: CallState,
  event: RunEvent<'tool.finished'>,
  changed: boolean,
): AgentState {
  const { outcome, output } = event.data;
  const done = withCall(agent.done, { ...request, output: textOf(output), ok: outcome === 'ok' });
  return { ...agent, done, settled: changed ? done.length : agent.settled };
}

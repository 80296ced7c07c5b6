/** What follows once a call has its outcome: another call, the next turn, or the end of the node. All pure. */
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { isSensitive } from '../gatekeeper/gate';
import { editedNote } from '../prompt/notes';
import { nextCall, nextTurn, withResult } from './agent';
import type { Effect } from './effects';
import { finishNodeCall } from './gates';
import { jsonFault } from './jsonFault';
import { loopIn, withCall } from './loops';
import { finishNode, nodeOf, placeOf, record } from './nodes';
import { withShown } from './sources';
import type { ActiveRun, AgentState, CallState } from './state';

type Followed = { readonly run: ActiveRun; readonly effect: Effect };

/** The run after a call of it has ended. `before` is as it was during the call. */
export function finishCall(before: ActiveRun, current: CallState, event: RunEvent<'tool.finished'>): Followed {
  const shown = withShown(before.shown, current, event);
  const run = { ...before, tree: event.data.tree ?? before.tree, call: null, shown };
  if (run.edit) return { run, effect: { kind: 'prepare_call', request: run.edit.request, place: placeOf(run, event) } };
  const node = nodeOf(run, run.visit?.id ?? '');
  const asked = contextQuestion(run, current, event);
  if (asked !== null) return { run: { ...run, contextAsked: asked.approval }, effect: asked };
  if (current.request.origin === 'node' || node.type !== 'agent' || run.agent === null)
    return { run, effect: finishNodeCall(run, event) };
  const answered = told(run.agent, current, event);
  const counting = run.origin.flags.engine < 2 ? answered : counted(answered, current, event, run.tree !== before.tree);
  const malformed = run.origin.flags.engine >= 4 && isMalformed(current, event);
  const agent = malformed ? { ...counting, malformedIn: counting.malformedIn ?? counting.turn } : counting;
  const next = { ...run, agent };
  // Calls of one reply were all written before the model could be told.
  if (malformed && agent.malformedIn !== agent.turn) {
    const reason = 'the model writes tool calls that are not JSON';
    return { run: next, effect: finishNode(next, 'failure', reason, event) };
  }
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

/** True for a call that the model did not write as JSON; what a person made of one is not the model's. */
const isMalformed = ({ request, edit }: CallState, { data }: RunEvent<'tool.finished'>): boolean =>
  edit === null && data.outcome === 'invalid' && jsonFault(request.input) !== null;

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

type Question = Extract<Effect, { kind: 'ask_approval' }>;

/** The question what of a context may be sent, where a person is there to be asked and has reason to be; else null. */
function contextQuestion(run: ActiveRun, { request }: CallState, event: RunEvent<'tool.finished'>): Question | null {
  const { origin, plan, context, visit } = run;
  if (origin.flags.engine < 4 || request.tool !== 'build_context' || event.data.outcome !== 'ok') return null;
  if (plan === null || context === null || visit === null || origin.approvals !== 'ask') return null;
  const cautious = (plan.sensitivity !== 'low' || isSensitive(event.data.found ?? {})) && !origin.model.local;
  const approval = `${visit.id}.${visit.attempt}.context`;
  if (!(cautious || origin.changes?.showContext === true) || run.contextAsked === approval) return null;
  const files = context.files.map(({ path, lines, bytes, why }) => ({ path, lines, bytes, why }));
  const count = new Set(files.map(({ path }) => path)).size;
  const { destination } = origin.model;
  return {
    kind: 'ask_approval',
    approval,
    call: null,
    title: `Send ${count === 1 ? '1 file' : `${count} files`} (${context.bytes} bytes) to ${destination}?`,
    detail: JSON.stringify({ files, bytes: context.bytes, destination }),
    place: placeOf(run, event),
    context: true,
  };
}

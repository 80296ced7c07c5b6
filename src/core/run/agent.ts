/** The tool loop of an agent node: when to ask the model, and what its reply leads to. All pure. */
import type { AgentNode } from '../blueprint/schema';
import type { Message, Outgoing } from '../events/parts';
import { textOf } from '../events/payload';
import type { DataOf, RunEvent } from '../events/schema';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import { ZERO_HASH } from '../kernel/hash';
import { oneLine } from '../kernel/text';
import type { CallRequest } from '../ports/toolbox';
import { emptyMessage, reaskMessage } from '../prompt/notes';
import { openingMessages } from '../prompt/opening';
import { tooManyText } from '../prompt/outcomes';
import { exceeded, LEAST_MS } from './budget';
import { messageBytes, totalBytes } from './conversation';
import type { Effect } from './effects';
import { CALLS_PER_REPLY, MAX_RETRY_AFTER_MS, MODEL_RETRIES, QUOTED, retryDelay, seeded } from './limits';
import { finishNode, nodeOf, placeOf, record, spentMs, timeLeft, toolsetOf } from './nodes';
import { canWrite, type Delivery, deliveryOf, resultCall } from './results';
import type { Shortened } from './shorten';
import type { ActiveRun, AgentState } from './state';
import { outgrown, outgrownReason, shortening, windowOf } from './window';

/** The agent state with which a visit of an agent node begins. */
export function openAgent(run: ActiveRun, node: AgentNode): AgentState {
  const { prompt } = run.origin.flags;
  const about = { canWrite: canWrite(toolsetOf(run), prompt), prompt };
  const pending = openingMessages(node, run.task, run.artifacts, about);
  const conversation = { sent: [], sentBytes: 0, pending, hash: ZERO_HASH, unlinked: [] };
  const work = { queue: [], stop: 'end' as const, tokens: 0, done: [], settled: 0 };
  return { turn: 0, retry: 0, ...conversation, ...work, missing: null, empty: 0, malformedIn: null };
}

/** The next turn, or the limit that stands against it. */
export function nextTurn(run: ActiveRun, node: AgentNode, agent: AgentState, event: RunEvent): Effect {
  if (agent.turn >= node.max_turns) {
    const lack = agent.missing === null ? '' : `: ${agent.missing}`;
    return finishNode(run, 'exhausted', `the model did not finish within ${node.max_turns} turns${lack}`, event);
  }
  const late = outOfTime(run, node, event);
  if (late) return late;
  if (outgrown(run, node, agent)) {
    if (shortening({ ...run, agent }) !== null) return { kind: 'shorten', place: placeOf(run, event) };
    return finishNode(run, 'exhausted', outgrownReason(windowOf(run, node)), event);
  }
  if (node.max_tokens !== undefined && agent.tokens + node.max_call_tokens > node.max_tokens) {
    const reason = `another call could take the step above its ${node.max_tokens} tokens (${agent.tokens} used)`;
    return finishNode(run, 'exhausted', reason, event);
  }
  // Last, for a run whose budget is its worst case must be able to take every way out of its last node.
  const over = exceeded(run, node, Date.parse(event.at));
  if (over) return record({ type: 'budget.exceeded', ...placeOf(run, event), data: over });
  const limitMs = timeLeft(run, event);
  return { kind: 'invoke_model', turn: agent.turn + 1, retry: 0, delayMs: 0, limitMs, place: placeOf(run, event) };
}

/** The next call of the last reply, or the limit of time that stands against it. */
export function nextCall(run: ActiveRun, node: AgentNode, request: CallRequest, event: RunEvent): Effect {
  return outOfTime(run, node, event) ?? { kind: 'prepare_call', request, place: placeOf(run, event) };
}

/** The end of a node whose time is used up, or would be after another `delayMs`. */
function outOfTime(run: ActiveRun, node: AgentNode, event: RunEvent, delayMs = 0): Effect | null {
  if (spentMs(run, event) + delayMs <= node.timeout_minutes * 60_000) return null;
  return finishNode(run, 'exhausted', `the step took longer than ${node.timeout_minutes} minutes`, event);
}

/** The agent after a request was recorded: what was pending has been sent. */
export function afterRequest(agent: AgentState, event: RunEvent<'model.requested'>): AgentState {
  const { conversation, turn, retry } = event.data;
  return {
    ...agent,
    turn,
    retry,
    sent: [...agent.sent, ...conversation.added],
    sentBytes: agent.sentBytes + totalBytes(conversation.added),
    pending: [],
    hash: conversation.hash,
    unlinked: [],
  };
}

/** The agent after its conversation was shortened. What was taken out may be asked for again: that is no going round. */
export function afterShortening(
  agent: AgentState,
  { sent, after }: Shortened,
  { data }: RunEvent<'conversation.shortened'>,
): AgentState {
  return { ...agent, sent, sentBytes: after, hash: data.hash, unlinked: [], done: [], settled: 0 };
}

/** The agent after a reply: the assistant's message, and its calls in order. */
export function afterReply(run: ActiveRun, agent: AgentState, event: RunEvent<'model.responded'>): AgentState {
  const { text, toolCalls, stop, usage, kept } = event.data;
  const assistant: Message = { role: 'assistant', content: text, toolCalls, ...(kept === undefined ? {} : { kept }) };
  const prefix = `${run.visit?.id}.${run.visit?.attempt}.${agent.turn}`;
  const queue = toolCalls.slice(0, CALLS_PER_REPLY).map((call, index) => ({
    request: {
      call: `${prefix}.${index + 1}`,
      tool: call.name,
      input: textOf(call.arguments),
      origin: 'agent' as const,
    },
    modelCall: call.id,
  }));
  // A provider wants an answer to every call, those that are not made included.
  const pending = toolCalls.slice(CALLS_PER_REPLY).map(({ id }): Outgoing => {
    return { role: 'tool', call: id, content: tooManyText(CALLS_PER_REPLY) };
  });
  const sentBytes = agent.sentBytes + messageBytes(assistant);
  return {
    ...agent,
    sent: [...agent.sent, assistant],
    sentBytes,
    unlinked: [...agent.unlinked, assistant],
    pending,
    queue,
    stop,
    tokens: agent.tokens + usage.input + usage.output,
    empty: isEmpty(event.data) ? agent.empty + 1 : 0,
  };
}

const isEmpty = ({ text, toolCalls }: DataOf<'model.responded'>): boolean =>
  toolCalls.length === 0 && textOf(text).trim() === '';

/** What follows once a reply has been charged: its first call, the check of the result, or the end of the node. */
export function actOnReply(
  run: ActiveRun,
  agent: AgentState,
  event: RunEvent,
): { readonly agent: AgentState; readonly effect: Effect } {
  const only = (effect: Effect) => ({ agent, effect });
  if (agent.stop === 'refusal') return only(finishNode(run, 'failure', refusalOf(agent), event));
  if (agent.stop === 'filter') return only(finishNode(run, 'failure', 'the provider filtered the reply', event));
  if (agent.stop === 'length') return only(finishNode(run, 'failure', 'the reply was cut at its length limit', event));
  const [first] = agent.queue;
  if (first) return only({ kind: 'prepare_call', request: first.request, place: placeOf(run, event) });
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type !== 'agent') throw new OpenExecError('internal', 'a reply outside of an agent node');
  const delivery = deliveryOf(run, node, agent, toolsetOf(run));
  const lacking = saidNothing(run, agent, delivery);
  if (lacking !== null) {
    if (agent.empty > 1) return only(finishNode(run, 'failure', 'the model gave an empty reply twice in a row', event));
    return askedAgain(run, node, agent, lacking, event);
  }
  switch (delivery.kind) {
    case 'none':
      return only(finishNode(run, 'success', 'the model says that it is finished; the checks decide', event));
    case 'artifact':
      return only(record({ type: 'artifact.created', ...placeOf(run, event), data: delivery.data }));
    case 'changed':
      return only({ kind: 'prepare_call', request: changeReport(run, delivery), place: placeOf(run, event) });
    case 'missing':
      return askedAgain(run, node, agent, { text: reaskMessage(delivery.what), missing: delivery.what }, event);
    default:
      return assertNever(delivery);
  }
}

type Lack = { readonly text: string; readonly missing: string };

function askedAgain(run: ActiveRun, node: AgentNode, agent: AgentState, { text, missing }: Lack, event: RunEvent) {
  const asked: Outgoing = { role: 'user', content: text };
  const again = { ...agent, pending: [...agent.pending, asked], missing };
  return { agent: again, effect: nextTurn(run, node, again, event) };
}

/**
 * What an empty reply leaves open; null for any other reply, and for the end of a step whose work can be seen: providers
 * end such a turn without a word.
 */
function saidNothing({ origin, visit, tree }: ActiveRun, agent: AgentState, delivery: Delivery): Lack | null {
  if (origin.flags.engine < 4 || agent.empty === 0) return null;
  if (delivery.kind === 'missing') return { text: emptyMessage(delivery.what), missing: delivery.what };
  if (delivery.kind !== 'none' || (visit !== null && visit.tree !== tree)) return null;
  return { text: emptyMessage(null), missing: 'its last reply was empty' };
}

/** The model's refusal, in its own words as far as it gave any. */
function refusalOf({ sent }: AgentState): string {
  const last = sent.at(-1);
  const words = last?.role === 'assistant' ? oneLine(textOf(last.content).trim(), QUOTED) : '';
  return words === '' ? 'the model refused' : `the model refused: ${words}`;
}

/** The node's own call that keeps what was changed since the visit began as the node's result. */
function changeReport({ visit }: ActiveRun, { since, name }: { since: string; name: string }): CallRequest {
  const call = visit ? resultCall(visit) : '';
  return { call, tool: 'diff_report', input: JSON.stringify({ since, name }), origin: 'node' };
}

/** What follows a failed request: the same again after a pause, the end of the node, or the limit of the budget. */
export function actOnFailure(run: ActiveRun, agent: AgentState, event: RunEvent<'model.failed'>): Effect {
  const retry = agent.retry + 1;
  if (!event.data.retryable || retry > MODEL_RETRIES) return finishNode(run, 'failure', event.data.message, event);
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type !== 'agent') return finishNode(run, 'failure', event.data.message, event);
  const own = retryDelay(retry, seeded(run.origin.seed, event.seq));
  const asked = run.origin.flags.engine < 4 ? 0 : (event.data.retryAfterMs ?? 0);
  const delayMs = Math.max(own, asked);
  if (asked > own && asked > longestWait(run, event)) {
    const seconds = formatted(asked);
    const reason = `${event.data.message} The server asks to wait ${seconds} before the next try, which is too long here.`;
    return finishNode(run, 'failure', reason, event);
  }
  const late = run.origin.flags.engine >= 2 ? outOfTime(run, node, event, delayMs) : null;
  if (late) return late;
  const over = exceeded(run, node, Date.parse(event.at));
  if (over) return record({ type: 'budget.exceeded', ...placeOf(run, event), data: over });
  const limitMs = Math.max(LEAST_MS, timeLeft(run, event) - delayMs);
  return { kind: 'invoke_model', turn: agent.turn, retry, delayMs, limitMs, place: placeOf(run, event) };
}

/** Milliseconds for which a server is waited for: never more than is left to the node and its run. */
const longestWait = (run: ActiveRun, event: RunEvent): number => Math.min(MAX_RETRY_AFTER_MS, timeLeft(run, event));

const formatted = (ms: number): string =>
  ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;

/** The agent with the result of its first queued call as the next message. */
export function withResult(agent: AgentState, modelCall: string, output: string): AgentState {
  const message: Outgoing = { role: 'tool', call: modelCall, content: output };
  return { ...agent, pending: [...agent.pending, message], queue: agent.queue.slice(1) };
}

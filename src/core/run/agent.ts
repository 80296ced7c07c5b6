/** The tool loop of an agent node: when to ask the model, and what its reply leads to. All pure. */
import type { AgentNode } from '../blueprint/schema';
import type { Message, Outgoing } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import { ZERO_HASH } from '../kernel/hash';
import type { CallRequest } from '../ports/toolbox';
import { exceeded } from './budget';
import { messageBytes, requestTokens, totalBytes } from './conversation';
import type { Effect } from './effects';
import { CALLS_PER_REPLY, MIN_REPLY_TOKENS, MODEL_RETRIES, retryDelay, seeded } from './limits';
import { finishNode, nodeOf, placeOf, record, spentMs, timeLeft, toolsetOf } from './nodes';
import { offerOf, openingMessages, reaskMessage } from './prompt';
import { canWrite, deliveryOf, resultCall } from './results';
import type { ActiveRun, AgentState } from './state';

/** The agent state with which a visit of an agent node begins. */
export function openAgent(run: ActiveRun, node: AgentNode): AgentState {
  const pending = openingMessages(node, run.task, run.artifacts, canWrite(toolsetOf(run)));
  const conversation = { sent: [], sentBytes: 0, pending, hash: ZERO_HASH, unlinked: [] };
  const work = { queue: [], stop: 'end' as const, tokens: 0, done: [], settled: 0, missing: null };
  return { turn: 0, retry: 0, ...conversation, ...work };
}

/** The next turn, or the limit that stands against it. */
export function nextTurn(run: ActiveRun, node: AgentNode, agent: AgentState, event: RunEvent): Effect {
  if (agent.turn >= node.max_turns) {
    const lack = agent.missing === null ? '' : `: ${agent.missing}`;
    return finishNode(run, 'exhausted', `the model did not finish within ${node.max_turns} turns${lack}`, event);
  }
  const late = outOfTime(run, node, event);
  if (late) return late;
  if (
    requestTokens(agent.sentBytes + totalBytes(agent.pending), offerOf(toolsetOf(run))) >
    node.max_call_tokens - MIN_REPLY_TOKENS
  ) {
    return finishNode(run, 'exhausted', `the conversation has outgrown ${node.max_call_tokens} tokens`, event);
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

/** The agent after a reply: the assistant's message, and its calls in order. */
export function afterReply(run: ActiveRun, agent: AgentState, event: RunEvent<'model.responded'>): AgentState {
  const { text, toolCalls, stop, usage } = event.data;
  const assistant: Message = { role: 'assistant', content: text, toolCalls };
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
    return { role: 'tool', call: id, content: `Not done: at most ${CALLS_PER_REPLY} calls of one reply are made.` };
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
  };
}

/** What follows once a reply has been charged: its first call, the check of the result, or the end of the node. */
export function actOnReply(
  run: ActiveRun,
  agent: AgentState,
  event: RunEvent,
): { readonly agent: AgentState; readonly effect: Effect } {
  const only = (effect: Effect) => ({ agent, effect });
  if (agent.stop === 'filter') return only(finishNode(run, 'failure', 'the provider filtered the reply', event));
  if (agent.stop === 'length') return only(finishNode(run, 'failure', 'the reply was cut at its length limit', event));
  const [first] = agent.queue;
  if (first) return only({ kind: 'prepare_call', request: first.request, place: placeOf(run, event) });
  const node = nodeOf(run, run.visit?.id ?? '');
  if (node.type !== 'agent') throw new OpenExecError('internal', 'a reply outside of an agent node');
  const delivery = deliveryOf(run, node, agent, toolsetOf(run));
  switch (delivery.kind) {
    case 'none':
      return only(finishNode(run, 'success', 'the model says that it is finished; the checks decide', event));
    case 'artifact':
      return only(record({ type: 'artifact.created', ...placeOf(run, event), data: delivery.data }));
    case 'changed':
      return only({ kind: 'prepare_call', request: changeReport(run, delivery), place: placeOf(run, event) });
    case 'missing': {
      const asked: Outgoing = { role: 'user', content: reaskMessage(delivery.what) };
      const again = { ...agent, pending: [...agent.pending, asked], missing: delivery.what };
      return { agent: again, effect: nextTurn(run, node, again, event) };
    }
    default:
      return assertNever(delivery);
  }
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
  const delayMs = retryDelay(retry, seeded(run.origin.seed, event.seq));
  const late = run.origin.flags.engine >= 2 ? outOfTime(run, node, event, delayMs) : null;
  if (late) return late;
  const over = exceeded(run, node, Date.parse(event.at));
  if (over) return record({ type: 'budget.exceeded', ...placeOf(run, event), data: over });
  const limitMs = timeLeft(run, event);
  return { kind: 'invoke_model', turn: agent.turn, retry, delayMs, limitMs, place: placeOf(run, event) };
}

/** The agent with the result of its first queued call as the next message. */
export function withResult(agent: AgentState, modelCall: string, output: string): AgentState {
  const message: Outgoing = { role: 'tool', call: modelCall, content: output };
  return { ...agent, pending: [...agent.pending, message], queue: agent.queue.slice(1) };
}

/** The tool loop of an agent node: when to ask the model, and what its reply leads to. All pure. */
import type { AgentNode } from '../blueprint/schema';
import type { Message, Outgoing } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { ZERO_HASH } from '../kernel/hash';
import type { CallRequest } from '../ports/toolbox';
import { messageBytes, requestTokens, totalBytes } from './conversation';
import type { Effect } from './effects';
import { CALLS_PER_REPLY, MIN_REPLY_TOKENS, MODEL_RETRIES, retryDelay, seeded } from './limits';
import { finishNode, nodeOf, placeOf, record, spentMs, timeLeft } from './nodes';
import { offerOf, openingMessages } from './prompt';
import type { ActiveRun, AgentState } from './state';

/** The agent state with which a visit of an agent node begins. */
export function openAgent(run: ActiveRun, node: AgentNode): AgentState {
  const pending = openingMessages(node, run.task, run.artifacts);
  return { turn: 0, retry: 0, sent: [], sentBytes: 0, pending, hash: ZERO_HASH, unlinked: [], queue: [], stop: 'end' };
}

/** The next turn, or the limit that stands against it. */
export function nextTurn(run: ActiveRun, node: AgentNode, agent: AgentState, event: RunEvent): Effect {
  if (agent.turn >= node.max_turns) {
    return finishNode(run, 'exhausted', `the model did not finish within ${node.max_turns} turns`, event);
  }
  const late = outOfTime(run, node, event);
  if (late) return late;
  if (
    requestTokens(agent.sentBytes + totalBytes(agent.pending), offerOf(run.snapshot.toolset)) >
    node.max_call_tokens - MIN_REPLY_TOKENS
  ) {
    return finishNode(run, 'exhausted', `the conversation has outgrown ${node.max_call_tokens} tokens`, event);
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

function outOfTime(run: ActiveRun, node: AgentNode, event: RunEvent): Effect | null {
  if (spentMs(run, event) <= node.timeout_minutes * 60_000) return null;
  return finishNode(run, 'exhausted', `the step took longer than ${node.timeout_minutes} minutes`, event);
}

/** The first limit of the run's budget that the next request would break; failed requests have counted as well. */
export function exceeded(
  run: ActiveRun,
  node: AgentNode,
  now: number,
): { limit: string; allowed: number; used: number } | null {
  const { budget } = run.origin;
  const minutes = (now - run.startedAt - run.waitedMs) / 60_000;
  if (run.totals.modelCalls + 1 > budget.modelCalls)
    return { limit: 'model calls', allowed: budget.modelCalls, used: run.totals.modelCalls };
  if (run.totals.tokens + node.max_call_tokens > budget.tokens)
    return { limit: 'tokens', allowed: budget.tokens, used: run.totals.tokens };
  if (minutes > budget.minutes) return { limit: 'minutes', allowed: budget.minutes, used: Math.ceil(minutes) };
  return null;
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
  const { text, toolCalls, stop } = event.data;
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
  };
}

/** What follows once a reply has been charged: its first call, or the end of the node. */
export function actOnReply(run: ActiveRun, agent: AgentState, event: RunEvent): Effect {
  if (agent.stop === 'filter') return finishNode(run, 'failure', 'the provider filtered the reply', event);
  if (agent.stop === 'length') return finishNode(run, 'failure', 'the reply was cut at its length limit', event);
  const [first] = agent.queue;
  if (first) return { kind: 'prepare_call', request: first.request, place: placeOf(run, event) };
  return finishNode(run, 'success', 'the model says that it is finished; the checks decide', event);
}

/** What follows a failed request: the same again after a pause, the end of the node, or the limit of the budget. */
export function actOnFailure(run: ActiveRun, agent: AgentState, event: RunEvent<'model.failed'>): Effect {
  const retry = agent.retry + 1;
  if (!event.data.retryable || retry > MODEL_RETRIES) return finishNode(run, 'failure', event.data.message, event);
  const node = nodeOf(run, run.visit?.id ?? '');
  const over = node.type === 'agent' ? exceeded(run, node, Date.parse(event.at)) : null;
  if (over) return record({ type: 'budget.exceeded', ...placeOf(run, event), data: over });
  const delayMs = retryDelay(retry, seeded(run.origin.seed, event.seq));
  const limitMs = timeLeft(run, event);
  return { kind: 'invoke_model', turn: agent.turn, retry, delayMs, limitMs, place: placeOf(run, event) };
}

/** The agent with the result of its first queued call as the next message. */
export function withResult(agent: AgentState, modelCall: string, output: string): AgentState {
  const message: Outgoing = { role: 'tool', call: modelCall, content: output };
  return { ...agent, pending: [...agent.pending, message], queue: agent.queue.slice(1) };
}

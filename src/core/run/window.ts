/**
 * The window of an agent's requests: how much fits into one, together with its reply, and when the conversation has outgrown
 * it. The node limits it, and so does the model, as far as that was known when the run began. All pure.
 */
import type { AgentNode } from '../blueprint/schema';
import { requestTokens, totalBytes } from './conversation';
import { MIN_REPLY_TOKENS, REPLY_TOKENS, SHORTENED_TO } from './limits';
import { nodeOf } from './nodes';
import { offeredTo } from './offered';
import { type Shortened, shorten } from './shorten';
import type { ActiveRun, AgentState } from './state';

export type Window = {
  /** Tokens of a request and its reply together. */
  readonly tokens: number;
  /** Tokens of the longest reply. */
  readonly reply: number;
  /** Whose limit `tokens` is. */
  readonly of: 'node' | 'model';
};

/** The window of a node's requests. Before engine 4 a model's own limits were not recorded. */
export function windowOf({ origin }: ActiveRun, node: AgentNode): Window {
  const { contextTokens = null, outputTokens = null } = (origin.flags.engine < 4 ? null : origin.window) ?? {};
  const reply = Math.min(REPLY_TOKENS, outputTokens ?? REPLY_TOKENS);
  return contextTokens !== null && contextTokens < node.max_call_tokens
    ? { tokens: contextTokens, reply, of: 'model' }
    : { tokens: node.max_call_tokens, reply, of: 'node' };
}

/** Tokens that a request may have: what remains must hold a reply that is worth asking for. */
const mostOf = ({ tokens, reply }: Window): number => tokens - Math.min(MIN_REPLY_TOKENS, reply);

/** Tokens that the reply to a request of so many tokens may have. */
export const replyLimit = ({ tokens, reply }: Window, sending: number): number => Math.min(reply, tokens - sending);

/** True when the next request would not leave enough of its window to the reply. */
export function outgrown(run: ActiveRun, node: AgentNode, agent: AgentState): boolean {
  const bytes = agent.sentBytes + totalBytes(agent.pending);
  return requestTokens(bytes, offeredTo(run)) > mostOf(windowOf(run, node));
}

/** Why a node ends whose conversation has outgrown its window. */
export function outgrownReason({ tokens, of }: Window): string {
  return of === 'node'
    ? `the conversation has outgrown ${tokens} tokens`
    : `the conversation has outgrown the ${tokens} tokens of the model's window`;
}

/** What the conversation of the current node is shortened to; null where nothing can be shortened, or the engine did not. */
export function shortening(run: ActiveRun): Shortened | null {
  const { agent, visit } = run;
  const node = visit && nodeOf(run, visit.id);
  if (agent === null || visit === null || node?.type !== 'agent' || run.origin.flags.engine < 4) return null;
  const window = windowOf(run, node);
  const most = Math.min(Math.floor(window.tokens * SHORTENED_TO), mostOf(window));
  const offered = offeredTo(run);
  const pending = totalBytes(agent.pending);
  const short = shorten(agent.sent, visit, (bytes) => requestTokens(bytes + pending, offered) <= most);
  return short.calls.length === 0 ? null : short;
}

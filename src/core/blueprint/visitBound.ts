/** The most that one visit of a node can take, and the arithmetic of such amounts. */
import type { Bound, Price } from '../events/parts';
import { dearestInput } from '../models/dearest';
import type { AgentNode, BlueprintNode } from './schema';

export type BoundOptions = {
  /** Model requests of one turn: the first, and its bounded repetitions. */
  readonly requestsPerTurn: number;
  /** Tokens that one reply has at the most. */
  readonly replyTokens: number;
  /** What the chosen model costs; left out or null: not known. */
  readonly price?: Price | null;
};

/** As many numbers as `Bound` has members; the cost in millionths of a dollar. */
export type Amounts = readonly number[];

const MEMBERS = ['nodeExecutions', 'agentTurns', 'modelCalls', 'tokens', 'tokensIn', 'tokensOut', 'minutes'] as const;

export const NOTHING: Amounts = [...MEMBERS, 'cost'].map(() => 0);

export const add = (a: Amounts, b: Amounts): Amounts => a.map((x, i) => x + (b[i] ?? 0));

export const times = (a: Amounts, n: number): Amounts => a.map((x) => x * n);

/** The greater of each number. */
export const greatest = (a: Amounts | null, b: Amounts): Amounts =>
  a === null ? b : a.map((x, i) => Math.max(x, b[i] ?? 0));

/** One visit: every repetition of an action, every turn of an agent with every repetition of its requests. */
export function visitBound(node: BlueprintNode, options: BoundOptions): Amounts {
  if (node.type === 'deterministic') {
    const executions = 1 + node.retry;
    return amounts({ nodeExecutions: executions, minutes: executions * node.timeout_minutes });
  }
  const { tokens, tokensOut } = tokensOf(node, options);
  const turns = tokens === 0 ? 0 : node.max_turns;
  return amounts({
    nodeExecutions: 1,
    agentTurns: turns,
    modelCalls: turns * options.requestsPerTurn,
    tokens,
    tokensIn: tokens,
    tokensOut,
    minutes: node.timeout_minutes,
    cost: costOf(tokens, tokensOut, options.price ?? { input: 0, output: 0 }),
  });
}

/**
 * Tokens of a visit. A call is made only when `max_call_tokens` more fit under `max_tokens`, and a request that failed
 * costs nothing that is known.
 */
function tokensOf(node: AgentNode, { replyTokens }: BoundOptions): { tokens: number; tokensOut: number } {
  const { max_turns, max_call_tokens, max_tokens = Number.POSITIVE_INFINITY } = node;
  if (max_tokens < max_call_tokens) return { tokens: 0, tokensOut: 0 };
  const reply = Math.min(replyTokens, max_call_tokens);
  return {
    tokens: Math.min(max_turns * max_call_tokens, max_tokens),
    tokensOut: Math.min(max_turns * reply, max_tokens - max_call_tokens + reply),
  };
}

/** All tokens at the dearer price, as far as they can be tokens out. */
function costOf(tokens: number, tokensOut: number, price: Price): number {
  const input = dearestInput(price);
  return Math.max(tokens * input, (tokens - tokensOut) * input + tokensOut * price.output);
}

const amounts = (some: Partial<Record<(typeof MEMBERS)[number] | 'cost', number>>): Amounts =>
  [...MEMBERS, 'cost' as const].map((member) => some[member] ?? 0);

/** Sums of fractions differ in their last digits by the order in which they are made; no price is as fine as this. */
const ROUNDING = 1e-4;

/** As it is recorded; the cost rounded up to a millionth of a dollar, null when the price is not known. */
export function toBound(sums: Amounts, { price }: BoundOptions): Bound {
  const [nodeExecutions = 0, agentTurns, modelCalls = 0, tokens = 0, tokensIn, tokensOut, minutes = 0, cost = 0] = sums;
  const costUsd = price ? Math.max(0, Math.ceil(cost - ROUNDING)) / 1_000_000 : null;
  return { nodeExecutions, agentTurns, modelCalls, tokens, tokensIn, tokensOut, minutes, costUsd };
}

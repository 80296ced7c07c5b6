/** What a run may spend: its limits before the start, and the first that its next model call would break. All pure. */
import { worstCase } from '../blueprint/bound';
import type { AgentNode, Blueprint } from '../blueprint/schema';
import type { Bound, Price, RunOrigin } from '../events/parts';
import type { Result } from '../kernel/result';
import { REPLY_TOKENS, REQUESTS_PER_TURN } from './limits';
import type { ActiveRun } from './state';

type Budget = RunOrigin['budget'];

/** The limits of a run: its worst case, or less where the blueprint says so. Without a known cost nothing limits that. */
export function budgetOf(bound: Bound, { budget = {} }: Pick<Blueprint, 'budget'>): Budget {
  const costs = [bound.costUsd, budget.cost_usd].filter((cost) => typeof cost === 'number');
  return {
    modelCalls: Math.min(bound.modelCalls, budget.model_calls ?? Number.POSITIVE_INFINITY),
    tokens: Math.min(bound.tokens, budget.tokens ?? Number.POSITIVE_INFINITY),
    minutes: Math.min(bound.minutes, budget.minutes ?? Number.POSITIVE_INFINITY),
    ...(costs.length === 0 ? {} : { costUsd: Math.min(...costs) }),
  };
}

/** The most that a call of so many tokens, in and out together, can cost, in US dollars. */
export function worstCallCost(tokens: number, price: Price): number {
  const output = price.output > price.input ? Math.min(REPLY_TOKENS, tokens) : 0;
  return ((tokens - output) * price.input + output * price.output) / 1_000_000;
}

/** Sums of fractions differ in their last digits by the order in which they are made. */
const ROUNDING = 1e-9;

export type Exceeded = { readonly limit: string; readonly allowed: number; readonly used: number };

/** The first limit of the run's budget that the next request would break; failed requests have counted as well. */
export function exceeded(run: ActiveRun, node: AgentNode, now: number): Exceeded | null {
  const { budget } = run.origin;
  const minutes = (now - run.startedAt - run.waitedMs) / 60_000;
  if (run.totals.modelCalls + 1 > budget.modelCalls)
    return { limit: 'model calls', allowed: budget.modelCalls, used: run.totals.modelCalls };
  if (run.totals.tokens + node.max_call_tokens > budget.tokens)
    return { limit: 'tokens', allowed: budget.tokens, used: run.totals.tokens };
  if (minutes > budget.minutes) return { limit: 'minutes', allowed: budget.minutes, used: Math.ceil(minutes) };
  return budget.costUsd === undefined ? null : costExceeded(run, node, budget.costUsd);
}

/** A cost that is not known may be any: it counts as the whole of the budget. */
function costExceeded({ totals, origin }: ActiveRun, node: AgentNode, allowed: number): Exceeded | null {
  if (totals.costUsd === null || origin.price === undefined) return { limit: 'cost', allowed, used: allowed };
  const next = worstCallCost(node.max_call_tokens, origin.price);
  return totals.costUsd + next > allowed + ROUNDING ? { limit: 'cost', allowed, used: totals.costUsd } : null;
}

/** The end of a run whose budget is used up, in words. */
export function budgetReason({ totals, origin }: ActiveRun, { limit, allowed }: Exceeded): string {
  if (limit !== 'cost') return `the budget of ${allowed} ${limit} is used up`;
  const known = totals.costUsd !== null && origin.price !== undefined;
  const unknown = `the run may cost $${allowed}, and what the model costs is not known`;
  return known ? `the budget of $${allowed} does not allow another model call ($${totals.costUsd} used)` : unknown;
}

/** The worst case of a checked blueprint for a model of this price; null is a price that is not known. */
export function boundOf(blueprint: Blueprint, price: Price | null): Result<Bound, string> {
  const options = { requestsPerTurn: REQUESTS_PER_TURN, replyTokens: REPLY_TOKENS, price };
  return worstCase(blueprint, options);
}

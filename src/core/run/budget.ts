/** What a run may spend: its limits before the start, and the first that its next model call would break. All pure. */
import { worstCase } from '../blueprint/bound';
import type { AgentNode, Blueprint } from '../blueprint/schema';
import type { Bound, Price, RunOrigin } from '../events/parts';
import { own } from '../kernel/own';
import type { Result } from '../kernel/result';
import { dearestInput } from '../models/dearest';
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
  const input = dearestInput(price);
  const output = price.output > input ? Math.min(REPLY_TOKENS, tokens) : 0;
  return ((tokens - output) * input + output * price.output) / 1_000_000;
}

/** Sums of fractions differ in their last digits by the order in which they are made. */
const ROUNDING = 1e-9;

export type Exceeded = { readonly limit: string; readonly allowed: number; readonly used: number };

/** The first limit of the run's budget that the next request would break; failed requests have counted as well. */
export function exceeded(run: ActiveRun, node: AgentNode, now: number): Exceeded | null {
  const { budget } = run.origin;
  const minutes = spentMinutes(run, now);
  if (run.totals.modelCalls + 1 > budget.modelCalls)
    return { limit: 'model calls', allowed: budget.modelCalls, used: run.totals.modelCalls };
  if (run.totals.tokens + node.max_call_tokens > budget.tokens)
    return { limit: 'tokens', allowed: budget.tokens, used: run.totals.tokens };
  if (minutes > budget.minutes) return minutesUsed(budget.minutes, minutes);
  return budget.costUsd === undefined ? null : costExceeded(run, node, budget.costUsd);
}

/** Minutes since the start of a run; waiting for a person does not count. */
const spentMinutes = ({ startedAt, waitedMs }: ActiveRun, now: number): number => (now - startedAt - waitedMs) / 60_000;

const minutesUsed = (allowed: number, minutes: number): Exceeded => {
  return { limit: 'minutes', allowed, used: Math.ceil(minutes) };
};

/**
 * Milliseconds that the run's minutes leave to what is done next. Without an end where they are no less than the worst
 * case: there the limits of the nodes are what holds, and a run must be able to take every way out of its last node.
 */
export function runTimeLeft(run: ActiveRun, now: number): number {
  const { budget, bound, flags } = run.origin;
  if (flags.engine < 2 || budget.minutes >= bound.minutes) return Number.POSITIVE_INFINITY;
  return Math.round((budget.minutes - spentMinutes(run, now)) * 60_000);
}

/** The least time, in milliseconds, in which anything is begun. */
export const LEAST_MS = 1000;

/** The limit of the run's minutes, once they leave no time to begin anything. */
export function outOfMinutes(run: ActiveRun, now: number): Exceeded | null {
  if (runTimeLeft(run, now) >= LEAST_MS) return null;
  return minutesUsed(run.origin.budget.minutes, spentMinutes(run, now));
}

/** A cost that is not known may be any: it counts as the whole of the budget. */
function costExceeded({ totals, origin }: ActiveRun, node: AgentNode, allowed: number): Exceeded | null {
  if (totals.costUsd === null || origin.price === undefined) return { limit: 'cost', allowed, used: allowed };
  const next = worstCallCost(node.max_call_tokens, origin.price);
  return totals.costUsd + next > allowed + ROUNDING ? { limit: 'cost', allowed, used: totals.costUsd } : null;
}

/** The end of a run whose budget is used up, in words. */
export function budgetReason(run: ActiveRun, { limit, allowed, used }: Exceeded): string {
  const { totals, origin, visit, blueprint } = run;
  const node = visit && own(blueprint.nodes, visit.id);
  if (limit === 'tokens' && origin.flags.engine >= 2 && node?.type === 'agent') {
    const call = `another call of up to ${node.max_call_tokens} tokens`;
    return `the budget of ${allowed} tokens does not allow ${call} (${used} used)`;
  }
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

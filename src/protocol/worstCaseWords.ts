/** The worst case of a blueprint as people read it. Pure. */
import type { Bound, RunOrigin } from '../core/events/parts';
import { formatCost, formatCount, formatNumber } from './format';

/** `14 model calls, 120k tokens, $0.90`; no model call costs nothing, and a price that is not known is never a zero. */
export function worstCaseWords({ modelCalls, tokens, costUsd }: Bound): string {
  const spent = `${formatCount(modelCalls, 'model call')}, ${rounded(tokens)} tokens`;
  return `${spent}, ${costUsd == null ? 'cost not known' : formatCost(costUsd)}`;
}

/** The limits of a budget that are below the worst case, as people read them; empty when there are none. */
export function lowerLimitWords(bound: Bound, budget: RunOrigin['budget']): string {
  const lower: string[] = [];
  if (budget.modelCalls < bound.modelCalls) lower.push(formatCount(budget.modelCalls, 'model call'));
  if (budget.tokens < bound.tokens) lower.push(`${formatNumber(budget.tokens)} tokens`);
  if (budget.minutes < bound.minutes) lower.push(formatCount(budget.minutes, 'minute'));
  const { costUsd } = budget;
  if (costUsd !== undefined && (bound.costUsd == null || costUsd < bound.costUsd)) lower.push(formatCost(costUsd));
  return lower.join(', ');
}

/** Rounded up, for it is a limit: `950`, `120k`, `1.3M`. */
function rounded(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 1_000_000) return tokens > 999_000 ? '1M' : `${Math.ceil(tokens / 1000)}k`;
  return `${Math.ceil(tokens / 100_000) / 10}M`;
}

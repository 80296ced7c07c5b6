/** The worst case of a blueprint as people read it. Pure. */
import type { Bound } from '../core/events/parts';
import { formatCost, formatCount } from './format';

/** `14 model calls, 120k tokens, $0.90`; no model call costs nothing, and a price that is not known is never a zero. */
export function worstCaseWords({ modelCalls, tokens, costUsd }: Bound): string {
  const spent = `${formatCount(modelCalls, 'model call')}, ${rounded(tokens)} tokens`;
  return `${spent}, ${costUsd == null ? 'cost not known' : formatCost(costUsd)}`;
}

/** Rounded up, for it is a limit: `950`, `120k`, `1.3M`. */
function rounded(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 1_000_000) return tokens > 999_000 ? '1M' : `${Math.ceil(tokens / 1000)}k`;
  return `${Math.ceil(tokens / 100_000) / 10}M`;
}

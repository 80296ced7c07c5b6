import { formatCost, formatCount, formatNumber } from '../../src/protocol/format';
import type { Picture } from '../../src/protocol/graph';

type Amounts = Pick<NonNullable<Picture['bound']>, 'modelCalls' | 'tokens' | 'minutes'> & {
  nodeExecutions?: number | undefined;
  agentTurns?: number | undefined;
  costUsd?: number | null | undefined;
};

/** `53 node executions, 14 model calls, 120,000 tokens, 90 min, $0.90`; a cost that is not known is said to be so. */
export function boundText({ nodeExecutions, agentTurns, modelCalls, tokens, minutes, costUsd }: Amounts): string {
  return [
    nodeExecutions === undefined ? [] : formatCount(nodeExecutions, 'node execution'),
    agentTurns === undefined ? [] : formatCount(agentTurns, 'agent turn'),
    formatCount(modelCalls, 'model call'),
    formatCount(tokens, 'token'),
    `${formatNumber(minutes)} min`,
    costUsd === undefined ? [] : costUsd === null ? 'cost unknown' : formatCost(costUsd),
  ]
    .flat()
    .join(', ');
}

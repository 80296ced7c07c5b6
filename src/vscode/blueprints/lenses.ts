/** The line on top of a blueprint: what can be done with it, and what it can cost. Pure. */
import type { Bound } from '../../core/events/parts';
import type { Problem } from '../../core/kernel/yaml';
import { formatCount } from '../../protocol/format';
import { worstCaseWords } from '../../protocol/worstCaseWords';

export type Lens = {
  readonly title: string;
  readonly does: 'start' | 'graph' | 'problems' | 'nothing';
  readonly tooltip: string;
};

/** `bound` is null for a blueprint that has errors. */
export function lensesOf(problems: readonly Problem[], bound: Bound | null): Lens[] {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const look = 'Show them in the Problems view';
  if (errors > 0 || bound === null) {
    return [{ title: formatCount(Math.max(1, errors), 'problem'), does: 'problems', tooltip: look }];
  }
  const lenses: Lens[] = [
    { title: 'Start run', does: 'start', tooltip: 'Start a run of this blueprint' },
    { title: 'Show graph', does: 'graph', tooltip: 'Show the nodes and routes of this blueprint as a picture' },
    { title: `Worst case: ${worstCaseWords(bound)}`, does: 'nothing', tooltip: worstCaseTooltip(bound) },
  ];
  const warnings = problems.length;
  return warnings === 0
    ? lenses
    : [...lenses, { title: formatCount(warnings, 'warning'), does: 'problems', tooltip: look }];
}

function worstCaseTooltip({ nodeExecutions, minutes }: Bound): string {
  const more = `${formatCount(nodeExecutions, 'node execution')} and ${formatCount(minutes, 'minute')}`;
  return `No run of this blueprint can take more. With it come at most ${more}.`;
}

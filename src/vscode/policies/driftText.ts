/** What today's policy decides otherwise than a run's, in words. Pure. */
import { formatCount } from '../../protocol/format';
import { exactLine } from '../exactText';
import type { PolicyChange, PolicyDrift } from '../runs';

/** True when something is decided otherwise, not only written otherwise. */
export const decidesOtherwise = ({ wider, narrower }: PolicyDrift): boolean => wider.length + narrower.length > 0;

/** One line for a tooltip. */
export function driftLine(drift: PolicyDrift): string {
  if (!decidesOtherwise(drift)) return 'The policy was written anew since, and decides the same as far as was tried.';
  const { wider, narrower } = drift;
  return `The policy changed since: ${formatCount(wider.length, 'thing')} wider, ${formatCount(narrower.length, 'thing')} narrower.`;
}

/** The document as Markdown that also reads well as it is. */
export function driftText(drift: PolicyDrift | null, task: string): string {
  const head = ['# Policy drift', '', `Run: ${exactLine(task)}`, ''];
  if (drift === null) {
    return [...head, "Today's policy, toolset and project commands are those that the run was started with.", ''].join(
      '\n',
    );
  }
  const { was, now, wider, narrower } = drift;
  return [
    ...head,
    'A run keeps what it was started with. This is what a run that is started today would be decided otherwise, found by',
    'deciding both ways over everything that either of them names.',
    '',
    `- Snapshot of the run: ${was}`,
    `- Snapshot of today: ${now}`,
    '',
    `## Wider today: ${wider.length}`,
    '',
    ...linesOf(wider, 'Nothing is allowed more easily.'),
    '',
    `## Narrower today: ${narrower.length}`,
    '',
    ...linesOf(narrower, 'Nothing is held more strictly.'),
    '',
  ].join('\n');
}

const linesOf = (changes: readonly PolicyChange[], none: string): string[] =>
  changes.length === 0
    ? [none]
    : changes.map(({ what, was, now, rule }) => `- ${exactLine(what)}: ${was} → **${now}** (${exactLine(rule)})`);

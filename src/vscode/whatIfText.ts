/** What another policy would have decided over the calls of a run, as a document in words. Pure. */
import type { ChangedDecision } from '../core/compare/whatIf';
import { formatCount } from '../protocol/format';
import { exactLine } from './exactText';
import type { WhatIfForPeople } from './runs';

export type AskedAbout = {
  readonly task: string;
  /** The id of the policy that the run was decided under. */
  readonly policy: string;
};

const WORDS = { allow: 'allowed', ask: 'left to a person', deny: 'denied' } as const;
/** The strictest first. */
const GROUPS = [
  ['deny', 'Denied then'],
  ['ask', 'Left to a person then'],
  ['allow', 'Allowed then'],
] as const;
/** Changes that are told of each kind; a run may make a hundred thousand calls. */
const MOST = 500;

/** The document as Markdown that also reads well as it is. Each `Event N` at the beginning of a line leads to the event. */
export function whatIfText(answer: WhatIfForPeople, about: AskedAbout): string {
  const { calls, changed, policy } = answer;
  const other = `${exactLine(policy.id)} (${exactLine(policy.source)})`;
  return [
    `# What if ${exactLine(policy.id)} had decided`,
    '',
    `${formatCount(calls, 'recorded call')} decided again under the policy ${other}. No model was asked, and nothing was run.`,
    '',
    `- Run: ${exactLine(about.task)}`,
    `- Policy of the run: ${exactLine(about.policy)}`,
    '',
    '## Where the run would have stopped',
    '',
    ...stopLines(answer),
    '',
    `## Decisions that would change: ${changed.length}`,
    ...(changed.length === 0 ? ['', 'None: every recorded call would be decided as it was.'] : []),
    ...GROUPS.flatMap(([now, heading]) =>
      group(
        heading,
        changed.filter((one) => one.now === now),
      ),
    ),
    '',
    '## What this does not say',
    '',
    'Only calls that were made or tried are decided again: what a model would have done after another answer is not known.',
    'Only the chosen policy is another one. Managed, user and workspace policies, toolsets, project commands and zones are',
    'those that the run had.',
    '',
  ].join('\n');
}

function stopLines({ wouldStopAt, changed }: WhatIfForPeople): string[] {
  if (wouldStopAt === null) return ['Nowhere: every call that was made could have been made.'];
  const stop = changed.find(({ seq }) => seq === wouldStopAt);
  if (stop === undefined) return [`Event ${wouldStopAt}: from here on the run would have gone another way.`];
  const why = stop.now === 'ask' ? 'would wait for a person, and nobody is asked in this run' : 'would be denied';
  return [
    `Event ${wouldStopAt}: ${called(stop)}`,
    '',
    `This call was made, and ${why}. What follows it in the record would have gone another way.`,
  ];
}

function group(heading: string, changes: readonly ChangedDecision[]): string[] {
  if (changes.length === 0) return [];
  const left = changes.length - MOST;
  return [
    ...['', `### ${heading}: ${changes.length}`],
    ...changes.slice(0, MOST).flatMap(changeLines),
    ...(left > 0 ? ['', `${formatCount(left, 'more decision')} left out.`] : []),
  ];
}

function changeLines(change: ChangedDecision): string[] {
  const { seq, was, now, rule, layer, reason } = change;
  return [
    '',
    `Event ${seq}: ${called(change)}`,
    `- was ${WORDS[was]}, would be ${WORDS[now]}`,
    `- by the rule ${exactLine(rule)} of ${exactLine(whose(layer))}`,
    `- ${exactLine(reason)}`,
  ];
}

const called = ({ node, tool, input }: ChangedDecision): string =>
  exactLine(`${node === null ? '' : `${node}, `}${tool} ${input}`);

/** Whose a rule is, out of a decision's `layer`. */
function whose(layer: string): string {
  if (layer === 'built in') return 'OpenExec itself, which no policy can change';
  if (layer === 'gatekeeper') return 'the plan of the run';
  return `the ${layer.replace(/^chosen policy/, 'policy')}`;
}

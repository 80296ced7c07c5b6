/** How a decision came about, as a document in words. Pure. */
import { oneLine } from '../protocol/format';
import { ruleOrigin } from '../protocol/policy';
import { exactLine, exactText, indented } from './exactText';
import type { ExplainedCall, ExplainedStep } from './runs';
import { winnerOf } from './timeline/policyViews';

/** The effect of a decision, as a heading says it. */
export const VERDICTS = { allow: 'Allowed', ask: 'Left to a person', deny: 'Denied' } as const;

/** The document as Markdown that also reads well as it is; `seq` is the event of the decision. */
export function explainText(explained: ExplainedCall, about: { readonly task: string; readonly seq: number }): string {
  const { decision, steps, omitted, tool, input, snapshot } = explained;
  const won = winnerOf(decision, steps);
  return [
    `# ${VERDICTS[decision.decision]}: ${oneLine(exactLine(`${tool} ${input}`), 100)}`,
    '',
    exactLine(decision.reason),
    '',
    `- Rule: ${decision.rule}`,
    `- This rule comes from ${exactLine(ruleOrigin(decision.layer))}`,
    `- Run: ${exactLine(about.task)}`,
    `- Event: ${about.seq}`,
    `- Policy snapshot: ${snapshot}`,
    '',
    '## The call, exactly',
    '',
    ...indented(exactText(pretty(input))),
    '',
    '## What was looked at',
    '',
    'Deny beats ask, ask beats allow, and the strictest of all policies and all targets counts.',
    ...sectionsOf(steps, won),
    ...(omitted === 0 ? [] : ['', `${omitted} more steps are left out: the call has very many targets.`]),
    '',
  ].join('\n');
}

/** The steps in order, under the policy that each rule is of. */
function sectionsOf(steps: readonly ExplainedStep[], won: number): string[] {
  let heading = '';
  return steps.flatMap((step, at) => {
    const target = step.target === null ? '' : `, for ${exactLine(step.target)}`;
    const next = `### ${headingOf(step)}${target}`;
    const lines = next === heading ? [] : ['', next, ''];
    heading = next;
    return [...lines, lineOf(step, at === won)];
  });
}

function headingOf({ layer, source }: ExplainedStep): string {
  if (layer === 'built in') return 'What OpenExec itself refuses, whatever a policy says';
  return `The ${layer} policy${source === '' ? '' : ` (${exactLine(source)})`}`;
}

function lineOf({ rule, effect, matched, why }: ExplainedStep, won: boolean): string {
  const result = matched ? `**${effect}**` : 'does not apply';
  return `- ${rule} (${effect}): ${result}: ${exactLine(why)}${won ? ' **← this one decided**' : ''}`;
}

/** Arguments that are JSON, one member a line. */
function pretty(input: string): string {
  try {
    return JSON.stringify(JSON.parse(input), null, 2);
  } catch {
    return input;
  }
}

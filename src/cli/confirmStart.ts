/**
 * What a run would take and which commands of the project it would execute, shown before its start. At a terminal a
 * person confirms the commands, each time: a repository could bring a memory of them along, and it is what is asked about.
 */
import type { Plan, PlanChanges } from '../core/events/planParts';
import { needsAgreement } from '../core/gatekeeper/plan';
import type { RunPreview } from '../node/runs/previewRun';
import { formatCount } from '../protocol/format';
import { lowerLimitWords, worstCaseWords } from '../protocol/worstCaseWords';
import type { ApprovalMode } from './approver';
import type { Terminal } from './terminal';
import { visible } from './visible';

/**
 * Shows the preview, and answers what a person at the terminal has agreed to: the plan, with `changes`; those alone where
 * nobody is asked; null when the person does not want the run.
 */
export async function confirmStart(
  preview: RunPreview,
  changes: PlanChanges | null,
  mode: ApprovalMode,
  terminal: Terminal,
): Promise<{ readonly changes: PlanChanges | null } | null> {
  for (const line of previewLines(preview)) terminal.say(visible(line));
  const doubt = needsAgreement(preview.plan, preview.model, mode);
  if (mode !== 'ask' || !terminal.present || (preview.commands.length === 0 && doubt === null)) return { changes };
  if (doubt !== null) terminal.say(visible(`Look twice: ${doubt}`));
  const what = preview.commands.length === 0 ? 'under this plan' : 'under this plan, with these commands';
  const answer = await terminal.question(`Start, ${what}? Type "yes" to start, anything else to leave it: `);
  if (answer?.trim().toLowerCase() !== 'yes') return null;
  return { changes: { ...(changes ?? { by: 'terminal' }), agreed: preview.plan } };
}

/** The worst case, the lower limits of the blueprint if there are any, the model, the policies, and each command with its source. */
export function previewLines({ bound, budget, model, policy, plan, commands, servers }: RunPreview): string[] {
  const lower = lowerLimitWords(bound, budget);
  return [
    `worst case: ${worstCaseWords(bound)}, ${formatCount(Math.ceil(bound.minutes), 'minute')}`,
    ...(lower === '' ? [] : [`at most: ${lower} (the budget of the blueprint)`]),
    `model: ${model.provider}:${model.name} (${model.destination})`,
    `policy: ${policy.id} (${policy.source})`,
    ...policy.layers.map(({ layer, id, source }) => `policy of the ${layer} layer: ${id} (${source})`),
    ...planLines(plan),
    ...commands.map(({ name, line, source }) => `${name}: ${line} (${source})`),
    ...servers.map(
      ({ id, line, agreed, tools }) =>
        `MCP server ${id}: ${line} (${agreed ? `agreed to; ${formatCount(tools, 'tool')}` : 'not agreed to'}; checked at the start)`,
    ),
    ...(commands.length > 0 ? [] : ['project commands: none was found']),
  ];
}

const LISTED = 8;
const listed = (texts: readonly string[]): string =>
  texts.length > LISTED ? `${texts.slice(0, LISTED).join(', ')} and ${texts.length - LISTED} more` : texts.join(', ');

/** The gatekeeper's plan, with its reasons. */
export function planLines(plan: Plan): string[] {
  const risk = plan.risk.length === 0 ? '' : `, risk: ${plan.risk.join(', ')}`;
  const sure = `${Math.round(plan.confidence * 100)} % sure${plan.unsure === true ? ', too little' : ''}`;
  return [
    `plan: ${plan.mode}, ${plan.intent} (${sure}), sensitivity ${plan.sensitivity}, route ${plan.route}${risk}`,
    `zones: ${listed(plan.zones)}`,
    ...(plan.excluded.length === 0 ? [] : [`excluded: ${listed(plan.excluded)}`]),
    ...plan.reasons.map((reason) => `  because ${reason}`),
  ];
}

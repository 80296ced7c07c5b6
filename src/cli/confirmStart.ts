/**
 * What a run would take and which commands of the project it would execute, shown before its start. At a terminal a
 * person confirms the commands, each time: a repository could bring a memory of them along, and it is what is asked about.
 */
import type { RunPreview } from '../node/runs/previewRun';
import { formatCount } from '../protocol/format';
import { lowerLimitWords, worstCaseWords } from '../protocol/worstCaseWords';
import type { ApprovalMode } from './approver';
import type { Terminal } from './terminal';
import { visible } from './visible';

/** Shows the preview; false when the person at the terminal does not want the run. */
export async function confirmStart(preview: RunPreview, mode: ApprovalMode, terminal: Terminal): Promise<boolean> {
  for (const line of previewLines(preview)) terminal.say(visible(line));
  if (mode !== 'ask' || !terminal.present || preview.commands.length === 0) return true;
  const answer = await terminal.question(
    'Start, with these commands? Type "yes" to start, anything else to leave it: ',
  );
  return answer?.trim().toLowerCase() === 'yes';
}

/** The worst case, the lower limits of the blueprint if there are any, the model, and each command with its source. */
export function previewLines({ bound, budget, model, commands }: RunPreview): string[] {
  const lower = lowerLimitWords(bound, budget);
  return [
    `worst case: ${worstCaseWords(bound)}, ${formatCount(Math.ceil(bound.minutes), 'minute')}`,
    ...(lower === '' ? [] : [`at most: ${lower} (the budget of the blueprint)`]),
    `model: ${model.provider}:${model.name} (${model.destination})`,
    ...commands.map(({ name, line, source }) => `${name}: ${line} (${source})`),
    ...(commands.length > 0 ? [] : ['project commands: none was found']),
  ];
}

/** The summary of a run so far, in words: made of what the record says, without a model. Pure. */
import { plainGate } from '../gatekeeper/gate';
import { oneLine } from '../kernel/text';
import { readReport } from '../reports/readReport';
import type { ActiveRun } from './state';

/** Steps that are listed; of more, the last. */
const STEPS = 200;
const TASK_LENGTH = 2000;

/** What the run was asked, the steps that are over, what its checks found and what it made, as Markdown. */
export function summaryText(run: ActiveRun): string {
  const steps = run.visits.map(({ id, attempt, outcome, reason }) => {
    const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
    return `- ${id}${again}: ${outcome}, ${oneLine(reason, 300)}`;
  });
  const left = steps.length > STEPS ? [`- ${steps.length - STEPS} steps before these`] : [];
  const text = [
    ...section('Task', [oneLine(run.task, TASK_LENGTH)]),
    ...section('Steps', [...left, ...steps.slice(-STEPS)]),
    ...section('Checks', checks(run)),
    ...section('Made by the run', made(run)),
    ...section('Spent', [spent(run)]),
  ].join('\n');
  // What was read out of JSON may be what its text did not show.
  return plainGate(run.origin.flags.engine).recordable(text);
}

const section = (title: string, lines: readonly string[]): string[] => [
  `## ${title}`,
  '',
  ...(lines.length === 0 ? ['none'] : lines),
  '',
];

/** The counts of each report as it was made last. */
function checks({ artifacts, notes }: ActiveRun): string[] {
  return Object.keys(notes).flatMap((name) => {
    const report = readReport(artifacts[name] ?? '');
    if (report === null) return [];
    if (report.tool === null) return [`- ${name}: the output is of no known format`];
    const counts =
      report.kind === 'tests'
        ? `${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`
        : `${report.errors} errors, ${report.warnings} warnings`;
    return [`- ${name}: ${counts} (${oneLine(report.tool, 40)})`];
  });
}

const made = ({ notes }: ActiveRun): string[] =>
  Object.entries(notes).map(([name, { kind, summary }]) => `- ${name} (${kind}): ${oneLine(summary, 300)}`);

function spent({ totals: { modelCalls, tokens, costUsd } }: ActiveRun): string {
  const cost = costUsd === null ? 'a cost that is not known' : `$${costUsd}`;
  return `${modelCalls} model ${modelCalls === 1 ? 'call' : 'calls'}, ${tokens} tokens, ${cost}`;
}

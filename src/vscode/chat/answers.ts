/** What the participant answers, as Markdown out of what is recorded. Pure. */
import { formatCost, formatCount } from '../../protocol/format';
import { ruleOrigin } from '../../protocol/policy';
import { askedLine } from '../approvalChoices';
import type { PendingApproval } from '../approvals';
import { VERDICTS } from '../explainText';
import type { ExplainedCall, ListedRun } from '../runs';
import { lookOf } from '../statusWords';
import { plain } from './markdown';

/** A task in a list, in characters. */
const TASK = 80;

/** A run in two lines: what it is about, then its state, cost and denials. */
export function runText(run: ListedRun): string {
  const { status, currentNode, attempt, costUsd, denials, task, imported, readOnly } = run;
  const node = status === 'running' && currentNode !== null ? ` at ${currentNode}` : '';
  const again = node !== '' && attempt > 1 ? `, attempt ${attempt}` : '';
  const elsewhere = imported ? ['imported'] : readOnly ? ['another window'] : [];
  const cost = costUsd === null ? 'cost unknown' : formatCost(costUsd);
  const facts = [`${lookOf(status).word}${node}${again}`, cost, `${denials} denied`, ...elsewhere];
  return `**${plain(task, TASK)}**  \n${plain(facts.join(' · '))}\n\n`;
}

export const NO_RUNS = 'No run is recorded on this machine yet.\n\n';

/** How many of all runs are listed, as a heading. */
export const runsHeading = (shown: number, all: number): string =>
  `${shown === all ? formatCount(all, 'run') : `The newest ${shown} of ${formatCount(all, 'run')}`}:\n\n`;

/** What goes on, in a line. */
export function statusHeading(active: number, pending: number): string {
  const runs = active === 0 ? 'No run goes on' : `${formatCount(active, 'run')} ${active === 1 ? 'goes' : 'go'} on`;
  const waits = `${formatCount(pending, 'approval')} ${pending === 1 ? 'waits' : 'wait'} for you in this window`;
  return `${runs}. ${pending === 0 ? 'Nothing waits for you in this window' : waits}.\n\n`;
}

export const approvalText = (asked: PendingApproval): string =>
  `${asked.question === true ? 'A question' : 'An approval'}: ${plain(askedLine(asked, 120), 120)}\n\n`;

/** Tool and targets of a call, else its arguments: one line, as it is recorded. */
export function callLine({ tool, input, steps }: ExplainedCall): string {
  const targets = new Set(steps.flatMap(({ target }) => (target === null ? [] : [target])));
  return `${tool} ${targets.size > 0 ? [...targets].join(', ') : input}`;
}

/** How a call was decided: the rule, its reason, the policy it comes from, and the frozen policy that it is of. */
export function whyText(explained: ExplainedCall, about: { readonly run: ListedRun; readonly seq: number }): string {
  const { rule, layer, reason, decision } = explained.decision;
  const from = about.run.imported ? ' (imported)' : '';
  return [
    `**${VERDICTS[decision]}:** ${plain(callLine(explained), 120)}`,
    '',
    plain(reason, 400),
    '',
    `- Rule: ${plain(rule)}`,
    `- This rule comes from ${plain(ruleOrigin(layer), 300)}`,
    `- Policy snapshot: ${plain(explained.snapshot.slice(0, 12))}`,
    `- Run: ${plain(about.run.task, TASK)}${from}, event ${about.seq}`,
    '',
    '',
  ].join('\n');
}

/** Says that nothing denied has a name that was asked about, before the last denial is told. */
export const unmatchedText = (names: readonly string[]): string =>
  names.length === 0 ? '' : `No denied call that was found names ${plain(names.join(', '))}. This is the last one:\n\n`;

/** What is asked when nothing was denied; `run` is the one that was named. */
export const nothingDenied = (run: ListedRun | null): string =>
  run === null
    ? 'No recorded run has a denied call.\n\n'
    : `No call was denied in the run ${plain(run.task, TASK)}.\n\n`;

/** What the participant can do. */
export const CAN_DO = [
  'I answer from the records of runs on this machine, and ask no model:',
  '',
  '- `/start` and a task: begins the questions before a run; nothing starts until you agree',
  '- `/runs`: the newest runs',
  '- `/status`: what goes on, and what waits for you',
  '- `/why`: why the last call was denied; name a run, a tool, a file or an event for another one',
  '',
  '',
].join('\n');

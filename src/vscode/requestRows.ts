/** What is asked for, as a person sees it before a start: task, blueprint, model, policy. Pure. */
import * as vscode from 'vscode';
import { formatCount, oneLine } from '../protocol/format';
import { hiddenIn } from '../protocol/visible';
import type { Proposal } from './blueprintSuggestion';
import { labelText } from './exactText';
import type { RunPreview } from './runs';
import type { SummaryRow } from './summaryRow';
import { linesOf } from './tasks/box';

/** What is asked for, beside the plan. */
export type Requested = {
  readonly task: string;
  readonly blueprint: Pick<Proposal, 'suggestion'> & {
    readonly title: string;
    /** Who chose it; `again` is the run that is done again. */
    readonly by: Proposal['by'] | 'again';
  };
  /** Whether the person may take another model and another policy for this run. */
  readonly open: boolean;
  /** Why what was chosen last is not taken, in a line; null when nothing was refused. */
  readonly refused: string | null;
};

const TASK_SHOWN = 90;

/** The rows of what is asked for, all of which can be changed, model and policy only where `open` says so. */
export function requestRows(requested: Requested, { model, policy }: RunPreview): SummaryRow[] {
  return [
    taskRow(requested.task),
    blueprintRow(requested.blueprint),
    otherRow(requested.open ? 'model' : 'said', {
      label: `$(hubot) ${vscode.l10n.t('Model: {0}', labelText(`${model.provider}:${model.name}`))}`,
      place: model.destination,
    }),
    otherRow(requested.open ? 'policy' : 'said', {
      label: `$(law) ${vscode.l10n.t('Policy: {0}', labelText(policy.id))}`,
      place: policy.source,
    }),
  ];
}

function taskRow(task: string): SummaryRow {
  const lines = linesOf(task);
  const change = vscode.l10n.t('change…');
  const long = task.length > TASK_SHOWN ? [formatCount(task.length, 'character')] : [];
  const several = lines === 1 ? [] : [formatCount(lines, 'line')];
  const hidden = hiddenIn(task.replace(/[\n\r\t]/g, ' '));
  const unseen = vscode.l10n.t('Holds {0} that cannot be seen.', formatCount(hidden, 'character'));
  return {
    kind: 'task',
    label: `$(comment) ${vscode.l10n.t('Task: {0}', labelText(oneLine(task, TASK_SHOWN)))}`,
    description: [[...several, ...long].join(', '), change].filter((part) => part !== '').join('; '),
    ...(hidden === 0 ? {} : { detail: `$(warning) ${unseen}` }),
  };
}

function blueprintRow({ title, by, suggestion }: Requested['blueprint']): SummaryRow {
  return {
    kind: 'blueprint',
    label: `$(type-hierarchy) ${vscode.l10n.t('Blueprint: {0}', labelText(title))}`,
    description: CHOSEN[by](),
    ...(by === 'person' || by === 'again' || suggestion === null ? {} : { detail: labelText(whyText(suggestion.why)) }),
  };
}

const CHOSEN = {
  person: () => vscode.l10n.t('chosen by you; change…'),
  gatekeeper: () => vscode.l10n.t("the gatekeeper's suggestion; change…"),
  last: () => vscode.l10n.t('as the last time; change…'),
  again: () => vscode.l10n.t('that of the run; change…'),
} as const satisfies Record<Requested['blueprint']['by'], () => string>;

const whyText = (why: string): string => `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;

function otherRow(kind: 'model' | 'policy' | 'said', { label, place }: { label: string; place: string }): SummaryRow {
  const where = labelText(place);
  return { kind, label, description: kind === 'said' ? where : `${where}; ${vscode.l10n.t('change…')}` };
}

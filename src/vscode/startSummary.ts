/** What a person sees before a run starts, as one page: what is asked for, the plan, what it can take, which commands it executes. Pure. */
import * as vscode from 'vscode';
import { formatCount } from '../protocol/format';
import { lowerLimitWords, worstCaseWords } from '../protocol/worstCaseWords';
import { labelText } from './exactText';
import { type Changed, changeableRows, doubtOver, planRows, reasonRows } from './planRows';
import { type Requested, requestRows } from './requestRows';
import type { RunPreview } from './runs';
import type { SummaryRow } from './summaryRow';

/** What the page is about: `confirmed` is that a person has seen these very commands in this repository before. */
export type Page = {
  readonly seen: RunPreview;
  readonly requested: Requested;
  readonly confirmed: boolean;
  /** What they changed of the plan. */
  readonly changed: Changed;
};

/** The start first, then what may be changed, then what is said. */
export const summaryRows = ({ seen, requested, confirmed, changed }: Page): SummaryRow[] => [
  ...refusedRows(requested),
  ...startRows(confirmed, doubtOver(seen, changed)),
  { kind: 'edit', label: `$(edit) ${vscode.l10n.t('Edit Commands')}`, description: '.openexec/project.yaml' },
  heading(vscode.l10n.t('what may be changed')),
  ...requestRows(requested, seen),
  ...changeableRows(seen, changed),
  ...planRows(seen, changed),
  ...limitRows(seen),
  ...layerRows(seen),
  ...commandRows(seen),
  ...serverRows(seen),
  ...reasonRows(seen),
];

const heading = (label: string): SummaryRow => ({ kind: 'heading', label });
const said = (label: string, description = '', detail?: string): SummaryRow => ({
  ...{ kind: 'said', label: labelText(label), description: labelText(description) },
  ...(detail === undefined ? {} : { detail: labelText(detail) }),
});

/** What was chosen last and is not taken; not what Enter alone goes past. */
const refusedRows = ({ refused }: Requested): SummaryRow[] =>
  refused === null
    ? []
    : [
        {
          kind: 'said',
          label: `$(warning) ${vscode.l10n.t('Not Possible; Left as It Was')}`,
          detail: labelText(refused),
        },
      ];

/** The start; over a plan that somebody should look at twice, not what Enter alone chooses. */
function startRows(confirmed: boolean, doubt: string | null): SummaryRow[] {
  if (doubt === null) {
    const label = confirmed
      ? `$(play) ${vscode.l10n.t('Start')}`
      : `$(check) ${vscode.l10n.t('Confirm the Commands and Start')}`;
    return [{ kind: 'start', label }];
  }
  const why = labelText(`${doubt.charAt(0).toUpperCase()}${doubt.slice(1)}`);
  const label = confirmed
    ? `$(play) ${vscode.l10n.t('Start Anyway')}`
    : `$(check) ${vscode.l10n.t('Confirm the Commands and Start Anyway')}`;
  const detail = vscode.l10n.t('You are not asked again; your agreement is recorded');
  return [
    { kind: 'said', label: `$(warning) ${vscode.l10n.t('Look Twice')}`, detail: `${why}.` },
    { kind: 'start', label, detail },
  ];
}

function limitRows({ bound, budget }: RunPreview): SummaryRow[] {
  const worst = `${worstCaseWords(bound)}, ${formatCount(Math.ceil(bound.minutes), 'minute')}`;
  const lower = lowerLimitWords(bound, budget);
  return [
    heading(vscode.l10n.t('worst case and budget')),
    said(vscode.l10n.t('Worst case: {0}', worst)),
    lower === ''
      ? said(vscode.l10n.t('Budget: the worst case'))
      : said(vscode.l10n.t('Budget: at most {0}', lower), vscode.l10n.t('set by the blueprint')),
  ];
}

/** The policies beside the chosen one, in the order of precedence. */
function layerRows({ policy }: RunPreview): SummaryRow[] {
  if (policy.layers.length === 0) return [];
  const does = {
    managed: vscode.l10n.t('What it does not allow is denied, whatever the others say'),
    other: vscode.l10n.t('It only tightens'),
  };
  return [
    heading(vscode.l10n.t('policies beside it')),
    ...policy.layers.map(({ layer, id, source }) =>
      said(`${layer}: ${id}`, source, layer === 'managed' ? does.managed : does.other),
    ),
  ];
}

const commandRows = ({ commands }: RunPreview): SummaryRow[] => [
  heading(vscode.l10n.t('project commands')),
  ...commands.map(({ name, line, source }) => said(`${name}: ${line}`, source)),
  ...(commands.length > 0 ? [] : [said(vscode.l10n.t('None was found'))]),
];

function serverRows({ servers }: RunPreview): SummaryRow[] {
  if (servers.length === 0) return [];
  const stateOf = ({ agreed, tools }: RunPreview['servers'][number]): string =>
    agreed
      ? vscode.l10n.t('agreed to; {0}; checked at the start', formatCount(tools, 'tool'))
      : vscode.l10n.t('not agreed to; checked at the start');
  return [
    heading(vscode.l10n.t('MCP servers')),
    ...servers.map((server) => said(`${server.id}: ${server.line}`, stateOf(server))),
  ];
}

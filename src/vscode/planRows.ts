/** The gatekeeper's plan as a person sees it before a start, with the changes that they have made. Pure. */
import * as vscode from 'vscode';
import type { Plan, PlanChanges } from '../core/events/planParts';
import { accepted } from '../core/gatekeeper/changes';
import { needsAgreement } from '../core/gatekeeper/plan';
import { formatCount } from '../protocol/format';
import { ROUTE_WORDS, surenessWords } from '../protocol/planWords';
import { labelText } from './exactText';
import { type RunPreview, USUAL } from './runs';
import type { SummaryRow } from './summaryRow';
import { widerThan } from './zones/zones';

/** What a person has changed of a plan. */
export type Changed = Omit<PlanChanges, 'by' | 'agreed'>;

/** Globs in one line. */
const LISTED = 6;

/** The plan with the changes. */
export const changedPlan = ({ plan }: Pick<RunPreview, 'plan'>, changed: Changed): Plan =>
  accepted(plan, { ...changed, by: 'preview' }).plan;

/** Why a person has to agree to the plan as it is now; null when its start alone is agreement enough. */
export const doubtOver = (preview: RunPreview, changed: Changed): string | null =>
  needsAgreement(changedPlan(preview, changed), preview.model, USUAL.approvals);

/** The rows of what can be changed of the plan. */
export function changeableRows(preview: RunPreview, changed: Changed): SummaryRow[] {
  const plan = changedPlan(preview, changed);
  const shows = changed.showContext === true;
  return [
    zonesRow(preview.plan, plan),
    sensitivityRow(preview.plan, plan),
    excludedRow(preview.plan, plan),
    {
      kind: 'show',
      label: `${shows ? '$(pass-filled)' : '$(circle-large-outline)'} ${vscode.l10n.t('Show Me What Will Be Sent First')}`,
      description: shows ? vscode.l10n.t('yes, before the first call of a model') : vscode.l10n.t('no'),
    },
  ];
}

/** The rows of what is only said of the plan: what it binds the run to. */
export function planRows(preview: RunPreview, changed: Changed): SummaryRow[] {
  const plan = changedPlan(preview, changed);
  const about = plan.surface === 'none' ? plan.intent : `${plan.intent}, ${plan.surface}`;
  const risk = plan.risk.length === 0 ? vscode.l10n.t('none found') : plan.risk.join(', ');
  return [
    { kind: 'heading', label: vscode.l10n.t('plan') },
    ...problemRows(preview),
    saying(vscode.l10n.t('Mode: {0}', plan.mode), MODES[plan.mode]()),
    saying(vscode.l10n.t('Intent: {0}', about), surenessWords(plan)),
    saying(vscode.l10n.t('Route: {0}', ROUTE_WORDS[plan.route])),
    saying(vscode.l10n.t('Risk: {0}', risk)),
    saying(vscode.l10n.t('Toolset: {0}', plan.toolset)),
  ];
}

const MODES = {
  chat: () => vscode.l10n.t('a question, nothing is to change'),
  task: () => vscode.l10n.t('a small change'),
  run: () => vscode.l10n.t('a change of some size'),
} as const satisfies Record<Plan['mode'], () => string>;

/** Why the plan is as it is. */
export const reasonRows = ({ plan }: Pick<RunPreview, 'plan'>): SummaryRow[] => [
  { kind: 'heading', label: vscode.l10n.t('plan: why') },
  ...plan.reasons.map((reason) => saying(reason)),
];

const saying = (label: string, description?: string): SummaryRow => ({
  kind: 'said',
  label: labelText(label),
  ...(description === undefined ? {} : { description: labelText(description) }),
});

function problemRows({ problem }: RunPreview): SummaryRow[] {
  if (problem === null) return [];
  return [
    {
      kind: 'said',
      label: `$(warning) ${vscode.l10n.t('The Local Model Did Not Answer')}`,
      description: vscode.l10n.t('rules alone, and the sensitivity is at least medium'),
      detail: labelText(problem),
    },
  ];
}

function zonesRow(proposed: Plan, { zones }: Plan): SummaryRow {
  const wider = widerThan(proposed.zones, zones);
  const [was, more] = [labelText(listed(proposed.zones)), labelText(listed(wider))];
  const detail =
    wider.length > 0 ? `$(warning) ${vscode.l10n.t('Wider than proposed ({0}): {1}', was, more)}` : undefined;
  const isProposed = zones.join('\n') === proposed.zones.join('\n');
  return {
    kind: 'zones',
    label: `$(folder) ${vscode.l10n.t('Zones: {0}', labelText(listed(zones)))}`,
    description: isProposed ? vscode.l10n.t('change…') : vscode.l10n.t('changed by you; change…'),
    ...(detail === undefined ? {} : { detail }),
  };
}

function sensitivityRow(proposed: Plan, { sensitivity }: Plan): SummaryRow {
  const label = `$(shield) ${vscode.l10n.t('Sensitivity: {0}', sensitivity)}`;
  if (proposed.sensitivity === 'high') return { kind: 'said', label, description: vscode.l10n.t('cannot be raised') };
  const description =
    sensitivity === proposed.sensitivity
      ? vscode.l10n.t('raise…')
      : vscode.l10n.t('raised by you from {0}; change…', proposed.sensitivity);
  return { kind: 'sensitivity', label, description };
}

function excludedRow(proposed: Plan, { excluded }: Plan): SummaryRow {
  const own = excluded.slice(proposed.excluded.length);
  const what = excluded.length === 0 ? vscode.l10n.t('nothing') : formatCount(excluded.length, 'glob');
  return {
    kind: 'excluded',
    label: `$(circle-slash) ${vscode.l10n.t('Excluded: {0}', what)}`,
    description: own.length === 0 ? vscode.l10n.t('exclude more…') : vscode.l10n.t('with yours; change…'),
    ...(excluded.length === 0 ? {} : { detail: labelText(listed([...own, ...proposed.excluded])) }),
  };
}

const listed = (globs: readonly string[]): string =>
  globs.length > LISTED
    ? vscode.l10n.t('{0} and {1} more', globs.slice(0, LISTED).join(', '), globs.length - LISTED)
    : globs.join(', ');

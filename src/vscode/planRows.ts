/** The gatekeeper's plan as a person sees it before a start, with the changes that they have made. Pure. */
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

/** The rows of the plan: what can be changed, what is said, and why. */
export function planRows(preview: RunPreview, changed: Changed): SummaryRow[] {
  const plan = changedPlan(preview, changed);
  return [
    { kind: 'heading', label: 'plan: what may be changed' },
    zonesRow(preview.plan, plan),
    sensitivityRow(preview.plan, plan),
    excludedRow(preview.plan, plan),
    {
      kind: 'show',
      label: `${changed.showContext === true ? '$(pass-filled)' : '$(circle-large-outline)'} Show Me What Will Be Sent First`,
      description: changed.showContext === true ? 'yes, before the first call of a model' : 'no',
    },
    { kind: 'heading', label: 'plan' },
    ...problemRows(preview),
    saying(`${plan.mode}, ${plan.intent}${plan.surface === 'none' ? '' : `, ${plan.surface}`}`, surenessWords(plan)),
    saying(
      `Risk: ${plan.risk.length === 0 ? 'none found' : plan.risk.join(', ')}`,
      `route: ${ROUTE_WORDS[plan.route]}`,
    ),
    saying(`Toolset: ${plan.toolset}`),
    { kind: 'heading', label: 'plan: why' },
    ...plan.reasons.map((reason) => saying(reason)),
  ];
}

const saying = (label: string, description?: string): SummaryRow => ({
  kind: 'said',
  label: labelText(label),
  ...(description === undefined ? {} : { description: labelText(description) }),
});

function problemRows({ problem }: RunPreview): SummaryRow[] {
  if (problem === null) return [];
  const description = 'rules alone, and the sensitivity is at least medium';
  return [
    { kind: 'said', label: '$(warning) The Local Model Did Not Answer', description, detail: labelText(problem) },
  ];
}

function zonesRow(proposed: Plan, { zones }: Plan): SummaryRow {
  const wider = widerThan(proposed.zones, zones);
  const detail =
    wider.length > 0
      ? `$(warning) Wider than proposed (${labelText(listed(proposed.zones))}): ${labelText(listed(wider))}`
      : undefined;
  return {
    kind: 'zones',
    label: `$(folder) Zones: ${labelText(listed(zones))}`,
    description: zones.join('\n') === proposed.zones.join('\n') ? 'change…' : 'changed by you; change…',
    ...(detail === undefined ? {} : { detail }),
  };
}

function sensitivityRow(proposed: Plan, { sensitivity }: Plan): SummaryRow {
  const label = `$(shield) Sensitivity: ${sensitivity}`;
  if (proposed.sensitivity === 'high') return { kind: 'said', label, description: 'cannot be raised' };
  const raised =
    sensitivity === proposed.sensitivity ? 'raise…' : `raised by you from ${proposed.sensitivity}; change…`;
  return { kind: 'sensitivity', label, description: raised };
}

function excludedRow(proposed: Plan, { excluded }: Plan): SummaryRow {
  const own = excluded.slice(proposed.excluded.length);
  const what = excluded.length === 0 ? 'nothing' : formatCount(excluded.length, 'glob');
  return {
    kind: 'excluded',
    label: `$(circle-slash) Excluded: ${what}`,
    description: own.length === 0 ? 'exclude more…' : 'with yours; change…',
    ...(excluded.length === 0 ? {} : { detail: labelText(listed([...own, ...proposed.excluded])) }),
  };
}

const listed = (globs: readonly string[]): string =>
  globs.length > LISTED ? `${globs.slice(0, LISTED).join(', ')} and ${globs.length - LISTED} more` : globs.join(', ');

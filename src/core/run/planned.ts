/** What follows from a plan: the agreement that it needs, what makes a run sensitive, and what a sensitive run may send. Pure. */
import type { Plan } from '../events/planParts';
import type { RunEvent } from '../events/schema';
import { isAgreed } from '../gatekeeper/changes';
import { isSensitive } from '../gatekeeper/gate';
import { needsAgreement } from '../gatekeeper/plan';
import type { Effect } from './effects';
import { go, type Step } from './moves';
import { placeOf, record, startNode } from './nodes';
import type { ActiveRun } from './state';

/** The approval that stands between a risky plan and the first node. */
const PLAN_APPROVAL = 'plan';

export function acceptPlan(before: ActiveRun, event: RunEvent<'plan.accepted'>): Step {
  const { changes } = before.origin;
  const agreed = isAgreed(event.data.plan, changes);
  const run = agreed && event.data.plan.sensitivity === 'high' ? { ...before, sensitiveAgreed: PLAN_APPROVAL } : before;
  const doubt = agreed ? null : doubtOf(run, event.data.plan);
  if (!doubt) return go(run, startNode(run, run.blueprint.start, event.seq));
  const detail = event.data.plan.reasons.join('\n');
  return go(run, {
    kind: 'ask_approval',
    approval: PLAN_APPROVAL,
    call: null,
    title: `Go on? ${doubt}`,
    detail,
    place: { cause: event.seq },
  });
}

/** Why a person must agree first. Somebody who was shown another plan has not agreed to this one. */
function doubtOf({ origin }: ActiveRun, plan: Plan): string | null {
  const { model, approvals, changes, flags } = origin;
  const doubt = needsAgreement(plan, model, approvals);
  if (flags.engine < 4) return doubt;
  const where =
    plan.route === 'local' && !model.local ? `the task is sensitive and would be sent to ${model.destination}` : null;
  const other = changes?.agreed === undefined ? null : 'the plan is not the one that was shown before the start';
  const all = [...new Set([doubt, where, other])].filter((one) => one !== null);
  return all.length === 0 ? null : all.join('; ');
}

/** Sensitive data that a call has brought up makes the run sensitive, before anything else is done. */
export function met(run: ActiveRun, effect: Effect, event: RunEvent<'tool.finished'>): Step {
  const { found = {}, call } = event.data;
  const { plan } = run;
  if (plan === null || plan.sensitivity === 'high' || !isSensitive(found)) return go(run, effect);
  const data = { from: plan.sensitivity, to: 'high', kinds: found, call } as const;
  return go({ ...run, due: effect }, record({ type: 'sensitivity.raised', ...placeOf(run, event), data }));
}

export const widened = (plan: Plan, { data }: RunEvent<'zones.widened'>): Plan => ({
  ...plan,
  zones: [...new Set([...plan.zones, ...data.zones])],
});

/** The approval under which a sensitive run goes on with a model elsewhere. */
export const SENSITIVE_APPROVAL = 'sensitive';

/** A run that is sensitive sends nothing to a model elsewhere unless a person has agreed to that. */
export function routed(decided: Step): Step {
  const { state: run, effects } = decided;
  const [effect] = effects;
  if (run.phase !== 'active' || effect?.kind !== 'invoke_model') return decided;
  const { origin, plan, sensitiveAgreed } = run;
  if (origin.flags.engine < 4 || plan?.sensitivity !== 'high' || origin.model.local || sensitiveAgreed !== null)
    return decided;
  return go(run, {
    kind: 'ask_approval',
    approval: SENSITIVE_APPROVAL,
    call: null,
    title: `Go on with ${origin.model.name} at ${origin.model.destination}? The run has met sensitive data.`,
    detail: 'What was found is replaced by placeholders in everything that is sent; the rest of what is read is sent.',
    place: effect.place,
  });
}

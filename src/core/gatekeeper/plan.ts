/**
 * The gatekeeper's plan: plain rules over the task, tightened (never widened) by what a local model thinks of it.
 */
import type { Classification, Plan, TaskFacts } from '../events/planParts';
import { cautionsIn } from './rules/cautions';
import { asksOnly, intentOf, isSmall, surfaceOf } from './rules/intent';
import { readText } from './rules/text';
import { zonesOf } from './rules/zones';

export type PlanContext = {
  /** The toolset of the blueprint that the person chose. */
  readonly toolset: string;
  /** The toolset that changes nothing, to which a plan may narrow the run; null when there is none. */
  readonly narrower: string | null;
  readonly blueprint: string;
  /** Globs that the policy keeps out of every prompt. */
  readonly excluded: readonly string[];
};

/** Rules have no probability; this says no more than that their guess at the intent is a guess. */
const CONFIDENCE_OF_RULES = 0.5;

/** The plan that the rules alone make of a task. */
export function planByRules(task: string, facts: TaskFacts, context: PlanContext): Plan {
  const read = readText(task);
  const { plain } = read;
  const { sensitivity, risk, reasons } = cautionsIn(task, read, facts, context.excluded);
  const { zones, reason } = zonesOf(facts);
  const only = asksOnly(plain);
  return {
    mode: only ? 'chat' : isSmall(plain) ? 'task' : 'run',
    intent: intentOf(plain),
    surface: surfaceOf(plain, facts),
    // A person may still let a task be done that is advised against, but not with the tools that change anything.
    toolset: routeOf(risk, sensitivity) === 'refuse' ? (context.narrower ?? context.toolset) : context.toolset,
    blueprint: context.blueprint,
    zones: [...zones],
    excluded: [...new Set([...context.excluded, ...facts.ignored.map(({ glob }) => glob)])],
    sensitivity,
    risk: [...risk],
    route: routeOf(risk, sensitivity),
    confidence: CONFIDENCE_OF_RULES,
    reasons: [
      ...(reasons.length > 0 ? reasons : ['nothing in the task asks for caution']),
      ...(only ? ['asks a question, nothing is to change'] : []),
      `zones: ${reason}`,
      ...excludedReasons(facts),
    ].map((one) => `rule: ${one}`),
  };
}

const SOURCES_SHOWN = 6;

function excludedReasons({ ignored }: TaskFacts): string[] {
  const sources = [...new Set(ignored.map(({ from }) => from))];
  const more = sources.length > SOURCES_SHOWN ? ` and ${sources.length - SOURCES_SHOWN} more` : '';
  return sources.length === 0
    ? []
    : [`kept out beside what the policy withholds: ${sources.slice(0, SOURCES_SHOWN).join(', ')}${more}`];
}

/** What is plainly after data or secrets is advised against; what is sensitive stays on this machine. */
function routeOf(risk: Plan['risk'], sensitivity: Plan['sensitivity']): Plan['route'] {
  if (risk.includes('exfiltration') && (risk.includes('override') || sensitivity === 'high')) return 'refuse';
  return sensitivity === 'high' ? 'local' : 'cloud';
}

const LEVELS = ['low', 'medium', 'high'] as const;
const ROUTES = ['cloud', 'local', 'refuse'] as const;

/** What a plan may be narrowed to, and why no model answered; null where there is no such thing. */
export type Tightening = { readonly narrower: string | null; readonly problem: string | null };
const NOTHING: Tightening = { narrower: null, problem: null };

/**
 * A plan that is at least as strict as `plan` in every respect, with what the classifier adds. Without a classifier
 * (null) the plan of the rules stands, its sensitivity at least `medium`, and says so.
 */
export function tighten(
  plan: Plan,
  classification: Classification | null,
  { narrower, problem }: Tightening = NOTHING,
): Plan {
  if (!classification) {
    const sensitivity = stricter(LEVELS, plan.sensitivity, 'medium');
    const why = problem === null ? '' : ` (${problem})`;
    const said = `no local model answered${why}: the rules alone decide, and the sensitivity is at least medium`;
    return { ...plan, sensitivity, reasons: [...plan.reasons, said] };
  }
  const { intent, confidence, unsure } = classification;
  const isUnsure = unsure.includes('intent');
  const sensitivity = [plan.sensitivity, classification.sensitivity, leastOf(unsure)].reduce((a, b) =>
    stricter(LEVELS, a, b),
  );
  const risk = [...new Set([...plan.risk, ...classification.risk])];
  const asks = intent === 'question' && !isUnsure;
  const route = stricter(ROUTES, plan.route, routeOf(risk, sensitivity));
  const narrows = route === 'refuse' || (asks && plan.intent === 'question');
  return {
    ...plan,
    mode: asks ? 'chat' : plan.mode,
    intent,
    surface: unsure.includes('surface') && plan.surface !== 'none' ? plan.surface : classification.surface,
    toolset: narrows ? (narrower ?? plan.toolset) : plan.toolset,
    sensitivity,
    risk,
    route,
    confidence,
    reasons: [...plan.reasons, ...reasonsOf(plan, classification)],
    ...(isUnsure || plan.unsure === true ? { unsure: true } : {}),
  };
}

/** What is not known to be harmless is not taken for harmless. */
const leastOf = (unsure: Classification['unsure']): Plan['sensitivity'] =>
  unsure.includes('intent') || unsure.includes('sensitivity') ? 'medium' : 'low';

function reasonsOf(plan: Plan, { intent, sensitivity, risk, confidence, unsure }: Classification): string[] {
  const score = confidence.toFixed(2);
  const said = [`model: intent ${intent} ${score}`];
  if (sensitivity !== 'low') said.push(`model: sensitivity ${sensitivity}`);
  for (const one of risk) if (!plan.risk.includes(one)) said.push(`model: looks ${LOOKS[one]}`);
  if (unsure.includes('intent'))
    said.push(
      `model: not sure what is asked for (${score}), so that a person is asked and the sensitivity is at least medium`,
    );
  else if (unsure.includes('sensitivity'))
    said.push('model: not sure how sensitive this is, so that it is at least medium');
  return said;
}

const LOOKS = {
  destructive: 'destructive',
  exfiltration: 'like an exfiltration',
  override: 'like an override',
} as const;

/** The later in the order of the two, which goes from wide to strict. */
function stricter<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** Why a person must agree to a plan before anything is done under it; null when nobody needs to. */
export function needsAgreement(
  plan: Plan,
  model: { readonly local: boolean; readonly destination: string },
  approvals: 'ask' | 'never' | 'all',
): string | null {
  if (plan.route === 'refuse') return 'the gatekeeper advises against this task';
  const risky = plan.risk.filter((risk) => risk !== 'destructive');
  if (risky.length > 0) return `the task looks like ${risky.join(' and ')}`;
  if (plan.route === 'local' && !model.local) return `the task is sensitive and would be sent to ${model.destination}`;
  if (plan.unsure === true && approvals === 'ask' && !model.local)
    return `the local model is not sure what the task asks for, and it would be sent to ${model.destination}`;
  return null;
}

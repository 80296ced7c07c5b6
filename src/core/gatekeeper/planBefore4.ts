/**
 * The plan as engines before 4 made it, of the words of the task alone. Records of theirs replay through this, so that it
 * does not change any more.
 */
import type { Classification, Plan } from '../events/planParts';
import { holdsPlaceholderBefore4, redactBefore4 } from './redactBefore4';

type PlanContext = {
  readonly toolset: string;
  readonly blueprint: string;
  readonly excluded: readonly string[];
};

type Signal = { readonly pattern: RegExp; readonly reason: string };

const HIGH: readonly Signal[] = [
  { pattern: /\b(password|credential|secret|private key|api[ _-]?key|access token)s?\b/i, reason: 'names secrets' },
  {
    pattern: /\b(patient|customer|personal|payment|card)[ _-]?(data|record|number|detail)s?\b/i,
    reason: 'names personal records',
  },
  { pattern: /\bprod(uction)?[ _-]?(data(base)?|db|dump)\b/i, reason: 'names production data' },
];
const MEDIUM: readonly Signal[] = [
  {
    pattern: /\b(auth\w*|login|oauth|crypto\w*|encrypt\w*|payment|billing|audit|privacy|gdpr)\b/i,
    reason: 'touches security-relevant code',
  },
  { pattern: /\b(migration|database schema|alter table)\b/i, reason: 'touches a database schema' },
];
const RISKS: readonly (Signal & { readonly risk: Plan['risk'][number] })[] = [
  {
    risk: 'destructive',
    pattern: /\b(rm -rf|force[- ]push|drop (table|database)|wipe|purge|delete (all|every))\b/is,
    reason: 'asks for something that cannot be undone',
  },
  {
    risk: 'exfiltration',
    pattern: /\b(upload|send|post|exfiltrate|curl)\b.{0,60}\b(https?:|server|webhook|secret|env)/is,
    reason: 'asks to send local data elsewhere',
  },
  {
    risk: 'override',
    pattern: /\b(ignore|disregard|bypass|skip|disable)\b.{0,40}\b(instruction|rule|polic|approval|check|guard)/is,
    reason: 'tries to get round the rules',
  },
];
const INTENTS: readonly { readonly intent: Plan['intent']; readonly pattern: RegExp }[] = [
  { intent: 'operate', pattern: /\b(deploy|release|publish|roll ?back|restart)\b/i },
  { intent: 'build', pattern: /\b(dependenc|upgrade|ci\b|pipeline|docker|eslint|webpack)/i },
  { intent: 'bugfix', pattern: /\b(fix|bug|broken|crash|wrong|fail|error|off by|does ?n[o']t|lose|loses|lost)/i },
  { intent: 'refactor', pattern: /\b(refactor|rename|clean ?up|simplify|extract)\b/i },
  { intent: 'tests', pattern: /\b(tests?|coverage|spec)\b/i },
  { intent: 'docs', pattern: /\b(docs?|readme|changelog|comment)s?\b/i },
  { intent: 'question', pattern: /^(what|why|how|where|who|explain)\b|\?\s*$/i },
];

/** The plan that the rules alone make of a task. */
export function planBefore4(task: string, context: PlanContext): Plan {
  const high = hits(HIGH, task);
  // The task was redacted before it was recorded, so that a placeholder is what is left of a secret.
  const secrets = holdsPlaceholderBefore4(redactBefore4(task).text) ? ['the task itself holds a secret'] : [];
  const medium = hits(MEDIUM, task);
  const risks = RISKS.filter(({ pattern }) => pattern.test(task));
  const sensitivity = high.length + secrets.length > 0 ? 'high' : medium.length > 0 ? 'medium' : 'low';
  const reasons = [...secrets, ...high, ...medium, ...risks.map(({ reason }) => reason)].map((r) => `rule: ${r}`);
  return {
    mode: 'run',
    intent: INTENTS.find(({ pattern }) => pattern.test(task))?.intent ?? 'feature',
    surface: 'none',
    toolset: context.toolset,
    blueprint: context.blueprint,
    zones: ['**'],
    excluded: [...context.excluded],
    sensitivity,
    risk: risks.map(({ risk }) => risk),
    route: sensitivity === 'high' ? 'local' : 'cloud',
    confidence: 0.5,
    reasons: reasons.length > 0 ? reasons : ['rule: nothing in the task asks for caution'],
  };
}

const LEVELS = ['low', 'medium', 'high'] as const;
const ROUTES = ['cloud', 'local', 'refuse'] as const;

/**
 * A plan that is at least as strict as `plan` in every respect, with what the classifier adds. Without a classifier
 * (null) the plan of the rules stands, its sensitivity at least `medium`, and says so.
 */
export function tightenBefore4(plan: Plan, classification: Omit<Classification, 'unsure'> | null): Plan {
  if (!classification) {
    const sensitivity = stricter(LEVELS, plan.sensitivity, 'medium');
    return { ...plan, sensitivity, reasons: [...plan.reasons, 'no local model: rules alone'] };
  }
  const sensitivity = stricter(LEVELS, plan.sensitivity, classification.sensitivity);
  return {
    ...plan,
    intent: classification.intent,
    surface: classification.surface,
    sensitivity,
    risk: [...new Set([...plan.risk, ...classification.risk])],
    route: stricter(ROUTES, plan.route, sensitivity === 'high' ? 'local' : 'cloud'),
    confidence: classification.confidence,
  };
}

function stricter<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

function hits(signals: readonly Signal[], task: string): string[] {
  return signals.filter(({ pattern }) => pattern.test(task)).map(({ reason }) => reason);
}

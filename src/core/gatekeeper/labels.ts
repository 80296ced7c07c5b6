/**
 * What the outputs of our own local model mean: which label each stands for, how they become probabilities, and from which
 * probability on one counts.
 *
 * Invariant: missing a secret costs more than asking once too often, so that the stricter levels and the risk flags have
 * thresholds of their own, which need not make them the likeliest.
 */
import { z } from 'zod';
import { type Classification, classification } from '../events/planParts';

const { intent, surface, sensitivity } = classification.shape;
const risk = classification.shape.risk.element;

const probability = z.number().min(0).max(1);
/** Outputs are divided by it before they become probabilities, so that 0.8 is right eight times out of ten. */
const temperature = z.number().positive();

/** Each label of an axis once, in the order of the outputs. */
const labelsOf = <const T extends string>(labels: z.ZodEnum<Record<T, T>>) =>
  z.array(labels).refine((given) => given.length === labels.options.length && new Set(given).size === given.length, {
    error: `must be each of ${labels.options.join(', ')} once`,
  });

export const labelMapSchema = z.strictObject({
  /** What a run's record calls the model. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  /** Below `abstain` the likeliest label is not relied on. */
  intent: z.strictObject({ labels: labelsOf(intent), temperature, abstain: probability }),
  surface: z.strictObject({ labels: labelsOf(surface), temperature, abstain: probability }),
  /** A level holds from its threshold on: `medium` by what it and `high` have together. From `doubt` on it may hold. */
  sensitivity: z.strictObject({
    labels: labelsOf(sensitivity),
    temperature,
    thresholds: z.strictObject({ medium: probability, high: probability }),
    doubt: z.strictObject({ medium: probability, high: probability }),
  }),
  /** Each flag on its own. */
  risk: z.strictObject({
    labels: labelsOf(risk),
    temperature,
    thresholds: z.record(risk, probability),
    doubt: z.record(risk, probability),
  }),
});
export type LabelMap = z.infer<typeof labelMapSchema>;

/**
 * What the outputs of the model say of a task. `logits` are those of intent, surface, sensitivity and risk, one after the
 * other. Outputs that are too few or no numbers make everything unsure, and nothing harmless.
 */
export function classificationOf(logits: readonly number[], map: LabelMap): Classification {
  const sizes = [map.intent, map.surface, map.sensitivity, map.risk].map(({ labels }) => labels.length);
  const [intents = 0, surfaces = 0, levels = 0, flags = 0] = sizes;
  if (logits.length !== intents + surfaces + levels + flags || !logits.every(Number.isFinite)) return NOTHING_KNOWN;
  const asked = likeliest(logits.slice(0, intents), map.intent);
  const where = likeliest(logits.slice(intents, intents + surfaces), map.surface);
  const level = levelOf(logits.slice(-levels - flags, -flags), map.sensitivity);
  const risks = flagsOf(logits.slice(-flags), map.risk);
  const unsure: Classification['unsure'] = [];
  if (asked.likely < map.intent.abstain) unsure.push('intent');
  if (where.likely < map.surface.abstain) unsure.push('surface');
  if (level.doubtful) unsure.push('sensitivity');
  if (risks.doubtful) unsure.push('risk');
  return {
    intent: asked.label,
    surface: where.label,
    sensitivity: level.level,
    risk: risks.flags,
    confidence: Math.round(asked.likely * 10_000) / 10_000,
    unsure,
  };
}

const NOTHING_KNOWN: Classification = {
  intent: 'feature',
  surface: 'none',
  sensitivity: 'high',
  risk: [],
  confidence: 0,
  unsure: ['intent', 'surface', 'sensitivity', 'risk'],
};

type Choice<T> = { readonly labels: readonly T[]; readonly temperature: number };

function likeliest<T extends string>(logits: readonly number[], choice: Choice<T>): { label: T; likely: number } {
  const shares = probabilitiesOf(logits, choice.temperature);
  const likely = Math.max(...shares);
  return { label: choice.labels[shares.indexOf(likely)] as T, likely };
}

function levelOf(logits: readonly number[], { labels, temperature, thresholds, doubt }: LabelMap['sensitivity']) {
  const shares = probabilitiesOf(logits, temperature);
  const high = shares[labels.indexOf('high')] ?? 0;
  const atLeastMedium = high + (shares[labels.indexOf('medium')] ?? 0);
  if (high >= thresholds.high) return { level: 'high', doubtful: false } as const;
  const level = atLeastMedium >= thresholds.medium ? 'medium' : 'low';
  return { level, doubtful: high >= doubt.high || (level === 'low' && atLeastMedium >= doubt.medium) } as const;
}

function flagsOf(logits: readonly number[], { labels, temperature, thresholds, doubt }: LabelMap['risk']) {
  const likely = logits.map((logit) => 1 / (1 + Math.exp(-logit / temperature)));
  const holds = (flag: (typeof labels)[number], from: LabelMap['risk']['doubt']) =>
    (likely[labels.indexOf(flag)] ?? 0) >= from[flag];
  const flags = risk.options.filter((flag) => holds(flag, thresholds));
  return { flags, doubtful: labels.some((flag) => !flags.includes(flag) && holds(flag, doubt)) };
}

/** Softmax after temperature (Guo et al., On Calibration of Modern Neural Networks, 2017). */
function probabilitiesOf(logits: readonly number[], temperature: number): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - most) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

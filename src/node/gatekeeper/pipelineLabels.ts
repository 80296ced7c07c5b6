/**
 * What the labels of somebody's own model mean here: `openexec-labels.json` beside it. A label is worth one value of one
 * axis, or several.
 *
 * Invariant: an axis that no label is worth anything on counts as unsure, and never as harmless.
 */
import { z } from 'zod';
import { type Classification, classification } from '../../core/events/planParts';
import type { Score } from './worker/protocol';

const { intent, surface, sensitivity } = classification.shape;
const risk = classification.shape.risk.element;

const worth = z.union([
  z.strictObject({ axis: z.literal('intent'), value: intent }),
  z.strictObject({ axis: z.literal('surface'), value: surface }),
  z.strictObject({ axis: z.literal('sensitivity'), value: sensitivity }),
  z.strictObject({ axis: z.literal('risk'), value: risk }),
]);
type Worth = z.infer<typeof worth>;
type Axis = Worth['axis'];

const probability = z.number().gt(0).lte(1);
const spelt = z.string().transform((text, context): Worth => {
  const [axis, value, ...rest] = text.split(':');
  const parsed = worth.safeParse(rest.length === 0 ? { axis, value } : null);
  if (parsed.success) return parsed.data;
  context.addIssue(`“${text}” is no axis:value, such as intent:bugfix or risk:destructive`);
  return z.NEVER;
});

export const pipelineLabelsSchema = z.strictObject({
  /** What a run's record calls the model. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  /** By the model's own label, what it is worth: `"LABEL_3": "sensitivity:high"`, or a list of such. */
  labels: z.record(
    z.string(),
    z.preprocess((worths) => (typeof worths === 'string' ? [worths] : worths), z.array(spelt).min(1)),
  ),
  /** From which score on an axis is believed. */
  thresholds: z
    .strictObject({ intent: probability, surface: probability, sensitivity: probability, risk: probability })
    .partial()
    .default({}),
});
export type PipelineLabels = z.infer<typeof pipelineLabelsSchema>;

/** Without anything said: a value is believed when it is likelier than not. */
const LIKELY = 0.5;

/** What the scores of a model's labels say of a task. A value gets what all labels that are worth it have together. */
export function classificationFrom(scores: readonly Score[], { labels, thresholds }: PipelineLabels): Classification {
  const sums = new Map<string, number>();
  for (const { label, score } of scores) {
    const worths = Object.hasOwn(labels, label) ? (labels[label] ?? []) : [];
    for (const { axis, value } of worths) {
      const key = `${axis}:${value}`;
      sums.set(key, Math.min(1, (sums.get(key) ?? 0) + score));
    }
  }
  const told = new Set(Object.values(labels).flatMap((worths) => worths.map(({ axis }) => axis)));
  const unsure: Axis[] = [];
  /** Of two that are as likely the later one counts, which is the stricter one where there is an order. */
  const likeliest = <T extends string>(axis: Axis, values: readonly T[], otherwise: T): { value: T; score: number } => {
    let best = { value: otherwise, score: 0 };
    for (const value of values) {
      const score = sums.get(`${axis}:${value}`) ?? 0;
      if (score > 0 && score >= best.score) best = { value, score };
    }
    if (best.score < (thresholds[axis] ?? LIKELY)) unsure.push(axis);
    return best;
  };
  const asked = likeliest('intent', intent.options, 'feature');
  const where = likeliest('surface', surface.options, 'none');
  const secret = likeliest('sensitivity', sensitivity.options, 'medium');
  if (!told.has('risk')) unsure.push('risk');
  return {
    intent: asked.value,
    surface: where.value,
    sensitivity: secret.value,
    risk: risk.options.filter((value) => (sums.get(`risk:${value}`) ?? 0) >= (thresholds.risk ?? LIKELY)),
    confidence: Math.round(asked.score * 10_000) / 10_000,
    unsure,
  };
}

/**
 * Temperatures and thresholds, chosen on the predictions of cross-validation: each prompt by a network that has not seen it.
 */
import type { LabelMap } from '../../src/core/gatekeeper/labels';
import { AT, CHOICES, INTENTS, RISKS, SENSITIVITIES, SURFACES } from './axes';
import type { Prompt } from './dataset';

export type Prediction = { readonly prompt: Prompt; readonly outputs: Float32Array };

/** How much worse it is to miss a secret than to take something harmless for one; and when it is a doubt already. */
const MISSED_SECRET = { counts: 5, doubtful: 8 } as const;
/** Which share of harmless prompts may get a risk flag that is not due, each; and which may raise a doubt. */
const FALSE_FLAGS = { counts: 0.005, doubtful: 0.02 } as const;
/** How often those intents should be right that are relied on. */
const RELIED_ON = { intent: 0.85, surface: 0.8 } as const;

/** The label map of a model by what it said of prompts that it has not seen. */
export function calibrated(id: string, predictions: readonly Prediction[]): LabelMap {
  const temperature = (axis: 'intent' | 'surface' | 'sensitivity'): number => {
    const choice = CHOICES.find((candidate) => candidate.axis === axis) ?? CHOICES[0];
    return bestTemperature((heat) => mean(predictions.map((each) => lossOfChoice(each, choice, heat))));
  };
  const heat = {
    intent: temperature('intent'),
    surface: temperature('surface'),
    sensitivity: temperature('sensitivity'),
    risk: bestTemperature((each) => mean(predictions.map((prediction) => lossOfFlags(prediction, each)))),
  };
  return {
    id,
    intent: { labels: [...INTENTS], temperature: heat.intent, abstain: abstention(predictions, 'intent', heat.intent) },
    surface: {
      labels: [...SURFACES],
      temperature: heat.surface,
      abstain: abstention(predictions, 'surface', heat.surface),
    },
    sensitivity: {
      labels: [...SENSITIVITIES],
      temperature: heat.sensitivity,
      ...levels(predictions, heat.sensitivity),
    },
    risk: {
      labels: [...RISKS],
      temperature: heat.risk,
      thresholds: flags(predictions, heat.risk, FALSE_FLAGS.counts),
      doubt: flags(predictions, heat.risk, FALSE_FLAGS.doubtful),
    },
  };
}

type Choice = (typeof CHOICES)[number];

/** The probabilities of a choice after temperature. */
export function sharesOf(outputs: Float32Array, { at, labels }: Choice, temperature: number): number[] {
  const logits = [...outputs.subarray(at, at + labels.length)];
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - most) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function lossOfChoice({ prompt, outputs }: Prediction, choice: Choice, temperature: number): number {
  const right = (choice.labels as readonly string[]).indexOf(prompt[choice.axis]);
  return -Math.log((sharesOf(outputs, choice, temperature)[right] ?? 0) + 1e-9);
}

const flagShare = (outputs: Float32Array, flag: number, temperature: number): number =>
  1 / (1 + Math.exp(-(outputs[AT.risk + flag] as number) / temperature));

function lossOfFlags({ prompt, outputs }: Prediction, temperature: number): number {
  return mean(
    RISKS.map((risk, i) => {
      const share = flagShare(outputs, i, temperature);
      return -Math.log((prompt.risk.includes(risk) ? share : 1 - share) + 1e-9);
    }),
  );
}

function bestTemperature(loss: (temperature: number) => number): number {
  const tried = Array.from({ length: 91 }, (_, i) => rounded(0.3 + i * 0.02));
  const losses = tried.map(loss);
  return tried[losses.indexOf(Math.min(...losses))] ?? 1;
}

/** The lowest probability from which on the likeliest labels, taken together, are right often enough. */
function abstention(predictions: readonly Prediction[], axis: 'intent' | 'surface', temperature: number): number {
  const choice = CHOICES.find((candidate) => candidate.axis === axis) ?? CHOICES[0];
  const told = predictions.map(({ prompt, outputs }) => {
    const shares = sharesOf(outputs, choice, temperature);
    const likely = Math.max(...shares);
    return { likely, right: choice.labels[shares.indexOf(likely)] === prompt[axis] };
  });
  const tried = Array.from({ length: 60 }, (_, i) => rounded(0.2 + i * 0.01));
  const enough = (from: number): boolean => {
    const relied = told.filter(({ likely }) => likely >= from);
    return relied.filter(({ right }) => right).length / relied.length >= RELIED_ON[axis];
  };
  return tried.find(enough) ?? 0.8;
}

const STEPS = Array.from({ length: 97 }, (_, i) => rounded(0.02 + i * 0.01));

/** The thresholds that cost least, a miss counting more than a false alarm. */
function levels(predictions: readonly Prediction[], temperature: number) {
  const choice = CHOICES.find(({ axis }) => axis === 'sensitivity') ?? CHOICES[2];
  const told = predictions.map(({ prompt, outputs }) => {
    const [, medium = 0, high = 0] = sharesOf(outputs, choice, temperature);
    return { level: prompt.sensitivity, high, some: medium + high };
  });
  const cheapest = (
    score: (each: (typeof told)[number]) => number,
    due: (each: (typeof told)[number]) => boolean,
    miss: number,
  ) => {
    const costs = STEPS.map((from) =>
      told.reduce((sum, each) => sum + (due(each) ? (score(each) < from ? miss : 0) : score(each) >= from ? 1 : 0), 0),
    );
    return STEPS[costs.indexOf(Math.min(...costs))] ?? 0.5;
  };
  const high = (miss: number) =>
    cheapest(
      (each) => each.high,
      (each) => each.level === 'high',
      miss,
    );
  const medium = (miss: number) =>
    cheapest(
      (each) => each.some,
      (each) => each.level !== 'low',
      miss,
    );
  return {
    thresholds: { medium: medium(1), high: high(MISSED_SECRET.counts) },
    doubt: { medium: medium(2), high: high(MISSED_SECRET.doubtful) },
  };
}

/** For each flag the lowest threshold that no more harmless prompts reach than may. */
function flags(predictions: readonly Prediction[], temperature: number, share: number): LabelMap['risk']['thresholds'] {
  const harmless = predictions.filter(({ prompt }) => prompt.risk.length === 0);
  const [destructive = 1, exfiltration = 1, override = 1] = RISKS.map((_, flag) => {
    const scores = harmless.map(({ outputs }) => flagShare(outputs, flag, temperature));
    return STEPS.find((from) => scores.filter((score) => score >= from).length <= share * harmless.length) ?? 1;
  });
  return { destructive, exfiltration, override };
}

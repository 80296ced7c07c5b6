/**
 * Learning: stochastic gradient descent with AdaGrad (Duchi et al., 2011), cross-entropy for the axes of one label and
 * logistic loss for each risk flag. Features are left out at random, so that no single word decides; and labels are smoothed,
 * for some of them are wrong. Several networks are learnt and averaged, which makes one network of the same size.
 */
import { TABLE_ROWS } from '../../src/core/gatekeeper/features';
import { AT, CHOICES, OUTPUTS, RISKS } from './axes';
import type { Prompt } from './dataset';
import { type Features, type Network, summed, weightsOf } from './network';
import { randomOf, shuffled } from './random';

/** From an example that is `only` labelled for the intent nothing else is learnt. */
export type Example = { readonly features: Features; readonly target: Float32Array; readonly only?: 'intent' };

export type Recipe = {
  readonly seed: number;
  /** How many networks are averaged. */
  readonly networks: number;
  readonly epochs: number;
  /** The learning rate at the beginning; it falls to 0 along a straight line. */
  readonly rate: number;
  /** The share of features that is left out each time. */
  readonly drop: number;
  /** The share of a label's weight that is spread evenly over all labels of its axis. */
  readonly smoothing: number;
};

/** What was the best of those in the table of `.gatekeeper/README.md`. */
export const RECIPE: Recipe = { seed: 1, networks: 2, epochs: 10, rate: 0.15, drop: 0.3, smoothing: 0.05 };

/** What the outputs of a prompt should become: probabilities. */
export function targetOf(prompt: Pick<Prompt, 'intent' | 'surface' | 'sensitivity' | 'risk'>): Float32Array {
  const target = new Float32Array(OUTPUTS);
  for (const { axis, at, labels } of CHOICES) {
    target[at + (labels as readonly string[]).indexOf(prompt[axis])] = 1;
  }
  for (const [i, risk] of RISKS.entries()) target[AT.risk + i] = prompt.risk.includes(risk) ? 1 : 0;
  return target;
}

/** Trains a network on examples. The same recipe and examples give the same weights. */
export function learn(examples: readonly Example[], recipe: Recipe): Network {
  const mean: Network = { table: new Float32Array(TABLE_ROWS * OUTPUTS), bias: new Float32Array(OUTPUTS) };
  for (let i = 0; i < recipe.networks; i += 1) {
    const { table, bias } = learnOne(examples, { ...recipe, seed: recipe.seed + i * 31 });
    addTo(mean.table, table, 1 / recipe.networks);
    addTo(mean.bias, bias, 1 / recipe.networks);
  }
  return mean;
}

function addTo(sum: Float32Array, part: Float32Array, share: number): void {
  for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + share * (part[i] as number);
}

/** The bias is seen with every example, a row of the table seldom. */
const BIAS_PACE = 0.05;
/** What the squared gradients begin with: the first steps would be too large otherwise. */
const FIRST_SQUARES = 1e-3;

function learnOne(examples: readonly Example[], { seed, epochs, rate, drop, smoothing }: Recipe): Network {
  const random = randomOf(seed);
  const table = new Float32Array(TABLE_ROWS * OUTPUTS);
  const squares = new Float32Array(TABLE_ROWS * OUTPUTS).fill(FIRST_SQUARES);
  const bias = new Float32Array(OUTPUTS);
  const weighted = examples.map(({ features, target, only }) => ({
    ids: Int32Array.from(features.ids),
    weights: weightsOf(features.kinds),
    target,
    only,
  }));
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const { ids, weights, target, only } of shuffled(weighted, random)) {
      const pace = rate * (1 - done / (epochs * examples.length));
      done += 1;
      const kept = weights.map((weight) => (random() < drop ? 0 : weight));
      const slope = slopeOf(summed(table, bias, ids, kept), target, smoothing);
      if (only === 'intent') slope.fill(0, AT.surface);
      for (let c = 0; c < OUTPUTS; c += 1) bias[c] = (bias[c] as number) - pace * BIAS_PACE * (slope[c] as number);
      descend(table, squares, ids, kept, slope, pace);
    }
  }
  return { table, bias };
}

function descend(
  table: Float32Array,
  squares: Float32Array,
  ids: Int32Array,
  weights: Float32Array,
  slope: Float32Array,
  pace: number,
): void {
  for (let i = 0; i < ids.length; i += 1) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    for (let c = 0, at = (ids[i] as number) * OUTPUTS; c < OUTPUTS; c += 1, at += 1) {
      const step = (slope[c] as number) * weight;
      squares[at] = (squares[at] as number) + step * step;
      table[at] = (table[at] as number) - (pace * step) / Math.sqrt(squares[at] as number);
    }
  }
}

/** The slope of the loss in each output. */
function slopeOf(outputs: Float32Array, target: Float32Array, smoothing: number): Float32Array {
  const slope = new Float32Array(OUTPUTS);
  for (const { at, labels } of CHOICES) {
    const end = at + labels.length;
    let most = Number.NEGATIVE_INFINITY;
    for (let c = at; c < end; c += 1) most = Math.max(most, outputs[c] as number);
    let sum = 0;
    for (let c = at; c < end; c += 1) sum += Math.exp((outputs[c] as number) - most);
    for (let c = at; c < end; c += 1) {
      const wanted = (target[c] as number) * (1 - smoothing) + smoothing / labels.length;
      slope[c] = Math.exp((outputs[c] as number) - most) / sum - wanted;
    }
  }
  for (let c = AT.risk; c < OUTPUTS; c += 1) {
    const wanted = (target[c] as number) * (1 - smoothing) + smoothing / 2;
    slope[c] = 1 / (1 + Math.exp(-(outputs[c] as number))) - wanted;
  }
  return slope;
}

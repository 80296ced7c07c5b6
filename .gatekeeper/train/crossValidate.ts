/** Cross-validation: what networks say of the prompts that were kept from them. */
import { featuresOf } from '../../src/core/gatekeeper/features';
import type { Prediction } from './calibrate';
import type { Prompt } from './dataset';
import { type Example, learn, type Recipe, targetOf } from './learn';
import { outputsOf } from './network';
import { randomOf, shuffled } from './random';

const FOLDS = 5;

/** A prompt as the network learns it. */
export const exampleOf = (prompt: Prompt): Example => ({
  features: featuresOf(prompt.text),
  target: targetOf(prompt),
  ...(prompt.only === undefined ? {} : { only: prompt.only }),
});

/**
 * A prediction for each prompt that has all its labels, by a network that was trained on the other folds and on what is labelled
 * in part: one network, for the sake of time.
 */
export function crossValidated(prompts: readonly Prompt[], recipe: Recipe): Prediction[] {
  const whole = prompts.filter(({ only }) => only === undefined);
  const inPart = prompts.filter(({ only }) => only !== undefined).map(exampleOf);
  const examples = shuffled(whole, randomOf(recipe.seed)).map((prompt) => ({ prompt, ...exampleOf(prompt) }));
  return Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const rest = [...examples.filter((_, i) => i % FOLDS !== fold), ...inPart];
    const network = learn(rest, { ...recipe, networks: 1 });
    const kept = examples.filter((_, i) => i % FOLDS === fold);
    return kept.map(({ prompt, features }) => ({ prompt, outputs: outputsOf(network, features) }));
  });
}

/** The derivation of a decision and the drift of a policy, as the timeline gets them: bounded, the winner marked. Pure. */
import { type Drift, type Explanation, MAX_DRIFT, MAX_STEPS } from '../../protocol/policy';
import type { ExplainedCall, PolicyDrift } from '../runs';

type Step = ExplainedCall['steps'][number];

export function explanationView({ decision, steps, omitted }: ExplainedCall): Explanation {
  const winner = winnerOf(decision, steps);
  const shown = steps.slice(0, MAX_STEPS).map((step, index) => {
    const { layer, source, rule, effect, target, matched, why } = step;
    return { layer, source, rule, effect, target, matched, won: index === winner, why };
  });
  const { decision: effect, rule, layer, reason } = decision;
  return {
    decision: { decision: effect, rule, layer, reason },
    steps: shown,
    moreSteps: omitted + steps.length - shown.length,
  };
}

/**
 * The place of the step that made the decision: of those that say it, the one in the layer that the decision names. -1
 * when none did, for what no rule allows is denied.
 */
export function winnerOf({ decision, rule, layer }: ExplainedCall['decision'], steps: readonly Step[]): number {
  const says = (step: Step): boolean => step.matched && step.rule === rule && step.effect === decision;
  const there = steps.findIndex((step) => says(step) && layer.startsWith(step.layer));
  return there === -1 ? steps.findIndex(says) : there;
}

export function driftView({ was, now, wider, narrower }: PolicyDrift): Drift {
  const shown = (changes: PolicyDrift['wider']): Drift['wider'] =>
    changes
      .slice(0, MAX_DRIFT)
      .map(({ what, was: before, now: after, rule }) => ({ what, was: before, now: after, rule }));
  const views = { wider: shown(wider), narrower: shown(narrower) };
  const more = wider.length + narrower.length - views.wider.length - views.narrower.length;
  return { was, now, ...views, more };
}

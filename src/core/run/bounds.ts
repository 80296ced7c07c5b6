/**
 * How a run's plan binds its calls: what lies outside of the zones or is excluded is refused, whatever the policy would
 * say, and a plan that was narrowed to a toolset takes the other tools away. Since engine 4. Pure.
 */
import type { ToolFacts } from '../events/parts';
import type { PathBounds } from '../events/planParts';
import type { BoundsRefusal } from '../gatekeeper/bounds';
import { callOutOf } from '../gatekeeper/callBounds';
import type { AnyToolInput } from '../tools/contracts';
import type { ActiveRun } from './state';

export { excludedBy, toolsetUnder } from '../gatekeeper/callBounds';

/** What binds the calls of a run now; undefined for a run whose engine knew no zones. */
export function boundsOf({ origin, plan }: ActiveRun): PathBounds | undefined {
  if (origin.flags.engine < 4 || plan === null) return undefined;
  return { zones: plan.zones, excluded: plan.excluded };
}

/** Why a call is out of the run's bounds, or null. */
export function outOfBounds(run: ActiveRun, call: AnyToolInput, facts: ToolFacts): BoundsRefusal | null {
  const bounds = boundsOf(run);
  return bounds === undefined ? null : callOutOf(bounds, call.tool, facts);
}

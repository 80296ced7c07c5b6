/** What a person changes of a plan before the start. Pure. */
import type { Plan, PlanChanges } from '../events/planParts';
import { canonicalize } from '../kernel/json';

export type Accepted = { readonly plan: Plan; readonly changes: string[]; readonly by: string };

const LEVELS = ['low', 'medium', 'high'] as const;

/** The plan with the changes of a person, each said in words; without any, as it was proposed. */
export function accepted(plan: Plan, changes: PlanChanges | undefined): Accepted {
  if (changes === undefined) return { plan, changes: [], by: 'defaults' };
  const said: string[] = [];
  let next = plan;
  if (changes.zones !== undefined && changes.zones.join('\n') !== plan.zones.join('\n')) {
    said.push(`zones: ${changes.zones.join(', ')} (proposed: ${plan.zones.join(', ')})`);
    next = { ...next, zones: changes.zones };
  }
  const more = (changes.excluded ?? []).filter((glob) => !plan.excluded.includes(glob));
  if (more.length > 0) {
    said.push(`also excluded: ${more.join(', ')}`);
    next = { ...next, excluded: [...next.excluded, ...more] };
  }
  const { sensitivity } = changes;
  if (sensitivity !== undefined && LEVELS.indexOf(sensitivity) > LEVELS.indexOf(plan.sensitivity)) {
    said.push(`sensitivity: ${sensitivity} (proposed: ${plan.sensitivity})`);
    next = sensitivity === 'high' ? sensitive(next) : { ...next, sensitivity };
  }
  if (changes.showContext === true) said.push('what will be sent is shown first');
  if (isAgreed(next, changes)) said.push('the plan was shown and agreed to');
  return { plan: next, changes: said, by: changes.by };
}

/** True when a person has agreed to exactly this plan before the start. */
export const isAgreed = (plan: Plan, changes: PlanChanges | undefined): boolean =>
  changes?.agreed !== undefined && canonicalize(changes.agreed) === canonicalize(plan);

/** A plan of which is known that it meets sensitive data. */
export const sensitive = (plan: Plan): Plan => ({
  ...plan,
  sensitivity: 'high',
  route: plan.route === 'refuse' ? 'refuse' : 'local',
});

/** The glob that matches a path and nothing else. */
export const exactly = (path: string): string => path.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');

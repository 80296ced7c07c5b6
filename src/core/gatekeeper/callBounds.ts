/** What a plan leaves of a run's tools and paths, apart from where the run stands. Pure. */
import type { ToolFacts } from '../events/parts';
import type { PathBounds, Plan } from '../events/planParts';
import type { Snapshot, Toolset } from '../policy/schema';
import { type BoundsRefusal, refusedBy } from './bounds';

/** The globs that the policies of a snapshot keep out of every prompt. */
export function excludedBy({ policy, layers = [] }: Pick<Snapshot, 'policy' | 'layers'>): string[] {
  const rules = [policy, ...layers.map((layer) => layer.policy)].flatMap((one) => one.rules);
  const withheld = rules.filter((rule) => rule.effect === 'deny' && rule.capabilities.includes('repo_read'));
  return withheld.flatMap((rule) => rule.paths ?? []);
}

/** Tools that look at a folder only as far as they may: what lies out of bounds below it is left out of their answers. */
const FILTERED: ReadonlySet<string> = new Set(['search', 'list_directory', 'git_diff', 'git_log']);

/** Why a call of a tool that touches these paths is out of bounds, or null. */
export function callOutOf(bounds: PathBounds, tool: string, { paths }: ToolFacts): BoundsRefusal | null {
  for (const { inside } of paths) {
    const refused = inside === null ? null : refusedBy(bounds, inside, FILTERED.has(tool));
    if (refused !== null) return refused;
  }
  return null;
}

const narrowed = new WeakMap<Toolset, WeakMap<Toolset, Toolset>>();

/** A toolset without what the plan has taken away. */
export function toolsetUnder(plan: Plan | null, { toolset, narrower }: Snapshot, own: Toolset): Toolset {
  if (narrower === undefined || plan === null || plan.toolset === toolset.id || plan.toolset !== narrower.id)
    return own;
  const made = narrowed.get(own)?.get(narrower);
  if (made !== undefined) return made;
  const fresh = { ...own, tools: own.tools.filter((tool) => narrower.tools.includes(tool)) };
  const by = narrowed.get(own) ?? new WeakMap<Toolset, Toolset>();
  narrowed.set(own, by.set(narrower, fresh));
  return fresh;
}

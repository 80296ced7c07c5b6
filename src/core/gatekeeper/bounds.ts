/** Zones and exclusions: whether a path of the repository is one that a run may show or touch. Pure; closed for what is unclear. */
import type { PathBounds } from '../events/planParts';
import { assertNever } from '../kernel/assertNever';
import { matchesAny } from '../policy/globs';

export type BoundsRefusal = { readonly rule: 'excluded' | 'zones'; readonly reason: string };

/**
 * Why a path is out of bounds, or null. `filtered` is for what shows of a folder only what is in bounds itself: a folder
 * that holds a zone is then no reason to refuse.
 */
export function refusedBy(bounds: PathBounds, path: string, filtered = false): BoundsRefusal | null {
  const { zones, excluded } = bounds;
  const rule = ruleAgainst(bounds, path, filtered);
  switch (rule) {
    case null:
      return null;
    case 'excluded': {
      const globs = list(excluded.filter((glob) => matchesAny([glob], path)));
      return { rule, reason: `${path} is kept out of this run (${globs}) ${WHY_EXCLUDED}` };
    }
    case 'zones':
      return path === '' || path === '.'
        ? { rule, reason: `the whole repository is more than ${list(zones)}` }
        : { rule, reason: `${path} is outside of the zones of this run (${list(zones)})` };
    default:
      return assertNever(rule);
  }
}

const WHY_EXCLUDED =
  'by the policy, an ignore file, or as a data dump or generated code; a person can change that for the next run';

/** The same without the words, which cost more than the answer where every file is asked about. */
export function ruleAgainst(
  { zones, excluded }: PathBounds,
  path: string,
  filtered = false,
): BoundsRefusal['rule'] | null {
  if (path === '' || path === '.') return filtered || isEverything(zones) ? null : 'zones';
  if (matchesAny(excluded, path)) return 'excluded';
  if (isEverything(zones) || matchesAny(zones, path) || zones.some((zone) => isFolderOf(zone, path))) return null;
  return filtered && mayHold(zones, path) ? null : 'zones';
}

/** True when something below the folder can lie in the zones: `*` is about the files at the root, and about no folder. */
export const mayHold = (zones: readonly string[], folder: string): boolean =>
  zones.some((zone) => leadsTo(folder, zone));

/** True when one of the zones is known to be all of the folder. */
export const holdsAll = (zones: readonly string[], folder: string): boolean =>
  zones.some((zone) => zone === '**' || (zone.endsWith('/**') && matchesAny([zone], folder)));

/** True when the globs leave nothing of the repository out. */
export const isEverything = (zones: readonly string[]): boolean => zones.includes('**');

const SHOWN = 5;
const list = (globs: readonly string[]): string =>
  globs.length > SHOWN ? `${globs.slice(0, SHOWN).join(', ')} and ${globs.length - SHOWN} more` : globs.join(', ');

/** `packages/api` is the folder of the zone `packages/api/**`. */
const isFolderOf = (zone: string, path: string): boolean => zone.toLowerCase() === `${path}/**`.toLowerCase();

/** A folder leads to a zone when what the zone is about lies, or can lie, below it. */
function leadsTo(folder: string, zone: string): boolean {
  // A group could hold a slash; what it begins with has to do.
  if (/(?<!\\)[{(]/.test(zone)) {
    const fixed = zone.split(/[*?[{(!+@]/, 1)[0] ?? '';
    return fixed === '' || `${folder}/`.toLowerCase().startsWith(fixed.toLowerCase()) || startsBelow(fixed, folder);
  }
  const parts = zone.split('/');
  for (const [at, name] of folder.split('/').entries()) {
    const part = parts[at];
    if (part === undefined) return false;
    if (part === '**') return true;
    if (!matchesAny([part], name)) return false;
  }
  return parts.length > folder.split('/').length;
}

const startsBelow = (text: string, folder: string): boolean =>
  text.toLowerCase().startsWith(`${folder.toLowerCase()}/`);

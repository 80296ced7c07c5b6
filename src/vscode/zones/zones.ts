/** Zones as a person chooses them: what is offered, what they write, and what is wider than what was proposed. Pure. */
import { exactly } from '../../core/gatekeeper/changes';

export const EVERYTHING = '**';

/** The longest glob, in characters. */
const MAX_GLOB = 1000;
/** The most globs of one answer. */
const MAX_GLOBS = 100;

/** What a repository has that can be a zone; paths have `/`, begin at the root, and name folders. */
export type RepositoryParts = { readonly packages: readonly string[]; readonly folders: readonly string[] };

export type ZoneChoice = { readonly zone: string; readonly from: 'proposed' | 'package' | 'folder' | 'everything' };

/** The zones to choose among, each once: first what is proposed or was chosen, then what the repository has. */
export function zoneChoices(proposed: readonly string[], { packages, folders }: RepositoryParts): ZoneChoice[] {
  const all: ZoneChoice[] = [
    ...proposed.map((zone) => ({ zone, from: 'proposed' as const })),
    ...packages.map((folder) => ({ zone: below(folder), from: 'package' as const })),
    ...folders.map((folder) => ({ zone: below(folder), from: 'folder' as const })),
    { zone: EVERYTHING, from: 'everything' },
  ];
  return all.filter(({ zone }, at) => all.findIndex((other) => other.zone === zone) === at);
}

/** The glob of everything below a folder; '' is the root. */
export const below = (folder: string): string => (folder === '' ? EVERYTHING : `${exactly(folder)}/**`);

/** A path that a call was refused for; `inPackage` is the folder of its package, '' for none below the root. */
export type RefusedPlace = { readonly path: string; readonly isFolder: boolean; readonly inPackage: string };

export type Wider = { readonly zones: readonly string[]; readonly what: string };

/** What would let a refused call through, from the package down to just what was asked for; each once. */
export function widerZones(places: readonly RefusedPlace[]): Wider[] {
  const root = ({ path }: RefusedPlace): boolean => path === '' || path === '.';
  if (places.some(root)) return [{ zones: [EVERYTHING], what: 'the whole repository' }];
  const each = (zoneOf: (place: RefusedPlace) => string): string[] => [...new Set(places.map(zoneOf))];
  const all: Wider[] = [
    ...(places.every(({ inPackage }) => inPackage !== '')
      ? [{ zones: each(({ inPackage }) => below(inPackage)), what: 'the package' }]
      : []),
    { zones: each((place) => below(folderOf(place))), what: 'the folder' },
    { zones: each(({ path, isFolder }) => (isFolder ? below(path) : exactly(path))), what: 'just what was asked for' },
  ];
  const keyOf = ({ zones }: Wider): string => zones.join('\n');
  // A file at the root lies in no folder but the whole repository, which is for the person to choose.
  const fit = all.filter(({ zones }) => !zones.includes(EVERYTHING));
  return fit.filter((one, at) => fit.findIndex((other) => keyOf(other) === keyOf(one)) === at);
}

const folderOf = ({ path, isFolder }: RefusedPlace): string =>
  isFolder ? path : path.split('/').slice(0, -1).join('/');

/** The zones that are not within what was proposed, as far as their globs show it: in doubt, one is wider. */
export function widerThan(proposed: readonly string[], zones: readonly string[]): string[] {
  return zones.filter((zone) => !proposed.some((glob) => isWithin(zone, glob)));
}

function isWithin(zone: string, glob: string): boolean {
  if (glob === EVERYTHING || zone === glob) return true;
  return glob.endsWith('/**') && zone.startsWith(glob.slice(0, -2)) && !zone.split('/').includes('..');
}

/**
 * The globs that a person wrote, separated by commas or line breaks; a folder's name stands for everything below it.
 * Commas in braces belong to their glob.
 */
export function globsIn(text: string): string[] {
  const parts = text.split(/[,\n](?![^{]*\})/).map((part) => part.trim().replace(/^\.\//, ''));
  return [...new Set(parts.filter((part) => part !== '').map(wholeFolder))];
}

/** A path without wildcards whose name has no dot, or that ends with `/`, is taken for a folder's. */
function wholeFolder(glob: string): string {
  const isFolder = glob.endsWith('/') || !/[*?[\]{}()]|\.[^/]*$/.test(glob);
  return isFolder ? `${glob.replace(/\/+$/, '')}/**` : glob;
}

/** What is wrong with globs that a person wrote, in a line; null when they can be taken. */
export function globsProblem(text: string): string | null {
  const globs = globsIn(text);
  if (globs.length > MAX_GLOBS) return `More than ${MAX_GLOBS} globs. Name folders instead.`;
  for (const glob of globs) {
    if (glob.length > MAX_GLOB) return `A glob is longer than ${MAX_GLOB} characters.`;
    if (/^([/\\~]|[A-Za-z]:)/.test(glob))
      return `${glob} does not begin at the root of the repository, as src/** does.`;
    if (glob.split('/').includes('..')) return `${glob} leads out of the repository.`;
  }
  return null;
}

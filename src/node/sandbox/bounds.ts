/**
 * What a confined command may see and change of the machine: absolute places, looked up before each command.
 *
 * Invariants: every place exists and is a true one (no symlink in it), so that it can be mounted over; a narrower place
 * comes after the wider one that it lies in, because the later counts.
 */
import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { HOME_SECRETS, SYSTEM_SECRETS } from './secrets';
import { listeningSockets } from './sockets';

/** `hide-*`: it cannot be read. `read`: it can, below a place that is hidden. `keep`: read only. `write`: the work tree. */
export type Place = { readonly at: string; readonly as: 'hide-folder' | 'hide-file' | 'read' | 'keep' | 'write' };

/** In what order of width; the first comes first. */
export type Bounds = readonly Place[];

export type Confined = {
  /** The run's copy, a true place: the only one on the machine that may be written. */
  readonly worktree: string;
  /** The person's work tree; nothing but its git data and its installed dependencies can be seen. */
  readonly repository: string;
  /** Git's folder that all worktrees of the repository share. */
  readonly gitFolder: string;
  /** Names of the folders with dependencies, in the repository: programs in the copies may name them in full. */
  readonly dependencies: readonly string[];
  /** Places in the work tree, relative with `/`, that are not to be read. */
  readonly excluded: readonly string[];
  /** Places in the work tree that are not to be changed. */
  readonly kept: readonly string[];
  /** Further absolute places that are not to be read, such as the store. */
  readonly hidden: readonly string[];
  readonly home: string | null;
  /** Absolute path of the program to run, which must stay visible. */
  readonly program: string;
};

/** The bounds of one command. `privateFolders` are hidden anyway, by whoever confines. Never throws. */
export async function boundsOf(confined: Confined, privateFolders: readonly string[]): Promise<Bounds> {
  const { worktree, home } = confined;
  const inTree = (name: string): string => path.join(worktree, ...name.split('/'));
  const folders = workTreesOf(confined).filter((folder) => !holdsHome(folder, home));
  const hidden = await Promise.all([
    ...[...folders, ...confined.hidden, ...SYSTEM_SECRETS].map(hide),
    ...(home === null ? [] : HOME_SECRETS.map((name) => hide(path.join(home, name)))),
  ]);
  const visible = [confined.gitFolder, ...confined.dependencies.map((name) => path.join(confined.repository, name))];
  const inside = await Promise.all([
    ...[path.join(worktree, '.git'), ...confined.kept.map(inTree)].map((at) => existing(at, 'keep')),
    ...confined.excluded.map((name) => hide(inTree(name))),
  ]);
  const wide = hidden.flat();
  const covered = [...privateFolders, ...wide.filter(({ as }) => as === 'hide-folder').map(({ at }) => at)];
  const sockets = (await Promise.all((await listeningSockets()).map(hide))).flat();
  const shown = (await Promise.all([...visible, confined.program].map((at) => shownAt(at, covered)))).flat();
  // One below a folder that is hidden matters only where part of that is shown again.
  const reached = sockets.filter(
    ({ at }) => !covered.some((folder) => isWithin(at, folder)) || shown.some((place) => isWithin(at, place.at)),
  );
  const outer = [...wide, ...shown, ...reached].filter(({ at }) => !isWithin(at, worktree));
  return widestFirst([...outer, { at: worktree, as: 'write' }, ...inside.flat()]);
}

/** The person's work tree, and the main one where that is a linked one. */
function workTreesOf({ repository, gitFolder }: Confined): string[] {
  return path.basename(gitFolder) === '.git' ? [repository, path.dirname(gitFolder)] : [repository];
}

/** A home folder that is a repository itself stays visible, or no program installed in it could run. */
const holdsHome = (folder: string, home: string | null): boolean =>
  folder === path.parse(folder).root || (home !== null && isWithin(home, folder));

export function isWithin(at: string, folder: string): boolean {
  const inside = path.relative(folder, at);
  return inside === '' || (inside !== '..' && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside));
}

/** Hides what a path leads to; a symlink is followed, for what is hidden is the content. */
async function hide(at: string): Promise<Place[]> {
  const real = await fs.realpath(at).catch(() => null);
  const stat = real === null ? null : await fs.lstat(real).catch(() => null);
  if (real === null || stat === null) return [];
  return [{ at: real, as: stat.isDirectory() ? 'hide-folder' : 'hide-file' }];
}

/** A place that is there and is reached through no symlink. */
async function existing(at: string, as: Place['as']): Promise<Place[]> {
  const stat: Stats | null = await fs.lstat(at).catch(() => null);
  if (stat === null || stat.isSymbolicLink()) return [];
  return (await fs.realpath(at).catch(() => null)) === at ? [{ at, as }] : [];
}

/** Shown again where something that is hidden covers it; by the name under which it is looked for. */
async function shownAt(at: string, covered: readonly string[]): Promise<Place[]> {
  if (!covered.some((folder) => isWithin(at, folder))) return [];
  return (await fs.stat(at).catch(() => null)) === null ? [] : [{ at, as: 'read' }];
}

const RANK = { write: 0, read: 1, keep: 2, 'hide-folder': 3, 'hide-file': 3 } as const;

/** Of two that speak of the same place the stricter stays. */
function widestFirst(places: readonly Place[]): Place[] {
  const byPlace = new Map<string, Place>();
  for (const place of places) {
    const other = byPlace.get(place.at);
    if (other === undefined || RANK[place.as] > RANK[other.as]) byPlace.set(place.at, place);
  }
  const depth = ({ at }: Place): number => (at === path.parse(at).root ? 0 : at.split(path.sep).length);
  return [...byPlace.values()].sort((a, b) => depth(a) - depth(b) || (a.at < b.at ? -1 : 1));
}

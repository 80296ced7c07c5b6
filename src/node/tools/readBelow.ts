/** The files below a folder that a program would read and that policy keeps from reading. Bounded; changes nothing. */
import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Below } from '../../core/commands/analyse';
import type { PathFact } from '../../core/events/parts';
import { byCodeUnit } from './context';
import { hardLinks } from './hardLinks';
import { pathFact } from './paths';

/** Files and folders that are looked at; with more of them nobody can say what would be read. */
const ENTRIES = 50_000;
/** How many withheld files are named; the first already decides. */
const NAMED = 20;

const needs = 'repo_read';

/**
 * The withheld files below `start` (a folder or file under `root`, resolved), as targets of the call. Files that git
 * ignores count, for the programs that ask this read them as well.
 */
export async function withheldBelow(
  root: string,
  start: string,
  below: Below,
  excluded: (path: string) => string | null,
  limit = ENTRIES,
): Promise<PathFact[]> {
  const found: PathFact[] = [];
  const read: string[] = [];
  const waiting = [start];
  const seen = new Set(waiting);
  const reads = narrowing(below);
  let entries = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await entriesOf(path.join(root, folder))) {
      entries++;
      if (entries > limit || found.length >= NAMED) return bounded(found, start, limit);
      const place = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      // In the work tree of a run it is a file that says where the repository lies; so the folder of a checkout is none.
      if (place === '.git') continue;
      if (isAllOfGit(entry, below)) {
        if (entry.isFile() || reads.folder(entry.name)) found.push({ ...(await pathFact(root, place)), needs });
      } else if (entry.isDirectory()) {
        if (reads.folder(entry.name)) waiting.push(place);
      } else if (entry.isSymbolicLink()) {
        if (!below.follow) continue;
        const fact = { ...(await pathFact(root, place)), needs };
        if (fact.inside === null || excluded(fact.inside) !== null) found.push(fact);
        else if (!seen.has(fact.inside)) {
          seen.add(fact.inside);
          waiting.push(fact.inside);
          read.push(fact.inside);
        }
      } else if (reads.file(entry.name)) {
        if (INSIDE_GIT.test(place) || excluded(place.normalize('NFC')) !== null)
          found.push({ ...(await pathFact(root, place)), needs });
        else read.push(place);
      }
    }
  }
  return [...found, ...(await hardLinks(root, read, excluded))];
}

const INSIDE_GIT = /(^|\/)\.git\//i;

/** Whether it is a folder of git that is read as a whole; one of which only some names are read is looked through. */
const isAllOfGit = ({ name }: Dirent, { hidden, only }: Below): boolean =>
  name.toLowerCase() === '.git' && hidden && only.length === 0;

function bounded(found: readonly PathFact[], start: string, limit: number): PathFact[] {
  if (found.length > 0) return [...found];
  const problem = `there are more than ${limit} files below it; name a smaller folder, or use the search tool`;
  return [{ asked: start, inside: null, problem, needs }];
}

/** The entries of a folder in an order that is the same everywhere; none of what is no folder or cannot be listed. */
async function entriesOf(folder: string) {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // A program that runs as the same person cannot list it either.
    if (['ENOTDIR', 'ENOENT', 'EACCES', 'ELOOP'].includes(error.code ?? '')) return [];
    throw error;
  });
  return entries.sort((a, b) => byCodeUnit(a.name, b.name));
}

function narrowing({ hidden, only, not, notFolders }: Below) {
  const [wanted, left, skipped] = [only, not, notFolders].map((patterns) => patterns.map(matcher));
  const any = (matchers: readonly RegExp[] | undefined, name: string): boolean =>
    matchers?.some((pattern) => pattern.test(name)) === true;
  const visible = (name: string): boolean => hidden || !name.startsWith('.');
  return {
    folder: (name: string): boolean => visible(name) && !any(skipped, name),
    file: (name: string): boolean => visible(name) && !any(left, name) && (wanted?.length === 0 || any(wanted, name)),
  };
}

/** A pattern of letters, digits, simple marks and `*`. */
function matcher(pattern: string): RegExp {
  const source = pattern.replace(/[.+]/g, '\\$&').replace(/\*+/g, '.*');
  return new RegExp(`^${source}$`, 's');
}

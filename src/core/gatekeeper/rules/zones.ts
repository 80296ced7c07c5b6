/** Where in the repository a task may be at work, by what it names: all of a plain repository, packages of a monorepo. */
import type { TaskFacts } from '../../events/planParts';
import { exactly } from '../changes';

export type Zones = { readonly zones: readonly string[]; readonly reason: string };

const EVERYWHERE = ['**'] as const;
/** Files at the root of a monorepo are everybody's: manifests, settings, the README. */
const ROOT_FILES = '*';

/** The zones of a task. Never empty. */
export function zonesOf({ files, packages, packageCount, named }: TaskFacts): Zones {
  if (packageCount <= 1) {
    const what = files === 0 ? 'nothing is known of the repository' : 'the repository is one package';
    return { zones: EVERYWHERE, reason: `${what}: all of it` };
  }
  const outside = named
    .filter(({ what }) => what === 'path')
    .flatMap(({ paths }) => paths)
    .filter((path) => path.includes('/') && !packages.some(({ root }) => isBelow(path, root)));
  const folders = outside.map((path) => path.slice(0, path.lastIndexOf('/')));
  const about = packages.map(({ root }) => root);
  // The package at the root holds all others.
  if (about.includes('')) return { zones: EVERYWHERE, reason: 'the task is about the package at the root: all of it' };
  if (about.length + folders.length === 0)
    return { zones: EVERYWHERE, reason: `the task names none of the ${packageCount} packages: all of them` };
  const used = packages.flatMap(({ uses }) => uses).filter((root) => !about.includes(root));
  // Whoever uses the package at the root uses only what is not in another one; its files are scattered.
  if (used.includes(''))
    return { zones: EVERYWHERE, reason: 'what the task is about uses the package at the root: all of it' };
  const roots = [...new Set([...about, ...used, ...folders])].sort();
  const words = [...about, ...new Set(folders)].join(', ');
  const with_ = used.length > 0 ? `, with ${[...new Set(used)].sort().join(', ')} that it uses` : '';
  return {
    zones: [...roots.map((root) => `${exactly(root)}/**`), ROOT_FILES],
    reason: `the task is about ${words}${with_} (of ${packageCount} packages)`,
  };
}

const isBelow = (path: string, root: string): boolean => root === '' || path.startsWith(`${root}/`);

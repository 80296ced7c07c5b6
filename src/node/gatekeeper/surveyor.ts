/**
 * Looks at a repository for what tasks are about: what they name and where that is, the packages it lies in, and what
 * never enters a prompt. The repository is looked at once; the same repository and task give the same facts.
 */
import type { TaskFacts } from '../../core/events/planParts';
import type { Surveyor } from '../../core/ports/surveyor';
import type { Repository } from '../workspace/repository';
import { ignoredIn } from './survey/ignored';
import { type Mentions, mentionsIn } from './survey/mentions';
import { type Names, namesOf } from './survey/names';
import { type Package, packagesIn } from './survey/packages';
import { filesWith } from './survey/symbols';
import { treeOf, workTreeOf } from './survey/tree';

export type SurveyorOptions = {
  readonly repository: Repository;
  /** The tree that the run begins with; null for the files as they lie in the work tree. */
  readonly tree: string | null;
  /** Globs that the policy keeps out of every prompt: what they match is not opened. */
  readonly excluded: readonly string[];
};

export interface TaskSurveyor extends Surveyor {
  /** The facts of each task, in their order; identifiers are looked for once for all of them. */
  surveyAll(tasks: readonly string[]): Promise<TaskFacts[]>;
}

type Found = {
  readonly files: ReadonlySet<string>;
  readonly names: Names;
  readonly packages: readonly Package[];
  readonly ignored: TaskFacts['ignored'];
};

export function createSurveyor({ repository, tree, excluded }: SurveyorOptions): TaskSurveyor {
  let looked: Promise<Found> | null = null;
  const look = (): Promise<Found> => {
    looked ??= lookAt(repository, tree, excluded).catch((error: unknown) => {
      looked = null;
      throw error;
    });
    return looked;
  };
  const surveyAll = async (tasks: readonly string[]): Promise<TaskFacts[]> => {
    const found = await look();
    const mentions = tasks.map(mentionsIn);
    const symbols = await filesWith(
      mentions.flatMap((one) => one.symbols),
      found.files,
      repository,
      [...excluded, ...found.ignored.map(({ glob }) => glob)],
    );
    return mentions.map((one) => factsOf(one, found, symbols));
  };
  return {
    surveyAll,
    async survey(task) {
      const [facts] = await surveyAll([task]);
      return facts ?? NOTHING;
    },
  };
}

const NOTHING: TaskFacts = { files: 0, packages: [], packageCount: 0, named: [], ignored: [] };

async function lookAt(repository: Repository, tree: string | null, excluded: readonly string[]): Promise<Found> {
  const files = tree === null ? await workTreeOf(repository) : await treeOf(repository, tree);
  const [packages, ignored] = await Promise.all([packagesIn(files), ignoredIn(files, repository, excluded)]);
  return { files: new Set(files.files), names: namesOf(files.files), packages, ignored };
}

/** Facts are recorded, so that there is an end to them. */
const MOST_NAMED = 60;
const MOST_PACKAGES = 50;

function factsOf(
  { paths, symbols, words }: Mentions,
  { files, names, packages, ignored }: Found,
  holders: ReadonlyMap<string, string[]>,
): TaskFacts {
  const asPaths = paths.map((text) => ({ what: 'path' as const, text, paths: [...names.find(text)] }));
  const asSymbols = symbols.map((text) => ({ what: 'symbol' as const, text, paths: holders.get(text) ?? [] }));
  const asWords = words.map((text) => ({ what: 'word' as const, text, paths: packagesCalled(text, packages) }));
  const named = [...asPaths, ...asSymbols, ...asWords].filter((one) => one.paths.length > 0).slice(0, MOST_NAMED);
  const roots = new Set(
    named.flatMap((one) =>
      one.what === 'word' ? one.paths : one.paths.flatMap((path) => packageOf(path, packages)?.root ?? []),
    ),
  );
  const about = packages.filter(({ root }) => roots.has(root));
  return {
    files: files.size,
    // A task about so many packages is about the repository.
    packages:
      about.length > MOST_PACKAGES ? [] : about.map(({ root, name, uses }) => ({ root, name, uses: [...uses] })),
    packageCount: packages.length,
    named,
    ignored,
  };
}

/** Words that are the name of many a package and of much else. */
const COMMON = new Set(
  'app apps core common lib libs utils util shared test tests main src docs types config tools base data'.split(' '),
);

/** The packages that a word is the name of: its whole name, or the last part of that or of its folder. */
function packagesCalled(word: string, packages: readonly Package[]): string[] {
  if (packages.length <= 1 || COMMON.has(word)) return [];
  const last = (text: string): string => text.slice(text.lastIndexOf('/') + 1).toLowerCase();
  return packages
    .filter(
      ({ root, name }) =>
        root !== '' && [name.toLowerCase(), last(name), last(root), root.toLowerCase()].includes(word),
    )
    .map(({ root }) => root);
}

/** The innermost package that a file lies in. */
function packageOf(path: string, packages: readonly Package[]): Package | undefined {
  let best: Package | undefined;
  for (const one of packages) {
    const holds = one.root === '' || path === one.root || path.startsWith(`${one.root}/`);
    if (holds && (best === undefined || one.root.length > best.root.length)) best = one;
  }
  return best;
}

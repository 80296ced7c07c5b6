/**
 * Which files of the repository a task is about, without a model: by names, contents, BM25, definitions, imports and recent
 * changes, fused into one order. The same task on the same tree and history gives the same order on every machine.
 */
import { byContent, byName, fuse, named, type Ranked, rarity, type View } from '../../core/retrieval/candidates';
import { type FileIndex, indexOf, resolveImport } from '../../core/retrieval/imports';
import { definedIn, type Language, languageOf } from '../../core/retrieval/languages';
import { queryOf, type Terms, termsOf, tokenOf } from '../../core/retrieval/terms';
import { testFinder } from '../../core/retrieval/testFiles';
import { byCodeUnit, tokensOfWord } from '../../core/retrieval/tokens';
import { breather } from '../system/breathe';
import type { ToolContext } from '../tools/context';
import { type Grammars, grammarsIn, type Outline } from './grammars';
import { recentChanges } from './history';
import type { ListedFile } from './listing';
import { LOCK, wordPool } from './pool';
import { searchWords, type WordDocument } from './wordIndex';

/** A file to show. */
export type Retrieved = {
  readonly path: string;
  readonly why: string;
  /** True of what the task names by its path, and of its tests. */
  readonly isNamed: boolean;
  /** Words that its lines are chosen by, each with what it is worth. */
  readonly words: ReadonlyMap<string, number>;
};

/** What the text of a file is, once it was read; null for what cannot be shown. */
export type Texts = (path: string) => Promise<string | null>;

const PARSED = 24;
const IMPORTERS = 8;
const IMPORTED = 12;
const BY_WORDS = 20;
const RETRIEVED = 40;

/** The files to show, best first; the tests of each right behind it. */
export async function retrieve(
  context: ToolContext,
  files: readonly ListedFile[],
  texts: Texts,
): Promise<{ readonly files: readonly Retrieved[]; readonly outlines: ReadonlyMap<string, Outline> }> {
  const terms = termsOf(context.run.task);
  const paths = files.map(({ path }) => path).filter((path) => !LOCK.test(path));
  const query = queryOf(terms);
  const grammars = grammarsIn(context.grammars ?? null);
  // What needs no git is made while git reads and searches: it is at work by the time it has answered about its history.
  const history = recentChanges(context);
  const prepared = history.then(async () => {
    const main = mainLanguage(paths);
    const ready = { testsOf: testFinder(paths), index: indexOf(paths) };
    if (main !== null) await grammars.prepare(main);
    return ready;
  });
  const called = history.then(() => ({ byPath: named(paths, terms), byWords: byName(paths, terms) }));
  const [pool, changes, { testsOf, index }, { byPath, byWords }] = await Promise.all([
    wordPool(context, files, terms, called),
    history,
    prepared,
    called,
  ]);
  const hits = holders(pool, query);
  const found = searchWords(pool, new Set(query.keys()), BY_WORDS);
  const views = (defined: ReadonlyMap<string, string>, imported: readonly Ranked[]): View[] => [
    { weight: 20, ranked: byPath },
    { weight: 3, ranked: [...defined].map(([path, why]) => ({ path, why })) },
    {
      weight: 2,
      ranked: byContent(terms, hits, paths.length).map((one) => ({ ...one, why: defined.get(one.path) ?? one.why })),
    },
    { weight: 2, ranked: byWords },
    { weight: 2, ranked: found.map(({ path, words }, at) => ({ path, why: rankWords(at + 1, words, query) })) },
    { weight: 1, ranked: imported },
  ];
  const first = fuse(views(new Map(), [])).slice(0, PARSED);
  const outlines = await outlinesOf(context, grammars, first, texts);
  const imports = importedBy(first.slice(0, IMPORTERS), outlines, index);
  const all = views(await definers(first, texts, terms), imports.files);
  const changed = changedLately(all, changes);
  const ranked = fuse([...all, { weight: 0.5, ranked: changed }]).slice(0, RETRIEVED);
  const worth = worthOf(terms, query, hits, paths.length);
  const isNamed = new Set(byPath.map(({ path }) => path));
  const retrieved = ranked.flatMap(({ path, why }): Retrieved[] => {
    const words = new Map([...(imports.names.get(path) ?? []), ...worth]);
    const tests = testsOf(path).map((test) => ({
      path: test,
      why: `the tests of ${path}`,
      isNamed: isNamed.has(path),
      words,
    }));
    return [{ path, why, isNamed: isNamed.has(path), words }, ...tests];
  });
  return { files: retrieved, outlines };
}

const SHOWN_WORDS = 4;

function rankWords(rank: number, words: readonly string[], query: ReadonlyMap<string, string>): string {
  const asked = [...new Set(words.map((word) => query.get(word) ?? word))];
  return `BM25 rank ${rank} for: ${asked.slice(0, SHOWN_WORDS).join(', ')}`;
}

/** Which files hold each word of the query. */
function holders(pool: readonly WordDocument[], query: ReadonlyMap<string, string>): Map<string, string[]> {
  const holding = (token: string) => pool.filter(({ words }) => words.has(token)).map(({ path }) => path);
  return new Map([...query.keys()].map((token) => [token, holding(token)]));
}

/** The language that most of the files are written in; of equals the one met first. Null where none is known. */
function mainLanguage(paths: readonly string[]): Language | null {
  const counts = new Map<Language, number>();
  for (const path of paths) {
    const language = languageOf(path);
    if (language !== null) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].reduce<readonly [Language | null, number]>(
    (most, one) => (one[1] > most[1] ? one : most),
    [null, 0],
  )[0];
}

async function outlinesOf(
  context: ToolContext,
  grammars: Grammars,
  ranked: readonly Ranked[],
  texts: Texts,
): Promise<Map<string, Outline>> {
  const breathe = breather();
  const outlines = new Map<string, Outline>();
  for (const { path } of ranked) {
    context.signal.throwIfAborted();
    const text = await texts(path);
    if (text !== null) outlines.set(path, await grammars.outlineOf(text, languageOf(path)));
    await breathe();
  }
  return outlines;
}

/** Files that define what the task names, in the order of the files. */
async function definers(ranked: readonly Ranked[], texts: Texts, terms: Terms): Promise<Map<string, string>> {
  const wanted = new Set(terms.contents.map(({ text }) => text));
  const found = new Map<string, string>();
  for (const { path } of ranked) {
    const name = definedIn((await texts(path)) ?? '').find((one) => wanted.has(one));
    if (name !== undefined) found.set(path, `defines \`${name}\``);
  }
  return found;
}

const NAME_WORTH = 1;

/** What the best files import, one step far, and the names that they take from it. */
function importedBy(ranked: readonly Ranked[], outlines: ReadonlyMap<string, Outline>, index: FileIndex) {
  const files: Ranked[] = [];
  const names = new Map<string, Map<string, number>>();
  for (const { path } of ranked) {
    const language = languageOf(path);
    if (language === null) continue;
    for (const imported of outlines.get(path)?.imports ?? []) {
      for (const target of resolveImport(language, path, imported.from, index)) {
        if (files.length === IMPORTED || names.has(target)) continue;
        files.push({ path: target, score: 0, why: `imported by ${path}` });
        names.set(target, new Map(imported.names.flatMap(tokensOfWord).map((token) => [token, NAME_WORTH])));
      }
    }
  }
  return { files, names };
}

/** Of the files that come into question those that were changed lately, the most often first. */
function changedLately(views: readonly View[], { commits, changes }: Awaited<ReturnType<typeof recentChanges>>) {
  const paths = new Set(views.flatMap(({ ranked }) => ranked.map(({ path }) => path)));
  const changed = [...paths].flatMap((path) => {
    const count = changes.get(path) ?? 0;
    return count === 0 ? [] : [{ path, count, why: `changed in ${count} of the last ${commits} commits` }];
  });
  return changed.sort((a, b) => b.count - a.count || byCodeUnit(a.path, b.path));
}

/** What a word on a line is worth; one that stands everywhere still tells where in a file it is. */
function worthOf(
  terms: Terms,
  query: ReadonlyMap<string, string>,
  hits: ReadonlyMap<string, readonly string[]>,
  total: number,
): ReadonlyMap<string, number> {
  const code = new Set(terms.contents.filter(({ isCode }) => isCode).map(tokenOf));
  return new Map(
    [...query.keys()].map((token) => {
      const rare = Math.max(0.25, rarity(hits.get(token)?.length ?? 0, total));
      return [token, rare * (code.has(token) ? 4 : 1)];
    }),
  );
}

/**
 * Which files a task is about, without a model: the names, paths and identifiers in its text against the names and the
 * contents of the repository. Pure, whole numbers only, so that the same task and repository give the same order.
 */
import { byCodeUnit } from './context';

export type Terms = {
  /** Words as they stand in the task, worth looking for in contents; code-like ones first. */
  readonly contents: readonly { readonly text: string; readonly isCode: boolean }[];
  /** Lower-case words to compare with names of files and folders. */
  readonly words: ReadonlySet<string>;
  /** What looks like a path or a file name. */
  readonly paths: ReadonlySet<string>;
};

export type Candidate = { readonly path: string; readonly score: number; readonly why: string };

const CONTENT_TERMS = 24;
const COMMON = new Set(
  (
    'about after again also always cause and any are because been before being between both but can cannot code could does ' +
    'done each else error even every file files find fix for from function give given gives get gets had has have how into ' +
    'its just like make makes must new not now off one only other our out over please remove return returns run same ' +
    'should some still such test tests than that the their them then there these they this those through too under ' +
    'update use used using very want was wants were what when where which while who why will with without work works ' +
    'would wrong you your add'
  ).split(' '),
);

const isCode = (word: string): boolean => /[a-z][A-Z]|[A-Za-z]_[A-Za-z]|^[A-Z]+_/.test(word);

/** Takes a task's text apart. */
export function termsOf(task: string): Terms {
  const paths = new Set(
    (task.match(/[\w@.-]*[\w-](?:\/[\w@.-]+)+|[\w-]+\.[A-Za-z]\w{0,7}\b/g) ?? []).map((p) => p.replace(/^\.\//, '')),
  );
  // Of a path only the last name says what the task is about; its folders are everywhere.
  const text = task.replace(/[\w@.-]+\/(?=[\w@.-])/g, ' ');
  const found = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? []);
  const wanted = [...found].filter((word) => !COMMON.has(word.toLowerCase()));
  const contents = wanted
    .map((text) => ({ text, isCode: isCode(text) }))
    .filter((term) => term.isCode || term.text.length >= 4)
    .sort((a, b) => Number(b.isCode) - Number(a.isCode))
    .slice(0, CONTENT_TERMS);
  const pieces = wanted.flatMap((word) => [word, ...word.split(/_|(?<=[a-z])(?=[A-Z])/)]);
  const words = new Set(
    pieces.map((piece) => piece.toLowerCase()).filter((piece) => piece.length >= 3 && !COMMON.has(piece)),
  );
  return { contents, words, paths };
}

/**
 * The files that have to do with the task, best first; equal scores by path. `hits` holds, for each term of
 * `contents`, the files that contain it. A term in few files weighs more than one in many.
 */
export function rank(
  files: readonly string[],
  terms: Terms,
  hits: ReadonlyMap<string, readonly string[]>,
): Candidate[] {
  const found = new Map<string, { score: number; why: string; best: number }>();
  const add = (path: string, score: number, why: string) => {
    const entry = found.get(path) ?? { score: 0, why, best: 0 };
    found.set(path, {
      score: entry.score + score,
      best: Math.max(entry.best, score),
      why: score > entry.best ? why : entry.why,
    });
  };
  for (const path of files) {
    for (const named of terms.paths) {
      if (path === named || path.endsWith(`/${named}`)) add(path, 100, `the task names ${named}`);
    }
    const parts = namePieces(path);
    for (const word of terms.words) {
      if (parts.base.includes(word)) add(path, 30, `its name has "${word}"`);
      else if (parts.folders.includes(word)) add(path, 6, `its folder has "${word}"`);
    }
  }
  for (const term of terms.contents) {
    const holders = hits.get(term.text) ?? [];
    const weight = rarity(holders.length, files.length) * (term.isCode ? 4 : 1);
    if (weight > 0) for (const path of holders) add(path, weight, `it contains "${term.text}"`);
  }
  return [...found]
    .map(([path, { score, why }]) => ({ path, score, why }))
    .sort((a, b) => b.score - a.score || byCodeUnit(a.path, b.path));
}

function rarity(holders: number, files: number): number {
  if (holders <= 2) return 8;
  if (holders <= 5) return 5;
  if (holders <= 12) return 3;
  return holders * 3 < files ? 1 : 0;
}

function namePieces(path: string): { base: string[]; folders: string[] } {
  const split = (name: string) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const parts = path.split('/');
  const base = parts.pop() ?? '';
  // A camel-case name is known by its pieces and as a whole.
  const pieces = base.replace(/([a-z])([A-Z])/g, '$1-$2');
  return { base: [...new Set([...split(base), ...split(pieces)])], folders: parts.flatMap(split) };
}

const STEM = /^(.*?)(\.[^./]+)$/;

/** True when `test` is the test file of `source` by one of the usual names, wherever it lies. */
export function isTestOf(test: string, source: string): boolean {
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const stem = STEM.exec(name(source))?.[1];
  const testStem = STEM.exec(name(test))?.[1];
  if (stem === undefined || testStem === undefined || test === source) return false;
  return [`${stem}.test`, `${stem}.spec`, `${stem}_test`, `test_${stem}`, `${stem}Test`, `${stem}-test`].includes(
    testStem,
  );
}

/** What a task is about, taken from its text: names, paths, words. Pure. */
import { tokensOfWord } from './tokens';

export type Term = {
  readonly text: string;
  /** Whether it is written as programs write names. */
  readonly isCode: boolean;
};

export type Terms = {
  /** Words as they stand in the task, worth looking for in contents; code-like ones first. */
  readonly contents: readonly Term[];
  /** Lower-case words to compare with names of files and folders. */
  readonly words: ReadonlySet<string>;
  /** What looks like a path or a file name. */
  readonly paths: ReadonlySet<string>;
};

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

/** Takes a task's text apart. What stands in place of a secret says nothing. */
export function termsOf(asked: string): Terms {
  const task = asked.replace(/«[^»\n]*»/g, ' ');
  const paths = new Set(
    (task.match(/[\w@.-]*[\w-](?:\/[\w@.-]+)+|[\w-]+\.[A-Za-z]\w{0,7}\b/g) ?? []).map((p) => p.replace(/^\.\//, '')),
  );
  // Of a path only the last name says what the task is about; its folders are everywhere.
  const text = task.replace(/[\w@.-]+\/(?=[\w@.-])/g, ' ');
  const found = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? []);
  const wanted = [...found].filter((word) => !COMMON.has(word.toLowerCase()));
  const contents = wanted
    .map((word) => ({ text: word, isCode: isCode(word) }))
    .filter((term) => term.isCode || term.text.length >= 4)
    .sort((a, b) => Number(b.isCode) - Number(a.isCode))
    .slice(0, CONTENT_TERMS);
  const pieces = wanted.flatMap((word) => [word, ...word.split(/_|(?<=[a-z])(?=[A-Z])/)]);
  const words = new Set(
    pieces.map((piece) => piece.toLowerCase()).filter((piece) => piece.length >= 3 && !COMMON.has(piece)),
  );
  return { contents, words, paths };
}

/** What is asked of the word index: each word that counts, with the word of the task that it came from. */
export function queryOf({ contents }: Terms): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const { text } of contents) {
    for (const token of tokensOfWord(text)) if (!COMMON.has(token) && !query.has(token)) query.set(token, text);
  }
  return query;
}

/** The form in which a term is looked up among the words of a file. */
export const tokenOf = ({ text }: Term): string => tokensOfWord(text)[0] ?? text;

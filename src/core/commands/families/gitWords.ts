/**
 * What a word on git's command line may be: a revision, a path, or content that is named by both (`HEAD:src/a.ts`).
 * Source: gitrevisions(7) and the pathspecs of gitglossary(7).
 */
import type { CommandOperand } from '../inspection';

/**
 * The path whose content a word names; null for a word without a colon; 'unclear' for a search in messages and for
 * whatever else a colon may mean.
 */
export function contentAt(word: string): string | 'unclear' | null {
  const colon = word.indexOf(':');
  if (colon < 0) return word.includes('{/') || /[*?[\\]/.test(word) ? 'unclear' : null;
  const revision = word.slice(0, colon);
  // Of the index: `:path` and `:2:path`; `:/text` looks for a message, `:(…)`, `:!` and `:^` are pathspecs.
  if (revision === '') {
    const path = /^:(?:[0-3]:)?([^:/(!^].*)$/.exec(word)?.[1];
    return path === undefined ? 'unclear' : relative(path);
  }
  return /^[\w./@^~+-]+$/.test(revision) ? relative(word.slice(colon + 1)) : 'unclear';
}

const relative = (path: string): string => path.replace(/^(\.\/)+/, '') || '.';

/** The revisions of a word: both ends of a range, without what negates one. */
export function revisionsOf(word: string): string[] {
  if (isPathLike(word)) return [];
  return word
    .replace(/^\^/, '')
    .split(/\.{2,3}/)
    .filter((end) => end !== '');
}

/** Leads out of the folder, or to a place on the machine: never a revision. */
const isPathLike = (word: string): boolean => /^[/~]/.test(word) || word.split('/').includes('..');

/** Whether git may take a word for a path; what has the marks of a revision and leads nowhere else is none. */
export const looksLikePath = (word: string): boolean => isPathLike(word) || !/[~^@{}]|\.\./.test(word);

/**
 * The places that pathspecs name. Exclusions only take away; any other magic, and a pattern, may be anything below the
 * folder in which it begins.
 */
export function pathspecs(words: readonly string[]): CommandOperand[] {
  const named = words.filter((word) => !/^:([!^]|\(exclude\))/.test(word));
  return named.map((word) => ({ path: placeOf(word), deep: false }));
}

function placeOf(word: string): string {
  if (word.startsWith(':')) return '.';
  const pattern = /[*?[\\]/.exec(word);
  if (pattern === null) return word;
  const folder = word.slice(0, pattern.index).replace(/[^/]*$/, '');
  return folder === '' ? '.' : folder;
}

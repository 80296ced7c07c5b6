/** Ignore files as globs: gitignore's syntax, which others read with its own rules, in the globs that policies have. */

/** The pattern lines of an ignore file: without comments and a byte order mark, each without its line end. */
export const patternsIn = (content: string): string[] =>
  content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').replace(/(?<!\\) +$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

/**
 * The globs of one pattern; `folder` is where the ignore file lies, empty at the root. They match what the pattern would
 * match if it stood alone, and what lies below that. Null for one that takes back.
 */
export function globsOf(pattern: string, folder: string): readonly string[] | null {
  if (pattern.startsWith('!')) return null;
  const onlyFolders = /(?<!\\)\/$/.test(pattern);
  const inner = pattern.replace(/^\\([#!])/, '$1').replace(/\/+$/, '');
  const anchored = inner.includes('/');
  const body = inner
    .replace(/^\/+/, '')
    // Of the two stars of a name git makes one.
    .replace(/(?<=[^/])\*{2,}|\*{2,}(?=[^/])/g, '*')
    .replace(/(?:(?<=^|\/)\*\*\/)+(?=\*\*(?:\/|$))/g, '')
    // What is plain there and special in globs.
    .replace(/[{}()!+@|]/g, (sign, at: number, all: string) =>
      sign === '!' && all[at - 1] === '[' ? sign : `\\${sign}`,
    );
  if (body === '') return null;
  const from = folder === '' ? '' : `${escaped(folder)}/`;
  if (!onlyFolders && EVERYTHING.test(body)) return [`${from}**`];
  const base = anchored || body.startsWith('**/') ? `${from}${body}` : `${from}**/${body}`;
  // What ends with two stars means what lies below, and nothing by itself; a file that is called as a folder is none.
  if (/(?:^|\/)\*\*$/.test(base)) return [onlyFolders ? `${base.slice(0, -1)}/**/*` : `${base}/*`];
  return onlyFolders ? [`${base}/**/*`] : [base, `${base}/**`];
}

const EVERYTHING = /^(?:\*\*\/)?\*$|^\*\*$/;

const escaped = (folder: string): string => folder.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');

/** True when an ignore file takes something back. */
export const takesBack = (content: string): boolean => patternsIn(content).some((pattern) => pattern.startsWith('!'));

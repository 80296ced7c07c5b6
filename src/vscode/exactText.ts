/** Text out of other hands for a document: what would not be seen is named in its place. Pure. */
import { piecesOf } from '../protocol/visible';

/** Control, invisible and look-alike characters as `⟨U+202E right-to-left override⟩`; line feeds and tabs stay. */
export const exactText = (text: string): string =>
  piecesOf(text, true)
    .map(({ text, code }) => (code === null ? text : `⟨${code}⟩`))
    .join('');

/** The same on one line. */
export const exactLine = (text: string): string =>
  piecesOf(text, false)
    .map(({ text, code }) => (code === null ? text : `⟨${code}⟩`))
    .join('');

/** The same for a list or the status bar, where VS Code draws `$(name)` as an icon: what others write is no icon. */
export const labelText = (text: string): string => exactLine(text).replaceAll('$(', '$ (');

/** Lines as a code block of Markdown that none of them can end. */
export const indented = (text: string): string[] => text.split('\n').map((line) => `    ${line}`);

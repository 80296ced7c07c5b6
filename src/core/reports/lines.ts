/**
 * Output of a program as lines that can be looked at one by one, in linear time: no control sequences, plain line ends,
 * no line longer than anything a parser needs.
 */
import { cut } from '../kernel/text';

const LINE_LIMIT = 2000;
const ESC = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** ECMA-48 control sequences (colours) and operating system commands (links). */
const CONTROL = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?)`, 'g');

/** The text without control sequences and carriage returns. */
export const plainText = (output: string): string => output.replace(CONTROL, '').replace(/\r\n?/g, '\n');

/** The lines of plain text, each cut to what a parser may need. */
export const linesOf = (text: string): string[] =>
  text.split('\n').map((line) => (line.length > LINE_LIMIT ? cut(line, LINE_LIMIT) : line));

/** A path as reports give it: relative, with forward slashes, without `./` and `file://`. */
export function tidyPath(path: string): string {
  const plain = path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^file:\/\//, '');
  return plain.replace(/^(?:\.\/)+/, '');
}

const KEPT_LINES = 8;
const MESSAGE = 600;

/** The first lines of a message that say something, without what marks a place in a stack trace. */
export function messageFrom(lines: readonly string[]): string {
  const said = lines.map((line) => line.trim()).filter((line) => line !== '' && !/^(?:at |❯ |\d* ?\||---$)/.test(line));
  return cut(said.slice(0, KEPT_LINES).join('\n'), MESSAGE);
}

/** A whole number out of digits that a pattern matched; null when the group was not there. */
export const numberOf = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));

/** `2 failed, 1 passed` as counts by word; the same word twice is added up. */
export function countsIn(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, digits, word = ''] of text.matchAll(/(\d{1,9}) ([a-z]+)/g)) {
    counts.set(word, (counts.get(word) ?? 0) + Number(digits));
  }
  return counts;
}

export type Place = { readonly file: string; readonly line: number };

/** The first place `file:line:column` among lines of a stack trace that is in the project's own files. */
export function placeIn(lines: readonly string[]): Place | null {
  for (const line of lines) {
    const match = /(?:^|[\s('"])((?:file:\/\/)?[^\s('":]+):(\d{1,7})(?::\d{1,7})?(?:['")\s,:]|$)/.exec(line);
    if (match === null) continue;
    const [, file = '', at = ''] = match;
    if (file.includes('node_modules/') || file.startsWith('node:') || !/[./]/.test(file)) continue;
    return { file: tidyPath(file), line: Number(at) };
  }
  return null;
}

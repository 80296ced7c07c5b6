/** Tasks made of what is in the editor or was written elsewhere: a selection, a problem, a failing test, a text. Each is bounded. Pure. */
import { formatCount, oneLine } from '../../protocol/format';

/** Lines of a file, counted from 1. */
export type Place = { readonly path: string; readonly from: number; readonly to: number };
export type Problem = {
  readonly message: string;
  /** What found it, and its name for it. */
  readonly source: string | undefined;
  readonly code: string | undefined;
};
export type FailingTest = {
  readonly name: string;
  readonly at: Place | null;
  /** What was said when it failed; undefined when that is not known. */
  readonly message: string | undefined;
};

const MOST_CODE = 8000;
const MOST_MESSAGE = 4000;
const MOST_TEXT = 20_000;
const MOST_NAME = 300;

/** What goes with a task about selected lines. */
export const selectionText = (at: Place, text: string): string => `${placeText(at)}\n${fenced(text)}`;

/** The task to mend a problem; `around` are the lines about it, from `first` on. */
export function problemTask(problem: Problem, at: Place, around: { readonly first: number; readonly text: string }) {
  const found = [problem.source, problem.code].filter((one) => one !== undefined && one !== '').join(' ');
  const named = found === '' ? '' : ` (${oneLine(found, MOST_NAME)})`;
  const { length } = around.text.split('\n');
  const lines = { path: at.path, from: around.first, to: around.first + length - 1 };
  const what = oneLine(problem.message, MOST_MESSAGE);
  return `Fix this problem at ${placeText(at)}: ${what}${named}\n\n${selectionText(lines, around.text)}`;
}

/** The task to mend what a test fails for. */
export function testTask({ name, at, message }: FailingTest): string {
  const where = at === null ? '' : ` in ${placeText(at)}`;
  const said = message === undefined ? '' : `\n\nIt says:\n${fenced(message, MOST_MESSAGE)}`;
  return `Fix the failing test "${oneLine(name, MOST_NAME)}"${where}. Find the cause; do not weaken the test.${said}`;
}

/** A task that was written elsewhere, such as the text of an issue. */
export const writtenTask = (text: string): string => bounded(text.replace(/\r\n/g, '\n').trim(), MOST_TEXT);

/** `src/a.ts:3` or `src/a.ts:3-9`. */
export const placeText = ({ path, from, to }: Place): string => `${path}:${from === to ? from : `${from}-${to}`}`;

/** Text in a fence that nothing in it can end. */
function fenced(text: string, most = MOST_CODE): string {
  const inside = bounded(text.replace(/\r\n/g, '\n').replace(/\n+$/, ''), most);
  const longest = Math.max(2, ...[...inside.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${inside}\n${fence}`;
}

/** The beginning of a text, in whole lines where it has any, and how much of it was left out. */
function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  const line = text.lastIndexOf('\n', most);
  // Half of a pair of surrogates is no character.
  const end = line > 0 ? line : most - (/[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? 1 : 0);
  return `${text.slice(0, end)}\n[cut here: ${formatCount(text.length - end, 'character')} left out]`;
}

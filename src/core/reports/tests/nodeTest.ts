/**
 * node:test: the summary that its reporters `spec` (`ℹ pass 3`) and `tap` (`# pass 3`) print at the end.
 *
 * A file in which no test was reported (it is empty, or the process ended before its tests did) is a point with the
 * file's name, and node counts it as a test that passed. Such points are not counted here.
 */
import { messageFrom, placeIn } from '../lines';
import {
  atLeast,
  doubted,
  failed,
  isCut,
  isFileName,
  lastOf,
  passage,
  type Tally,
  type TestFailure,
  type TestFormat,
} from './format';
import { tapFailures, tapPoints } from './tap';

export const NODE_TEST: TestFormat = {
  commands: ['node', '--test'],
  read(lines) {
    const isTap = lines.some((line) => /^TAP version 1[34]$/.test(line));
    const [tap, spec] = [tapPoints(lines), specPoints(lines)];
    // What the points themselves say counts as well: a summary that a test printed cannot hide them.
    const tally = atLeast(lastOf(lines.flatMap((_, at) => summaryAt(lines, at))), lostIn(lines));
    if (tally === null) return null;
    const failures = isTap ? tapFailures(lines) : specFailures(lines);
    return {
      tool: 'node:test',
      ...tally,
      // Where the middle is missing, all that the summary counts may be files.
      passed: isCut(lines) && tap.passed + spec.passed === 0 ? 0 : Math.max(0, tally.passed - tap.files - spec.files),
      failed: Math.max(tally.failed, tap.failed, spec.failed),
      failures,
    };
  },
};

const WORDS = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const;

function summaryAt(lines: readonly string[], at: number): Tally[] {
  const mark = /^(ℹ|#) tests \d{1,9}$/.exec(lines[at] ?? '')?.[1];
  if (mark === undefined) return [];
  const counts = new Map<string, number>();
  for (const [offset, word] of WORDS.entries()) {
    const [name, digits = '', rest] = (lines[at + offset] ?? '').slice(mark.length + 1).split(' ');
    if (name !== word || rest !== undefined || !/^\d{1,9}$/.test(digits)) return [];
    counts.set(word, Number(digits));
  }
  const of = (word: (typeof WORDS)[number]): number => counts.get(word) ?? 0;
  const tally = { passed: of('pass'), failed: of('fail') + of('cancelled'), skipped: of('skipped') + of('todo') };
  const isSum = tally.passed + tally.failed + tally.skipped === of('tests');
  return [isSum ? tally : doubted(tally.failed)];
}

/** Failures that are told of without a whole summary around them. */
const lostIn = (lines: readonly string[]): number =>
  Math.max(0, ...lines.map((line) => Number(/^ℹ (?:fail|cancelled) (\d{1,9})$/.exec(line)?.[1] ?? 0)));

type Points = { readonly passed: number; readonly failed: number; readonly files: number };

/** `✔ name (1.5ms)` and `✖ name (1.5ms)`; files stand at the start of a line, tests in suites are indented. */
function specPoints(lines: readonly string[]): Points {
  const points = { passed: 0, failed: 0, files: 0 };
  for (const line of lines) {
    const [, indent = '', mark, name = ''] = /^( {0,40})([✔✖]) (\S.*) \(\d+(?:\.\d+)?ms\)$/.exec(line) ?? [];
    // Each failure is told of twice, and so is its suite: how many there are is for the summary to say.
    if (mark === '✖') points.failed = 1;
    else if (mark === '✔' && indent === '' && isFileName(name)) points.files++;
    else if (mark === '✔') points.passed++;
  }
  return points;
}

/** After `✖ failing tests:`: the place, the name with its time, the error. */
function specFailures(lines: readonly string[]): TestFailure[] {
  const start = lines.lastIndexOf('✖ failing tests:');
  if (start < 0) return [];
  return lines.slice(start).flatMap((line, from) => {
    if (!line.startsWith('test at ')) return [];
    const title = lines[start + from + 1] ?? '';
    if (!title.startsWith('✖ ') || /# TODO\b/.test(title)) return [];
    const told = passage(lines, start + from + 2, (next) => next.startsWith('test at '));
    const place = placeIn([line]);
    return [failed(title.slice(2).replace(/ \([\d.]+ms\)$/, ''), place, messageFrom(told.slice(0, 6)))];
  });
}

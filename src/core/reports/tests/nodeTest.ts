/** node:test: the summary that its reporters `spec` (`ℹ pass 3`) and `tap` (`# pass 3`) print at the end. */
import { messageFrom, placeIn } from '../lines';
import { failed, lastOf, passage, type Tally, type TestFailure, type TestFormat } from './format';
import { tapFailures, tapPoints } from './tap';

export const NODE_TEST: TestFormat = {
  commands: ['node', '--test'],
  read(lines) {
    const tally = lastOf(lines.flatMap((_, at) => summaryAt(lines, at)));
    if (tally === null) return null;
    // What the points themselves say counts as well: a summary that a test printed cannot hide them.
    const broken = tapPoints(lines).failed;
    const failures = lines.some((line) => /^TAP version 1[34]$/.test(line)) ? tapFailures(lines) : specFailures(lines);
    return { tool: 'node:test', ...tally, failed: Math.max(tally.failed, broken), failures };
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
  return tally.passed + tally.failed + tally.skipped === of('tests') ? [tally] : [];
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

/** jest: the summary `Test Suites: …`, `Tests: …` and the failures marked `●`. */
import { countsIn, messageFrom, placeIn, tidyPath } from '../lines';
import { atLeast, doubted, failed, lastOf, passage, type Tally, type TestFailure, type TestFormat } from './format';

export const JEST: TestFormat = {
  commands: ['jest', 'react-scripts'],
  read(lines) {
    const summaries = lines.flatMap((line, at) => summaryAt(line, lines[at + 1] ?? ''));
    const tally = atLeast(lastOf(summaries), Math.max(0, ...lines.map(failuresTold)));
    return tally === null ? null : { tool: 'jest', ...tally, failures: failuresIn(lines) };
  },
};

/** The failures of one line of a summary, which may be all that is left of it. */
const failuresTold = (line: string): number =>
  /^(?:Test Suites|Tests): +\d/.test(line) ? (countsIn(line).get('failed') ?? 0) : 0;

function summaryAt(suites: string, tests: string): Tally[] {
  if (!/^Test Suites: +\d/.test(suites) || !/^Tests: +\d/.test(tests)) return [];
  const counts = countsIn(tests);
  const of = (word: string): number => counts.get(word) ?? 0;
  const skipped = of('skipped') + of('todo') + of('pending');
  const files = countsIn(suites).get('failed') ?? 0;
  if (of('passed') + of('failed') + skipped !== of('total')) return [doubted(Math.max(of('failed'), files))];
  // A suite that cannot be loaded holds no test that could fail.
  return [{ passed: of('passed'), failed: Math.max(of('failed'), files), skipped }];
}

function failuresIn(lines: readonly string[]): TestFailure[] {
  const found: TestFailure[] = [];
  let file: string | null = null;
  for (const [at, line] of lines.entries()) {
    if (/^(?:FAIL|PASS) /.test(line)) file = suiteOf(line) ?? file;
    const title = /^ {2}● (\S.*)$/.exec(line)?.[1];
    if (title === undefined || title === 'Console') continue;
    const told = passage(lines, at + 1, (next) => /^ {2}● |^(?:FAIL|PASS|Test Suites:) /.test(next));
    const trace = told.filter((next) => /^ {6}at /.test(next));
    const place = placeIn(trace) ?? { file, line: null };
    const name = title === 'Test suite failed to run' && file !== null ? `${file}: ${title}` : title;
    found.push(failed(name, place, messageFrom(told.filter((next) => !/^ {4}[> ] *\d* \|/.test(next)))));
  }
  return found;
}

/** `FAIL project path/to/a.test.js (5.2 s)`: the path is the last word before the time. */
function suiteOf(line: string): string | null {
  const words = line.replace(/ \([\d.]+ m?s\)$/, '').split(' ');
  const path = words.at(-1) ?? '';
  return /[^/]\.\w+$/.test(path) ? tidyPath(path) : null;
}

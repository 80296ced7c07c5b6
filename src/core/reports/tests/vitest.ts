/** vitest: the summary of its reporters for people (`Test Files …`, `Tests …`). */
import { countsIn, messageFrom, placeIn } from '../lines';
import { doubted, failed, lastOf, passage, type Tally, type TestFailure, type TestFormat } from './format';

/** Lines that may follow `Test Files` in the summary. */
const SUMMARY = 6;

export const VITEST: TestFormat = {
  commands: ['vitest'],
  read(lines) {
    const tally = lastOf(lines.flatMap((line, at) => (/^ ?Test Files {2}\S/.test(line) ? summaryAt(lines, at) : [])));
    return tally === null ? null : { tool: 'vitest', ...tally, failures: failuresIn(lines) };
  },
};

function summaryAt(lines: readonly string[], at: number): Tally[] {
  const rows = new Map<string, string>();
  for (const line of lines.slice(at, at + SUMMARY)) {
    const row = /^ {0,11}(Test Files|Tests|Type Errors|Errors) {2}(\S.*)$/.exec(line);
    if (row !== null) rows.set(row[1] ?? '', row[2] ?? '');
    else if (!/^ {0,11}(?:Start at|Duration|Snapshots|Obsolete)\b/.test(line)) break;
  }
  const files = countsIn(rows.get('Test Files') ?? '').get('failed') ?? 0;
  const tests = rows.get('Tests');
  if (tests === undefined) return files > 0 ? [doubted(files)] : [];
  const counts = countsIn(tests);
  const of = (word: string): number => counts.get(word) ?? 0;
  const total = /\((\d{1,9})\)$/.exec(tests)?.[1];
  const errors = sum(countsIn(`${rows.get('Errors') ?? ''}, ${rows.get('Type Errors') ?? ''}`));
  // A file that cannot even be loaded holds no test that could fail.
  const failures = Math.max(of('failed'), files) + errors;
  if (total === undefined ? tests !== 'no tests' : sum(counts) !== Number(total)) return [doubted(failures)];
  return [{ passed: of('passed'), failed: failures, skipped: of('skipped') + of('todo') + of('pending') }];
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

function failuresIn(lines: readonly string[]): TestFailure[] {
  return lines.flatMap((line, at) => {
    const name = /^ FAIL {2}(?:\|[^|]*\| )?(\S.*)$/.exec(line)?.[1];
    if (name === undefined) return [];
    const told = passage(lines, at + 1, (next) => /^ FAIL {2}|^⎯{4}/.test(next));
    const arrow = told.filter((next) => next.trimStart().startsWith('❯'));
    const file = name.split(' > ', 1)[0]?.replace(/ \[.*$/, '') ?? null;
    const place = placeIn(arrow) ?? { file, line: null };
    return [failed(name.replace(/ \[ .* \]$/, ''), place, messageFrom(told.slice(0, 12)))];
  });
}

/** cargo test (one summary for each test program, all added up) and cargo nextest. */
import { countsIn, messageFrom, tidyPath } from '../lines';
import { failed, lastOf, passage, sumOf, type Tally, type TestFailure, type TestFormat } from './format';

export const CARGO_TEST: TestFormat = {
  commands: ['cargo'],
  read(lines) {
    const tally = sumOf(programs(lines)) ?? lastOf(lines.flatMap(nextestSummary));
    return tally === null ? null : { tool: 'cargo test', ...tally, failures: failuresIn(lines) };
  },
};

const RESULT =
  /^test result: (?:ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored; (\d{1,9}) measured; \d{1,9} filtered out/;

/** For each `running N tests` the last summary whose numbers add up to N, or else one that counts as failed. */
function programs(lines: readonly string[]): Tally[] {
  const starts = lines.flatMap((line, at) => (/^running \d{1,9} tests?$/.test(line) ? [at] : []));
  return starts.flatMap((start, index) => {
    const announced = Number(lines[start]?.split(' ')[1]);
    const results = lines.slice(start, starts[index + 1]).flatMap((line) => {
      const [, passed, bad, ignored, measured] = RESULT.exec(line)?.map(Number) ?? [];
      if (passed === undefined || bad === undefined || ignored === undefined || measured === undefined) return [];
      const tally = { passed: passed + measured, failed: bad, skipped: ignored };
      return tally.passed + tally.failed + tally.skipped === announced ? [tally] : [];
    });
    return lastOf(results) ?? [];
  });
}

function nextestSummary(line: string): Tally[] {
  const told = /^ *Summary \[ *[\d.]+s\] (\d{1,9}(?:\/\d{1,9})? tests? run: .+)$/.exec(line)?.[1];
  if (told === undefined) return [];
  const counts = countsIn(told.replace(/\([^()]*\)/g, ''));
  const of = (word: string): number => counts.get(word) ?? 0;
  return [{ passed: of('passed'), failed: of('failed') + of('timed') + of('exec'), skipped: of('skipped') }];
}

function failuresIn(lines: readonly string[]): TestFailure[] {
  return lines.flatMap((line, at) => {
    const name = /^---- (\S.*) stdout ----$/.exec(line)?.[1];
    if (name === undefined) return [];
    const told = passage(lines, at + 1, (next) => /^(?:---- |failures:$|stack backtrace:)/.test(next));
    const panic = told.findIndex((next) => /^thread '.*panicked at /.test(next));
    const place = /panicked at (?:'.*', )?(\S+?):(\d{1,7}):\d{1,7}:?$/.exec(told[panic] ?? '');
    const where = place === null ? null : { file: tidyPath(place[1] ?? ''), line: Number(place[2]) };
    return [failed(name, where, messageFrom(panic < 0 ? told : told.slice(panic + 1)))];
  });
}

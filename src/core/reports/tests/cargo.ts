/** cargo test (one summary for each test program, all added up) and cargo nextest. */
import { countsIn, messageFrom, tidyPath } from '../lines';
import {
  atLeast,
  doubted,
  failed,
  isCut,
  lastOf,
  passage,
  sumOf,
  type Tally,
  type TestFailure,
  type TestFormat,
} from './format';

export const CARGO_TEST: TestFormat = {
  commands: ['cargo'],
  read(lines) {
    const isBroken = lines.some((line) => /^error: (?:test failed|\d+ targets? failed)/.test(line));
    const tally = atLeast(sumOf(programs(lines)) ?? lastOf(lines.flatMap(nextestSummary)), isBroken ? 1 : 0);
    return tally === null ? null : { tool: 'cargo test', ...tally, failures: failuresIn(lines) };
  },
};

const RESULT =
  /^test result: (ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored; (\d{1,9}) measured; \d{1,9} filtered out/;

/** One part for each `running N tests`; before the first, a summary is one whose head was cut off. */
function programs(lines: readonly string[]): Tally[] {
  const starts = lines.flatMap((line, at) => (/^running \d{1,9} tests?$/.test(line) ? [at] : []));
  const headless = lines.slice(0, starts[0]).flatMap((line) => failureTold(line) ?? []);
  const lost = sumOf(headless.map(doubted));
  const told = starts.map((start, index) => programIn(lines.slice(start, starts[index + 1])));
  return lost === null ? told : [lost, ...told];
}

/**
 * The last summary whose numbers add up to what the head announced, with the failures of those that do not. A program
 * without one did not come to its end, or its end was cut away, which is then no failure.
 */
function programIn(lines: readonly string[]): Tally {
  const announced = Number(lines[0]?.split(' ')[1]);
  const results = lines.flatMap((line) => {
    const [, , passed = 0, bad = 0, ignored = 0, measured = 0] = RESULT.exec(line)?.map(Number) ?? [];
    return RESULT.test(line) ? [{ passed: passed + measured, failed: bad, skipped: ignored }] : [];
  });
  const told = Math.max(0, ...lines.flatMap((line) => failureTold(line) ?? []));
  const whole = results.findLast(({ passed, failed: bad, skipped }) => passed + bad + skipped === announced);
  if (whole !== undefined) return { ...whole, failed: Math.max(whole.failed, told) };
  return isCut(lines) && told === 0 ? { passed: 0, failed: 0, skipped: 0 } : doubted(told);
}

/** The failures of a summary that says FAILED, at least one; null for any other line. */
function failureTold(line: string): number | null {
  const [match, verdict, , bad] = RESULT.exec(line) ?? [];
  return match === undefined || (verdict === 'ok' && Number(bad) === 0) ? null : Math.max(1, Number(bad));
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

/** Maven (surefire, failsafe), Gradle (where the build prints its tests) and .NET. */
import { messageFrom } from '../lines';
import { failed, sumOf, type Tally, type TestFailure, type TestFormat } from './format';

/** The totals of a module; the line of a class goes on with the time it took. */
const SUREFIRE = /^(?:\[[A-Z]+\] )?Tests run: (\d{1,9}), Failures: (\d{1,9}), Errors: (\d{1,9}), Skipped: (\d{1,9})$/;

export const MAVEN: TestFormat = {
  commands: ['mvn', 'mvnw'],
  read(lines) {
    const tallies = lines.flatMap((line): Tally[] => {
      const [, run = 0, failures = 0, errors = 0, skipped = 0] = SUREFIRE.exec(line)?.map(Number) ?? [];
      const passed = run - failures - errors - skipped;
      return SUREFIRE.test(line) && passed >= 0 ? [{ passed, failed: failures + errors, skipped }] : [];
    });
    const tally = sumOf(tallies);
    return tally === null ? null : { tool: 'maven', ...tally, failures: lines.flatMap(mavenFailure) };
  },
};

/** `[ERROR]   MoneyTest.rounds:12 expected: <3> but was: <2>` */
function mavenFailure(line: string): TestFailure[] {
  const [, name, at = '', message = ''] = /^\[ERROR\] {3}([\w.$]+):(\d{1,7})(?:->\S+)? (.*)$/.exec(line) ?? [];
  return name === undefined ? [] : [failed(name, { file: null, line: Number(at) }, messageFrom([message]))];
}

/** `MoneyTest > rounds() FAILED`, printed for failures, and for the rest where `testLogging` asks for it. */
const GRADLE = / (PASSED|FAILED|SKIPPED)$/;

export const GRADLE_TEST: TestFormat = {
  commands: ['gradle', 'gradlew'],
  read(lines) {
    if (!lines.some((line) => /^(?:> Task :|BUILD (?:SUCCESSFUL|FAILED) in )/.test(line))) return null;
    const points = lines.filter((line) => /^\S/.test(line) && line.includes(' > ') && GRADLE.test(line));
    const told = /^(\d{1,9}) tests? completed(?:, (\d{1,9}) failed)?(?:, (\d{1,9}) skipped)?$/;
    const tallies = lines.flatMap((line): Tally[] => {
      const [match, all, bad = '0', skipped = '0'] = told.exec(line) ?? [];
      if (match === undefined) return [];
      const passed = Number(all) - Number(bad) - Number(skipped);
      return passed < 0 ? [] : [{ passed, failed: Number(bad), skipped: Number(skipped) }];
    });
    if (points.length === 0 && tallies.length === 0) return null;
    const count = (verdict: string): number => points.filter((line) => line.endsWith(` ${verdict}`)).length;
    const named = { passed: count('PASSED'), failed: count('FAILED'), skipped: count('SKIPPED') };
    const summed = sumOf(tallies) ?? named;
    const failures = points
      .filter((line) => line.endsWith(' FAILED'))
      .map((line) => failed(line.replace(GRADLE, ''), null, ''));
    return {
      tool: 'gradle',
      passed: Math.max(named.passed, summed.passed),
      failed: Math.max(named.failed, summed.failed),
      skipped: Math.max(named.skipped, summed.skipped),
      failures,
    };
  },
};

const VSTEST =
  /^(?:Passed|Failed|Skipped)! +- Failed: +(\d{1,9}), Passed: +(\d{1,9}), Skipped: +(\d{1,9}), Total: +(\d{1,9})/;
const TERMINAL = /^Test summary: total: (\d{1,9}), failed: (\d{1,9}), succeeded: (\d{1,9}), skipped: (\d{1,9})/;

export const DOTNET: TestFormat = {
  commands: ['dotnet'],
  read(lines) {
    const adding = (total: number, tally: Tally): Tally[] =>
      tally.passed + tally.failed + tally.skipped === total ? [tally] : [];
    const projects = lines.flatMap((line) => {
      const [match, bad = 0, passed = 0, skipped = 0, total = 0] = VSTEST.exec(line)?.map(Number) ?? [];
      return match === undefined ? [] : adding(total, { passed, failed: bad, skipped });
    });
    const summaries = lines.flatMap((line) => {
      const [match, total = 0, bad = 0, passed = 0, skipped = 0] = TERMINAL.exec(line)?.map(Number) ?? [];
      return match === undefined ? [] : adding(total, { passed, failed: bad, skipped });
    });
    const tally = sumOf(projects) ?? sumOf(summaries);
    const names = lines.flatMap((line) => /^ {2}Failed (\S.*) \[[^\]]+\]$/.exec(line)?.[1] ?? []);
    return tally === null ? null : { tool: 'dotnet test', ...tally, failures: names.map((n) => failed(n, null, '')) };
  },
};

/** Maven (surefire, failsafe), Gradle (where the build prints its tests) and .NET. */
import { messageFrom } from '../lines';
import { atLeast, doubted, failed, sumOf, type Tally, type TestFailure, type TestFormat } from './format';

/** The totals of a module; the line of a class goes on with the time it took. */
const SUREFIRE = /^(?:\[[A-Z]+\] )?Tests run: (\d{1,9}), Failures: (\d{1,9}), Errors: (\d{1,9}), Skipped: (\d{1,9})$/;

/** The line of a class: its failures count even where the totals do not tell of them. */
const CLASS =
  /^(?:\[[A-Z]+\] )?Tests run: \d{1,9}, Failures: (\d{1,9}), Errors: (\d{1,9}), Skipped: \d{1,9}, Time elapsed: /;

export const MAVEN: TestFormat = {
  commands: ['mvn', 'mvnw'],
  read(lines) {
    const tallies = lines.flatMap((line): Tally[] => {
      const [, run = 0, failures = 0, errors = 0, skipped = 0] = SUREFIRE.exec(line)?.map(Number) ?? [];
      const passed = run - failures - errors - skipped;
      if (!SUREFIRE.test(line)) return [];
      return [passed < 0 ? doubted(failures + errors) : { passed, failed: failures + errors, skipped }];
    });
    const classes = lines.map((line) => {
      const [, failures = 0, errors = 0] = CLASS.exec(line)?.map(Number) ?? [];
      return failures + errors;
    });
    const told = classes.reduce((sum, count) => sum + count, 0);
    const sum = atLeast(sumOf(tallies), told);
    // A module that does not compile has no totals; those of the others do not speak for it.
    const isBroken = lines.some((line) => /^(?:\[[A-Z]+\] )?BUILD FAILURE$/.test(line));
    const tally = sum === null ? null : atLeast(sum, isBroken ? 1 : 0);
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
      return [passed < 0 ? doubted(Number(bad)) : { passed, failed: Number(bad), skipped: Number(skipped) }];
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
      failed: Math.max(named.failed, summed.failed, lines.some((line) => line.startsWith('BUILD FAILED in ')) ? 1 : 0),
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
    const adding = (total: number, tally: Tally): Tally[] => [
      tally.passed + tally.failed + tally.skipped === total ? tally : doubted(tally.failed),
    ];
    const projects = lines.flatMap((line) => {
      const [match, bad = 0, passed = 0, skipped = 0, total = 0] = VSTEST.exec(line)?.map(Number) ?? [];
      return match === undefined ? [] : adding(total, { passed, failed: bad, skipped });
    });
    const summaries = lines.flatMap((line) => {
      const [match, total = 0, bad = 0, passed = 0, skipped = 0] = TERMINAL.exec(line)?.map(Number) ?? [];
      return match === undefined ? [] : adding(total, { passed, failed: bad, skipped });
    });
    const [ofProjects, ofAll] = [sumOf(projects), sumOf(summaries)];
    const isBroken = lines.some((line) => /^ *(?:Build FAILED\.|Test Run (?:Failed|Aborted)\.)/.test(line));
    const sum = ofProjects ?? ofAll;
    const tally = sum === null ? null : atLeast(sum, Math.max(ofAll?.failed ?? 0, isBroken ? 1 : 0));
    const names = lines.flatMap((line) => /^ {2}Failed (\S.*) \[[^\]]+\]$/.exec(line)?.[1] ?? []);
    return tally === null ? null : { tool: 'dotnet test', ...tally, failures: names.map((n) => failed(n, null, '')) };
  },
};

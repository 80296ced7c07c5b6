/**
 * The Test Anything Protocol, versions 12 to 14 (testanything.org): a plan `1..N`, points `ok` and `not ok`, their
 * directives, YAML below them. Only points that are not indented count: those of subtests are in the points above them.
 */
import { messageFrom, placeIn } from '../lines';
import { failed, passage, type Tally, type TestFailure, type TestFormat } from './format';

export const TAP: TestFormat = {
  commands: ['tap', 'tape', 'prove', 'bats'],
  read(lines) {
    const plans = lines.flatMap((line) => /^1\.\.(\d{1,9})(?: *#.*)?$/.exec(line)?.[1] ?? []);
    if (plans.length === 0) return null;
    const planned = plans.reduce((sum, plan) => sum + Number(plan), 0);
    const points = tapPoints(lines);
    const seen = points.passed + points.failed + points.skipped;
    const bailed = lines.some((line) => /^Bail out!/.test(line)) ? 1 : 0;
    // A plan that was not kept is a failure by the protocol; so is what a cut took out of the middle.
    const unkept = Math.abs(planned - seen);
    const failures = tapFailures(lines);
    if (unkept > 0) failures.push(failed('the plan', null, `${planned} tests were planned and ${seen} were seen`));
    return { tool: 'tap', ...points, failed: points.failed + unkept + bailed, failures };
  },
};

const POINT = /^(not )?ok(?: (\d{1,9}))?(?: - | |$)(.*)$/;

/** The points at the start of lines, counted. */
export function tapPoints(lines: readonly string[]): Tally {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const line of lines) {
    const point = POINT.exec(line);
    if (point === null || (point[2] === undefined && !/^(?:not )?ok(?: -|$)/.test(line))) continue;
    if (/# *(?:skip|todo)/i.test(point[3] ?? '')) tally.skipped++;
    else if (point[1] === undefined) tally.passed++;
    else tally.failed++;
  }
  return tally;
}

/** The points that failed, at any depth, without those that failed only because a subtest of theirs did. */
export function tapFailures(lines: readonly string[]): TestFailure[] {
  return lines.flatMap((line, at) => {
    const point = /^ *not ok(?: \d{1,9})?(?: -)? (.*)$/.exec(line)?.[1];
    if (point === undefined || /# *(?:skip|todo)/i.test(point)) return [];
    const told = passage(lines, at + 1, (next) => /^ *(?:(?:not )?ok\b|\.\.\.$|# Subtest)/.test(next));
    const isParent = told.some((next) => /^ *(?:failureType: 'subtestsFailed'|1\.\.\d+)/.test(next));
    if (isParent || /\{$/.test(point)) return [];
    const error = told.find((next) => /^ *(?:error|message):/.test(next));
    const message = error === undefined ? messageFrom(told) : messageFrom([error.replace(/^ *\w+: */, '')]);
    return [failed(point.replace(/ # time=.*$/, ''), placeOf(told), message.replace(/^(['"])(.*)\1$/, '$2'))];
  });
}

const placeOf = (told: readonly string[]) =>
  placeIn(told.filter((line) => /^ *(?:location|at|file):/.test(line))) ?? placeIn(told);

/**
 * The Test Anything Protocol, versions 12 to 14 (testanything.org): a plan `1..N`, points `ok` and `not ok`, their
 * directives, YAML below them. Only points that are not indented count: those of subtests are in the points above them.
 */
import { messageFrom, placeIn } from '../lines';
import { failed, isCut, isFileName, passage, type Tally, type TestFailure, type TestFormat } from './format';

export const TAP: TestFormat = {
  commands: ['tap', 'tape', 'prove', 'bats'],
  read(lines) {
    const plans = lines.flatMap((line) => /^1\.\.(\d{1,9})(?: *#.*)?$/.exec(line)?.[1] ?? []);
    if (plans.length === 0) return null;
    const points = tapPoints(lines);
    const bailed = lines.some((line) => /^Bail out!/.test(line)) ? 1 : 0;
    const failures = tapFailures(lines);
    const { skipped } = points;
    // Of what a cut took out of the middle only the summary knows, which not every producer prints at the end.
    if (isCut(lines)) {
      const passed = Math.max(0, summed(lines, 'pass') - points.files);
      return {
        tool: 'tap',
        passed,
        failed: Math.max(points.failed, summed(lines, 'fail')) + bailed,
        skipped,
        failures,
      };
    }
    const planned = plans.reduce((sum, plan) => sum + Number(plan), 0);
    const seen = points.passed + points.failed + skipped + points.files;
    // A plan that was not kept is a failure by the protocol.
    const unkept = Math.abs(planned - seen);
    if (unkept > 0) failures.push(failed('the plan', null, `${planned} tests were planned and ${seen} were seen`));
    return { tool: 'tap', passed: points.passed, failed: points.failed + unkept + bailed, skipped, failures };
  },
};

/** The last `# pass 3` among the lines after the cut. */
function summed(lines: readonly string[], word: 'pass' | 'fail'): number {
  const told = lines.slice(lines.findLastIndex((line) => isCut([line])));
  return Number(told.flatMap((line) => new RegExp(`^# ${word} +(\\d{1,9})$`).exec(line)?.[1] ?? []).at(-1) ?? 0);
}

const POINT = /^(not )?ok(?: (\d{1,9}))?(?: - | |$)(.*)$/;

/** The points at the start of lines, counted; `files` are those of a file below which no test passed. */
export function tapPoints(lines: readonly string[]): Tally & { readonly files: number } {
  const tally = { passed: 0, failed: 0, skipped: 0, files: 0 };
  for (const [at, line] of lines.entries()) {
    const point = POINT.exec(line);
    if (point === null || (point[2] === undefined && !/^(?:not )?ok(?: -|$)/.test(line))) continue;
    const name = (point[3] ?? '').replace(/(?: # time=\S+)?(?: \{)?$/, '');
    if (/# *(?:skip|todo)/i.test(point[3] ?? '')) tally.skipped++;
    else if (point[1] !== undefined) tally.failed++;
    else if (isFileName(name) && !hasPassedChild(lines, at)) tally.files++;
    else tally.passed++;
  }
  return tally;
}

/** The points of a subtest stand above its own (TAP 14), or below it where it ends with a brace. */
function hasPassedChild(lines: readonly string[], at: number): boolean {
  const step = (lines[at] ?? '').endsWith('{') ? 1 : -1;
  for (let next = at + step; next >= 0 && next < lines.length; next += step) {
    const line = lines[next] ?? '';
    if (/^ +ok \d{1,9}\b/.test(line) && !/# *(?:skip|todo)/i.test(line)) return true;
    if (/^(?:(?:not )?ok\b|\}|1\.\.)/.test(line)) return false;
  }
  return false;
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

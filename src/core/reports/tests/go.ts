/**
 * go test, plain, `-v` and `-json`. Without `-v` it does not say how many tests passed: then each package whose tests
 * passed counts as one.
 */
import { z } from 'zod';
import { messageFrom, tidyPath } from '../lines';
import { failed, passage, type TestFailure, type TestFormat, type TestRun } from './format';

export const GO_TEST: TestFormat = { commands: ['go'], read: (lines) => fromJson(lines) ?? fromPlain(lines) };

function fromPlain(lines: readonly string[]): TestRun | null {
  const packages = lines.flatMap((line) => packageOf(line) ?? []);
  if (packages.length === 0) return null;
  const count = (verdict: string): number => lines.filter((line) => line.startsWith(`--- ${verdict}: `)).length;
  const named = { passed: count('PASS'), failed: count('FAIL'), skipped: count('SKIP') };
  const ok = packages.filter((verdict) => verdict === 'ok').length;
  const bad = packages.filter((verdict) => verdict === 'FAIL').length;
  const isVerbose = lines.some((line) => line.startsWith('=== RUN '));
  const failures = lines.flatMap((line, at) => failureAt(lines, line, at));
  return {
    tool: 'go test',
    // Under -v a package of which no test is named has none that ran.
    passed: isVerbose ? named.passed : ok,
    // A package that does not compile or that panics fails without a test that does.
    failed: Math.max(named.failed, bad),
    skipped: named.skipped,
    failures,
  };
}

function packageOf(line: string): 'ok' | 'FAIL' | 'none' | null {
  const match = /^(ok|FAIL|\?) *\t(\S+)(?:\t| |$)/.exec(line);
  if (match === null) return null;
  if (match[1] === 'FAIL') return 'FAIL';
  return match[1] === 'ok' && !/\[no tests to run\]|\[no test files\]/.test(line) ? 'ok' : 'none';
}

function failureAt(lines: readonly string[], line: string, at: number): TestFailure[] {
  const name = /^--- FAIL: (\S+)/.exec(line)?.[1];
  if (name === undefined) {
    const broken = /^FAIL\t(\S+) \[(.+)\]$/.exec(line);
    return broken === null ? [] : [failed(broken[1] ?? '', null, broken[2] ?? '')];
  }
  const run = lines.lastIndexOf(`=== RUN   ${name}`, at);
  const before = run < 0 ? [] : lines.slice(run + 1, at).slice(0, 60);
  return [failureOf(name, [...passage(lines, at + 1, (next) => !/^\s/.test(next)), ...before])];
}

function failureOf(name: string, told: readonly string[]): TestFailure {
  const said = told.map((line) => /^\s+(\S+\.go):(\d{1,7}): (.*)$/.exec(line)).filter((match) => match !== null);
  const [first] = said;
  const place = first === undefined ? null : { file: tidyPath(first[1] ?? ''), line: Number(first[2]) };
  return failed(name, place, messageFrom(first === undefined ? told : said.map((match) => match[3] ?? '')));
}

const eventSchema = z.looseObject({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
});
type GoEvent = z.infer<typeof eventSchema>;

function fromJson(lines: readonly string[]): TestRun | null {
  const events = lines.flatMap(eventOf);
  if (events.length === 0) return null;
  const ended = events.filter(({ Test }) => Test !== undefined && !Test.includes('/'));
  const count = (action: string): number => ended.filter(({ Action }) => Action === action).length;
  const outputs = new Map<string, string[]>();
  for (const { Package = '', Test = '', Output = '' } of events) {
    const key = `${Package} ${Test.split('/', 1)[0]}`;
    const kept = outputs.get(key) ?? [];
    if (Output !== '' && kept.length < 60) outputs.set(key, [...kept, Output.replace(/\n$/, '')]);
  }
  const bad = new Set(events.filter((event) => event.Action === 'fail').map(({ Package }) => Package)).size;
  const failures = ended
    .filter(({ Action }) => Action === 'fail')
    .map(({ Package = '', Test = '' }) => failureOf(Test, outputs.get(`${Package} ${Test}`) ?? []));
  return {
    tool: 'go test',
    passed: count('pass'),
    failed: Math.max(count('fail'), bad),
    skipped: count('skip'),
    failures,
  };
}

function eventOf(line: string): GoEvent[] {
  if (!line.startsWith('{') || !line.includes('"Action":')) return [];
  try {
    const parsed = eventSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

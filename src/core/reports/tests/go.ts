/**
 * go test, plain, `-v` and `-json`. Only tests that are named count: plain, `ok` is what a package also says whose tests
 * were all skipped or never started, so that such an output has failures but no passes.
 */
import { z } from 'zod';
import { messageFrom, tidyPath } from '../lines';
import { failed, passage, type TestFailure, type TestFormat, type TestRun } from './format';

export const GO_TEST: TestFormat = { commands: ['go'], read: (lines) => together(fromJson(lines), fromPlain(lines)) };

/** With `-json` what cannot be built is told of in plain lines between the events. */
function together(json: TestRun | null, plain: TestRun | null): TestRun | null {
  if (json === null || plain === null) return json ?? plain;
  const seen = new Set(json.failures.map(({ name }) => name));
  const more = plain.failures.filter(({ name }) => !seen.has(name));
  return { ...json, failed: json.failed + plain.failed, failures: [...json.failures, ...more] };
}

function fromPlain(lines: readonly string[]): TestRun | null {
  const packages = lines.flatMap((line) => packageOf(line) ?? []);
  if (packages.length === 0) return null;
  const count = (verdict: string): number => lines.filter((line) => line.startsWith(`--- ${verdict}: `)).length;
  const named = { passed: count('PASS'), failed: count('FAIL'), skipped: count('SKIP') };
  const bad = packages.filter((verdict) => verdict === 'FAIL').length;
  const failures = lines.flatMap((line, at) => failureAt(lines, line, at));
  return {
    tool: 'go test',
    passed: named.passed,
    // A package that does not compile or that panics fails without a test that does.
    failed: Math.max(named.failed, bad),
    skipped: named.skipped,
    failures,
  };
}

function packageOf(line: string): 'FAIL' | 'other' | null {
  const match = /^(ok|FAIL|\?) *\t(\S+)(?:\t| |$)/.exec(line);
  if (match === null) return null;
  return match[1] === 'FAIL' ? 'FAIL' : 'other';
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

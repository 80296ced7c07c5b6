/** pytest (with and without -q) and Python's own unittest. */
import { countsIn, messageFrom, placeIn, tidyPath } from '../lines';
import { atLeast, doubted, failed, lastOf, passage, type Tally, type TestFailure, type TestFormat } from './format';

export const PYTEST: TestFormat = {
  commands: ['pytest', 'py.test'],
  read(lines) {
    const tally = lastOf(lines.flatMap(pytestSummary));
    return tally === null ? null : { tool: 'pytest', ...tally, failures: pytestFailures(lines) };
  },
};

const KNOWN = new Set(
  'passed failed error errors skipped deselected xfailed xpassed warning warnings rerun subtests'.split(' '),
);

function pytestSummary(line: string): Tally[] {
  const inner = line.startsWith('=') ? line.replace(/^=+ /, '').replace(/ =+$/, '') : line;
  const told = /^((?:\d{1,9} [a-z]+(?: [a-z]+)?(?:, )?)+|no tests ran) in \d[\d.]*s(?: \([\d:, day]+\))?$/.exec(
    inner,
  )?.[1];
  if (told === undefined) return [];
  const counts = countsIn(told);
  const of = (...words: string[]): number => words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0);
  const parts = Number(/(\d{1,9}) subtests? failed/.exec(told)?.[1] ?? 0);
  const bad = Math.max(of('failed', 'error', 'errors'), parts);
  if ([...counts.keys()].some((word) => !KNOWN.has(word))) return bad + of('passed') > 0 ? [doubted(bad)] : [];
  return [{ passed: of('passed', 'xpassed'), failed: bad, skipped: of('skipped', 'xfailed') }];
}

function pytestFailures(lines: readonly string[]): TestFailure[] {
  const start = lines.findLastIndex((line) => /^=+ short test summary info =+$/.test(line));
  if (start < 0) return [];
  const places = placesByTitle(lines.slice(0, start));
  return lines.slice(start).flatMap((line) => {
    if (!/^(?:FAILED|ERROR) \S/.test(line)) return [];
    const [name = '', ...message] = line.replace(/^\w+ /, '').split(' - ');
    const [file = '', ...test] = name.split('::');
    const at = places.get(test.join('.')) ?? places.get(`ERROR collecting ${file}`);
    return [failed(name, { file: tidyPath(file), line: at ?? null }, messageFrom([message.join(' - ')]))];
  });
}

/** The last line `file:line:` below each title `____ test_name ____`. */
function placesByTitle(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  let title: string | null = null;
  for (const line of lines) {
    title = /^_+ (\S.*\S|\S) _+$/.exec(line)?.[1] ?? title;
    const at = /^(?!\/)[^\s:]+:(\d{1,7}): /.exec(line)?.[1];
    if (title !== null && at !== undefined) places.set(title, Number(at));
  }
  return places;
}

export const UNITTEST: TestFormat = {
  commands: ['unittest', 'manage.py'],
  read(lines) {
    const told = lines.some((line) => /^FAILED \((?:[a-z ]+=\d+(?:, )?)+\)$/.test(line)) ? 1 : 0;
    const tally = atLeast(lastOf(lines.flatMap((_, at) => unittestSummary(lines, at))), told);
    return tally === null ? null : { tool: 'unittest', ...tally, failures: unittestFailures(lines) };
  },
};

function unittestSummary(lines: readonly string[], at: number): Tally[] {
  const ran = /^Ran (\d{1,9}) tests? in \d[\d.]*s$/.exec(lines[at] ?? '')?.[1];
  const verdict = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.+)\))?$/.exec(lines[at + 2] ?? '');
  if (ran === undefined || verdict === null) return [];
  const counts = new Map<string, number>();
  for (const [, word = '', digits] of (verdict[1] ?? '').matchAll(/([a-z ]+)=(\d{1,9})/g)) {
    counts.set(word.trim(), Number(digits));
  }
  const of = (word: string): number => counts.get(word) ?? 0;
  const bad = of('failures') + of('errors') + of('unexpected successes');
  const skipped = of('skipped') + of('expected failures');
  const failures = verdict[0].startsWith('FAILED') ? Math.max(1, bad) : bad;
  const passed = Number(ran) - failures - skipped;
  return [passed < 0 && failures === 0 ? doubted(0) : { passed: Math.max(0, passed), failed: failures, skipped }];
}

function unittestFailures(lines: readonly string[]): TestFailure[] {
  return lines.flatMap((line, at) => {
    const name = /^(?:FAIL|ERROR): (\S.*)$/.exec(line)?.[1];
    if (name === undefined || !/^-{20,}$/.test(lines[at + 1] ?? '')) return [];
    const told = passage(lines, at + 2, (next) => /^(?:={20,}|-{20,})$/.test(next));
    const frames = told.flatMap((next) => /^ *File "([^"]+)", line (\d{1,7})/.exec(next)?.slice(1, 3).join(':') ?? []);
    const last = told.filter((next) => /^\S/.test(next) && !next.startsWith('Traceback'));
    return [failed(name, placeIn(frames.slice(-1)), messageFrom(last))];
  });
}

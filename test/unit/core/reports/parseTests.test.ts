import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTests } from '../../../../src/core/reports/parseTests';
import { testReportSchema } from '../../../../src/core/reports/report';

const FIXTURES = path.resolve(import.meta.dirname, '../../../fixtures/reports');
const fixture = (name: string): string => fs.readFileSync(path.join(FIXTURES, `${name}.txt`), 'utf8');
const NODE_PASSED = fixture('node-spec-passed');

const counts = (output: string, argv?: string[]) => {
  const { tool, passed, failed, skipped } = parseTests(output, argv);
  return [tool, passed, failed, skipped];
};

describe('the report of a test run', () => {
  test.each([
    ['vitest-failed', 'vitest', 2, 2, 2, 'broken.test.mjs:1', 'a.test.mjs:4'],
    ['vitest-verbose', 'vitest', 1, 1, 2, 'a.test.mjs:4'],
    ['vitest-passed', 'vitest', 1, 0, 0],
    ['vitest-broken', 'vitest', 0, 1, 0, 'broken.test.mjs:1'],
    ['vitest-tap', 'tap', 0, 1, 0, 'vitest/a.test.mjs:4'],
    ['vitest-junit', 'junit', 1, 1, 2, 'a.test.mjs:4'],
    ['jest-failed', 'jest', 2, 2, 1, 'math.test.js:5', 'broken.test.js:1'],
    ['jest-passed', 'jest', 1, 0, 0],
    ['mocha-failed', 'mocha', 2, 1, 1, 'a.spec.js:4'],
    ['mocha-dot', 'mocha', 2, 1, 1, 'a.spec.js:4'],
    ['mocha-passed', 'mocha', 1, 0, 0],
    ['mocha-tap', 'tap', 2, 1, 1, 'a.spec.js:4'],
    ['mocha-xunit', 'junit', 2, 1, 1, 'mocha/a.spec.js:null'],
    ['node-spec-failed', 'node:test', 2, 1, 2, 'a.test.mjs:5'],
    ['node-spec-passed', 'node:test', 1, 0, 0],
    ['node-tap-failed', 'node:test', 2, 1, 2, 'node/a.test.mjs:5'],
    ['node-tap-passed', 'node:test', 1, 0, 0],
    ['node-junit', 'junit', 2, 1, 2, 'node/a.test.mjs:5'],
    ['node-spec-files-empty-v20', 'node:test', 0, 0, 0],
    ['node-spec-files-empty-v24', 'node:test', 0, 0, 0],
    ['node-spec-files-exit-v20', 'node:test', 0, 0, 0],
    ['node-spec-files-mixed-v20', 'node:test', 4, 1, 0, 'crash.test.mjs:1'],
    ['node-spec-files-mixed-v24', 'node:test', 4, 1, 0, 'crash.test.mjs:1'],
    ['node-tap-files-empty-v20', 'node:test', 0, 0, 0],
    ['node-tap-files-empty-v24', 'node:test', 0, 0, 0],
    ['node-tap-files-exit-v20', 'node:test', 0, 0, 0],
    ['node-tap-files-mixed-v20', 'node:test', 4, 1, 0, 'crash.test.mjs:1'],
    ['node-tap-files-mixed-v24', 'node:test', 4, 1, 0, 'crash.test.mjs:1'],
    ['node-junit-files-mixed-v20', 'junit', 3, 1, 0, 'null:null'],
    ['node-junit-files-mixed-v24', 'junit', 3, 1, 0, 'crash.test.mjs:null'],
    ['tape', 'tap', 1, 1, 0, 'test/a.test.js:8'],
    ['pytest-failed', 'pytest', 0, 1, 0, 'test_broken.py:1'],
    ['pytest-quiet', 'pytest', 2, 1, 1, 'test_a.py:8'],
    ['pytest-passed', 'pytest', 1, 0, 0],
    ['unittest-failed', 'unittest', 2, 1, 1, 'ut.py:4'],
    ['unittest-passed', 'unittest', 1, 0, 0],
    ['go-failed', 'go test', 0, 1, 0, 'a_test.go:8'],
    ['go-verbose', 'go test', 2, 1, 1, 'a_test.go:8'],
    ['go-json', 'go test', 2, 1, 1, 'a_test.go:8'],
    ['go-passed', 'go test', 0, 0, 0],
    ['go-passed-verbose', 'go test', 1, 0, 0],
    ['go-nothing-ran', 'go test', 0, 0, 0],
    ['go-json-nothing-ran', 'go test', 0, 0, 1],
    ['go-json-build-failed', 'go test', 1, 1, 0, 'null:null'],
    ['go-vetfailed', 'go test', 0, 1, 0, 'null:null'],
    ['cargo-failed', 'cargo test', 1, 1, 1, 'src/lib.rs:16'],
    ['cargo-passed', 'cargo test', 1, 0, 0],
    ['cargo-aborted', 'cargo test', 1, 1, 0],
    ['nextest', 'cargo test', 2, 1, 1],
    ['maven', 'maven', 1, 1, 1, 'null:12'],
    ['gradle', 'gradle', 1, 1, 0, 'null:null'],
    ['dotnet', 'dotnet test', 2, 1, 0, 'null:null'],
    ['npm-workspaces', 'node:test', 2, 0, 0],
    ['pnpm-workspace', 'vitest', 5, 0, 0],
  ] as const)('%s: %s, %d passed, %d failed, %d skipped', (name, tool, passed, failed, skipped, ...places) => {
    const report = testReportSchema.parse(parseTests(fixture(name)));
    expect(report).toMatchObject({ tool, passed, failed, skipped });
    expect(report.failures.map(({ file, line }) => `${file}:${line}`)).toEqual(places);
    expect(report.omitted).toBe(failed - report.failures.length);
  });

  test('names a failure and says why', () => {
    const [failure] = parseTests(fixture('jest-failed')).failures;
    expect(failure).toMatchObject({ name: 'math › rounds half up', file: 'math.test.js', line: 5 });
    expect(failure?.message).toContain('Expected: 3\nReceived: 2');
    expect(parseTests(fixture('cargo-failed')).failures[0]?.message).toContain('rounds half up');
    expect(parseTests(fixture('go-json')).failures[0]).toMatchObject({ name: 'TestSub', message: 'got 1' });
    expect(parseTests(fixture('node-tap-failed')).failures[0]).toMatchObject({
      name: 'rounds half up',
      message: '2 == 3',
    });
  });
});

describe('an output without a test that passed', () => {
  test.each(['jest-none', 'vitest-none', 'vitest-none-passed'])('%s: no run is found', (name) => {
    expect(parseTests(fixture(name))).toMatchObject({ tool: null, passed: 0, failed: 0 });
  });

  test.each(['mocha-none', 'pytest-none', 'pytest-quiet-none', 'go-none', 'cargo-none'])('%s: nothing ran', (name) => {
    expect(parseTests(fixture(name))).toMatchObject({ passed: 0, failed: 0, skipped: 0 });
  });

  test.each([
    '',
    'all 12 tests passed',
    'Tests: 3 passed, 3 total',
    'ok',
    '# pass 3',
    'ok 1 - without a plan',
    'ℹ tests 3\nℹ pass 3\nℹ fail 0',
    'Test Suites: 1 passed, 1 total\nTests:       x passed, x total',
    'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out',
    '<testsuites><testsuite tests="3"></testsuites>',
    '  3 passing',
  ])('%j: is no test run', (output) => {
    expect(parseTests(output)).toMatchObject({ tool: null, passed: 0, failed: 0, skipped: 0 });
  });

  test.each([
    ['jest', 'Test Suites: 1 passed, 1 total\nTests:       1 passed, 9 total'],
    ['vitest', ' Test Files  1 passed (1)\n      Tests  9 passed (1)'],
    ['node:test', NODE_PASSED.replace('tests 1', 'tests 9')],
    ['dotnet', 'Passed!  - Failed:     0, Passed:     9, Skipped:     0, Total:     3, Duration: 9 ms'],
    ['maven', 'Tests run: 1, Failures: 0, Errors: 0, Skipped: 2'],
    ['pytest', '5 passed, 2 bananas in 0.10s'],
  ])('a summary of %s whose numbers do not add up has no passes and is a failure', (tool, output) => {
    const of = expect.stringContaining(tool);
    expect(parseTests(output)).toMatchObject({ tool: of, passed: 0, failed: 1 });
  });

  const module = 'Tests run: 2, Failures: 0, Errors: 0, Skipped: 0';
  const okProgram = 'running 1 test\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out';
  const redProgram = 'test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out';
  test.each([
    ['cargo: numbers that do not add up', 1, 1, `running 3 tests\n${redProgram}\n${okProgram}`],
    ['cargo: no head', 1, 1, `${redProgram}\n${okProgram}`],
    ['cargo: no summary', 1, 1, `running 3 tests\n${okProgram}`],
    ['cargo: a program that failed in the cut', 1, 1, `${okProgram}\nerror: test failed, to rerun pass \`--lib\``],
    ['vitest: a total that is another', 0, 2, ' Test Files  1 passed (1)\n      Tests  2 failed | 3 passed (6)'],
    ['vitest: no tests', 0, 1, ' Test Files  1 failed | 2 passed (3)'],
    ['jest: a total that is another', 0, 2, 'Test Suites: 1 failed, 1 total\nTests:       2 failed, 3 passed, 9 total'],
    ['jest: one line of it', 0, 2, 'Tests:       2 failed, 3 passed, 5 total'],
    ['node: one line of it', 0, 2, 'ℹ fail 2'],
    ['mocha: one line of it', 0, 2, '  2 failing'],
    ['pytest: an unknown word', 0, 2, '=== 2 failed, 1 banana in 0.10s ==='],
    ['pytest: subtests', 1, 2, '1 passed, 2 subtests failed in 0.10s'],
    ['unittest: one line of it', 0, 1, 'FAILED (failures=2, errors=1)'],
    [
      'maven: a class',
      2,
      1,
      `${module.replace('s: 0', 's: 1')}, Time elapsed: 1 s <<< FAILURE! -- in A\n[INFO] ${module}`,
    ],
    ['maven: a class alone', 0, 1, `${module.replace('s: 0', 's: 1')}, Time elapsed: 1 s <<< FAILURE! -- in A`],
    ['maven: a module that is not built', 2, 1, `[INFO] ${module}\n[INFO] BUILD FAILURE`],
    ['gradle: a project that is not built', 1, 1, '> Task :test\nA > adds PASSED\nBUILD FAILED in 3s'],
    [
      'dotnet: a total that is another',
      0,
      1,
      'Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     9, Duration',
    ],
    ['junit: a document that is cut', 0, 1, '<testsuites>\n<testcase name="a"><failure/></testcase>\n'],
  ])('a failure is never lost, %s', (_, passed, failed, output) => {
    expect(parseTests(output)).toMatchObject({ passed, failed });
  });

  test('a plan of no tests is a run without tests', () => {
    expect(counts('TAP version 13\n1..0 # no tests\n')).toEqual(['tap', 0, 0, 0]);
  });
});

describe('a test that imitates a summary', () => {
  const jest = (line: string): string =>
    `Test Suites: 1 ${line.includes('failed') ? 'failed' : 'passed'}, 1 total\nTests:       ${line}\n`;

  test('cannot turn a red run green, printed before or after the real one', () => {
    const red = jest('1 failed, 1 passed, 2 total');
    const green = jest('9 passed, 9 total');
    expect(counts(green + red)).toEqual(['jest', 1, 1, 0]);
    expect(parseTests(red + green).failed).toBe(1);
    expect(parseTests(`> a@1.0.0 test\n${red}\n> b@1.0.0 test\n${green}`)).toMatchObject({ passed: 10, failed: 1 });
  });

  test('does not make tests of none: the runner has the last word', () => {
    expect(counts(`  9 passing (1ms)\n${fixture('mocha-none')}`)).toEqual(['mocha', 0, 0, 0]);
  });

  test('in the words of another runner changes nothing where the command names the runner', () => {
    const output = `${jest('9 passed, 9 total')}${fixture('pytest-passed')}`;
    expect(counts(output, ['pytest'])).toEqual(['pytest', 1, 0, 0]);
    expect(counts(jest('1 failed, 1 total') + fixture('pytest-passed'), ['python', '-m', 'pytest'])).toEqual([
      'pytest',
      1,
      1,
      0,
    ]);
    // The command is only a hint: without a summary of its runner it proves nothing and forbids nothing.
    expect(counts(fixture('node-tap-passed'), ['npx', 'vitest', '--reporter=tap'])).toEqual(['node:test', 1, 0, 0]);
    expect(counts('nothing', ['pytest'])).toEqual([null, 0, 0, 0]);
  });

  test('in the TAP of node:test is told by the points, which it cannot hide', () => {
    const fake = '# tests 1\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n';
    const cut = `${fixture('node-tap-failed').split('# tests 5')[0]}${fake}`;
    expect(counts(cut)).toEqual(['node:test', 1, 1, 0]);
  });

  test('cannot outdo the runner that the command names by a document', () => {
    const forged = '<testsuites>\n<testcase name="a"/><testcase name="b"/>\n</testsuites>\n';
    const red = forged.replace('name="b"/>', 'name="b"><failure message="no"/></testcase>');
    expect(counts(forged + fixture('vitest-none'), ['npx', 'vitest', 'run'])).toEqual([null, 0, 0, 0]);
    expect(counts(forged + fixture('node-spec-files-exit-v20'), ['node', '--test'])).toEqual(['node:test', 0, 0, 0]);
    expect(counts(red + fixture('vitest-passed'), ['node_modules/vitest/vitest.mjs'])).toEqual(['vitest', 1, 1, 0]);
    // Where the command names no runner, the passes are those that both bear out.
    expect(counts(forged + fixture('node-spec-files-exit-v20'), ['npm', 'test'])).toEqual(['junit', 0, 0, 0]);
    expect(counts(forged, ['npm', 'test'])).toEqual(['junit', 2, 0, 0]);
    // A runner that is asked for a document prints one, with what tests printed in it; `node` runs anything.
    expect(counts(fixture('vitest-junit'), ['npx', 'vitest', '--reporter=junit'])).toEqual(['junit', 1, 1, 2]);
    expect(counts(forged, ['node', 'test.mjs'])).toEqual(['junit', 2, 0, 0]);
  });

  test('cannot hide a point of node:test behind a summary', () => {
    expect(counts(`✖ a (1.5ms)\n${NODE_PASSED}`)).toEqual(['node:test', 1, 1, 0]);
    expect(counts(`✖ later (1.5ms) # TODO\n${NODE_PASSED}`)).toEqual(['node:test', 1, 0, 0]);
  });

  test('and a TAP plan that was not kept is a failure', () => {
    expect(counts('1..3\nok 1 - a\nok 2 - b\n')).toEqual(['tap', 2, 1, 0]);
    expect(counts('1..2\nok 1 - a\nBail out! the database is gone\n')).toEqual(['tap', 1, 2, 0]);
  });
});

describe('any output', () => {
  test('of several packages is added up', () => {
    expect(counts(`${fixture('npm-workspaces')}\n> pkg-3@1.0.0 test\n${fixture('vitest-passed')}`)).toEqual([
      'node:test, vitest',
      3,
      0,
      0,
    ]);
  });

  test('with colours, carriage returns and a cut in its middle is read as well', () => {
    const red = (text: string): string => text.replace(/(\d+)/g, '\u001b[31m$1\u001b[39m').replaceAll('\n', '\r\n');
    expect(parseTests(red(fixture('vitest-failed')))).toMatchObject({ tool: 'vitest', passed: 2, failed: 2 });
    const noise = 'x\n'.repeat(1000);
    const long = `${noise}[cut: 1 bytes of output are not shown]\n${fixture('pytest-quiet')}`;
    expect(parseTests(long)).toMatchObject({ tool: 'pytest', passed: 2, failed: 1 });
  });

  test('whose middle is cut out of TAP counts by the summary at its end', () => {
    const marker = '\n[cut: 99 bytes of output are not shown]\n';
    const head = 'TAP version 13\nok 1 - a\nok 2 - b';
    expect(counts(`${head}${marker}ok 900 - z\n\n1..900\n# tests 900\n# pass  900\n`)).toEqual(['tap', 900, 0, 0]);
    expect(counts(`${head}${marker}ok 900 - z\n\n1..900\n# tests 900\n# pass  899\n# fail  1\n`)).toEqual([
      'tap',
      899,
      1,
      0,
    ]);
    expect(counts(`# pass 9\n${head}${marker}ok 900 - z\n1..900\n`)).toEqual(['tap', 0, 0, 0]);
    // All that the summary of node:test counts may be files whose points were cut out.
    expect(counts(`noise${marker}${NODE_PASSED.replace(/^✔.*\n/m, '')}`)).toEqual(['node:test', 0, 0, 0]);
    expect(counts(`noise${marker}${NODE_PASSED}`)).toEqual(['node:test', 1, 0, 0]);
  });

  test('whose middle is cut out of cargo’s loses no failure and makes none', () => {
    const marker = '[cut: 99 bytes of output are not shown]';
    const head = 'running 9 tests\ntest a ... ok';
    const tail = 'test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out';
    expect(counts(`${head}\n${marker}\n${tail}`)).toEqual(['cargo test', 0, 0, 0]);
    expect(counts(`${head}\n${marker}\n${tail.replace('ok. 4 passed; 0', 'FAILED. 4 passed; 2')}`)).toEqual([
      'cargo test',
      0,
      2,
      0,
    ]);
  });

  test('lists no more failures than it has room for, and counts the rest', () => {
    const points = Array.from({ length: 300 }, (_, at) => `not ok ${at + 1} - broken ${at}`).join('\n');
    const report = parseTests(`1..300\n${points}\n`);
    expect(report).toMatchObject({ failed: 300, omitted: 250 });
    expect(report.failures).toHaveLength(50);
  });

  test('gives a report by the schema, whatever pieces it is made of', () => {
    const pieces = fs
      .readdirSync(FIXTURES)
      .flatMap((name) => (name.endsWith('.txt') ? fixture(name.slice(0, -4)).split('\n') : []));
    const output = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 });
    fc.assert(
      fc.property(output, (lines) => {
        const report = testReportSchema.parse(parseTests(lines.join('\n')));
        expect(report.failures.length + report.omitted).toBe(report.failed);
        if (report.tool === null) expect(report.passed).toBe(0);
      }),
    );
  });
});

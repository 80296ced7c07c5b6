import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFindings } from '../../../../src/core/reports/parseFindings';
import { findingsReportSchema } from '../../../../src/core/reports/report';

const FIXTURES = path.resolve(import.meta.dirname, '../../../fixtures/reports');
const fixture = (name: string): string => fs.readFileSync(path.join(FIXTURES, `${name}.txt`), 'utf8');

describe('the report of findings', () => {
  test.each([
    ['eslint-stylish', 'eslint', 2, 1, 'src/b.js:2:7 error eqeqeq'],
    ['eslint-unix', 'eslint', 2, 1, 'src/b.js:2:7 error eqeqeq'],
    ['eslint-json', 'eslint', 2, 1, 'src/b.js:2:7 error eqeqeq'],
    ['biome-failed', 'biome', 6, 1, 'src/a.ts:5:15 error lint/suspicious/noDoubleEquals'],
    ['biome-format', 'biome', 2, 0, 'src/a.ts:null:null error format'],
    ['tsc-plain', 'tsc', 2, 0, 'src/a.ts:1:7 error TS6133'],
    ['tsc-pretty', 'tsc', 2, 0, 'src/a.ts:1:7 error TS6133'],
    ['prettier-failed', 'prettier', 2, 0, 'src/a.ts:null:null error null'],
    ['prettier-broken', 'prettier', 3, 0, 'bad.js:1:7 error null'],
    ['go-vet', 'go', 1, 0, 'a.go:7:14 error null'],
    ['go-build', 'go', 2, 0, 'c.go:3:1 error null'],
    ['golangci', 'golangci-lint', 2, 0, 'main.go:12:5 error errcheck'],
    ['cargo-clippy', 'rustc', 0, 1, 'src/lib.rs:2:9 warning null'],
    ['cargo-build-failed', 'rustc', 1, 0, 'src/lib.rs:3:7 error E0277'],
    ['mypy', 'mypy', 2, 0, 'src/a.py:3:null error return-value'],
    ['flake8', 'flake8', 2, 0, 'src/a.py:1:1 error F401'],
    ['ruff-full', 'ruff', 2, 0, 'src/a.py:1:8 error F401'],
    ['ruff-concise', 'ruff', 2, 0, 'src/a.py:1:8 error F401'],
    ['ruff-format', 'ruff', 1, 0, 'src/a.py:null:null error format'],
    ['javac', 'compiler', 1, 0, 'A.java:1:null error null'],
    ['dotnet-build', 'msbuild', 1, 1, 'src/A.cs:3:12 error CS1002'],
  ] as const)('%s: %s, %d errors, %d warnings, first %s', (name, tool, errors, warnings, place) => {
    const report = findingsReportSchema.parse(parseFindings(fixture(name)));
    expect(report).toMatchObject({ tool, errors, warnings, omitted: 0 });
    const [first] = report.findings;
    expect(`${first?.file}:${first?.line}:${first?.column} ${first?.severity} ${first?.rule}`).toBe(place);
    expect(first?.message).toMatch(/\w/);
  });

  test.each(['biome-passed', 'prettier-passed'])('%s: the tool said that it found nothing', (name) => {
    expect(parseFindings(fixture(name))).toMatchObject({ tool: name.split('-')[0], errors: 0, warnings: 0 });
  });

  test.each([
    ['ruff', 'All checks passed!'],
    ['mypy', 'Success: no issues found in 3 source files'],
  ])('%s: so did this one', (tool, output) => {
    expect(parseFindings(output)).toMatchObject({ tool, errors: 0, warnings: 0, findings: [] });
  });

  test.each([
    '',
    'built in 3 s',
    'see http://localhost:3000: it runs',
    'at a.js:1:2',
    'warning: be careful',
    '12:30:01: x',
  ])('%j: is no finding', (output) => {
    expect(parseFindings(output)).toMatchObject({ tool: null, errors: 0, warnings: 0, findings: [] });
  });

  test('of several tools in one output is added up, errors first', () => {
    const report = parseFindings(
      `${fixture('eslint-stylish')}\n${fixture('tsc-plain')}\n${fixture('prettier-passed')}`,
    );
    expect(report).toMatchObject({ tool: 'eslint, tsc, prettier', errors: 4, warnings: 1 });
    expect(report.findings.map(({ severity }) => severity)).toEqual(['error', 'error', 'error', 'error', 'warning']);
  });

  test('trusts the totals of a summary when its middle was cut out', () => {
    const output = fixture('eslint-stylish').replace(
      '✖ 3 problems (2 errors, 1 warning)',
      '✖ 93 problems (90 errors, 3 warnings)',
    );
    expect(parseFindings(output)).toMatchObject({ errors: 90, warnings: 3, omitted: 90 });
  });

  test('lists no more than it has room for, and counts the rest', () => {
    const lines = Array.from({ length: 300 }, (_, at) => `src/a.ts(${at + 1},1): error TS2322: no`);
    const report = parseFindings(lines.join('\n'));
    expect(report).toMatchObject({ errors: 300, omitted: 100 });
    expect(report.findings).toHaveLength(200);
  });

  test('fits the schema, whatever pieces the output is made of', () => {
    const pieces = fs
      .readdirSync(FIXTURES)
      .flatMap((name) => (name.endsWith('.txt') ? fixture(name.slice(0, -4)).split('\n') : []));
    const output = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 });
    fc.assert(
      fc.property(output, (lines) => {
        const report = findingsReportSchema.parse(parseFindings(lines.join('\n')));
        if (report.tool === null) expect(report).toMatchObject({ errors: 0, warnings: 0, findings: [] });
      }),
    );
  });
});

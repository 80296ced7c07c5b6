import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/core/events/payload';
import type { ToolResult } from '../../../../src/core/ports/toolbox';
import type { FindingsReport, Report } from '../../../../src/core/reports/report';
import { only, type Played, play, reportsOf, testsOf } from '../../../support/engine';
import { replay } from '../../../support/replay';

const checking = (action: string): string => `
version: 1
id: checks
title: Checks
description: ''
toolset: coding
start: check
nodes:
  check: { type: deterministic, action: ${action}, on_success: done, on_failure: fail }
`;

type Said = { exitCode: number | null; report: Report | null; outcome?: ToolResult['outcome']; output?: string };

/** One node that runs a command which leaves this behind. */
const run = (action: string, { exitCode, report, outcome = 'ok', output = 'ran' }: Said, engine?: number) =>
  play({
    blueprint: checking(action),
    ...(engine === undefined ? {} : { engine }),
    tools: {
      run_project_command: (_input, request) => {
        return { exitCode, outcome, output, events: report === null ? [] : reportsOf(request, report) };
      },
    },
  });

const end = (played: Played) => only(played.events, 'node.finished')[0]?.data;
const tests = (more: object): Report => ({ ...testsOf(3, 0), ...more }) as Report;

describe('a node that runs tests', () => {
  it('succeeds when tests ran and all of them passed, and says how many', async () => {
    expect(end(await run('run_tests', { exitCode: 0, report: testsOf(12, 0) }))).toMatchObject({
      outcome: 'success',
      reason: '12 tests passed',
    });
  });

  it.each<[string, Said, string]>([
    ['a test failed', { exitCode: 1, report: testsOf(9, 3) }, '3 of 12 tests failed'],
    ['a test failed although the exit code is 0', { exitCode: 0, report: testsOf(9, 3) }, '3 of 12 tests failed'],
    ['no run was found', { exitCode: 0, report: tests({ tool: null }) }, 'no test run was found in the output'],
    ['there is no report at all', { exitCode: 0, report: null }, 'no test run was found in the output'],
    ['no test was run', { exitCode: 0, report: tests({ passed: 0 }) }, 'no test was run'],
    ['all were skipped', { exitCode: 0, report: tests({ passed: 0, skipped: 4 }) }, 'no test was run'],
    ['the exit code says so', { exitCode: 2, report: testsOf(3, 0) }, 'exit code 2'],
    ['it failed before any test', { exitCode: 2, report: tests({ tool: null, passed: 0 }) }, 'exit code 2'],
    ['there is no exit code', { exitCode: null, report: testsOf(3, 0) }, 'the command gave no exit code'],
    [
      'the command took too long',
      { exitCode: null, outcome: 'timeout', output: 'ended after 600 s', report: testsOf(3, 0) },
      'ended after 600 s',
    ],
    [
      'the command took too long after it had begun to print',
      {
        exitCode: null,
        outcome: 'timeout',
        output: '$ npm test\nok 1\nended after 600 s, the time limit of a command\n',
        report: testsOf(3, 0),
      },
      'ended after 600 s, the time limit of a command',
    ],
    [
      'the command was killed',
      { exitCode: null, outcome: 'error', output: '$ npm test\nended by SIGKILL', report: testsOf(3, 0) },
      'ended by SIGKILL',
    ],
    [
      'the report is of something else',
      { exitCode: 0, report: { kind: 'findings', tool: 'tsc', errors: 0, warnings: 0, findings: [], omitted: 0 } },
      'no test run was found in the output',
    ],
  ])('fails when %s', async (_when, said, reason) => {
    const played = await run('run_tests', said);
    expect(end(played)).toMatchObject({ outcome: 'failure', reason });
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  });

  it('does not take the report of an earlier call for its own', async () => {
    const blueprint = checking('run_tests').replace('on_failure: fail', 'on_failure: fail, retry: 1');
    let calls = 0;
    const played = await play({
      blueprint,
      tools: {
        run_project_command: (_input, request) => {
          calls += 1;
          return calls === 1 ? { exitCode: 1, events: reportsOf(request, testsOf(3, 0)) } : { exitCode: 0, events: [] };
        },
      },
    });
    expect(only(played.events, 'node.finished').map(({ data }) => data.reason)).toEqual([
      'exit code 1',
      'no test run was found in the output',
    ]);
  });

  it('is judged by its exit code alone in a run that engine 1 recorded', async () => {
    expect(end(await run('run_tests', { exitCode: 0, report: null }, 1))).toMatchObject({
      outcome: 'success',
      reason: 'done',
    });
  });
});

describe('the report of a command', () => {
  it('stays one that can be read when a message in it holds a secret without an end', async () => {
    const message = `-----BEGIN ${'PRIVATE'} KEY-----\nMIIE`;
    const failures = [{ name: 'signs', file: 'a.js', line: 1, message }];
    const played = await run('run_tests', { exitCode: 1, report: tests({ failed: 1, failures }) });
    expect(end(played)?.reason).toBe('1 of 4 tests failed');
    const kept = only(played.inline, 'artifact.created').find(({ data }) => data.name === 'test_report')?.data;
    expect(JSON.parse(textOf(kept?.content ?? ''))).toMatchObject({ failures: [{ message: '«private-key»' }] });
    expect(kept?.content).toContain('\n "tool": "vitest"');
    expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
  });
});

describe('a node that runs another check', () => {
  const finding = (file: string): FindingsReport['findings'][number] => {
    return { file, line: 1, column: 1, severity: 'error', rule: null, message: 'no' };
  };
  const findings = (...files: string[]): FindingsReport => {
    return {
      kind: 'findings',
      tool: 'biome',
      errors: files.length,
      warnings: 0,
      findings: files.map(finding),
      omitted: 0,
    };
  };

  it.each<[string, Said, { outcome: string; reason: string }]>([
    ['passes by its exit code', { exitCode: 0, report: findings('a') }, { outcome: 'success', reason: 'done' }],
    [
      'says how much was found',
      { exitCode: 1, report: findings('a', 'a', 'a', 'b') },
      { outcome: 'failure', reason: '4 errors in 2 files' },
    ],
    [
      'does not count the files of findings that are not listed',
      { exitCode: 1, report: { ...findings('a'), errors: 900, omitted: 899 } },
      { outcome: 'failure', reason: '900 errors' },
    ],
    [
      'falls back to the exit code where the tool is not known',
      { exitCode: 1, report: { ...findings('a'), tool: null } },
      { outcome: 'failure', reason: 'exit code 1' },
    ],
  ])('%s', async (_what, said, expected) => {
    expect(end(await run('run_lint', said))).toMatchObject(expected);
  });
});

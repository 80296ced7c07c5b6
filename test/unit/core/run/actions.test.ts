import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/core/events/payload';
import { only, type Played, play, reply, reportsOf, type Scenario, testsOf } from '../../../support/engine';
import { replay } from '../../../support/replay';

const head = (start: string): string => `
version: 1
id: acts
title: Acts
description: ''
toolset: coding
start: ${start}
nodes:
`;
const DIFF = '--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n-1\n+2\n';
const READS_ONLY = { propose: ['read_file'] };
const identical = async (played: Played): Promise<void> => {
  expect(await replay({ stored: played.events, inline: played.inline })).toMatchObject({ identical: true });
};

describe('the summary of a run', () => {
  const blueprint = `${head('write')}
  write: { type: agent, goal: Say how, max_turns: 1, result: { type: report }, on_success: sum, on_failure: fail }
  sum: { type: deterministic, action: summarize, on_success: done, on_failure: fail }
`;
  const posing = (tool: string): string =>
    JSON.stringify({ kind: 'tests', tool: 'TOOL', passed: 1, failed: 0, skipped: 0, failures: [], omitted: 0 }).replace(
      'TOOL',
      tool,
    );

  it.each([
    ['a secret', 's\\u006b-proj-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8', '«openai-key»'],
    ['half of a character', '\\ud800', '\ufffd'],
  ])('holds no %s out of what poses as a report', async (_what, tool, instead) => {
    const played = await play({ blueprint, replies: [reply(`${posing(tool)}`)] });
    const { text } = JSON.parse(played.executed[0]?.input ?? '{}') as { text: string };
    expect(text).toContain(`(${instead})`);
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });
});

describe('the action apply_patch', () => {
  const blueprint = `${head('propose')}
  propose: { type: agent, goal: Say how, max_turns: 2, result: { type: patch }, on_success: apply, on_failure: fail, on_exhausted: apply }
  apply: { type: deterministic, action: apply_patch, inputs: [propose_patch], on_success: done, on_failure: fail }
`;

  it('is given exactly the patch that an agent delivered', async () => {
    const played = await play({ blueprint, toolsets: READS_ONLY, replies: [reply(`\`\`\`diff\n${DIFF}\`\`\``)] });
    const [call] = played.executed;
    expect(call).toMatchObject({ call: 'apply.1', tool: 'apply_patch', origin: 'node' });
    expect(JSON.parse(call?.input ?? '')).toEqual({ patch: DIFF });
    expect(only(played.events, 'policy.decided')[0]?.data).toMatchObject({ capability: 'repo_write' });
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });

  it('fails without a call when there is no patch', async () => {
    const played = await play({ blueprint, toolsets: READS_ONLY, replies: [reply('No.'), reply('No.')] });
    expect(played.executed).toEqual([]);
    expect(only(played.events, 'node.finished').at(-1)?.data).toMatchObject({
      outcome: 'failure',
      reason: 'the run has made no single patch to apply',
    });
    await identical(played);
  });

  it('does not write a placeholder over what was redacted', async () => {
    const secret = DIFF.replace('+2', `+ghp_${'a1B2'.repeat(9)}`);
    const played = await play({ blueprint, toolsets: READS_ONLY, replies: [reply(secret)] });
    expect(played.executed).toEqual([]);
    expect(only(played.events, 'tool.finished')[0]?.data).toMatchObject({ outcome: 'invalid' });
  });

  it.each([
    [1, 'denied'],
    [2, 'denied'],
    [3, 'ok'],
  ])('is, for agents of engine %i, %s', async (engine, outcome) => {
    const replies = [reply('', ['apply_patch', { patch: DIFF }]), reply(DIFF)];
    const played = await play({ blueprint, toolsets: { propose: ['read_file', 'apply_patch'] }, replies, engine });
    expect(only(played.events, 'tool.finished')[0]?.data).toMatchObject({ outcome });
    expect(only(played.events, 'model.requested')[0]?.data.tools.includes('apply_patch')).toBe(outcome === 'ok');
    await identical(played);
  });

  it('does not let an agent write a placeholder over what was redacted', async () => {
    const replies = [reply('', ['apply_patch', { patch: DIFF.replace('+2', '+key = «github-token»') }]), reply(DIFF)];
    const played = await play({ blueprint, toolsets: { propose: ['read_file', 'apply_patch'] }, replies });
    expect(played.executed.filter(({ origin }) => origin === 'agent')).toEqual([]);
    expect(only(played.events, 'tool.finished')[0]?.data).toMatchObject({ outcome: 'invalid' });
  });
});

describe('the action summarize', () => {
  const blueprint = `${head('work')}
  work: { type: agent, goal: Do it, max_turns: 2, result: { type: report }, on_success: test, on_failure: fail }
  test: { type: deterministic, action: run_tests, retry: 1, on_success: lint, on_failure: lint }
  lint: { type: deterministic, action: run_lint, on_success: tell, on_failure: tell }
  tell: { type: deterministic, action: summarize, on_success: done, on_failure: fail }
`;
  const tools: Scenario['tools'] = {
    run_project_command: ({ name }, request) => ({
      exitCode: name === 'test' ? 1 : 0,
      events: reportsOf(
        request,
        name === 'test'
          ? testsOf(9, 3)
          : { kind: 'findings', tool: null, errors: 0, warnings: 0, findings: [], omitted: 0 },
      ),
    }),
  };

  it('says what the record says: task, steps, checks, what was made and spent', async () => {
    const played = await play({ blueprint, tools, task: 'Mend\nit', replies: [reply('It is the cache.')] });
    const call = played.executed.at(-1);
    expect(call).toMatchObject({ call: 'tell.1', tool: 'summarize' });
    const { text } = JSON.parse(call?.input ?? '') as { text: string };
    expect(text).toBe(`## Task

Mend it

## Steps

- work: success, the result was checked: a report of 16 characters
- test: failure, 3 of 12 tests failed
- test (attempt 2): failure, 3 of 12 tests failed
- lint: success, done

## Checks

- test_report: 9 passed, 3 failed, 0 skipped (vitest)
- lint_report: the output is of no known format

## Made by the run

- work_report (report): a report of 16 characters
- test_report (report): test ran
- test_output (output): test ran
- lint_report (report): lint ran
- lint_output (output): lint ran

## Spent

1 model call, 120 tokens, $0
`);
    await identical(played);
  });
});

describe('the action evidence_bundle', () => {
  it('is a call of the node like any other', async () => {
    const blueprint = `${head('keep')}
  keep: { type: deterministic, action: evidence_bundle, on_success: done, on_failure: fail }
`;
    const played = await play({ blueprint });
    expect(played.executed).toMatchObject([{ call: 'keep.1', tool: 'evidence_bundle', input: '{}', origin: 'node' }]);
    expect(only(played.events, 'run.finished')[0]?.data.status).toBe('succeeded');
    await identical(played);
  });
});

describe('an agent with a toolset of its own', () => {
  const blueprint = `${head('work')}
  work: { type: agent, goal: Do it, max_turns: 3, on_success: next, on_failure: fail }
  next: { type: agent, goal: Go on, max_turns: 3, on_success: done, on_failure: fail }
`;

  it('is offered its tools alone, and can call no other', async () => {
    const write = reply('', ['write_file', { path: 'a', content: '1' }]);
    const played = await play({
      blueprint,
      toolsets: { work: ['read_file'] },
      replies: [write, reply('Done.'), write, reply('Done.')],
    });
    expect(played.requests[0]?.tools.map(({ name }) => name)).toEqual(['read_file']);
    expect(played.requests[2]?.tools.map(({ name }) => name)).toContain('write_file');
    const [denied, allowed] = only(played.inline, 'tool.finished').map(({ data }) => data);
    expect(denied).toMatchObject({ outcome: 'denied' });
    expect(denied && textOf(denied.output)).toContain('write_file is not in the toolset narrow of this step');
    expect(allowed).toMatchObject({ outcome: 'ok' });
    await identical(played);
  });

  it('cannot get by it what the run does not have', async () => {
    const played = await play({
      blueprint,
      toolsets: { work: ['delete_file'] },
      replies: [reply('', ['delete_file', { path: 'a' }]), reply('Done.'), reply('Done.')],
    });
    expect(only(played.inline, 'tool.finished')[0]?.data).toMatchObject({ outcome: 'denied' });
  });
});

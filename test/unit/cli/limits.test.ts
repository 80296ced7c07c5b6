/** What holds an agent in bounds, seen from the command line: loops, results that are owed, budgets, narrower toolsets. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { blueprint, cli, defaultStore, journalOf, jsonOf, sampleFolder } from '../../support/cli';
import { type Answer, callTools, say, startOpenAiServer } from '../../support/openaiServer';

const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 5, on_success: 'done', on_failure: 'fail' };
const FILE = '.openexec/blueprints/mine.yaml';

const calling = (name: string, input: object): Answer =>
  callTools([{ id: 'call_1', name, arguments: JSON.stringify(input) }]);
const READ = calling('read_file', { path: 'README.md' });
const WRITE = calling('write_file', { path: 'docs/note.md', content: 'A note.\n' });

/** A run of `yaml` on a server with these answers, ended; with its events, and whether it replays identically. */
async function ran(yaml: string, ...answers: Answer[]) {
  const server = await startOpenAiServer(...answers);
  onTestFinished(() => server.close());
  const folder = sampleFolder({ [FILE]: yaml });
  const where = ['--workspace', folder, '--json'];
  const model = ['--model', 'openai-compatible:test', '--base-url', server.baseUrl];
  const end = await cli(['run', ...where, '--blueprint', 'mine', '--task', 'Do it', '--approve', 'all', ...model]);
  const events = journalOf(defaultStore(folder));
  const replayed = await cli(['replay', jsonOf<{ runId: string }>(end).runId, ...where]);
  expect(jsonOf(replayed)).toMatchObject({ identical: true });
  const of = <T extends RunEvent['type']>(type: T) => events.filter((event) => event.type === type) as RunEvent<T>[];
  return { end, folder, of, requests: server.requests.length };
}

describe('an agent at a live server', () => {
  it('that makes the same call over and over is stopped, and a person is waited for', async () => {
    const { end, of, requests } = await ran(blueprint('mine', { work: AGENT }), READ, READ, READ, READ, READ);
    expect(end.code, end.stderr).toBe(3);
    expect(requests).toBe(3);
    expect(of('loop.detected').map(({ data }) => data.kind)).toEqual(['same call']);
    expect(of('node.finished').map(({ data }) => data.outcome)).toEqual(['exhausted']);
  });

  it('that owes a change is asked again when it only says that it is done', async () => {
    const yaml = blueprint('mine', { work: { ...AGENT, result: { type: 'patch' } } });
    const { end, of } = await ran(yaml, say('Done.'), WRITE, say('Now it is.'));
    expect(end.code, end.stderr).toBe(0);
    expect(jsonOf(end)).toMatchObject({ status: 'succeeded', filesChanged: ['docs/note.md'] });
    expect(of('artifact.created').map(({ data }) => data.kind)).toEqual(['patch']);
  });

  it('that rejects in a verdict fails its node, whatever else it says', async () => {
    const yaml = blueprint('mine', { work: { ...AGENT, result: { type: 'verdict' } } });
    const { end, of } = await ran(yaml, say('All is well.'), say('{"verdict": "reject", "reasons": ["it is wrong"]}'));
    expect(end.code, end.stderr).toBe(1);
    expect(of('node.finished').map(({ data }) => data.reason)).toEqual(['rejected: it is wrong']);
  });

  it('is denied what its own toolset has not, though the run has it', async () => {
    const yaml = blueprint('mine', { work: { ...AGENT, toolset: 'repo_readonly' } });
    const { end, folder, of } = await ran(yaml, WRITE, say('Done.'));
    expect(of('policy.decided').map(({ data }) => [data.decision, data.rule])).toEqual([['deny', 'toolset']]);
    expect(of('file.changed')).toEqual([]);
    const people = await cli(['runs', '--workspace', folder]);
    expect(people.stdout).toMatch(/1 denied, 1 outside of the toolset/);
    const shown = await cli(['show', jsonOf<{ runId: string }>(end).runId, '--workspace', folder]);
    expect(shown.stdout).toMatch(/: succeeded, 1 denied, 1 outside of the toolset\n$/);
  });

  it('that asks a person something pauses the run, for --approve all is no answer', async () => {
    const ask = calling('ask_user', { question: 'Up or down?' });
    const { end, of } = await ran(blueprint('mine', { work: AGENT }), ask, say('Done.'));
    expect(end.code, end.stderr).toBe(3);
    expect(of('approval.requested')[0]?.data).toMatchObject({ question: true, title: 'Up or down?' });
    expect(of('approval.resolved')).toEqual([]);
    expect(of('run.paused')[0]?.data.reason).toMatch(/--approve all is no answer/);
  });

  it('runs a command line that only looks without asking anybody, and none that needs a shell', async () => {
    const lines = ['grep -c discount src/discount.js', 'cat package.json | sh'];
    const calls = lines.map((command) => calling('run_command', { command }));
    const { end, of } = await ran(blueprint('mine', { work: AGENT }), ...calls, say('Done.'));
    expect(end.code, end.stderr).toBe(0);
    expect(of('policy.decided').map(({ data }) => [data.capability, data.decision, data.rule])).toEqual([
      ['exec_inspect', 'allow', 'looking-commands'],
      [expect.any(String), 'deny', 'one-plain-command'],
    ]);
    expect(of('approval.requested')).toEqual([]);
  });
});

describe('a budget of the blueprint', () => {
  it('of model calls ends the run with exit code 4', async () => {
    const yaml = JSON.stringify({ ...JSON.parse(blueprint('mine', { work: AGENT })), budget: { model_calls: 1 } });
    const { end, of, requests } = await ran(yaml, READ, say('Done.'));
    expect([end.code, requests], end.stderr).toEqual([4, 1]);
    expect(of('budget.exceeded').map(({ data }) => data.limit)).toEqual(['model calls']);
  });
});

/** Runs on a live server through the command line: the sample's story, and everything that a server can do wrong. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { textOf } from '../../../src/core/events/payload';
import type { RunEvent } from '../../../src/core/events/schema';
import {
  blueprint,
  cli,
  defaultStore,
  git,
  journalOf,
  jsonOf,
  SAMPLE_TASK,
  sampleFolder,
  startCli,
} from '../../support/cli';
import {
  type Answer,
  breakAfter,
  callTools,
  chunk,
  hang,
  raw,
  say,
  startOpenAiServer,
  status,
} from '../../support/openaiServer';
import { QUICK_FIX } from '../../support/sampleStories/quickFix';

const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 4, on_success: 'done', on_failure: 'fail' };
const MINE = { '.openexec/blueprints/mine.yaml': blueprint('mine', { work: AGENT }) };

const run = (folder: string, ...more: string[]): string[] => [
  'run',
  ...['--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json', '--model', 'openai:test'],
  ...more,
];

async function serverWith(...answers: Answer[]) {
  const server = await startOpenAiServer(...answers);
  onTestFinished(() => server.close());
  return server;
}

const eventsOf = <T extends RunEvent['type']>(folder: string, type: T) =>
  journalOf(defaultStore(folder)).filter((event) => event.type === type) as RunEvent<T>[];

const PARTS = { text: '', toolCalls: [] };

/** What the story's model says, as a server streams it. */
const STORY: readonly Answer[] = QUICK_FIX.beats.map(({ step }): Answer => {
  const { text, toolCalls } = { ...PARTS, ...step };
  if (toolCalls.length === 0) return say(text);
  return callTools(toolCalls.map(({ id, name, arguments: input }) => ({ id, name, arguments: textOf(input) })));
});

describe('a live model', () => {
  it('that says what the recording says leads to the very same tree', async () => {
    const server = await serverWith(...STORY);
    const folder = sampleFolder();
    const args = ['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', SAMPLE_TASK, '--json'];
    const end = await cli([...args, '--approve', 'all', '--model', 'openai:test', '--base-url', server.baseUrl]);
    expect([end.code, jsonOf(end)], end.stderr).toMatchObject([0, { status: 'succeeded', costUsd: 0 }]);
    expect(server.requests).toHaveLength(STORY.length);
    const treeOf = (events: readonly RunEvent[]) => events.find((event) => event.type === 'run.finished')?.data;
    const other = sampleFolder();
    await cli(['run', '--workspace', other, '--blueprint', 'quick_fix', '--task', SAMPLE_TASK, '--approve', 'all']);
    const { tree } = treeOf(journalOf(defaultStore(other))) as { tree: string };
    expect(treeOf(journalOf(defaultStore(folder)))).toMatchObject({ tree });
    const branch = git(folder, 'for-each-ref', '--format=%(refname)', 'refs/heads/openexec');
    expect(git(folder, 'rev-parse', `${branch}^{tree}`)).toBe(tree);
    const { runId } = jsonOf<{ runId: string }>(end);
    await server.close();
    expect(jsonOf(await cli(['replay', runId, '--workspace', folder, '--json']))).toMatchObject({ identical: true });
  });

  it('is told when the arguments of its call do not fit, and may go on', async () => {
    const server = await serverWith(
      callTools([{ id: 'a', name: 'read_file', arguments: '{"file":' }]),
      callTools([{ id: 'b', name: 'read_file', arguments: '{"file":"README.md"}' }]),
      callTools([{ id: 'c', name: 'no_such_tool', arguments: '{}' }]),
      say('I am finished.'),
    );
    const folder = sampleFolder(MINE);
    const end = await cli(run(folder, '--base-url', server.baseUrl));
    expect(jsonOf(end).status, end.stderr).toBe('succeeded');
    const results = eventsOf(folder, 'tool.finished').map((event) => event.data);
    expect(results.map((result) => result.outcome)).toEqual(['invalid', 'invalid', 'denied']);
    const told = JSON.stringify(server.requests[3]?.body.messages);
    for (const result of results) expect(told).toContain(JSON.stringify(result.output).slice(1, -1).slice(0, 40));
  });
});

describe('a live model that is not to be had', () => {
  const failing = async (folder: string, baseUrl: string | null): Promise<{ stderr: string; reason: string }> => {
    const end = await cli(run(folder, ...(baseUrl === null ? [] : ['--base-url', baseUrl])));
    expect([end.code, jsonOf(end).status], end.stderr).toEqual([1, 'failed']);
    const { reason } = eventsOf(folder, 'run.finished')[0]?.data ?? { reason: '' };
    expect(end.stderr.trimEnd().split('\n').at(-1)).toBe(`openexec: the run failed: ${reason}`);
    return { stderr: end.stderr, reason };
  };

  it('for want of a key: nothing is sent, and the way to set one is said', async () => {
    const folder = sampleFolder(MINE);
    const { reason } = await failing(folder, null);
    expect(reason).toMatch(/There is no API key for api\.openai\.com\. Set one .*OPENAI_API_KEY/);
    expect(eventsOf(folder, 'model.failed')).toMatchObject([{ data: { code: 'key_missing', retryable: false } }]);
  });

  it('because no server is there: after the retries it says where it looked', async () => {
    const server = await startOpenAiServer();
    await server.close();
    const folder = sampleFolder(MINE);
    const { reason } = await failing(folder, server.baseUrl);
    expect(reason).toMatch(/No answer from http:\/\/127\.0\.0\.1:\d+\/v1 \(ECONNREFUSED\): is the server running\?/);
    expect(eventsOf(folder, 'model.failed').map((event) => event.data.code)).toEqual(Array(3).fill('connection'));
  });

  it('because the reply is not JSON: it says what came instead, once', async () => {
    const server = await serverWith(raw(200, { 'content-type': 'text/html' }, '<html>a login page</html>'));
    const { reason } = await failing(sampleFolder(MINE), server.baseUrl);
    expect(reason).toMatch(/answered with text\/html instead of a chat completion stream\. Check the base URL/);
    expect(server.requests).toHaveLength(1);
  });

  it('because the key is refused: the key itself is in no message and no record', async () => {
    const server = await serverWith(status(401, 'Incorrect API key provided: sk-secret-1234567890abcdef'));
    const folder = sampleFolder(MINE);
    const end = await cli(run(folder, '--base-url', server.baseUrl), {
      env: { OPENAI_API_KEY: 'sk-secret-1234567890abcdef' },
    });
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/answered 401: it refused the API key/);
    expect(end.stderr + JSON.stringify(journalOf(defaultStore(folder)))).not.toContain('sk-secret');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-secret-1234567890abcdef');
  });

  it('for a moment: a stream that breaks is asked for again, and nothing of the broken reply is used', async () => {
    const broken = breakAfter(
      chunk({
        tool_calls: [{ index: 0, id: 'x', type: 'function', function: { name: 'delete_file', arguments: '{"pa' } }],
      }),
    );
    const garbled = raw(200, { 'content-type': 'text/event-stream' }, 'data: {this is not JSON\n\n');
    const server = await serverWith(broken, garbled, say('I am finished.'));
    const folder = sampleFolder(MINE);
    const end = await cli(run(folder, '--base-url', server.baseUrl));
    expect([end.code, jsonOf(end).status], end.stderr).toEqual([0, 'succeeded']);
    expect(eventsOf(folder, 'model.failed').map((event) => event.data.code)).toEqual(['malformed', 'malformed']);
    expect(eventsOf(folder, 'tool.requested')).toEqual([]);
    const [first, ...others] = server.requests.map((request) => JSON.stringify(request.body.messages));
    expect(others).toEqual([first, first]);
  });

  it.skipIf(process.platform === 'win32')(
    'because it is slow: Ctrl-C ends the wait, and the run is cancelled',
    async () => {
      const server = await serverWith(hang);
      const folder = sampleFolder(MINE);
      const { child, end } = startCli(run(folder, '--base-url', server.baseUrl));
      const request = await server.request(0);
      child.kill('SIGINT');
      const ended = await end;
      expect([ended.code, jsonOf(ended).status], ended.stderr).toEqual([1, 'cancelled']);
      expect(await request.abandoned).toBe(true);
    },
  );
});

/** MCP servers through the command line: the verb `mcp`, and runs that call their tools. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { textOf } from '../../../src/core/events/payload';
import type { RunEvent } from '../../../src/core/events/schema';
import { agreedTools } from '../../../src/node/mcp/agreedTools';
import { pinFile } from '../../../src/node/mcp/pinFile';
import { mcpFilesBeside } from '../../../src/node/mcp/places';
import { policyFiles } from '../../../src/node/policy/places';
import {
  blueprint,
  cli,
  defaultStore,
  expectRefusal,
  journalOf,
  jsonOf,
  sampleFolder,
  temporaryFolder,
  writeIn,
} from '../../support/cli';
import { isAlive, mcpYaml, type TestServer, testServer, testTool } from '../../support/mcp';
import { callTools, say, startOpenAiServer } from '../../support/openaiServer';

const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 4, on_success: 'done', on_failure: 'fail' };
const TOOLSET = { version: 1, id: 'with_docs', description: 'For a test.', tools: ['read_file', 'mcp__docs__*'] };
const READ = { id: 'read', effect: 'allow', capabilities: ['repo_read'], reason: 'reading is fine' };
const policyWith = (effect: 'allow' | 'ask'): string => {
  const docs = { id: 'docs', effect, capabilities: ['exec_other'], tools: ['mcp__docs__*'], reason: 'for a test' };
  return JSON.stringify({ version: 1, id: 'mine', description: 'For a test.', rules: [READ, docs] });
};

/** A workspace that declares the server, and the person's folder, where an agreement may be kept. */
async function workspace(
  server: TestServer,
  { agreed, effect = 'allow', node = {} }: { agreed: boolean; effect?: 'allow' | 'ask'; node?: object },
) {
  const whole = JSON.parse(blueprint('mine', { work: { ...AGENT, ...node } })) as object;
  const folder = sampleFolder({
    '.openexec/blueprints/mine.yaml': JSON.stringify({ ...whole, toolset: 'with_docs' }),
    '.openexec/toolsets/with_docs.yaml': JSON.stringify(TOOLSET),
    '.openexec/toolsets/only_search.yaml': JSON.stringify({
      ...TOOLSET,
      id: 'only_search',
      tools: ['mcp__docs__search'],
    }),
    '.openexec/mcp.yaml': mcpYaml({ docs: { command: server.command } }),
  });
  const home = temporaryFolder();
  writeIn(home, 'mine.yaml', policyWith(effect));
  const env = { HOME: home, XDG_CONFIG_HOME: path.join(home, 'config'), APPDATA: path.join(home, 'config') };
  const { servers, pins } = mcpFilesBeside(policyFiles(process.platform, env, home).user);
  const agree = () =>
    agreedTools(TOOLSET.tools, {
      ...{ root: folder, userFile: servers, pins: pinFile(pins), environment: process.env, version: 'test' },
      ask: async () => 'agreed',
    });
  if (agreed) await agree();
  const run = (...more: string[]) =>
    cli(
      ['run', '--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json', ...more].concat(
        more.includes('--policy') ? [] : ['--policy', path.join(home, 'mine.yaml')],
      ),
      { env },
    );
  return { folder, env, home, run, agree };
}

const eventsOf = <T extends RunEvent['type']>(folder: string, type: T) =>
  journalOf(defaultStore(folder)).filter((event) => event.type === type) as RunEvent<T>[];

const search = (input: string) => callTools([{ id: 'a', name: 'mcp__docs__search', arguments: input }]);

async function modelThat(...answers: Parameters<typeof startOpenAiServer>) {
  const server = await startOpenAiServer(...answers);
  onTestFinished(() => server.close());
  return { server, flags: ['--model', 'openai:test', '--base-url', server.baseUrl] };
}

describe('a run whose toolset names the tools of an MCP server', () => {
  it('offers them to the model, calls one that the policy allows, and replays without the server', async () => {
    const server = testServer(testTool('search'));
    const { folder, run, env } = await workspace(server, { agreed: true });
    const model = await modelThat(search('{"text":"rounding"}'), say('Done.'));
    const end = await run(...model.flags, '--approve', 'never');
    expect([end.code, jsonOf(end)], end.stderr).toMatchObject([0, { status: 'succeeded' }]);
    expect(end.stderr).toMatch(/MCP server docs: \[.*mcpServer\.mjs.*\] \(agreed to; 1 tool; checked at the start\)/);
    const offered = model.server.requests[0]?.body.tools?.map((tool) => tool.function);
    expect(offered?.find(({ name }) => name === 'mcp__docs__search')).toMatchObject({
      description: 'The tool search.',
      parameters: { type: 'object', required: ['text'] },
    });
    expect(eventsOf(folder, 'policy.decided').map(({ data }) => data)).toMatchObject([
      { tool: 'mcp__docs__search', capability: 'exec_other', decision: 'allow', rule: 'docs' },
    ]);
    const [finished] = eventsOf(folder, 'tool.finished');
    expect(finished?.data).toMatchObject({ outcome: 'ok', confinement: 'not confined' });
    expect(finished && textOf(finished.data.output)).toBe('echo: {"text":"rounding"}');
    expect(server.pids().filter(isAlive)).toEqual([]);

    // Neither the server nor the agreement is there any more: a replay needs neither.
    const before = server.seen();
    fs.rmSync(path.join(folder, '.openexec/mcp.yaml'));
    fs.rmSync(env.XDG_CONFIG_HOME, { recursive: true, force: true });
    const { runId } = jsonOf<{ runId: string }>(end);
    expect(jsonOf(await cli(['replay', runId, '--workspace', folder, '--json']))).toMatchObject({ identical: true });
    expect(server.seen()).toEqual(before);
  });

  it('offers an agent with a narrower toolset, and lets it call, only those that it names', async () => {
    const server = testServer(testTool('search'), testTool('fetch'));
    const { folder, run } = await workspace(server, { agreed: true, node: { toolset: 'only_search' } });
    const model = await modelThat(
      callTools([{ id: 'a', name: 'mcp__docs__fetch', arguments: '{"text":"a"}' }]),
      say('Done.'),
    );
    expect((await run(...model.flags)).code).toBe(0);
    const offered = model.server.requests[0]?.body.tools?.map((tool) => tool.function.name);
    expect(offered).toEqual(['mcp__docs__search']);
    expect(eventsOf(folder, 'policy.decided')).toMatchObject([{ data: { decision: 'deny', rule: 'toolset' } }]);
    expect(server.seen()).not.toContain('call fetch');
  });

  it('calls them when a recorded model does', async () => {
    const server = testServer(testTool('search'));
    const first = await workspace(server, { agreed: true });
    const model = await modelThat(search('{"text":"rounding"}'), say('Done.'));
    expect((await first.run(...model.flags)).code).toBe(0);
    const requested = eventsOf(first.folder, 'model.requested');
    const entries = eventsOf(first.folder, 'model.responded').map(({ data }, at) => ({
      signature: requested[at]?.data.signature,
      reply: {
        text: textOf(data.text),
        toolCalls: data.toolCalls.map((call) => ({ ...call, arguments: textOf(call.arguments) })),
        usage: data.usage,
        stop: data.stop,
      },
    }));
    const second = await workspace(server, { agreed: true });
    writeIn(second.home, 'cassette.json', JSON.stringify({ version: 1, title: 'Docs', task: 'Do it', entries }));
    const end = await second.run(
      '--model',
      `recorded:${path.join(second.home, 'cassette.json')}`,
      '--approve',
      'never',
    );
    expect([end.code, jsonOf(end)], end.stderr).toMatchObject([0, { status: 'succeeded' }]);
    expect(eventsOf(second.folder, 'tool.finished')).toMatchObject([{ data: { outcome: 'ok' } }]);
  });

  it('pauses with exit code 3 when a person has to be asked and nobody is there; resumed, it starts the server then', async () => {
    const server = testServer(testTool('search'));
    const { folder, run, env } = await workspace(server, { agreed: true, effect: 'ask' });
    const model = await modelThat(search('{"text":"a"}'), say('Done.'));
    const end = await run(...model.flags, '--approve', 'never');
    expect([end.code, jsonOf(end)], end.stderr).toMatchObject([3, { status: 'paused' }]);
    expect(server.seen()).not.toContain('call search');
    const { runId } = jsonOf<{ runId: string }>(end);
    const args = ['resume', runId, '--workspace', folder, '--json', '--approve', 'all'];
    const resumed = await cli([...args, ...model.flags], { env });
    expect([resumed.code, jsonOf(resumed)], resumed.stderr).toMatchObject([0, { status: 'succeeded' }]);
    expect(server.seen()).toContain('call search');
    expect(server.pids().filter(isAlive)).toEqual([]);
  });

  it('asks under the standard policy', async () => {
    const server = testServer(testTool('search'));
    const { folder, run } = await workspace(server, { agreed: true });
    const model = await modelThat(search('{"text":"a"}'), say('Done.'));
    const end = await run(...model.flags, '--policy', 'standard', '--approve', 'never');
    expect(end.code, end.stderr).toBe(3);
    expect(eventsOf(folder, 'policy.decided')).toMatchObject([{ data: { decision: 'ask', capability: 'exec_other' } }]);
  });

  it('is told of a tool that it was not given, and of arguments that are none', async () => {
    const server = testServer(testTool('search'));
    const { folder, run } = await workspace(server, { agreed: true });
    const model = await modelThat(
      callTools([{ id: 'a', name: 'mcp__docs__drop', arguments: '{}' }]),
      search('["a"]'),
      search('{"text":3}'),
      say('Done.'),
    );
    const end = await run(...model.flags);
    expect(end.code, end.stderr).toBe(0);
    expect(eventsOf(folder, 'tool.finished').map(({ data }) => data.outcome)).toEqual(['denied', 'invalid', 'invalid']);
    expect(server.seen()).not.toContain('call search');
  });

  it.each([
    [
      'nobody has agreed to',
      async () => undefined,
      false,
      /MCP server docs .*: its command was never agreed to\. Run "openexec mcp"/,
    ],
    [
      'describes its tool otherwise by now',
      async (server: TestServer) => server.behave({ tools: [testTool('search', 'echo', { description: 'Other.' })] }),
      true,
      /MCP server docs .*: how it describes search has changed since it was agreed to/,
    ],
  ])('is not started when %s the server, whatever is approved beforehand', async (_what, change, agreed, words) => {
    const server = testServer(testTool('search'));
    const { run, folder } = await workspace(server, { agreed });
    await change(server);
    const model = await modelThat();
    const started = server.seen().length;
    const end = await run(...model.flags, '--approve', 'all');
    // What the run would be is shown before anything is started; then comes the one line of the refusal.
    const said = end.stderr.split('\n').slice(-2).join('\n');
    expectRefusal({ ...end, stderr: said }, 2, words);
    expect(end.stderr).toContain(agreed ? '(agreed to; 1 tool; checked at the start)' : '(not agreed to; checked');
    expect(fs.readdirSync(path.join(defaultStore(folder), 'runs'))).toEqual([]);
    if (!agreed) expect(server.seen()).toHaveLength(started);
  });
});

describe('openexec mcp', () => {
  it('tells of every declared server what it offers, or that nobody has agreed to it', async () => {
    const server = testServer(testTool('search'));
    const { folder, env, agree } = await workspace(server, { agreed: false });
    const args = ['mcp', '--workspace', folder, '--json'];
    const before = await cli(args, { env });
    expect([before.code, jsonOf(before)]).toMatchObject([
      1,
      [{ id: 'docs', source: '.openexec/mcp.yaml', tools: [], problem: expect.stringContaining('never agreed to') }],
    ]);
    expect(server.seen()).toEqual([]);
    await agree();
    const after = await cli(args, { env });
    expect([after.code, jsonOf(after)]).toMatchObject([
      0,
      [{ id: 'docs', problem: null, tools: [{ name: 'mcp__docs__search', description: 'The tool search.' }] }],
    ]);
  });

  it('says so when none is declared, and where a file is broken', async () => {
    const folder = sampleFolder();
    const home = temporaryFolder();
    const env = { HOME: home, XDG_CONFIG_HOME: home };
    expect((await cli(['mcp', '--workspace', folder], { env })).stdout).toBe('no MCP server is declared\n');
    writeIn(folder, '.openexec/mcp.yaml', 'version: 1\nservers:\n  docs:\n    url: https://example.org\n');
    expectRefusal(await cli(['mcp', '--workspace', folder], { env }), 2, /\.openexec\/mcp\.yaml:3:3 .*command/);
  });
});

/** Calls of MCP tools, as the toolbox of a run performs them on real servers. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type McpPins, pinKey, pinOf } from '../../../../src/core/mcp/pins';
import { toolOf } from '../../../../src/core/mcp/tool';
import type { McpServer, McpTool, Snapshot } from '../../../../src/core/policy/schema';
import { runServers } from '../../../../src/node/mcp/runServers';
import { sha256 } from '../../../../src/node/system/sha256';
import { isAlive, type TestServer, type TestTool, testServer, testTool } from '../../../support/mcp';
import { benchOn, makeRepository, read, temporaryFolder } from './harness';

type Options = {
  limitMs?: number;
  envAllow?: string[];
  agreed?: boolean;
  origin?: 'user' | 'workspace';
  protectedBy?: (file: string) => string | null;
};

/** A run that was given those tools, agreed to as they are now, and a person's folder that the server was declared in. */
async function runWith(server: TestServer, tools: readonly TestTool[], options: Options = {}) {
  const { limitMs, envAllow = [], agreed = true, origin = 'workspace', protectedBy = () => null } = options;
  const mcp = tools.map((tool): McpTool => {
    const read = toolOf('docs', tool, sha256);
    if (!read.ok) throw new Error(read.error);
    return read.value;
  });
  const declared: McpServer = { id: 'docs', origin, command: server.command, envAllow };
  const snapshot = { mcp, mcpServers: [declared] } as unknown as Snapshot;
  const user = makeRepository({ 'README.md': 'hello\n' });
  const folder = path.join(temporaryFolder(), 'tree');
  const kept = new Map(agreed ? [[pinKey(declared, user), pinOf(declared, mcp, undefined, sha256)]] : []);
  const pins: McpPins = {
    read: async () => Object.fromEntries(kept),
    write: async (key, pin) => void kept.set(key, pin),
  };
  const environment = { ...process.env, DOCS_TOKEN: 'for the server', OTHER_TOKEN: 'for nobody' };
  const userFile = path.join(temporaryFolder(), 'mcp.yaml');
  const servers = runServers(snapshot, pins, { workspace: user, userFile, root: folder, environment, version: 'test' });
  onTestFinished(() => servers.close());
  const limits = limitMs === undefined ? {} : { commandTimeoutMs: limitMs };
  const bench = await benchOn(user, { snapshot, mcp: servers, protectedBy, ...limits }, folder);
  const call = (tool: string, input: unknown = {}, signal?: AbortSignal) =>
    bench.run(`mcp__docs__${tool}`, input, signal);
  return { ...bench, call, servers, kept, userFile };
}

describe('a call of a tool of an MCP server', () => {
  it('is answered by the server, which is started once for the run and ended with it', async () => {
    const tools = [testTool('search')];
    const server = testServer(...tools);
    const { call, servers } = await runWith(server, tools);
    expect(server.seen()).toEqual([]);
    expect(await call('search', { text: 'a' })).toMatchObject({
      outcome: 'ok',
      output: 'echo: {"text":"a"}',
      confinement: 'not confined',
    });
    expect(await call('search', { text: 'b' })).toMatchObject({ outcome: 'ok', output: 'echo: {"text":"b"}' });
    expect(server.seen()).toEqual(['start', 'list', 'call search', 'list', 'call search']);
    await servers.close();
    expect(server.pids().map(isAlive)).toEqual([false]);
  });

  it.each([
    ['what the schema does not allow', { text: 3 }, /do not fit: \/text must be string/],
    ['a member that is missing', {}, /do not fit: .*must have required property 'text'/],
    ['a list', [], /are not an object/],
    ['a redacted placeholder', { text: '«github-token»' }, /hold a redacted placeholder/],
  ])('with %s for its arguments is not made, and nothing is started', async (_what, input, why) => {
    const tools = [testTool('search')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools);
    const { outcome, output } = await call('search', input);
    expect([outcome, output]).toEqual(['invalid', expect.stringMatching(why)]);
    expect(server.seen()).toEqual([]);
  });

  it('is not made when the server describes the tool otherwise than was agreed to, before its start or while it runs', async () => {
    const tools = [testTool('search')];
    const server = testServer(testTool('search', 'echo', { description: 'Another thing.' }));
    const { call } = await runWith(server, tools);
    const refused = {
      outcome: 'error',
      output:
        'the MCP server docs did not perform search: it describes this tool otherwise than was agreed to; it was not called',
    };
    expect(await call('search', { text: 'a' })).toMatchObject(refused);
    server.behave({ tools });
    expect(await call('search', { text: 'a' })).toMatchObject({ outcome: 'ok' });
    server.behave({ tools: [testTool('search', 'echo', { inputSchema: { type: 'object' } })] });
    expect(await call('search', { text: 'a' })).toMatchObject(refused);
    server.behave({ tools: [] });
    expect((await call('search', { text: 'a' })).output).toMatch(/does not offer this tool any more/);
    server.behave({ tools: [...tools, ...tools] });
    expect((await call('search', { text: 'a' })).output).toMatch(/does not offer this tool any more/);
    expect(server.seen().filter((line) => line.startsWith('call'))).toHaveLength(1);
  });

  it('starts nothing when the agreement to the command was taken back, or the run had none', async () => {
    const tools = [testTool('search')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools, { agreed: false });
    const refused = await call('search', { text: 'a' });
    expect(refused.output).toMatch(/nobody agrees to its command, or to a file in it, any more/);
    expect(refused.confinement).toBe('in process');
    expect(await call('other', {})).toMatchObject({ outcome: 'error', output: 'the run has no tool mcp__docs__other' });
    expect(server.seen()).toEqual([]);
  });

  it('is ended, with everything it started, when the server hangs; the next call starts a new one', async () => {
    const tools = [testTool('slow', 'hang'), testTool('child', 'child'), testTool('search')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools, { limitMs: 6000 });
    const child = Number((await call('child')).output);
    expect(isAlive(child)).toBe(true);
    expect(await call('slow')).toMatchObject({
      outcome: 'timeout',
      output: expect.stringMatching(/^the MCP server docs did not perform slow: it did not answer within 6 s$/),
    });
    expect([...server.pids(), child].map(isAlive)).toEqual([false, false]);
    expect(await call('search', { text: 'a' })).toMatchObject({ outcome: 'ok' });
    expect(server.pids()).toHaveLength(2);
  });

  it('is ended when the server hangs at its start', async () => {
    const tools = [testTool('search')];
    const server = testServer();
    server.behave({ start: 'hang', tools });
    const { call } = await runWith(server, tools, { limitMs: 3000 });
    expect(await call('search', { text: 'a' })).toMatchObject({ outcome: 'timeout', confinement: 'not confined' });
    expect(server.pids().filter(isAlive)).toEqual([]);
  });

  it('is ended when the run is cancelled', async () => {
    const tools = [testTool('slow', 'hang')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools);
    const control = new AbortController();
    const calling = call('slow', {}, control.signal);
    await expect.poll(() => server.seen().at(-1), { timeout: 10_000 }).toBe('call slow');
    control.abort();
    expect(await calling).toMatchObject({ outcome: 'cancelled' });
    expect(server.pids().map(isAlive)).toEqual([false]);
  });

  it('says so when the server dies of it, and the next call starts a new one', async () => {
    const tools = [testTool('deadly', 'die'), testTool('search')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools);
    expect(await call('deadly')).toMatchObject({
      outcome: 'error',
      output:
        'the MCP server docs did not perform deadly: it ended with exit code 3; its last error output: the server gives up',
    });
    expect(await call('search', { text: 'a' })).toMatchObject({ outcome: 'ok' });
  });

  it('survives what is no message, and a message that is too large ends the server', async () => {
    const tools = [testTool('noisy', 'garbage'), testTool('vast', 'tooLarge')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools);
    expect(await call('noisy')).toMatchObject({ outcome: 'ok', output: 'after the garbage' });
    expect((await call('vast')).output).toMatch(/it sent a message of more than 4 MiB/);
    expect(server.pids().map(isAlive)).toEqual([false]);
  });
});

describe('a server that floods', () => {
  it.each([
    ['messages that nobody asked for', 'flood', /it sent too many messages that nobody asked for/],
    ['lines that are no message', 'garbageFlood', /it printed too many lines that are no message/],
    ['requests, without reading the answers', 'requestFlood', /it did not answer within 5 s|nobody asked for/],
  ])('us with %s does not hold up the run, and is ended', async (_what, does, why) => {
    const tools = [testTool('bad', does), testTool('search')];
    const server = testServer(...tools);
    const { call } = await runWith(server, tools, { limitMs: 5000 });
    expect((await call('bad')).output).toMatch(why);
    expect(server.pids().map(isAlive)).toEqual([false]);
    expect(await call('search', { text: 'a' })).toMatchObject({ outcome: 'ok' });
  });
});

describe('what comes back', () => {
  it('is bounded, and says how much was cut', async () => {
    const tools = [testTool('huge', 'huge')];
    const { call } = await runWith(testServer(...tools), tools);
    const { outcome, output } = await call('huge');
    expect(outcome).toBe('ok');
    expect(output.length).toBeLessThan(66_000);
    expect(output).toMatch(/^beginx+\n\[cut: \d+ bytes of output are not shown\]\nx+end$/);
  });

  it('is an error when the tool says so, and a picture is told of', async () => {
    const tools = [testTool('bad', 'error'), testTool('picture', 'image')];
    const { call } = await runWith(testServer(...tools), tools);
    expect(await call('bad')).toMatchObject({ outcome: 'error', output: 'this did not work' });
    expect(await call('picture')).toMatchObject({
      outcome: 'ok',
      output: '[image, image/png, about 3 bytes: not passed on]\na picture',
    });
  });
});

describe('a server', () => {
  it('gets the few variables of every program, those that were agreed to, and no other', async () => {
    const tools = [testTool('environment', 'environment')];
    const { call } = await runWith(testServer(...tools), tools, { envAllow: ['DOCS_TOKEN'] });
    const environment: Record<string, string> = JSON.parse((await call('environment')).output);
    expect(environment).toMatchObject({ DOCS_TOKEN: 'for the server', CI: '1' });
    expect(Object.keys(environment)).not.toContain('OTHER_TOKEN');
    expect(Object.keys(environment)).not.toContain('VITEST');
  });

  it("is started in the person's own folder, which no run changes, and told to work in the copy", async () => {
    const tools = [testTool('places', 'places')];
    const { call, user } = await runWith(testServer(...tools), tools);
    const { cwd, roots } = JSON.parse((await call('places')).output);
    expect(cwd).toBe(fs.realpathSync(user));
    expect(roots).toEqual([{ uri: expect.stringMatching(/^file:\/\//) }]);
  });

  it("of the person's own is started in an empty private folder, which is gone afterwards, whatever the repository holds", async () => {
    const tools = [testTool('places', 'places')];
    const { call, servers, userFile } = await runWith(testServer(...tools), tools, { origin: 'user' });
    const { cwd, roots } = JSON.parse((await call('places')).output);
    expect(path.dirname(cwd)).toBe(fs.realpathSync(path.dirname(userFile)));
    expect(fs.readdirSync(cwd)).toEqual([]);
    expect(fs.statSync(cwd).mode & 0o777).toBe(0o700);
    expect(roots).toEqual([{ uri: expect.stringMatching(/^file:\/\//) }]);
    await servers.close();
    expect(fs.readdirSync(path.dirname(userFile))).toEqual([]);
  });

  it('is found out when it changes a file of the copy', async () => {
    const tools = [testTool('write', 'write')];
    const { call, root } = await runWith(testServer(...tools), tools);
    const { events, tree } = await call('write', { file: 'new.txt' });
    expect(read(root, 'new.txt')).toBe('by a server\n');
    expect(events).toMatchObject([{ type: 'file.changed', data: { path: 'new.txt' } }]);
    expect(tree).not.toBeNull();
  });

  it('cannot change a file of the copy that the policy protects', async () => {
    const tools = [testTool('write', 'write')];
    const protectedBy = (file: string) => (file === 'README.md' ? 'keep-it' : null);
    const { call, root } = await runWith(testServer(...tools), tools, { protectedBy });
    expect(await call('write', { file: 'README.md' })).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining('README.md (keep-it)'),
    });
    expect(read(root, 'README.md')).toBe('hello\n');
  });
});

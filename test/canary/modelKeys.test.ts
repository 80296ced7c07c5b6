/**
 * Keys of models through whole runs on the command line: every provider's, and the value of a header, on a server that
 * refuses them and repeats them in all that it says. Nothing of them is in the store, in what is printed, in the evidence,
 * in what the commands of the run find in their environment.
 */
import fs from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  blueprint,
  type CliEnd,
  cli,
  defaultStore,
  journalOf,
  ONE_TEST_PASSES,
  onlyRunOf,
  project,
  sampleFolder,
  temporaryFolder,
} from '../support/cli';
import { callTools, say, startOpenAiServer } from '../support/openaiServer';
import { type Canary, leaksIn } from './planted';

const canaryOf = (name: string, value: string): Canary => ({ name, value, core: value });
const KEY = canaryOf('key', `Tq7${'xV2m'.repeat(2)}Zr9Lw4Kd8Ps6Hb3`);
const HEADER = canaryOf('header', `Gf5${'nB8c'.repeat(2)}Yt1Mj7Qe4Ra9Uv2`);
const BOTH = [KEY, HEADER];

const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 4, on_success: 'done', on_failure: 'fail' };
const MINE = { '.openexec/blueprints/mine.yaml': blueprint('mine', { work: AGENT }) };

/** Every answer repeats what came, in the status line's words, in headers and in the body. */
async function echo(status: number, stream: boolean): Promise<{ baseUrl: string; seen: IncomingMessage['headers'][] }> {
  const seen: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const words = `refused: ${JSON.stringify(request.headers)} ${KEY.value} ${HEADER.value}`;
    const error = { message: words, type: words, code: words };
    response.writeHead(status, {
      'content-type': stream ? 'text/event-stream' : 'application/json',
      'x-request-id': KEY.value,
    });
    const body = JSON.stringify({ type: 'error', error });
    response.end(stream ? `event: error\ndata: ${body}\n\n` : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function fileWith(value: unknown): string {
  const file = path.join(temporaryFolder(), 'models.json');
  fs.writeFileSync(file, JSON.stringify(value));
  return file;
}

const run = (folder: string, model: string, env: Record<string, string>, ...more: string[]): Promise<CliEnd> =>
  cli(['run', '--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json', '--model', model, ...more], {
    env: { ...env, OPENEXEC_DEBUG: '1' },
  });

/** Every place of a run in which something could be. */
async function leaksOf(folder: string, end: CliEnd): Promise<string[]> {
  const store = defaultStore(folder);
  const out = path.join(temporaryFolder(), 'evidence.zip');
  const exported = await cli(['export', onlyRunOf(store), '--workspace', folder, '--out', out]);
  const files = fs
    .readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(store, name)).isFile())
    .map((name): [string, Buffer] => {
      const bytes = fs.readFileSync(path.join(store, name));
      return [name, name.startsWith(`blobs${path.sep}`) ? inflateSync(bytes) : bytes];
    });
  const places: [string, Buffer | string][] = [
    ...files,
    ['standard output', end.stdout + exported.stdout],
    ['standard error', end.stderr + exported.stderr],
  ];
  expect(files.length).toBeGreaterThan(2);
  return places.flatMap(([place, bytes]) => leaksIn(place, bytes, BOTH));
}

describe('a server that refuses a key and repeats it', () => {
  it.each([
    ['chat', 401, false],
    ['chat', 400, false],
    ['chat', 200, true],
    ['responses', 403, false],
    ['responses', 429, false],
    ['responses', 200, true],
    ['anthropic', 401, false],
    ['anthropic', 529, false],
    ['anthropic', 200, true],
  ] as const)('over %s with %i is told of without it', { timeout: 120_000 }, async (protocol, status, stream) => {
    const { baseUrl, seen } = await echo(status, stream);
    const models = fileWith({ 'my-server': { protocol, baseUrl, headers: ['X-Team-Pass'] } });
    const folder = sampleFolder(MINE);
    const end = await run(folder, 'my-server:test', {
      OPENEXEC_MODELS: models,
      OPENEXEC_KEY_MY_SERVER: KEY.value,
      OPENEXEC_HEADER_MY_SERVER_X_TEAM_PASS: HEADER.value,
    });
    expect([end.code, seen.length > 0], end.stderr).toEqual([1, true]);
    expect(seen[0]).toMatchObject({ 'x-team-pass': HEADER.value });
    expect(JSON.stringify(seen[0])).toContain(KEY.value);
    expect(await leaksOf(folder, end)).toEqual([]);
  });

  it('at the address of openexec.baseUrl is told of without it', { timeout: 120_000 }, async () => {
    const { baseUrl } = await echo(400, false);
    const folder = sampleFolder(MINE);
    const end = await run(folder, 'openai:test', { OPENAI_API_KEY: KEY.value }, '--base-url', `${baseUrl}/v1`);
    expect(end.code, end.stderr).toBe(1);
    expect(await leaksOf(folder, end)).toEqual([]);
  });
});

describe('the key of a model that works', () => {
  it('is not in the environment of the commands of the run', { timeout: 120_000 }, async () => {
    const names = [
      'ANTHROPIC_API_KEY',
      'OPENAI_API_KEY',
      'OPENEXEC_KEY_MY_SERVER',
      'OPENEXEC_HEADER_MY_SERVER_X_TEAM_PASS',
    ];
    const server = await startOpenAiServer(
      callTools([{ id: 'a', name: 'run_project_command', arguments: '{"name":"test"}' }]),
      say('I am finished.'),
    );
    onTestFinished(() => server.close());
    const print = `console.log('names ' + Object.keys(process.env).filter((name) => /KEY|OPENEXEC/.test(name)));${ONE_TEST_PASSES}`;
    const folder = sampleFolder({
      ...MINE,
      'print.js': print,
      '.openexec/project.yaml': project({ test: 'node print.js' }),
    });
    const models = fileWith({ 'my-server': { protocol: 'chat', baseUrl: server.baseUrl, headers: ['X-Team-Pass'] } });
    const env = Object.fromEntries(names.map((name) => [name, /HEADER/.test(name) ? HEADER.value : KEY.value]));
    const end = await run(folder, 'my-server:test', { ...env, OPENEXEC_MODELS: models }, '--approve', 'all');
    expect(end.code, end.stderr).toBe(0);
    const outputs = journalOf(defaultStore(folder)).flatMap((event) =>
      event.type === 'tool.finished' ? [JSON.stringify(event.data)] : [],
    );
    expect(outputs.join('\n')).toMatch(/names (OPENEXEC_PROCESS)?\\n/);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY.value}`);
    expect(await leaksOf(folder, end)).toEqual([]);
  });
});

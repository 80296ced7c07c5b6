/** Servers of a person's own on the command line: the file that OPENEXEC_MODELS names, and no file of a workspace. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import packageJson from '../../../package.json';
import {
  blueprint,
  cli,
  defaultStore,
  expectRefusal,
  journalOf,
  jsonOf,
  sampleFolder,
  temporaryFolder,
} from '../../support/cli';
import { say, startOpenAiServer } from '../../support/openaiServer';

const AGENT = { type: 'agent', goal: 'Do it.', max_turns: 2, on_success: 'done', on_failure: 'fail' };
const MINE = { '.openexec/blueprints/mine.yaml': blueprint('mine', { work: AGENT }) };
const LAN = { protocol: 'chat', baseUrl: 'http://10.255.255.1:9/v1', local: true };

function file(text: string): string {
  const name = path.join(temporaryFolder(), 'models.json');
  fs.writeFileSync(name, text);
  return name;
}

const run = (folder: string, model: string): string[] => [
  ...['run', '--workspace', folder, '--blueprint', 'mine', '--task', 'Do it', '--json', '--model', model],
];

describe('a server of the file that OPENEXEC_MODELS names', () => {
  it('is asked, with its limits and its price in the record', async () => {
    const server = await startOpenAiServer(say('I am finished.'));
    onTestFinished(() => server.close());
    const entry = { protocol: 'chat', baseUrl: server.baseUrl, contextTokens: 9000, price: { input: 2, output: 8 } };
    const folder = sampleFolder(MINE);
    const end = await cli(run(folder, 'mine:llama'), {
      env: { OPENEXEC_MODELS: file(JSON.stringify({ mine: entry })) },
    });
    expect([end.code, jsonOf(end)], end.stderr).toMatchObject([
      0,
      { status: 'succeeded', costUsd: expect.any(Number) },
    ]);
    const [first] = journalOf(defaultStore(folder));
    expect(first).toMatchObject({
      type: 'run.started',
      data: {
        model: { provider: 'mine', name: 'llama', local: true },
        window: { contextTokens: 9000, outputTokens: null },
        price: { input: 2, output: 8 },
      },
    });
  });

  it('that is wrong is said, refuses when it is chosen, and disables no other', async () => {
    const models = file(
      JSON.stringify({ bad: { protocol: 'grpc' }, good: { protocol: 'chat', baseUrl: 'http://127.0.0.1:1/v1' } }),
    );
    const env = { OPENEXEC_MODELS: models };
    const folder = sampleFolder(MINE);
    const check = (model: string) =>
      cli(['blueprint', 'check', 'quick_fix', '--workspace', folder, '--model', model, '--json'], { env });
    const good = await check('good:x');
    expect([good.code, good.stderr]).toMatchObject([
      0,
      expect.stringMatching(/^openexec: The entry "bad" of the setting openexec\.models cannot be used/),
    ]);
    expect(jsonOf(good)).toMatchObject({ ok: true, bound: { costUsd: 0 } });
    const bad = await cli(run(folder, 'bad:x'), { env });
    expect(bad.code).toBe(2);
    expect(bad.stderr.trimEnd().split('\n').at(-1)).toMatch(/^openexec: The entry "bad" .* Correct it there\.$/);
  });

  it.each([
    [
      'is not there',
      () => path.join(temporaryFolder(), 'nowhere.json'),
      /OPENEXEC_MODELS names the file .* cannot be read/,
    ],
    ['is not JSON', () => file('{"mine": sk-canary-0123456789'), /OPENEXEC_MODELS names the file .* is not JSON/],
  ])('in a file that %s refuses the run, and repeats nothing of it', async (_what, name, words) => {
    const end = await cli(run(sampleFolder(MINE), 'mine:x'), { env: { OPENEXEC_MODELS: name() } });
    expectRefusal(end, 2, words);
    expect(end.stderr).not.toContain('canary');
  });

  it('with a header that has no value is refused before anything is sent or recorded', async () => {
    const folder = sampleFolder(MINE);
    const models = file(JSON.stringify({ gate: { ...LAN, headers: ['X-Team'] } }));
    const end = await cli(run(folder, 'gate:x'), { env: { OPENEXEC_MODELS: models } });
    expect([end.code, end.stdout]).toEqual([2, '']);
    expect(end.stderr).toContain('OPENEXEC_HEADER_GATE_X_TEAM');
  });

  it('prices what OPENEXEC_PRICES says', async () => {
    const env = { OPENEXEC_PRICES: file(JSON.stringify({ 'openai:new-model': { input: 1, output: 2 } })) };
    const args = [
      'blueprint',
      'check',
      'quick_fix',
      '--workspace',
      sampleFolder(),
      '--model',
      'openai:new-model',
      '--json',
    ];
    const [priced, unknown] = await Promise.all([cli(args, { env }), cli(args)]);
    expect(jsonOf<{ bound: { costUsd: number } }>(priced).bound.costUsd).toBeGreaterThan(0);
    expect(jsonOf(unknown)).toMatchObject({ bound: { costUsd: null } });
  });
});

describe('what a workspace says of models', () => {
  it('is not read: it can declare nothing local, and describe no server', async () => {
    const models = JSON.stringify({ mine: LAN });
    const settings = JSON.stringify({ 'openexec.models': { mine: LAN }, 'openexec.baseUrl': 'http://10.0.0.9/v1' });
    const folder = sampleFolder({
      ...MINE,
      '.vscode/settings.json': settings,
      '.openexec/models.json': models,
      '.openexec/models.yaml': models,
      'models.json': models,
      '.env': `OPENEXEC_MODELS=${path.join('.openexec', 'models.json')}\n`,
    });
    const end = await cli(run(folder, 'mine:x'), { cwd: folder });
    expect([end.code, end.stdout]).toEqual([2, '']);
    expect(end.stderr).toMatch(
      /There is no model provider "mine"\. Known providers: anthropic, openai, openai-compatible, vscode, recorded\./,
    );
    const other = await cli(run(folder, 'openai-compatible:x'), { cwd: folder });
    expect([other.code, other.stderr]).toMatchObject([2, expect.stringMatching(/needs the address of the server/)]);
  });

  it('is not read by VS Code either, for settings by which keys travel or a place counts as local', () => {
    const { properties } = packageJson.contributes.configuration;
    const scopes = [properties['openexec.models'], properties['openexec.prices'], properties['openexec.baseUrl']];
    expect(scopes.map(({ scope }) => scope)).toEqual(['machine', 'machine', 'machine']);
  });
});

it('a model of VS Code is refused on the command line, in words', async () => {
  const end = await cli(run(sampleFolder(MINE), 'vscode:gpt-5'));
  expect([end.code, end.stderr]).toMatchObject([
    2,
    expect.stringMatching(/vscode:gpt-5 is a model of VS Code, which this is not/),
  ]);
});

it('where nothing is configured, every choice is said with what sets it', async () => {
  const folder = sampleFolder(MINE);
  fs.rmSync(path.join(folder, '.openexec/cassettes'), { recursive: true });
  const args = run(folder, 'x').filter((word) => word !== '--model' && word !== 'x');
  const end = await cli(args);
  expect([end.code, end.stdout], end.stderr).toEqual([2, '']);
  for (const words of [
    '--model',
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY',
    '--base-url',
    'vscode:NAME',
    'OPENEXEC_MODELS',
  ])
    expect(end.stderr).toContain(words);
});

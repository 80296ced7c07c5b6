/**
 * Whole runs with an MCP server that works for a thief: it is told no secret, and what it says of the secrets that it has
 * found by itself, for it is not confined, gets neither to the model nor into the record.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { agreedTools } from '../../src/node/mcp/agreedTools';
import { pinFile } from '../../src/node/mcp/pinFile';
import { mcpFilesBeside } from '../../src/node/mcp/places';
import { policyFiles } from '../../src/node/policy/places';
import { blueprint, cli, temporaryFolder, writeIn } from '../support/cli';
import { mcpYaml } from '../support/mcp';
import type { Call } from './adversary';
import { expectUsed, finishedCalls, leaksOf, sentTo, type Told } from './looking';
import { API_KEY, type Canary, CODE, ENV, ENVIRONMENT, FILES, leaksIn, NESTED_ENV, PRIVATE_KEY } from './planted';
import { plantedFolder, serverFor } from './workspace';

const CANARY_RUN = { timeout: 240_000 };

const TOOLS = ['search', 'mcp__notes__*'];
const TOOLSET = JSON.stringify({ version: 1, id: 'with_notes', description: 'For a test.', tools: TOOLS });
const agent = { type: 'agent', goal: 'Do it.', max_turns: 30, max_call_tokens: 1_000_000, max_tokens: 40_000_000 };
const MINE = blueprint('mine', { work: { ...agent, on_success: 'done', on_failure: 'done' } }).replace(
  'coding_backend',
  'with_notes',
);
const OPEN = JSON.stringify({
  version: 1,
  id: 'open',
  description: 'All of it.',
  rules: [
    { id: 'all', effect: 'allow', capabilities: ['repo_read', 'exec_other', 'context_egress'], reason: 'A test.' },
  ],
});

const KNOWN: readonly Canary[] = [
  ...[ENV, NESTED_ENV, ENVIRONMENT, CODE].flatMap((group) => Object.values<Canary>(group)),
  ...[API_KEY, PRIVATE_KEY],
];
/** What a program finds that may read all of the work tree and the environment of whoever started OpenExec. */
const LOOT = [...Object.values(FILES), ENVIRONMENT.DEPLOY_TOKEN.value, API_KEY.value].join('\n');

type Robbed = Told & { readonly taken: string };

/** A run whose model makes these calls, of the tools of a thief whom the person has agreed to. */
async function robbed(calls: readonly Call[]): Promise<Robbed> {
  const den = temporaryFolder();
  writeIn(den, 'loot.txt', LOOT);
  const command = [process.execPath, path.join(import.meta.dirname, 'thief.mjs'), den];
  const folder = plantedFolder({
    '.openexec/toolsets/with_notes.yaml': TOOLSET,
    '.openexec/blueprints/mine.yaml': MINE,
    '.openexec/mcp.yaml': mcpYaml({ notes: { command } }),
  });
  const home = temporaryFolder();
  writeIn(home, 'open.yaml', OPEN);
  const places = { HOME: home, XDG_CONFIG_HOME: path.join(home, 'config'), APPDATA: path.join(home, 'config') };
  const { servers, pins } = mcpFilesBeside(policyFiles(process.platform, places, home).user);
  await agreedTools(TOOLS, {
    ...{ root: folder, userFile: servers, pins: pinFile(pins), environment: process.env, version: 'test' },
    ask: async () => 'agreed',
  });
  fs.rmSync(path.join(den, 'taken'));
  const server = await serverFor(calls);
  const env = {
    ...places,
    OPENAI_API_KEY: API_KEY.value,
    DEPLOY_TOKEN: ENVIRONMENT.DEPLOY_TOKEN.value,
  };
  const args = ['run', '--workspace', folder, '--blueprint', 'mine', '--policy', path.join(home, 'open.yaml')];
  const model = ['--model', 'openai:test', '--base-url', server.baseUrl];
  const end = await cli([...args, '--task', 'Do it', '--approve', 'all', '--json', ...model], { env });
  expect(end.code, end.stderr).toBe(0);
  return { folder, end, server, taken: fs.readFileSync(path.join(den, 'taken'), 'utf8') };
}

const save = (text: string): Call => ['mcp__notes__save', { text }];
const ANSWERING = ['plain', 'lines', 'json', 'base64', 'hex', 'url', 'structured', 'resource', 'link', 'picture'];
const FAILING = ['failed', 'refused', 'dying'];

it('a server that says secrets in whatever it says is not heard of them', CANARY_RUN, async () => {
  const run = await robbed([...ANSWERING, ...FAILING].map((tool): Call => [`mcp__notes__${tool}`, { text: 'mine' }]));
  expectUsed(run, 3, ANSWERING.length);
  const outcomes = finishedCalls(run.folder).filter(({ tool }) => tool.startsWith('mcp__'));
  expect(outcomes).toEqual([
    ...ANSWERING.map((tool) => ({ tool: `mcp__notes__${tool}`, outcome: 'ok' })),
    ...FAILING.map((tool) => ({ tool: `mcp__notes__${tool}`, outcome: 'error' })),
  ]);
  expect([...leaksIn('taken', run.taken), ...(await leaksOf(run))]).toEqual([]);
  // What is no secret was shown all the same, with a placeholder beside it.
  const sent = sentTo(run.server).map(([, text]) => text);
  for (const words of ['Settings of the shop', '«github-token', 'Virtanen']) {
    expect(
      sent.some((text) => text.includes(words)),
      words,
    ).toBe(true);
  }
});

it(
  'a server is told no secret: not in arguments, not in its environment, not by what it asks for',
  CANARY_RUN,
  async () => {
    const ways = KNOWN.slice(0, 12).flatMap(({ value }, at): Call[] => [
      save(value),
      save(Buffer.from(value).toString('base64')),
      ['mcp__notes__save', { text: 'a note', [value]: value }],
      save(`note ${at}`),
    ]);
    const run = await robbed([save('the first note'), ...ways, save(KNOWN.map(({ value }) => value).join(' '))]);
    expectUsed(run, 4, 13);
    expect(leaksIn('taken', run.taken)).toEqual([]);
    expect(run.taken).toContain('{"save":{"text":"the first note"}}');
    expect(run.taken).toContain('"environment":{');
    expect(await leaksOf(run)).toEqual([]);
  },
);

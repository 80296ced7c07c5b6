/** What a person is shown before a run starts, and that nothing else is started than that. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { McpReview } from '../../../../src/core/mcp/review';
import { prepareRun } from '../../../../src/node/runs/prepareRun';
import { previewRun } from '../../../../src/node/runs/previewRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { blueprint, only, sampleFolder } from '../../../support/cli';
import { mcpYaml, testServer, testTool } from '../../../support/mcp';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const MINE = { '.openexec/blueprints/mine.yaml': blueprint('mine', { lint: only('run_lint') }) };
const PROJECT = '.openexec/project.yaml';
let bench: StoreBench;
let runtime: Runtime;

beforeAll(async () => {
  bench = await storeBench();
  runtime = await testRuntime(bench);
});
afterAll(() => bench.dispose());

test('a preview tells the worst case, the limits, the model and the commands, and records nothing', async () => {
  const folder = sampleFolder(MINE);
  const preview = await previewRun(testRequest(folder), runtime, testPorts());
  expect(preview).toMatchObject({
    root: fs.realpathSync(folder),
    model: { provider: 'recorded', local: true },
    bound: { nodeExecutions: 1, modelCalls: 0, tokens: 0, costUsd: 0 },
    budget: { modelCalls: 0, tokens: 0 },
    policy: { id: 'standard', source: 'shipped with OpenExec', layers: [] },
  });
  expect(preview.commands.map(({ name, source }) => `${name} ${source}`)).toContain(`lint ${PROJECT}`);
  expect(await runtime.store.summaries()).toEqual([]);
});

test('the hash of the commands changes when one of them does, and with nothing else', async () => {
  const folder = sampleFolder(MINE);
  const hash = async () => (await previewRun(testRequest(folder), runtime, testPorts())).commandsHash;
  const before = await hash();
  fs.writeFileSync(path.join(folder, 'notes.txt'), 'new');
  expect(await hash()).toBe(before);
  fs.appendFileSync(path.join(folder, PROJECT), '  build: node other.mjs\n');
  expect(await hash()).not.toBe(before);
});

test('a run whose commands were changed after they were shown is refused', async () => {
  const folder = sampleFolder(MINE);
  const { commandsHash } = await previewRun(testRequest(folder), runtime, testPorts());
  await prepareRun({ ...testRequest(folder), commandsHash }, runtime, testPorts());
  fs.writeFileSync(path.join(folder, PROJECT), 'version: 1\ncommands:\n  lint: node other.mjs\n');
  await expect(prepareRun({ ...testRequest(folder), commandsHash }, runtime, testPorts())).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/have changed since they were shown/),
  });
});

test('a run whose blueprint, policy or model was changed after they were shown is refused', async () => {
  const folder = sampleFolder(MINE);
  const policy = path.join(folder, 'mine-policy.yaml');
  const shipped = fs.readFileSync(path.join(runtime.assets, 'policies/standard.yaml'), 'utf8');
  const standard = shipped.replace(/^id: .*$/m, 'id: mine');
  fs.writeFileSync(policy, standard);
  const request = { ...testRequest(folder), policy };
  const { shownHash } = await previewRun(request, runtime, testPorts());
  const asShown = () => prepareRun({ ...request, shownHash }, runtime, testPorts());
  await asShown();
  fs.writeFileSync(policy, standard.replace(/^description: .*$/m, 'description: Another one'));
  await expect(asShown()).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/has changed since it was shown/),
  });
  fs.writeFileSync(policy, standard);
  await asShown();
  const { chooseModel, ...ports } = testPorts();
  const elsewhere: typeof chooseModel = async (...asked) => {
    const model = await chooseModel(...asked);
    return { ...model, id: { ...model.id, destination: 'another machine' } };
  };
  await expect(
    prepareRun({ ...request, shownHash }, runtime, { ...ports, chooseModel: elsewhere }),
  ).rejects.toMatchObject({ code: 'config_invalid' });
  const file = path.join(folder, '.openexec/blueprints/mine.yaml');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('For a test.', 'For another test.'));
  await expect(asShown()).rejects.toMatchObject({ code: 'config_invalid' });
});

test('a preview says whether the record will hold the task as it is', async () => {
  const folder = sampleFolder(MINE);
  const plain = async (task: string) =>
    (await previewRun({ ...testRequest(folder), task }, runtime, testPorts())).plainTask;
  expect(await plain('Mend the sums')).toBe(true);
  expect(await plain(`Use ghp_${'a1B2c3D4e5F6'.repeat(3)} to mend the sums`)).toBe(false);
});

test('a preview starts no MCP server, be it agreed to or not, and says from the agreements alone which is', async () => {
  const server = testServer(testTool('search'), testTool('fetch'));
  const tools = ['run_project_command', 'mcp__docs__*', 'mcp__mine__search'];
  const folder = sampleFolder({
    '.openexec/blueprints/mine.yaml': JSON.stringify({
      ...(JSON.parse(blueprint('mine', { lint: only('run_lint') })) as object),
      toolset: 'with_docs',
    }),
    '.openexec/toolsets/with_docs.yaml': JSON.stringify({ version: 1, id: 'with_docs', description: 'x', tools }),
    '.openexec/mcp.yaml': mcpYaml({ docs: { command: server.command } }),
    'person/mcp.yaml': mcpYaml({ mine: { command: server.command } }),
  });
  const mcp = { servers: path.join(folder, 'person/mcp.yaml'), pins: path.join(folder, 'person/mcp-pins.json') };
  const asked: string[] = [];
  const ports = (answer: 'agreed' | 'nobody') => ({
    ...testPorts(),
    askAboutMcp: async ({ kind, server: { id } }: McpReview) => {
      asked.push(`${kind} ${id}`);
      return answer;
    },
  });
  const preview = async () => {
    const { servers } = await previewRun(testRequest(folder), { ...runtime, mcp }, ports('agreed'));
    return servers.map(({ id, agreed, tools }) => [id, agreed, tools]);
  };
  const unknown = [
    ['docs', false, 0],
    ['mine', false, 0],
  ];
  expect(await preview()).toEqual(unknown);
  expect([server.seen(), asked]).toEqual([[], []]);
  const run = prepareRun(testRequest(folder), { ...runtime, mcp }, ports('nobody'));
  await expect(run).rejects.toThrow(/docs .*: its command was never agreed to/);
  expect(server.seen()).toEqual([]);
  await prepareRun(testRequest(folder), { ...runtime, mcp }, ports('agreed'));
  const starts = server.pids().length;
  expect(starts).toBe(2);
  expect(await preview()).toEqual([
    ['docs', true, 2],
    ['mine', true, 1],
  ]);
  expect(server.pids()).toHaveLength(starts);
});

test('a preview names the layers that apply beside the chosen policy', async () => {
  const text = (id: string) => `version: 1\nid: ${id}\ndescription: x\nrules: []\n`;
  const folder = sampleFolder({ ...MINE, '.openexec/policy.yaml': text('repo'), 'etc/managed.yaml': text('company') });
  const managed = path.join(fs.realpathSync(folder), 'etc/managed.yaml');
  const layered = { ...runtime, policyFiles: { managed, user: null } };
  const { policy } = await previewRun(testRequest(folder, { policy: 'strict' }), layered, testPorts());
  expect(policy).toEqual({
    id: 'strict',
    source: 'shipped with OpenExec',
    layers: [
      { layer: 'managed', source: 'etc/managed.yaml', id: 'company' },
      { layer: 'workspace', source: '.openexec/policy.yaml', id: 'repo' },
    ],
  });
});

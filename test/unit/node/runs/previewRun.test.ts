/** What a person is shown before a run starts, and that nothing else is started than that. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareRun } from '../../../../src/node/runs/prepareRun';
import { previewRun } from '../../../../src/node/runs/previewRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { blueprint, only, sampleFolder } from '../../../support/cli';
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

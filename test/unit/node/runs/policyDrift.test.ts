/** What a policy, a layer, a toolset and the project's commands of today decide otherwise than those of a run. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driftOf } from '../../../../src/node/runs/policyDrift';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { startRun } from '../../../../src/node/runs/startRun';
import { blueprint, only, project, sampleFolder, writeIn } from '../../../support/cli';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const MINE = '.openexec/blueprints/mine.yaml';
const rule = (effect: string, paths: string) =>
  `  - { id: r-${effect}, effect: ${effect}, capabilities: [repo_read], paths: ['${paths}'], reason: because }\n`;
const POLICY = 'version: 1\nid: mine\ndescription: x\nextends: standard\nrules:\n';
let bench: StoreBench;
let runtime: Runtime;

beforeAll(async () => {
  bench = await storeBench();
  runtime = await testRuntime(bench);
});
afterAll(() => bench.dispose());

test('a run drifts from the policies of today, and back again', async () => {
  const folder = sampleFolder({
    [MINE]: blueprint('mine', { sum: only('build_context') }),
    'mine.yaml': POLICY + rule('deny', 'pay/**'),
    '.openexec/project.yaml': project({ test: 'node tools/test.mjs' }),
  });
  const handle = await startRun(testRequest(folder, { policy: 'mine.yaml' }), runtime, testPorts());
  await handle.done;
  const drift = () => driftOf(runtime.store, handle.runId, runtime);
  expect(await drift()).toBe(null);

  writeIn(folder, 'mine.yaml', POLICY + rule('ask', 'notes/**'));
  const changed = await drift();
  expect(changed).toMatchObject({
    wider: [{ what: 'reading pay/**', was: 'deny', now: 'allow' }],
    narrower: [{ what: 'reading notes/**', was: 'allow', now: 'ask' }],
  });
  expect(changed?.now).not.toBe(changed?.was);

  writeIn(folder, 'mine.yaml', POLICY + rule('deny', 'pay/**').replace('because', 'for another reason'));
  expect(await drift()).toMatchObject({ wider: [], narrower: [] });

  writeIn(folder, 'mine.yaml', POLICY + rule('deny', 'pay/**'));
  expect(await drift()).toBe(null);
  writeIn(folder, '.openexec/policy.yaml', POLICY.replace('extends: standard\n', '') + rule('deny', 'src/**'));
  expect((await drift())?.narrower).toMatchObject([{ what: 'reading src/**', was: 'allow', now: 'deny' }]);
  fs.rmSync(path.join(folder, '.openexec/policy.yaml'));

  writeIn(folder, '.openexec/project.yaml', project({ test: 'node other.mjs' }));
  expect((await drift())?.wider.map(({ what }) => what)).toEqual([
    'the command line `node other.mjs`',
    'the project command test, which was ["node","tools/test.mjs"] and is ["node","other.mjs"]',
  ]);

  writeIn(folder, 'mine.yaml', 'rules: 3');
  await expect(drift()).rejects.toMatchObject({ code: 'policy_invalid' });
});

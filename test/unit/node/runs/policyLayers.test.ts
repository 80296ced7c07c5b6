/** The layers of a real run: frozen with it, named by its decisions, explained from its record; a broken one refuses it. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/core/events/payload';
import type { RunEvent } from '../../../../src/core/events/schema';
import { thaw } from '../../../../src/core/policy/snapshot';
import { explainCall } from '../../../../src/node/runs/explainCall';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { startRun } from '../../../../src/node/runs/startRun';
import { blueprint, only, project, sampleFolder, temporaryFolder, writeIn } from '../../../support/cli';
import { collect } from '../../../support/eventChain';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const FILES = {
  '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }),
  '.openexec/project.yaml': project({ test: 'node tools/test.mjs' }),
};
const policy = (id: string, capability: string): string =>
  `version: 1\nid: ${id}\ndescription: x\nrules:\n  - { id: ${id}-says-no, effect: deny, capabilities: [${capability}], reason: Not here. }\n`;

let bench: StoreBench;
let runtime: Runtime;
beforeAll(async () => {
  bench = await storeBench();
  runtime = await testRuntime(bench);
});
afterAll(() => bench.dispose());

describe('the layers of a run', () => {
  it('are frozen with it, decide its calls and are named by the decisions', async () => {
    const folder = sampleFolder({ ...FILES, '.openexec/policy.yaml': policy('repo', 'exec_project') });
    const user = path.join(temporaryFolder(), 'policy.yaml');
    fs.writeFileSync(user, policy('me', 'git_commit'));
    const layered = { ...runtime, policyFiles: { ...runtime.policyFiles, user } };
    const handle = await startRun(testRequest(folder), layered, testPorts());
    await handle.done;
    const events = await collect(runtime.store.read(handle.runId));
    const decided = events.find((event): event is RunEvent<'policy.decided'> => event.type === 'policy.decided');
    expect(decided?.data).toMatchObject({
      decision: 'deny',
      rule: 'repo-says-no',
      layer: 'workspace policy repo (.openexec/policy.yaml)',
      reason: 'Not here.',
    });
    const first = await runtime.store.inline(events[0] as RunEvent);
    if (first.type !== 'run.started') throw new Error('a run starts otherwise');
    const snapshot = thaw(textOf(first.data.policy.content));
    expect(snapshot.source).toBe('shipped with OpenExec');
    expect(snapshot.layers?.map(({ layer, source }) => [layer, source])).toEqual([
      ['user', user],
      ['workspace', '.openexec/policy.yaml'],
    ]);
    expect(decided?.data.snapshot).toBe(first.data.policy.snapshot);
    const { decision, steps } = await explainCall(runtime.store, handle.runId, decided?.seq ?? 0);
    expect(decision.rule).toBe('repo-says-no');
    expect(new Set(steps.map(({ layer }) => layer))).toEqual(new Set(['built in', 'chosen', 'user', 'workspace']));
  });

  it.each(['managed', 'user', 'workspace'])(
    'refuse its start when the %s file is broken, with nothing recorded',
    async (layer) => {
      const folder = sampleFolder(FILES);
      const broken = path.join(layer === 'workspace' ? folder : temporaryFolder(), '.openexec/policy.yaml');
      writeIn(path.dirname(broken), 'policy.yaml', 'version: 1\nid: x\ndescription: x\nrules: [{}]\n');
      const policyFiles = layer === 'workspace' ? runtime.policyFiles : { ...runtime.policyFiles, [layer]: broken };
      const before = (await runtime.store.summaries()).length;
      const started = startRun(testRequest(folder), { ...runtime, policyFiles }, testPorts());
      await expect(started).rejects.toMatchObject({
        code: 'policy_invalid',
        message: expect.stringMatching(/policy\.yaml:4:\d+ rules\.0\.id: is missing/),
      });
      expect(await runtime.store.summaries()).toHaveLength(before);
    },
  );
});

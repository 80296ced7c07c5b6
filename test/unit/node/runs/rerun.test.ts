/** A run that repeats another one otherwise, and the same question asked of the record alone. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import { modelChooser } from '../../../../src/node/runs/chooseModel';
import type { RunRequest } from '../../../../src/node/runs/prepareRun';
import { replayRun } from '../../../../src/node/runs/replayRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { startRun } from '../../../../src/node/runs/startRun';
import { whatIf, whatIfForPeople } from '../../../../src/node/runs/whatIf';
import { monotonic } from '../../../../src/node/system/time';
import { blueprint, ONE_TEST_PASSES, only, project, sampleFolder } from '../../../support/cli';
import { withoutConfinement } from '../../../support/confinement';
import { collect } from '../../../support/eventChain';
import { NOTHING_SET } from '../../../support/nothingSet';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

/** A folder whose one blueprint runs its tests. */
function folderWithTests(): string {
  withoutConfinement();
  return sampleFolder({
    '.openexec/blueprints/mine.yaml': blueprint('mine', { test: only('run_tests') }),
    '.openexec/project.yaml': project({ test: 'node one.mjs' }),
    'one.mjs': ONE_TEST_PASSES,
  });
}

async function finished(folder: string, runtime: Runtime, request: Partial<RunRequest> = {}, ports = testPorts()) {
  const { runId, done } = await startRun(testRequest(folder, request), runtime, ports);
  await done;
  const events = await collect(runtime.store.read(runId));
  const [first] = events;
  if (first?.type !== 'run.started') throw new Error('the run has no beginning');
  return { runId, events, first };
}

describe('a run that repeats another one', () => {
  it('names it, is replayed exactly, and any other run names none', async () => {
    const [folder, runtime] = [folderWithTests(), await testRuntime(bench)];
    const old = await finished(folder, runtime);
    const fresh = await finished(folder, runtime, { parent: old.runId, policy: 'strict' });
    expect(old.first.data.parent).toBeNull();
    expect(fresh.first.data).toMatchObject({ parent: old.runId, policy: { id: 'strict' } });
    for (const { runId } of [old, fresh]) {
      expect(await replayRun(runtime.store, runId)).toMatchObject({ identical: true, divergence: null });
    }
  });

  it('uses the model that was chosen for it, whichever is set', async () => {
    const [folder, runtime] = [folderWithTests(), await testRuntime(bench)];
    const cassettes = path.join(folder, '.openexec/cassettes');
    fs.copyFileSync(path.join(cassettes, 'sample.json'), path.join(cassettes, 'other.json'));
    const chooseModel = modelChooser({ ...NOTHING_SET, model: 'recorded:sample', allowFiles: false, monotonic });
    const ports = testPorts({ chooseModel });
    const { first } = await finished(folder, runtime, { model: 'recorded:other' }, ports);
    expect(first.data.model.name).toBe('other');
    expect((await finished(folder, runtime, {}, ports)).first.data.model.name).toBe('sample');
  });
});

describe('another policy over a record', () => {
  const places = (workspace: string) => ({ assets: path.resolve(import.meta.dirname, '../../../..'), workspace });
  const decisions = (events: readonly RunEvent[]) => events.filter(({ type }) => type === 'policy.decided');

  it('says which decisions would change, and at which the run would have stopped', async () => {
    const [folder, runtime] = [folderWithTests(), await testRuntime(bench)];
    const { runId, events } = await finished(folder, runtime);
    const tested = events.find((event) => event.type === 'policy.decided' && event.data.tool === 'run_project_command');
    const answer = await whatIf(runtime.store, runId, 'read_only', places(folder));
    expect(answer).toMatchObject({
      calls: decisions(events).length,
      changed: [{ seq: tested?.seq, tool: 'run_project_command', was: 'allow', now: 'deny' }],
      wouldStopAt: tested?.seq,
    });
    const forPeople = await whatIfForPeople(runtime.store, runId, 'read_only', places(folder));
    expect(forPeople).toMatchObject({
      changed: [{ node: 'test', input: expect.stringContaining('test'), reason: expect.stringMatching(/./) }],
      policy: { id: 'read_only', source: 'shipped with OpenExec' },
    });
    const same = await whatIf(runtime.store, runId, 'standard', places(folder));
    expect(same).toMatchObject({ changed: [], wouldStopAt: null });
  });

  it('is refused for a run or a policy that is not there, and ends when it is told to', async () => {
    const [folder, runtime] = [folderWithTests(), await testRuntime(bench)];
    const { runId } = await finished(folder, runtime);
    const asked = (run: string, policy: string) => whatIf(runtime.store, run, policy, places(folder));
    await expect(asked('nope', 'standard')).rejects.toMatchObject({ code: 'run_unknown' });
    await expect(asked(runId, 'nope')).rejects.toMatchObject({ code: 'policy_unknown' });
    const ended = { ...places(folder), signal: AbortSignal.abort() };
    await expect(whatIfForPeople(runtime.store, runId, 'strict', ended)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

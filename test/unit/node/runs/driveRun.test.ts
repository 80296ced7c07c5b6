/** What a person does to a run while it runs: pausing it, and what comes before a pause. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventType, RunEvent } from '../../../../src/core/events/schema';
import type { Approver } from '../../../../src/core/ports/approver';
import { replayRun } from '../../../../src/node/runs/replayRun';
import { resumeRun } from '../../../../src/node/runs/resumeRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { startRun } from '../../../../src/node/runs/startRun';
import { blueprint, ONE_TEST_PASSES, only, project, sampleFolder, temporaryFolder } from '../../../support/cli';
import { withoutConfinement } from '../../../support/confinement';
import { collect } from '../../../support/eventChain';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

/** A run of one node, whose command says that it began and ends when it is let go. */
function folderWith(nodes: Readonly<Record<string, object>>) {
  withoutConfinement();
  const gate = temporaryFolder();
  const [began, go] = ['began', 'go'].map((name) => path.join(gate, name)) as [string, string];
  const slow = `import fs from 'node:fs';
fs.appendFileSync(${JSON.stringify(began)}, 'x');
const look = setInterval(() => {
  if (!fs.existsSync(${JSON.stringify(go)})) return;
  clearInterval(look);${ONE_TEST_PASSES}}, 5);
`;
  const folder = sampleFolder({
    '.openexec/blueprints/mine.yaml': blueprint('mine', nodes),
    '.openexec/project.yaml': project({ test: 'node slow.mjs' }),
    'slow.mjs': slow,
  });
  return { folder, began, go };
}

/** Resolves when an event of this type is recorded. */
const recorded = (runtime: Runtime, type: EventType): Promise<RunEvent> =>
  new Promise((resolve) => {
    const stop = runtime.store.onDidAppend((event) => {
      if (event.type !== type) return;
      stop();
      resolve(event);
    });
  });

async function there(file: string): Promise<void> {
  while (!fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
}

const typesOf = async (runtime: Runtime, runId: string): Promise<string[]> =>
  (await collect(runtime.store.read(runId))).map(({ type }) => type);
const resume = { by: 'Ada', decision: null };

describe('a run that is paused', () => {
  it('lets the command that is under way come to its end, and goes on after it', async () => {
    const { folder, began, go } = folderWith({ test: only('run_tests') });
    const runtime = await testRuntime(bench);
    const handle = await startRun(testRequest(folder), runtime, testPorts());
    await there(began);
    handle.pause('Ada');
    fs.writeFileSync(go, '');
    await handle.done;
    expect((await typesOf(runtime, handle.runId)).slice(-2)).toEqual(['tool.finished', 'run.paused']);
    expect(await runtime.store.summary(handle.runId)).toMatchObject({ status: 'paused', reason: 'paused by Ada' });
    await (await resumeRun({ runId: handle.runId, ...resume }, runtime, testPorts())).done;
    expect(await runtime.store.summary(handle.runId)).toMatchObject({ status: 'succeeded' });
    expect(fs.readFileSync(began, 'utf8')).toBe('x');
    expect(await replayRun(runtime.store, handle.runId)).toMatchObject({ identical: true, divergence: null });
  });

  it('waits for nobody any more, and asks the same question again when it is resumed', async () => {
    const { folder } = folderWith({ agree: only('request_approval') });
    const runtime = await testRuntime(bench);
    const waiting: Approver = {
      ask: (_request, signal) =>
        new Promise((resolve) => {
          const giveUp = () => resolve({ kind: 'unavailable', reason: 'the window is gone' });
          signal.addEventListener('abort', giveUp, { once: true });
        }),
    };
    const asked = recorded(runtime, 'approval.requested');
    const handle = await startRun(testRequest(folder), runtime, testPorts({ approver: () => waiting }));
    await asked;
    handle.pause('Ada');
    await handle.done;
    expect(await runtime.store.summary(handle.runId)).toMatchObject({ status: 'paused', reason: 'paused by Ada' });
    await (await resumeRun({ runId: handle.runId, ...resume }, runtime, testPorts())).done;
    const types = await typesOf(runtime, handle.runId);
    expect(types.filter((type) => type.startsWith('approval.'))).toEqual(['approval.requested', 'approval.resolved']);
    expect(types.at(-1)).toBe('run.finished');
    expect(await replayRun(runtime.store, handle.runId)).toMatchObject({ identical: true, divergence: null });
  });

  it('is ended all the same when it is cancelled before it stands still', async () => {
    const { folder, began } = folderWith({ test: only('run_tests') });
    const runtime = await testRuntime(bench);
    const handle = await startRun(testRequest(folder), runtime, testPorts());
    await there(began);
    handle.pause('Ada');
    handle.cancel('Grace');
    handle.pause('Ada');
    await handle.done;
    expect(await runtime.store.summary(handle.runId)).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled by Grace',
    });
    expect(await replayRun(runtime.store, handle.runId)).toMatchObject({ identical: true });
  });
});

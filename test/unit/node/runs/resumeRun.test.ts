import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoverRuns } from '../../../../src/node/runs/recoverRuns';
import { nodesOf, replayNode, replayRun } from '../../../../src/node/runs/replayRun';
import { inDoubtOf, resumeRun } from '../../../../src/node/runs/resumeRun';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { settleResult } from '../../../../src/node/runs/settleResult';
import { startRun, worktreeFolder } from '../../../../src/node/runs/startRun';
import { git, sampleFolder, stateOf } from '../../../support/cli';
import { collect } from '../../../support/eventChain';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

const requestFor = (folder: string) => {
  const task = fs.readFileSync(path.join(folder, '.openexec/sample-task.txt'), 'utf8').trim();
  return testRequest(folder, { blueprint: 'quick_fix', task });
};

/** Starts the sample and lets its window close after so many events; answers the id of the run, marked as broken off. */
async function brokenAfter(events: number, runtime: Runtime, folder: string): Promise<string> {
  const handle = await startRun(requestFor(folder), runtime, testPorts());
  const stop = runtime.store.onDidAppend((event) => {
    if (event.run === handle.runId && event.seq + 1 >= events) handle.abandon();
  });
  await handle.done;
  stop();
  expect(await recoverRuns(runtime)).toEqual([handle.runId]);
  return handle.runId;
}

const resume = async (runtime: Runtime, runId: string, decision: 'repeat' | 'fail' = 'repeat') => {
  const doubt = await inDoubtOf(runtime.store, runId);
  const request = { runId, by: 'a person', decision: doubt === null ? null : decision };
  await (await resumeRun(request, runtime, testPorts())).done;
  return doubt;
};

describe('a run of the sample that broke off', () => {
  it('goes on where it stopped, comes to the same files, leaves the folder alone and replays identically', {
    timeout: 240_000,
  }, async () => {
    const folder = sampleFolder();
    const runtime = await testRuntime(bench);
    const whole = await startRun(requestFor(folder), runtime, testPorts());
    await whole.done;
    const wanted = await runtime.store.summary(whole.runId);
    expect(wanted.status).toBe('succeeded');
    const before = stateOf(folder);
    const doubts = new Set<string>();
    for (const events of [4, 23, 34, 72, 108]) {
      const runId = await brokenAfter(events, runtime, folder);
      const doubt = await resume(runtime, runId);
      doubts.add(doubt?.kind ?? 'none');
      const { status, tree, filesChanged } = await runtime.store.summary(runId);
      expect({ events, status, tree, filesChanged }).toEqual({
        events,
        status: 'succeeded',
        tree: wanted.tree,
        filesChanged: wanted.filesChanged,
      });
      expect(await replayRun(runtime.store, runId)).toMatchObject({ identical: true, divergence: null, ended: true });
      expect(await runtime.store.verify(runId)).toMatchObject({ sound: true, findings: [] });
    }
    expect([...doubts].sort()).toEqual(['call', 'model', 'none']);
    const { head, index, files } = stateOf(folder);
    expect({ head, index, files }).toEqual({ head: before.head, index: before.index, files: before.files });
  });

  it('has its copy set back to what the record knows, and made anew when it is gone', { timeout: 60_000 }, async () => {
    const folder = sampleFolder();
    const runtime = await testRuntime(bench);
    const runId = await brokenAfter(72, runtime, folder);
    const worktree = worktreeFolder(runtime.store.root, runId);
    fs.writeFileSync(path.join(worktree, 'src/half-done.js'), 'half');
    git(folder, 'gc', '--quiet', '--prune=now');
    await resume(runtime, runId);
    expect((await runtime.store.summary(runId)).filesChanged).not.toContain('src/half-done.js');
    const again = await brokenAfter(72, runtime, folder);
    fs.rmSync(worktreeFolder(runtime.store.root, again), { recursive: true });
    await resume(runtime, again);
    expect(await runtime.store.summary(again)).toMatchObject({ status: 'succeeded' });
  });

  it('is not resumed without a word about what is in doubt, and then nothing is written', async () => {
    const folder = sampleFolder();
    const runtime = await testRuntime(bench);
    const runId = await brokenAfter(13, runtime, folder);
    const before = await collect(runtime.store.read(runId));
    const doubt = await inDoubtOf(runtime.store, runId);
    expect(doubt).not.toBeNull();
    const request = { runId, by: 'a person', decision: null };
    await expect(resumeRun(request, runtime, testPorts())).rejects.toMatchObject({ code: 'usage' });
    expect(await collect(runtime.store.read(runId))).toEqual(before);
    await resume(runtime, runId, 'fail');
    expect(await replayRun(runtime.store, runId)).toMatchObject({ identical: true });
  });

  it('is not resumed once it was discarded, has ended, or with another model', async () => {
    const folder = sampleFolder();
    const runtime = await testRuntime(bench);
    const runId = await brokenAfter(13, runtime, folder);
    const other = testPorts({
      chooseModel: async (root, wanted) => {
        const model = await testPorts().chooseModel(root, wanted);
        return { ...model, id: { ...model.id, name: 'another' } };
      },
    });
    const request = { runId, by: 'a person', decision: 'repeat' as const };
    await expect(resumeRun(request, runtime, other)).rejects.toMatchObject({ code: 'model_unconfigured' });
    await settleResult({ runId, action: 'discard', by: 'a person' }, runtime);
    await expect(resumeRun(request, runtime, testPorts())).rejects.toMatchObject({ code: 'run_not_resumable' });
    await expect(inDoubtOf(runtime.store, runId)).rejects.toMatchObject({ code: 'run_not_resumable' });
  });
});

describe('a step replay of a stored run', () => {
  it('runs every node that the run came to again, identically, and refuses one that it did not come to', async () => {
    const runtime = await testRuntime(bench);
    const handle = await startRun(requestFor(sampleFolder()), runtime, testPorts());
    await handle.done;
    const nodes = await nodesOf(runtime.store, handle.runId);
    expect(nodes.length).toBeGreaterThan(4);
    for (const node of nodes) {
      expect(await replayNode(runtime.store, handle.runId, node)).toMatchObject({ identical: true });
    }
    await expect(replayNode(runtime.store, handle.runId, 'nowhere')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a replay', () => {
  it('tells how far it is, and is ended early on request', async () => {
    const runtime = await testRuntime(bench);
    const handle = await startRun(requestFor(sampleFolder()), runtime, testPorts());
    await handle.done;
    const seen: (number | null)[][] = [];
    const { events } = await replayRun(runtime.store, handle.runId, { onProgress: (...at) => seen.push(at) });
    expect(seen.at(-1)).toEqual([events, events]);
    const control = new AbortController();
    const onProgress = (done: number) => done === 20 && control.abort();
    await expect(replayRun(runtime.store, handle.runId, { signal: control.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('a run in a store that git tracks', () => {
  it('is not resumed, and nothing is written', async () => {
    const runtime = await testRuntime(bench);
    const runId = await brokenAfter(4, runtime, sampleFolder());
    const before = await collect(runtime.store.read(runId));
    git(runtime.store.root, 'init', '--quiet');
    git(runtime.store.root, 'add', '--force', 'runs');
    const request = { runId, by: 'a person', decision: null } as const;
    await expect(resumeRun(request, runtime, testPorts())).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('git tracks files of the store'),
    });
    expect(await collect(runtime.store.read(runId))).toEqual(before);
  });
});

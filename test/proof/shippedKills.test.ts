/**
 * Shipped blueprints in a process of their own, with the real tools on a real folder, killed with SIGKILL right after a
 * node's start or end was on the disk, and taken up again by this process.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelChooser } from '../../src/node/runs/chooseModel';
import { recoverRuns } from '../../src/node/runs/recoverRuns';
import { replayRun } from '../../src/node/runs/replayRun';
import { resumeRun } from '../../src/node/runs/resumeRun';
import type { Runtime } from '../../src/node/runs/runtime';
import { monotonic } from '../../src/node/system/time';
import { onlyRunOf, stateOf } from '../support/cli';
import { collect } from '../support/eventChain';
import { NOTHING_SET } from '../support/nothingSet';
import { cases, patience } from '../support/random';
import { isBoundary, outcomeOf } from '../support/retold';
import { testPorts, testRuntime } from '../support/runtime';
import { makeSampleWorkspace, removeSampleWorkspace } from '../support/sample-workspace.mjs';
import { mendSample } from '../support/sampleStories/allocate';
import { DOCS_UPDATE } from '../support/sampleStories/docsUpdate';
import { INVESTIGATE } from '../support/sampleStories/investigate';
import { STANDARD_CHANGE } from '../support/sampleStories/standardChange';
import type { SampleStory } from '../support/sampleStories/story';
import { type StoreBench, storeBench } from '../support/storeWorker';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');

let bench: StoreBench;
let program: string;
beforeAll(async () => {
  bench = await storeBench();
  program = await bench.program('shippedChild');
});
afterAll(() => bench.dispose());

/** Runs the story in its own process until it has come to so many boundaries; 0 lets it come to its end. */
async function runUntil(story: SampleStory, folder: string, root: string, boundaries: number): Promise<void> {
  const { blueprint, cassette, task } = story;
  const args = [program, bench.workerPath, root, REPOSITORY, folder, blueprint, cassette, task ?? '', `${boundaries}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = await once(child, 'close');
  expect({ boundaries, code, signal }).toEqual(
    boundaries === 0 ? { boundaries, code: 0, signal: null } : { boundaries, code: null, signal: 'SIGKILL' },
  );
}

async function resumed(runtime: Runtime, runId: string, cassette: string): Promise<void> {
  const model = `recorded:${cassette}`;
  const chooseModel = modelChooser({ ...NOTHING_SET, model, allowFiles: false, monotonic });
  const handle = await resumeRun({ runId, by: 'a person', decision: null }, runtime, testPorts({ chooseModel }));
  await handle.done;
}

async function inlineOf({ store }: Runtime, run: string) {
  return Promise.all((await collect(store.read(run))).map((event) => store.inline(event)));
}

/** What is the same in two runs of their own: a commit names its run. */
function comparable(events: Awaited<ReturnType<typeof inlineOf>>) {
  const { nodes, started, end, artifacts } = outcomeOf(events);
  const { commit: _commit, ...others } = artifacts;
  return { nodes, started, status: end?.status, tree: end?.tree, others };
}

describe.skipIf(process.platform === 'win32').each([
  [INVESTIGATE.blueprint, INVESTIGATE, 1],
  [DOCS_UPDATE.blueprint, DOCS_UPDATE, cases(14, 1)],
  [STANDARD_CHANGE.blueprint, STANDARD_CHANGE, cases(32, 1)],
] as const)('a process that runs %s and is killed between two nodes', (_id, story, every) => {
  let folder: string;
  beforeAll(() => {
    folder = makeSampleWorkspace();
    if (story.mended) mendSample(folder);
    return () => removeSampleWorkspace(folder);
  });

  it(`loses nothing: the run goes on to the same end and replays (at every ${every}. boundary)`, {
    timeout: patience(120_000),
  }, async () => {
    const before = stateOf(folder);
    const wholeRoot = bench.root();
    await runUntil(story, folder, wholeRoot, 0);
    const events = await inlineOf(await testRuntime(bench, wholeRoot), onlyRunOf(wholeRoot));
    const boundaries = events.filter(isBoundary).length;
    for (let at = 1; at <= boundaries; at += every) {
      const root = bench.root();
      await runUntil(story, folder, root, at);
      const runtime = await testRuntime(bench, root);
      const [run = ''] = await recoverRuns(runtime);
      await resumed(runtime, run, story.cassette);
      expect({ at, ...comparable(await inlineOf(runtime, run)) }).toEqual({ at, ...comparable(events) });
      expect(await replayRun(runtime.store, run)).toMatchObject({ identical: true, divergence: null, ended: true });
      expect(await runtime.store.verify(run)).toMatchObject({ sound: true, findings: [] });
      await runtime.store.close();
    }
    const { head, index, files } = stateOf(folder);
    expect({ head, index, files }).toEqual(before);
  });
});

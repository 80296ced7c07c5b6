/**
 * Every blueprint that ships, run on the sample with its recording and the real tools: step by step against the kept text,
 * and to the same end wherever it is broken off or paused between two nodes.
 *
 * The texts are written anew, after a change that was meant, by `npx vitest run --config test/vitest.config.ts -u` and
 * the name of this file.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelChooser } from '../../src/node/runs/chooseModel';
import { replayRun } from '../../src/node/runs/replayRun';
import type { Runtime } from '../../src/node/runs/runtime';
import { startRun } from '../../src/node/runs/startRun';
import { monotonic } from '../../src/node/system/time';
import { SAMPLE_TASK, stateOf } from '../support/cli';
import { collect } from '../support/eventChain';
import { goldenText } from '../support/goldenText';
import { NOTHING_SET } from '../support/nothingSet';
import { replay } from '../support/replay';
import { brokenOffAfter, isBoundary, outcomeOf, pausedEverywhere } from '../support/retold';
import { testPorts, testRequest, testRuntime } from '../support/runtime';
import { makeSampleWorkspace, removeSampleWorkspace } from '../support/sample-workspace.mjs';
import { SAMPLE_STORIES } from '../support/sampleStories';
import { mendSample } from '../support/sampleStories/allocate';
import type { SampleStory } from '../support/sampleStories/story';
import { type StoreBench, storeBench } from '../support/storeWorker';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const BY = 'command line (--approve all)';

const keptText = ({ blueprint }: SampleStory): string => `./shipped/${blueprint}.txt`;

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

async function played(story: SampleStory, folder: string, runtime: Runtime): Promise<string> {
  const model = `recorded:${story.cassette}`;
  const ports = testPorts({
    chooseModel: modelChooser({ ...NOTHING_SET, model, allowFiles: false, monotonic }),
    approver: () => ({ ask: async () => ({ kind: 'resolved', verdict: 'approved', by: BY, reason: '' }) }),
  });
  const request = testRequest(folder, { blueprint: story.blueprint, task: story.task ?? SAMPLE_TASK });
  const handle = await startRun(request, runtime, ports);
  await handle.done;
  return handle.runId;
}

async function recordingOf({ store }: Runtime, run: string) {
  const stored = await collect(store.read(run));
  return { stored, inline: await Promise.all(stored.map((event) => store.inline(event))) };
}

it('every blueprint that ships has a recorded run of the sample, and none more', () => {
  const shipped = fs.readdirSync(path.join(REPOSITORY, 'blueprints')).map((name) => name.replace(/\.yaml$/, ''));
  expect(SAMPLE_STORIES.map(({ blueprint }) => blueprint).sort()).toEqual(shipped.sort());
});

describe.each(SAMPLE_STORIES.map((story) => [story.blueprint, story] as const))(
  'the sample run of %s',
  (_id, story) => {
    let folder: string;
    let before: ReturnType<typeof stateOf>;
    let runtime: Runtime;
    let run: string;
    let recording: Awaited<ReturnType<typeof recordingOf>>;

    beforeAll(async () => {
      folder = makeSampleWorkspace();
      if (story.mended) mendSample(folder);
      before = stateOf(folder);
      runtime = await testRuntime(bench);
      run = await played(story, folder, runtime);
      recording = await recordingOf(runtime, run);
      return () => removeSampleWorkspace(folder);
    }, 60_000);

    it('goes through the very steps of the kept text', async () => {
      await expect(goldenText(recording.stored)).toMatchFileSnapshot(keptText(story));
    });

    it('succeeds, changes what the task asks for and nothing else, and leaves the folder as it was', async () => {
      const { status, outcome, filesChanged, denials } = await runtime.store.summary(run);
      expect({ status, outcome, filesChanged: [...filesChanged].sort(), denials }).toEqual({
        status: 'succeeded',
        outcome: 'done',
        filesChanged: story.changes,
        denials: story.denials,
      });
      expect(stateOf(folder)).toEqual(before);
    });

    it('is sound, and replays hash for hash', async () => {
      expect(await runtime.store.verify(run)).toMatchObject({ sound: true, findings: [] });
      expect(await replayRun(runtime.store, run)).toMatchObject({ identical: true, divergence: null, ended: true });
    });

    it('comes to the same end when it breaks off between any two nodes, and that replays as well', {
      timeout: 120_000,
    }, async () => {
      const wanted = outcomeOf(recording.inline);
      const boundaries = recording.stored.filter(isBoundary);
      expect(boundaries.length).toBe(2 * wanted.nodes.length);
      for (const { seq, type, node, attempt } of boundaries) {
        const { stored, inline } = await brokenOffAfter(recording, seq + 1);
        const place = `broken off after ${type} ${node}#${attempt}`;
        expect({ place, ...outcomeOf(inline) }).toEqual({ place, ...wanted });
        expect(await replay({ stored, inline }), place).toMatchObject({
          identical: true,
          divergence: null,
          ended: true,
        });
      }
    });

    it('comes to the same end when a person pauses it between all nodes, and that replays as well', async () => {
      const wanted = outcomeOf(recording.inline);
      const { stored, inline } = await pausedEverywhere(recording);
      expect(stored.filter(({ type }) => type === 'run.paused')).toHaveLength(2 * wanted.nodes.length);
      expect(outcomeOf(inline)).toEqual(wanted);
      expect(await replay({ stored, inline })).toMatchObject({ identical: true, divergence: null, ended: true });
    });
  },
);

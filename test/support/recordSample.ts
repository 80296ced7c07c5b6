/**
 * Records the sample's cassette: plays the story against the real engine and tools on a fresh copy of the sample, and
 * refuses to write anything unless the run ends as the story says. Run through `npm run record:sample`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { RULES_ALONE } from '../../src/core/gatekeeper/rulesAlone';
import { createGit } from '../../src/node/git/git';
import type { Cassette } from '../../src/node/models/recorded/cassette';
import { startRun } from '../../src/node/runs/startRun';
import { openStore } from '../../src/node/store/store';
import { monotonic, systemClock, systemEntropy } from '../../src/node/system/time';
import { APPROVE } from './engine';
import { createRecordingModel } from './recordingModel';
import { makeSampleWorkspace, removeSampleWorkspace } from './sample-workspace.mjs';
import { SAMPLE_STORY } from './sampleScript';
import { createScriptedModel } from './scriptedModel';

async function record(root: string): Promise<void> {
  const fixture = path.join(root, 'test/fixtures/sample-repo');
  const task = (await readFile(path.join(fixture, '.openexec/sample-task.txt'), 'utf8')).trim();
  const workspace = makeSampleWorkspace();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'openexec-record-'));
  let cassette: Cassette | null = null;
  const script = createScriptedModel(SAMPLE_STORY.map(({ step }) => step));
  const model = createRecordingModel(script, {
    title: 'Sample: a discount that loses a cent',
    task,
    notes: SAMPLE_STORY.map(({ note }) => note),
    save: (whole) => {
      cassette = whole;
    },
  });
  const store = await openStore({
    root: folder,
    workerPath: path.join(root, 'dist/store-worker.js'),
    log: console.error,
  });
  try {
    const runtime = {
      store,
      git: createGit({ environment: process.env }),
      clock: systemClock,
      entropy: systemEntropy,
      monotonic,
      environment: process.env,
      assets: root,
      version: 'recording',
    };
    const handle = await startRun(
      { folder: workspace, task, blueprint: 'quick_fix', policy: 'standard', approvals: 'ask' },
      runtime,
      { classifier: RULES_ALONE, chooseModel: async () => model, approver: () => APPROVE, onDelta: () => undefined },
    );
    await handle.done;
    const { status, reason, denials } = await store.summary(handle.runId);
    if (status !== 'succeeded' || denials !== 1 || script.left() > 0) {
      throw new Error(
        `the story did not come out: ${status} (${reason}), ${denials} denials, ${script.left()} steps left`,
      );
    }
    await writeFile(path.join(fixture, '.openexec/cassettes/sample.json'), `${JSON.stringify(cassette, null, 2)}\n`);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
    removeSampleWorkspace(workspace);
  }
}

void record(process.cwd());

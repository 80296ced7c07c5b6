/**
 * Records the sample's cassettes: plays each story against the real engine and tools on a fresh copy of the sample, and
 * refuses to write anything unless the run ends as the story says. Run through `npm run record:sample`, which takes the
 * ids of blueprints to record only these.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createGit } from '../../src/node/git/git';
import type { Cassette } from '../../src/node/models/recorded/cassette';
import { startRun } from '../../src/node/runs/startRun';
import { openStore, type RunStore } from '../../src/node/store/store';
import { monotonic, systemClock, systemEntropy } from '../../src/node/system/time';
import { APPROVE } from './engine';
import { RULES_ALONE } from './gatekeeper';
import { createRecordingModel } from './recordingModel';
import { makeSampleWorkspace, removeSampleWorkspace } from './sample-workspace.mjs';
import { SAMPLE_STORIES } from './sampleStories';
import { mendSample } from './sampleStories/allocate';
import type { SampleStory } from './sampleStories/story';
import { createScriptedModel } from './scriptedModel';

const ROOT = process.cwd();
const FIXTURE = path.join(ROOT, 'test/fixtures/sample-repo/.openexec');
const fileOf = ({ cassette }: SampleStory): string => path.join(FIXTURE, 'cassettes', `${cassette}.json`);

async function main(wanted: readonly string[]): Promise<void> {
  // A model is told how many files are withheld from it, and the cassettes are among these: all must be there at once.
  for (const story of SAMPLE_STORIES) await writeFile(fileOf(story), '', { flag: 'a' });
  for (const story of SAMPLE_STORIES) {
    if (wanted.length === 0 || wanted.includes(story.blueprint)) await record(story);
  }
}

async function record(story: SampleStory): Promise<void> {
  const task = story.task ?? (await readFile(path.join(FIXTURE, 'sample-task.txt'), 'utf8')).trim();
  const workspace = makeSampleWorkspace();
  if (story.mended) mendSample(workspace);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'openexec-record-'));
  const workerPath = path.join(ROOT, 'dist/store-worker.js');
  const store = await openStore({ root: folder, workerPath, log: console.error });
  try {
    const cassette = await play(story, task, workspace, store);
    await writeFile(fileOf(story), `${JSON.stringify(cassette, null, 2)}\n`);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
    removeSampleWorkspace(workspace);
  }
}

/** The recording of a run that came out as the story says. */
async function play(story: SampleStory, task: string, workspace: string, store: RunStore): Promise<Cassette> {
  let cassette: Cassette | null = null;
  const script = createScriptedModel(story.beats.map(({ step }) => step));
  const model = createRecordingModel(script, {
    title: story.title,
    task,
    notes: story.beats.map(({ note }) => note),
    save: (whole) => {
      cassette = whole;
    },
  });
  const runtime = {
    store,
    git: createGit({ environment: process.env }),
    clock: systemClock,
    entropy: systemEntropy,
    monotonic,
    environment: process.env,
    policyFiles: { managed: path.join(ROOT, 'no-managed-policy.yaml'), user: null },
    mcp: { servers: null, pins: null },
    assets: ROOT,
    version: 'recording',
  };
  const handle = await startRun(
    { folder: workspace, task, blueprint: story.blueprint, policy: 'standard', approvals: 'ask' },
    runtime,
    {
      classifier: RULES_ALONE,
      chooseModel: async () => model,
      approver: () => APPROVE,
      symbols: null,
      ripgrep: null,
      askAboutMcp: async () => 'nobody' as const,
      storedSecrets: [],
      onDelta: () => undefined,
    },
  );
  await handle.done;
  const { status, reason, denials, filesChanged } = await store.summary(handle.runId);
  const asTold = denials === story.denials && `${[...filesChanged].sort()}` === `${story.changes}`;
  if (status !== 'succeeded' || !asTold || script.left() > 0 || cassette === null) {
    const came = `${status} (${reason}), ${denials} denials, ${script.left()} replies left, changed ${filesChanged}`;
    throw new Error(`the story of ${story.blueprint} did not come out: ${came}`);
  }
  return cassette;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`record-sample: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyBundle } from '../../../../src/node/evidence/verifyBundle';
import { exportEvidence } from '../../../../src/node/runs/exportEvidence';
import { startRun } from '../../../../src/node/runs/startRun';
import { sha256 } from '../../../../src/node/system/sha256';
import { blueprint, only, sampleFolder } from '../../../support/cli';
import { collect } from '../../../support/eventChain';
import { testPorts, testRequest, testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

it('a run writes the evidence of itself up to its own call, which proves itself and says so in the record', async () => {
  const folder = sampleFolder({
    '.openexec/blueprints/mine.yaml': blueprint('mine', { keep: only('evidence_bundle') }),
  });
  const runtime = await testRuntime(bench);
  const handle = await startRun(testRequest(folder), runtime, testPorts());
  await handle.done;
  const events = await collect(runtime.store.read(handle.runId));
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'done' } });
  const artifact = events.find((event) => event.type === 'artifact.created');
  if (artifact?.type !== 'artifact.created') throw new Error('no artifact');
  const told = JSON.parse(String(artifact.data.content)) as { file: string; events: number; head: string };
  const file = path.join(runtime.store.root, 'bundles', told.file);
  expect(told).toMatchObject({ sha256: sha256(fs.readFileSync(file)), events: artifact.seq });
  expect(told.head).toBe(events[artifact.seq - 1]?.hash);
  expect(artifact.data.content).not.toContain(runtime.store.root);
  expect(await verifyBundle(file)).toMatchObject({ sound: true, runId: handle.runId, events: told.events });

  // A call that is repeated after a crash replaces what it wrote before.
  const { call } = artifact.data;
  const again = await exportEvidence(runtime.store, { run: handle.runId, call }, new AbortController().signal);
  expect(again).toMatchObject({ file, events: events.length });
  expect(fs.readdirSync(path.join(runtime.store.root, 'bundles'))).toEqual([told.file]);
});

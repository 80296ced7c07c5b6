import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import type { EventBody } from '../../../../src/core/events/schema';
import { applyRetention } from '../../../../src/node/runs/retention';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, finished, nodeStarted, origin } from '../../../support/eventChain';
import { writeRun } from '../../../support/goldenStore';
import { testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

/** The runs of the tests end on the last day of January 2026. */
const LATER = '2026-03-31T12:00:00.000Z';
const NEXT_DAY = '2026-02-01T12:00:00.000Z';

describe('retention', () => {
  let bench: StoreBench;
  beforeAll(async () => {
    bench = await storeBench();
  });
  afterAll(() => bench.dispose());

  async function storeWith(runs: Record<string, EventBody[]>) {
    const root = bench.root();
    for (const [run, bodies] of Object.entries(runs)) writeRun(root, run, chain(run, [origin(), ...bodies]));
    return testRuntime(bench, root);
  }
  const interrupted: EventBody = { type: 'run.interrupted', data: { reason: 'gone', inDoubt: null } };
  const paused: EventBody = { type: 'run.paused', data: { reason: 'nobody could answer' } };

  it('deletes what ended long ago and nothing that may still be gone on with', async () => {
    const runtime = await storeWith({
      ended: [finished],
      cancelled: [{ type: 'run.cancelled', data: { by: 'a person' } }],
      running: [nodeStarted('implement')],
      paused: [paused],
      interrupted: [interrupted],
    });
    expect(await applyRetention(runtime, 30, NEXT_DAY)).toEqual([]);
    expect((await applyRetention(runtime, 30, LATER)).sort()).toEqual(['cancelled', 'ended']);
    const left = (await runtime.store.summaries()).map(({ runId }) => runId);
    expect(left.sort()).toEqual(['interrupted', 'paused', 'running']);
    expect(await runtime.store.deletions()).toMatchObject([
      { deletedAt: LATER, reason: 'it ended more than 30 days before' },
      { deletedAt: LATER },
    ]);
  });

  it.each([0, -1, Number.NaN])('of %s days deletes nothing', async (days) => {
    const runtime = await storeWith({ ended: [finished] });
    expect(await applyRetention(runtime, days, LATER)).toEqual([]);
  });

  it('removes the folder that the run worked in, also when its repository is gone', async () => {
    const runtime = await storeWith({ ended: [finished] });
    const folder = path.join(runtime.store.root, 'worktrees', 'ended');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'a.txt'), 'a');
    await writeFile(`${folder}.index`, '');
    expect(await applyRetention(runtime, 30, LATER)).toEqual(['ended']);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(`${folder}.index`)).toBe(false);
  });

  it('counts the days of an imported run from its import, however it ended', async () => {
    const runtime = await storeWith({});
    const journal = async function* () {
      yield Buffer.from(chain('came', [origin(), interrupted]).map(lineOf).join(''));
    };
    const blobs = async function* () {};
    const from = { file: 'a.oxev', sha256: sha256('a'), at: '2026-03-01T00:00:00.000Z', signedBy: null };
    await runtime.store.adopt('came', { journal: journal(), blobs: blobs(), origin: from });
    expect(await applyRetention(runtime, 40, LATER)).toEqual([]);
    expect(await applyRetention(runtime, 20, LATER)).toEqual(['came']);
  });

  it('leaves a run alone that another window holds', async () => {
    const runtime = await storeWith({ ended: [finished] });
    const other = await bench.open({ root: runtime.store.root });
    const writer = await other.store.continue('ended');
    expect(await applyRetention(runtime, 30, LATER)).toEqual([]);
    await writer.close();
    expect(await applyRetention(runtime, 30, LATER)).toEqual(['ended']);
  });
});

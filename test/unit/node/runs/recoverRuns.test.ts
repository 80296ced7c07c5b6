import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { recoverRuns } from '../../../../src/node/runs/recoverRuns';
import { replayRun } from '../../../../src/node/runs/replayRun';
import type { RunStore } from '../../../../src/node/store/store';
import {
  chain,
  collect,
  decided,
  finished,
  nodeStarted,
  origin,
  toolFinished,
  toolRequested,
} from '../../../support/eventChain';
import { copyRecordedRun, rechain, recordedEvents, writeRun } from '../../../support/goldenStore';
import { testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const approved = (verdict: 'approved' | 'rejected'): EventBody => ({
  type: 'approval.resolved',
  node: 'implement',
  data: { approval: 'c1', verdict, by: 'a person', reason: '' },
});

describe('runs whose process is gone', () => {
  let bench: StoreBench;
  beforeAll(async () => {
    bench = await storeBench();
  });
  afterAll(() => bench.dispose());

  const lastOf = async (store: RunStore, run: string): Promise<RunEvent | undefined> =>
    (await collect(store.read(run))).at(-1);

  it.each([
    ['an allowed call without an outcome', [toolRequested('c1'), decided('c1', 'allow')], 'c1'],
    ['a call that a person allowed', [toolRequested('c1'), decided('c1', 'ask'), approved('approved')], 'c1'],
    ['a call that a person did not allow', [toolRequested('c1'), decided('c1', 'ask'), approved('rejected')], null],
    ['a call that nobody has decided', [toolRequested('c1')], null],
    ['a denied call', [toolRequested('c1'), decided('c1', 'deny')], null],
    ['a call with its outcome', [toolRequested('c1'), decided('c1', 'allow'), toolFinished('c1')], null],
  ] as const)('are marked as interrupted; in doubt is what may have happened: %s', async (_what, bodies, inDoubt) => {
    const root = bench.root();
    writeRun(root, 'cut', chain('cut', [origin(), nodeStarted('implement'), ...bodies]));
    const runtime = await testRuntime(bench, root);
    expect(await recoverRuns(runtime)).toEqual(['cut']);
    expect(await lastOf(runtime.store, 'cut')).toMatchObject({ type: 'run.interrupted', data: { inDoubt } });
    expect(await runtime.store.verify('cut')).toMatchObject({ sound: true });
    expect(await recoverRuns(runtime)).toEqual([]);
  });

  it('are taken up after their last whole event when the journal ends in half a line', async () => {
    const root = bench.root();
    writeRun(root, 'torn', chain('torn', [origin(), nodeStarted('implement')]));
    fs.appendFileSync(path.join(root, 'runs/torn/journal.jsonl'), '{"at":"2026-01-31T12:00');
    const runtime = await testRuntime(bench, root);
    expect(await recoverRuns(runtime)).toEqual(['torn']);
    const types = (await collect(runtime.store.read('torn'))).map((event) => event.type);
    expect(types).toEqual(['run.started', 'node.started', 'run.interrupted']);
  });

  it('are told from runs that ended, and from runs that wait for a person', async () => {
    const root = bench.root();
    writeRun(root, 'done', chain('done', [origin(), finished]));
    writeRun(
      root,
      'paused',
      chain('paused', [origin(), { type: 'run.paused', data: { reason: 'a person is needed' } }]),
    );
    expect(await recoverRuns(await testRuntime(bench, root))).toEqual([]);
  });

  it('are told from runs that another window writes, also from one that it took up just now', async () => {
    const root = bench.root();
    const other = await bench.open({ root });
    const writer = await other.store.create('live');
    for (const event of chain('live', [origin()])) await writer.append(event);
    const runtime = await testRuntime(bench, root);
    expect(await recoverRuns(runtime)).toEqual([]);
    vi.spyOn(runtime.store, 'unfinished').mockResolvedValue(['live']);
    expect(await recoverRuns(runtime)).toEqual([]);
    await writer.close();
    expect(await lastOf(runtime.store, 'live')).toMatchObject({ type: 'run.started' });
  });

  it('are looked at again with their lock held: one that ended, or was marked, in the meantime is left alone', async () => {
    const root = bench.root();
    const interrupted: EventBody = { type: 'run.interrupted', data: { reason: 'before', inDoubt: null } };
    writeRun(root, 'done', chain('done', [origin(), finished]));
    writeRun(root, 'marked', chain('marked', [origin(), interrupted]));
    const runtime = await testRuntime(bench, root);
    vi.spyOn(runtime.store, 'unfinished').mockResolvedValue(['done', 'marked']);
    expect(await recoverRuns(runtime)).toEqual([]);
    expect((await collect(runtime.store.read('done'))).at(-1)?.type).toBe('run.finished');
    expect(await collect(runtime.store.read('marked'))).toHaveLength(2);
  });

  it('do not keep each other from being marked', async () => {
    const root = bench.root();
    writeRun(root, 'b', chain('b', [origin()]));
    const runtime = await testRuntime(bench, root);
    vi.spyOn(runtime.store, 'unfinished').mockResolvedValue(['a-run-that-is-gone', 'b']);
    await expect(recoverRuns(runtime)).rejects.toMatchObject({ code: 'run_unknown' });
    expect(await lastOf(runtime.store, 'b')).toMatchObject({ type: 'run.interrupted' });
  });

  const recorded = recordedEvents('v1');
  const firstOfType = [...new Map(recorded.map((event) => [event.type, event.seq]).reverse() as [string, number][])];

  it.each(firstOfType.filter(([type]) => type !== 'run.finished'))(
    'replay to the very same end when they broke off after their first %s',
    async (_type, seq) => {
      const root = bench.root();
      copyRecordedRun('v1', root);
      writeRun(root, 'cut', rechain('cut', recorded.slice(0, seq + 1)));
      const runtime = await testRuntime(bench, root);
      expect(await recoverRuns(runtime)).toEqual(['cut']);
      const verdict = await replayRun(runtime.store, 'cut');
      expect(verdict.divergence).toBeNull();
      expect(verdict).toMatchObject({ identical: true, events: seq + 2 });
    },
  );
});

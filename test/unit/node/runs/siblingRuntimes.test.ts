import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoverRuns } from '../../../../src/node/runs/recoverRuns';
import { siblingRuntimes } from '../../../../src/node/runs/siblingRuntimes';
import { chain, nodeStarted, origin } from '../../../support/eventChain';
import { writeRun } from '../../../support/goldenStore';
import { testRuntime } from '../../../support/runtime';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

describe('the stores of other windows on the same folder', () => {
  it('are written where their window is gone: what broke off there is marked, and shown as such here', async () => {
    const [root, gone, empty] = [bench.root(), bench.root(), path.join(bench.folder, 'never-used')];
    writeRun(gone, 'left', chain('left', [origin(), nodeStarted('implement')]));
    const { store } = await bench.open({ root, siblings: [gone, empty] });
    const own = { ...(await testRuntime(bench)), store };
    const open = async (at: string) => (await bench.open({ root: at })).store;
    const others = await siblingRuntimes(own, [gone, empty], open, () => undefined);
    expect([...others.keys()]).toEqual([gone]);
    expect(fs.existsSync(empty)).toBe(false);
    for (const other of others.values()) expect(await recoverRuns(other)).toEqual(['left']);
    expect(await store.summary('left')).toMatchObject({ status: 'interrupted', root: gone });
  });

  it('that cannot be opened are told of, and keep no other from being opened', async () => {
    const [broken, fine] = [bench.root(), bench.root()];
    for (const root of [broken, fine]) writeRun(root, 'left', chain('left', [origin()]));
    const lines: string[] = [];
    const open = async (at: string) => {
      if (at === broken) throw new Error('no space left');
      return (await bench.open({ root: at })).store;
    };
    const others = await siblingRuntimes(await testRuntime(bench), [broken, fine], open, (line) => lines.push(line));
    expect([...others.keys()]).toEqual([fine]);
    expect(lines).toEqual([expect.stringContaining('no space left')]);
  });
});

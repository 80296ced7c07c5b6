import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import initSqlJs from 'sql.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { collect, longRun } from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const start = (root: string, run: string, count: number, end = ''): ChildProcess =>
  spawn(process.execPath, [bench.childPath, bench.workerPath, root, run, String(count), end], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Kills the process as soon as it has acknowledged so many events, and answers how many it had acknowledged in the end. */
async function killAfter(child: ChildProcess, acks: number): Promise<number> {
  if (child.stdout === null) throw new Error('no pipe');
  const closed = once(child, 'close');
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ack ')) seen += 1;
    if (seen === acks) child.kill('SIGKILL');
  }
  await closed;
  return seen;
}

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('a process that is killed', () => {
  it('has lost none of the events that it acknowledged, and its run can be taken up', {
    timeout: 120_000,
  }, async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const next = random(20260131);
    for (let kill = 0; kill < 15; kill += 1) {
      const run = `run-${kill}`;
      const acknowledged = await killAfter(start(root, run, 500), 1 + Math.floor(next() * 60));
      expect(await store.unfinished()).toContain(run);
      const writer = await store.continue(run);
      expect(writer.head.events).toBeGreaterThanOrEqual(acknowledged);
      const events = await collect(store.read(run));
      expect(events.map(lineOf)).toEqual(longRun(run, events.length).map(lineOf));
      expect(await store.verify(run, { heads: [{ ...writer.head, from: 'the writer' }] })).toMatchObject({
        sound: true,
        events: events.length,
      });
      await writer.close();
    }
  });
});

describe('two processes on one store', () => {
  it('lose nothing, in the journals and in the index', { timeout: 60_000 }, async () => {
    const root = bench.root();
    const children = ['run-a', 'run-b'].map((run) => start(root, run, 50, 'end'));
    const codes = await Promise.all(
      children.map(async (child) => {
        child.stdout?.resume();
        return (await once(child, 'close'))[0];
      }),
    );
    expect(codes).toEqual([0, 0]);
    const sql = await initSqlJs();
    const index = new sql.Database(await readFile(path.join(root, 'index.sqlite')));
    expect(index.exec('SELECT run_id, status, events FROM runs ORDER BY run_id')[0]?.values).toEqual([
      ['run-a', 'succeeded', 51],
      ['run-b', 'succeeded', 51],
    ]);
    const { store } = await bench.open({ root });
    for (const run of ['run-a', 'run-b']) {
      const events = await collect(store.read(run));
      expect(events.slice(0, 50).map(lineOf)).toEqual(longRun(run, 50).map(lineOf));
      expect((await store.verify(run)).sound).toBe(true);
    }
  });
});

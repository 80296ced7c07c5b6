/** A disk that fails: one clear line, nothing acknowledged is lost, no file is spoiled, and what is only a copy fails nothing. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { type OpenJournalFile, openOnDisk } from '../../../../src/node/store/journalFile';
import { collect, longRun } from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';
const OTHER = '20260131-130000-ef34ab';
const journalOf = (root: string, run = RUN): string => path.join(root, 'runs', run, 'journal.jsonl');
const failing = (code: string): Error => Object.assign(new Error(`${code}: it cannot be done`), { code });

/** Files that from the write after `writes` on take `room` more bytes, and then fail so. */
function failsAfter(writes: number, room: number, code: string): OpenJournalFile {
  let done = 0;
  let left = room;
  return async (file, mode) => {
    const disk = await openOnDisk(file, mode);
    return {
      ...disk,
      async write(bytes, at) {
        done += 1;
        if (done <= writes) return disk.write(bytes, at);
        if (left === 0) throw failing(code);
        const taken = bytes.subarray(0, left);
        left -= taken.length;
        return disk.write(taken, at);
      },
    };
  };
}

describe('a disk that fails in the middle of a run', () => {
  it.each([
    ['ENOSPC', 'the disk is full; free some space and try again'],
    ['EACCES', 'there is no permission to write there; check the owner of the folder'],
    ['EROFS', 'the file system is read-only; choose another place for the store'],
    ['EIO', 'the disk reports an input/output error; check the disk'],
  ])(
    'with %s says what, where and what to do; the run goes on from its last event when it can',
    async (code, advice) => {
      const root = bench.root();
      const { store, lines } = await bench.open({ root, openJournalFile: failsAfter(3, 50, code) });
      const events = longRun(RUN, 6);
      const writer = await store.create(RUN);
      const outcomes: string[] = [];
      for (const event of events) {
        await writer.append(event).then(
          () => outcomes.push('durable'),
          (error: Error) => outcomes.push(error.message),
        );
      }
      const said = `the event could not be written to ${journalOf(root)}: ${advice} (${code})`;
      expect(outcomes).toEqual(['durable', 'durable', 'durable', said, said, said]);
      await writer.close();
      expect(await readFile(journalOf(root), 'utf8')).toBe(events.slice(0, 3).map(lineOf).join(''));
      expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 3 });
      expect(await store.unfinished()).toEqual([RUN]);
      expect(lines).toEqual([]);
      await store.close();
      const again = await bench.open({ root });
      const continued = await again.store.continue(RUN);
      for (const event of events.slice(3)) await continued.append(event);
      await continued.close();
      expect((await collect(again.store.read(RUN))).map(lineOf)).toEqual(events.map(lineOf));
    },
  );
});

describe('a run that cannot be looked at', () => {
  it('keeps no other from being listed, read and tended to, and is told once', async () => {
    const root = bench.root();
    const { store, lines } = await bench.open({ root });
    const writer = await store.create(RUN);
    for (const event of longRun(RUN, 3)) await writer.append(event);
    await writer.close();
    await symlink(OTHER, path.join(root, 'runs', OTHER));
    for (let round = 0; round < 2; round += 1) {
      expect((await store.summaries()).map(({ runId }) => runId)).toEqual([RUN]);
      await store.tendDatabases();
    }
    expect(await store.rebuild()).toMatchObject({ runs: 1, damaged: [{ runId: OTHER }] });
    expect(lines.filter((line) => line.startsWith(`run ${OTHER} cannot be read: ELOOP`))).toHaveLength(1);
  });
});

describe('copies that cannot be written', () => {
  it('fail no run: the index and the database are told once each, and come back when they can', async () => {
    const root = bench.root();
    const { store, lines } = await bench.open({ root });
    const index = path.join(root, 'index.sqlite');
    const database = path.join(root, 'runs', RUN, 'run.sqlite');
    await mkdir(index);
    const writer = await store.create(RUN);
    await mkdir(database);
    for (const event of longRun(RUN, 3)) await writer.append(event);
    await writer.close();
    const other = await store.create(OTHER);
    for (const event of longRun(OTHER, 2)) await other.append(event);
    await other.close();
    expect(lines.filter((line) => line.startsWith('the run index'))).toEqual([
      expect.stringContaining(`the run index ${index} is not up to date, the journals are: `),
    ]);
    expect(lines.filter((line) => line.startsWith(`the database of run ${RUN} is not up to date`))).toHaveLength(1);
    expect((await store.summaries()).map(({ runId, events }) => [runId, events])).toEqual([
      [OTHER, 2],
      [RUN, 3],
    ]);
    expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await rm(index, { recursive: true });
    await rm(database, { recursive: true });
    await store.close();
    const again = await bench.open({ root });
    await again.store.tendDatabases();
    expect((await readFile(index)).subarray(0, 15).toString()).toBe('SQLite format 3');
    expect((await readFile(database)).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('are not waited for by an event, nor is a worker that has died', async () => {
    const root = bench.root();
    const workerPath = path.join(bench.folder, 'dying-worker.js');
    // Answers as the real one until a run's database is asked for, and ends then.
    await writeFile(
      workerPath,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (m) => { if (m.request.kind === 'database') process.exit(1); });
       require(${JSON.stringify(bench.workerPath)});`,
    );
    const { store, lines } = await bench.open({ root, workerPath });
    const writer = await store.create(RUN);
    await Promise.all(longRun(RUN, 1_500).map((event) => writer.append(event)));
    await writer.close();
    expect(await collect(store.read(RUN))).toHaveLength(1_500);
    expect(lines).toContainEqual(
      expect.stringContaining(`the database of run ${RUN} is not up to date, its journal is`),
    );
  });
});

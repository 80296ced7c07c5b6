import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs, { type SqlJsStatic, type SqlValue } from 'sql.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../../src/core/events/schema';
import type { RunStore } from '../../../../src/node/store/store';
import { chain, decided, fileChanged, finished, origin } from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
let sql: SqlJsStatic;
beforeAll(async () => {
  bench = await storeBench();
  sql = await initSqlJs();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';
const OTHER = '20260131-130000-ef34ab';
const WHY = { reason: 'it ended more than 30 days before', at: '2026-03-31T00:00:00.000Z' };

async function writeRun(store: RunStore, run: string, ...bodies: EventBody[]): Promise<void> {
  const writer = await store.create(run);
  for (const event of chain(run, [origin(), ...bodies])) await writer.append(event);
  await writer.close();
}

async function query(file: string, text: string): Promise<SqlValue[][]> {
  const database = new sql.Database(await readFile(file));
  const rows = database.exec(text)[0]?.values ?? [];
  database.close();
  return rows;
}

/** Two runs that share the blob `shared`; each has one of its own. All blobs are two days old. */
async function twoRuns(): Promise<{
  root: string;
  store: RunStore;
  blob: Record<'shared' | 'mine' | 'theirs', string>;
}> {
  const root = bench.root();
  const { store } = await bench.open({ root });
  const put = async (text: string) => (await store.blobs.put(new TextEncoder().encode(text), 'text/plain')).blob;
  const blob = { shared: await put('shared'), mine: await put('mine'), theirs: await put('theirs') };
  await writeRun(store, RUN, decided('c', 'deny'), fileChanged('a', 'shared', 'mine'), finished);
  await writeRun(store, OTHER, decided('c', 'deny'), fileChanged('a', 'shared', 'theirs'), finished);
  const then = Date.now() / 1000 - 2 * 24 * 60 * 60;
  for (const address of Object.values(blob)) await utimes(fileOf(root, address), then, then);
  return { root, store, blob };
}

const fileOf = (root: string, address: string): string => path.join(root, 'blobs', address.slice(0, 2), address);
const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

describe('a run that is removed', () => {
  it('is gone with the blobs that were its alone; what was deleted, when and why stays in the index', async () => {
    const { root, store, blob } = await twoRuns();
    const { head, endedAt } = await store.summary(RUN);
    await store.remove(RUN, WHY);
    expect(await store.has(RUN)).toBe(false);
    expect((await store.summaries()).map(({ runId }) => runId)).toEqual([OTHER]);
    expect(await Promise.all([blob.shared, blob.mine, blob.theirs].map((it) => isThere(fileOf(root, it))))).toEqual([
      true,
      false,
      true,
    ]);
    expect(await store.verify(OTHER)).toMatchObject({ sound: true, blobs: 2 });
    expect(await store.deletions()).toMatchObject([
      { runId: RUN, root, events: 4, head, endedAt, deletedAt: WHY.at, reason: WHY.reason, blobs: 1 },
    ]);
    const index = path.join(root, 'index.sqlite');
    expect(await query(index, 'SELECT run_id, deleted_at, reason, events, blobs FROM deletions')).toEqual([
      [RUN, WHY.at, WHY.reason, 4, 1],
    ]);
    expect(await query(index, 'SELECT run_id FROM denials UNION ALL SELECT run_id FROM runs')).toEqual([
      [OTHER],
      [OTHER],
    ]);
    expect((await readdir(path.join(root, 'runs'))).sort()).toEqual([OTHER]);
    expect(await readdir(path.join(root, 'trash'))).toEqual([]);
  });

  it('is known as deleted after the index was rebuilt', async () => {
    const { root, store } = await twoRuns();
    await store.remove(RUN, WHY);
    await store.close();
    await writeFile(path.join(root, 'index.sqlite'), 'no database');
    const again = await bench.open({ root });
    expect(await query(path.join(root, 'index.sqlite'), 'SELECT run_id FROM deletions')).toEqual([[RUN]]);
    expect(await again.store.deletions()).toHaveLength(1);
  });

  it('keeps a blob that was stored again a moment ago, for an event that is not written yet', async () => {
    const { root, store, blob } = await twoRuns();
    // Another process, which has not looked at the blob before.
    const other = await bench.open({ root });
    await other.store.blobs.put(new TextEncoder().encode('mine'), 'text/plain');
    await store.remove(RUN, WHY);
    expect(await isThere(fileOf(root, blob.mine))).toBe(true);
    expect(await store.deletions()).toMatchObject([{ blobs: 0 }]);
  });

  it('is refused as long as somebody writes it, here or elsewhere, and then nothing is recorded', async () => {
    const root = bench.root();
    const [one, two] = [await bench.open({ root }), await bench.open({ root })];
    const writer = await one.store.create(RUN);
    for (const event of chain(RUN, [origin()])) await writer.append(event);
    await expect(one.store.remove(RUN, WHY)).rejects.toMatchObject({ code: 'run_locked' });
    await expect(two.store.remove(RUN, WHY)).rejects.toMatchObject({ code: 'run_locked' });
    await expect(one.store.remove(OTHER, WHY)).rejects.toMatchObject({ code: 'run_unknown' });
    expect(await one.store.deletions()).toEqual([]);
    await writer.close();
    await one.store.remove(RUN, WHY);
    expect(await one.store.has(RUN)).toBe(false);
  });

  it('says of a blob that went with it, and that another record still names, that retention took it', async () => {
    const { root, store, blob } = await twoRuns();
    await store.remove(RUN, WHY);
    await writeRun(store, RUN, fileChanged('a', null, 'mine'), finished);
    const report = await store.verify(RUN);
    expect(await isThere(fileOf(root, blob.mine))).toBe(false);
    expect(report).toMatchObject({ sound: true, findings: [] });
    expect(report.notChecked.map(({ kind }) => kind)).toContain('blob_by_retention');
  });

  it('is recorded on a line of its own, also after one that a crash left half', async () => {
    const { root, store } = await twoRuns();
    await writeFile(path.join(root, 'deletions.jsonl'), '{"runId":"ha');
    await store.remove(RUN, WHY);
    expect((await store.deletions()).map(({ runId }) => runId)).toEqual([RUN]);
  });
});

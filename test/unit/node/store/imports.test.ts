import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import type { RunEvent } from '../../../../src/core/events/schema';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, collect, fileChanged, longRun, origin, toolRequested } from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';
const NEW = new TextEncoder().encode('new');
const ORIGIN = { file: 'a.oxev', sha256: sha256('the bundle'), at: '2026-02-01T00:00:00.000Z', signedBy: null };

/** The journal's bytes in pieces that heed no line. */
async function* pieces(events: readonly RunEvent[], size = 100): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(events.map(lineOf).join(''));
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function* blobs(...all: { sha256: string; bytes: Uint8Array }[]) {
  yield* all;
}
const unfinishedRun = (): RunEvent[] => chain(RUN, [origin(), toolRequested('c1'), fileChanged('a.txt', null, 'new')]);

describe('a run that is adopted', () => {
  it('is there as it was, with its blobs, its database and its place in the list, and is read-only for ever', async () => {
    const root = bench.root();
    const { store, lines } = await bench.open({ root, segment: { events: 2, bytes: 1_000_000 } });
    const events = unfinishedRun();
    await store.adopt(RUN, {
      journal: pieces(events),
      blobs: blobs({ sha256: sha256(NEW), bytes: NEW }),
      origin: ORIGIN,
    });
    expect((await collect(store.read(RUN))).map(lineOf)).toEqual(events.map(lineOf));
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 3, blobs: 1 });
    expect(await store.summaries()).toMatchObject([{ runId: RUN, imported: true, root }]);
    expect(await store.originOf(RUN)).toEqual(ORIGIN);
    await expect(store.continue(RUN)).rejects.toMatchObject({ code: 'run_not_resumable' });
    expect(await store.unfinished()).toEqual([]);
    expect((await readdir(path.join(root, 'runs', RUN))).sort()).toEqual([
      'imported.json',
      'journal-2.jsonl',
      'journal.jsonl',
      'run.sqlite',
    ]);
    expect(await readdir(path.join(root, 'incoming'))).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('never takes the place of one that is there', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    for (const event of longRun(RUN, 2)) await writer.append(event);
    await writer.close();
    const content = { journal: pieces(unfinishedRun()), blobs: blobs(), origin: ORIGIN };
    await expect(store.adopt(RUN, content)).rejects.toMatchObject({ code: 'run_exists' });
    expect(await collect(store.read(RUN))).toHaveLength(2);
    expect((await store.summary(RUN)).imported).toBe(false);
  });

  it.each<[string, () => Parameters<Awaited<ReturnType<StoreBench['open']>>['store']['adopt']>[1], string]>([
    [
      'a blob is not what its address says',
      () => ({ journal: pieces(unfinishedRun()), blobs: blobs({ sha256: sha256('x'), bytes: NEW }), origin: ORIGIN }),
      'bundle_invalid',
    ],
    [
      'the last line is incomplete',
      () => ({
        journal: (async function* () {
          yield Buffer.from(unfinishedRun().map(lineOf).join('').slice(0, -4));
        })(),
        blobs: blobs(),
        origin: ORIGIN,
      }),
      'bundle_invalid',
    ],
  ])('leaves nothing of the run behind when %s', async (_case, content, code) => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await expect(store.adopt(RUN, content())).rejects.toMatchObject({ code });
    expect(await store.has(RUN)).toBe(false);
    expect(await readdir(path.join(root, 'runs'))).toEqual([]);
    expect(await readdir(path.join(root, 'incoming'))).toEqual([]);
  });

  it('gets the same database as the run had where it came from', async () => {
    const [here, there] = [bench.root(), bench.root()];
    const first = await bench.open({ root: there });
    const writer = await first.store.create(RUN);
    for (const event of unfinishedRun()) await writer.append(event);
    await writer.close();
    const { store } = await bench.open({ root: here });
    const origin = { ...ORIGIN, signedBy: 'ab:cd' };
    await store.adopt(RUN, { journal: first.store.journalBytes(RUN), blobs: blobs(), origin });
    const database = (root: string): string => path.join(root, 'runs', RUN, 'run.sqlite');
    expect(await readFile(database(here))).toEqual(await readFile(database(there)));
    // A database of a run that was imported is made anew as any other is.
    await rm(database(here));
    await store.tendDatabases();
    expect((await stat(database(here))).size).toBeGreaterThan(0);
  });
});

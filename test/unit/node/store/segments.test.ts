import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import type { RunEvent } from '../../../../src/core/events/schema';
import { openOnDisk } from '../../../../src/node/store/journalFile';
import type { RunStore } from '../../../../src/node/store/store';
import { chain, collect, finished, longRun } from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';
const SMALL = { events: 5, bytes: 1_000_000 };
const segmentOf = (root: string, number: number): string =>
  path.join(root, 'runs', RUN, number === 1 ? 'journal.jsonl' : `journal-${number}.jsonl`);
const linesIn = async (file: string): Promise<number> => (await readFile(file, 'utf8')).split('\n').length - 1;

async function journalsIn(root: string): Promise<string[]> {
  return (await readdir(path.join(root, 'runs', RUN))).filter((name) => name.startsWith('journal')).sort();
}

/** A closed run of so many events, in segments of five. */
async function segmented(count: number): Promise<{ root: string; store: RunStore; events: RunEvent[]; text: string }> {
  const root = bench.root();
  const { store } = await bench.open({ root, segment: SMALL });
  const events = longRun(RUN, count);
  const writer = await store.create(RUN);
  await Promise.all(events.map((event) => writer.append(event)));
  await writer.close();
  return { root, store, events, text: events.map(lineOf).join('') };
}

describe('a journal in segments', () => {
  it('goes on in another file when one is full, and reads as one chain', async () => {
    const { root, store, events, text } = await segmented(13);
    expect(await journalsIn(root)).toEqual(['journal-2.jsonl', 'journal-3.jsonl', 'journal.jsonl']);
    expect([
      await linesIn(segmentOf(root, 1)),
      await linesIn(segmentOf(root, 2)),
      await linesIn(segmentOf(root, 3)),
    ]).toEqual([5, 5, 3]);
    expect((await collect(store.read(RUN))).map(lineOf)).toEqual(events.map(lineOf));
    expect(Buffer.concat(await collect(store.journalBytes(RUN))).toString()).toBe(text);
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 13, head: events.at(-1)?.hash });
    expect(await store.summary(RUN)).toMatchObject({ events: 13, head: events.at(-1)?.hash });
  });

  it('begins another one before a file would grow too long, but never leaves one empty', async () => {
    const root = bench.root();
    const events = longRun(RUN, 6);
    const longest = Math.max(...events.slice(1).map((event) => lineOf(event).length));
    const { store } = await bench.open({ root, segment: { events: 100, bytes: 2 * longest } });
    const writer = await store.create(RUN);
    for (const event of events) await writer.append(event);
    await writer.close();
    // The first event alone is longer than a segment may be.
    const names = [1, 2, 3, 4].map((number) => segmentOf(root, number));
    expect(await Promise.all(names.map(linesIn))).toEqual([1, 2, 2, 1]);
    expect((await collect(store.read(RUN))).map(lineOf)).toEqual(events.map(lineOf));
  });

  it('is gone on with in its last file, which is filled first', async () => {
    const { root, store, events } = await segmented(8);
    const writer = await store.continue(RUN);
    for (const event of longRun(RUN, 12).slice(8)) await writer.append(event);
    await writer.close();
    expect(await Promise.all([1, 2, 3].map((number) => linesIn(segmentOf(root, number))))).toEqual([5, 5, 2]);
    expect((await collect(store.read(RUN))).slice(0, 8).map(lineOf)).toEqual(events.map(lineOf));
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 12 });
  });

  it('reads a range that begins late, or ends early, in whichever file', async () => {
    const { store } = await segmented(23);
    for (let from = 0; from <= 24; from += 1) {
      const to = from + 6;
      const expected = Array.from({ length: 7 }, (_, i) => from + i).filter((seq) => seq < 23);
      expect((await collect(store.read(RUN, { from, to }))).map(({ seq }) => seq)).toEqual(expected);
    }
  });
});

describe('a segment that broke off', () => {
  it.each<[string, (root: string) => Promise<void>, number]>([
    ['before the new file was there', () => Promise.resolve(), 10],
    ['when the new file was empty', (root) => writeFile(segmentOf(root, 3), ''), 10],
    ['in its first line', (root) => writeFile(segmentOf(root, 3), '{"torn'), 10],
  ])('%s is taken up again, and loses nothing', async (_case, tear, whole) => {
    const { root, store, text } = await segmented(10);
    await tear(root);
    expect(await collect(store.read(RUN))).toHaveLength(whole);
    const writer = await store.continue(RUN);
    expect(writer.head.events).toBe(whole);
    for (const event of chain(RUN, [finished], writer.head)) await writer.append(event);
    await writer.close();
    expect(await linesIn(segmentOf(root, 3))).toBe(1);
    expect(
      Buffer.concat(await collect(store.journalBytes(RUN)))
        .toString()
        .startsWith(text),
    ).toBe(true);
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 11 });
  });

  it('cut at any byte of its last file is an exact prefix of the run', async () => {
    const { root, store, text } = await segmented(12);
    const before = (await stat(segmentOf(root, 1))).size + (await stat(segmentOf(root, 2))).size;
    for (let size = (await stat(segmentOf(root, 3))).size; size >= 0; size -= 7) {
      await truncate(segmentOf(root, 3), size);
      await (await store.continue(RUN)).close();
      const kept = Buffer.concat(await collect(store.journalBytes(RUN))).toString();
      expect(text.startsWith(kept) && kept.endsWith('\n')).toBe(true);
      expect(kept.length).toBeGreaterThanOrEqual(before);
    }
  });
});

describe('a segment that is damaged', () => {
  it.each<[string, (root: string) => Promise<void>]>([
    ['is missing in the middle', (root) => rm(segmentOf(root, 2))],
    [
      'is incomplete at its end, though another follows',
      async (root) => {
        await truncate(segmentOf(root, 2), (await stat(segmentOf(root, 2))).size - 3);
      },
    ],
    [
      'has lost its last line',
      async (root) => {
        const lines = (await readFile(segmentOf(root, 2), 'utf8')).split('\n');
        await writeFile(segmentOf(root, 2), `${lines.slice(0, -2).join('\n')}\n`);
      },
    ],
    ['has bytes that are no event', (root) => appendFile(segmentOf(root, 1), 'x\n')],
  ])('because it %s is said, and nothing is repaired', async (_case, spoil) => {
    const { root, store } = await segmented(13);
    await spoil(root);
    const before = await Promise.all(
      (await journalsIn(root)).map((name) => readFile(path.join(root, 'runs', RUN, name))),
    );
    const corrupt = { code: 'journal_corrupt', message: expect.stringContaining('the journal is left as it is') };
    await expect(collect(store.read(RUN))).rejects.toMatchObject(corrupt);
    await expect(store.continue(RUN)).rejects.toMatchObject(corrupt);
    expect((await store.verify(RUN)).sound).toBe(false);
    const after = await Promise.all(
      (await journalsIn(root)).map((name) => readFile(path.join(root, 'runs', RUN, name))),
    );
    expect(after).toEqual(before);
  });
});

describe('a new segment that cannot be begun', () => {
  it('fails the event with one clear line; every event that was acknowledged stays', async () => {
    const root = bench.root();
    const { store } = await bench.open({
      root,
      segment: SMALL,
      openJournalFile: (file, mode) => {
        if (file.endsWith('journal-2.jsonl') && mode === 'create') {
          return Promise.reject(Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' }));
        }
        return openOnDisk(file, mode);
      },
    });
    const writer = await store.create(RUN);
    const events = longRun(RUN, 7);
    for (const event of events.slice(0, 5)) await writer.append(event);
    const refused = {
      code: 'disk_failure',
      message: `the event could not be written to ${segmentOf(root, 2)}: there is no permission to write there; check the owner of the folder (EACCES)`,
    };
    const [sixth, seventh] = events.slice(5);
    if (sixth === undefined || seventh === undefined) throw new Error('seven events');
    await expect(writer.append(sixth)).rejects.toMatchObject(refused);
    await expect(writer.append(seventh)).rejects.toMatchObject(refused);
    await writer.close();
    expect(writer.head.events).toBe(5);
    const again = await bench.open({ root, segment: SMALL });
    const continued = await again.store.continue(RUN);
    for (const event of events.slice(5)) await continued.append(event);
    await continued.close();
    expect(await again.store.verify(RUN)).toMatchObject({ sound: true, events: 7 });
  });

  it('never overwrites a file that is there', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root, segment: SMALL });
    const writer = await store.create(RUN);
    await writeFile(segmentOf(root, 2), 'precious');
    const outcomes = await Promise.allSettled(longRun(RUN, 7).map((event) => writer.append(event)));
    expect(outcomes.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), 'rejected', 'rejected']);
    expect(await readFile(segmentOf(root, 2), 'utf8')).toBe('precious');
    await writer.close();
  });
});

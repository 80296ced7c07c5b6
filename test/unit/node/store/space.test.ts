/** The space that is made ahead at the end of a journal: who meets it knows it for what it is, and a hole for damage. */
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { openJournal, storedLines } from '../../../../src/node/store/journal';
import { type JournalFile, openOnDisk } from '../../../../src/node/store/journalFile';
import { readEvents, recoverJournal } from '../../../../src/node/store/reading';
import { journalLength } from '../../../../src/node/store/segments';
import { makeFolder } from '../../../../src/node/system/durable';
import { sha256 } from '../../../../src/node/system/sha256';
import { collect, longRun } from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';
const EVENTS = longRun(RUN, 10);
const LINES = EVENTS.map(lineOf);
const TEXT = Buffer.from(LINES.join(''));
const LAST = Buffer.byteLength(LINES.at(-1) ?? '');
const SPACE = Buffer.alloc(3000);
const journalOf = (root: string, number = 1): string =>
  path.join(root, 'runs', RUN, number === 1 ? 'journal.jsonl' : `journal-${number}.jsonl`);
const errno = (code: string): Error => Object.assign(new Error(`${code}: something of the system`), { code });

/** A root with a folder for the run, and a journal of these bytes, if any. */
async function rootWith(bytes?: Uint8Array): Promise<string> {
  const root = bench.root();
  await makeFolder(path.dirname(journalOf(root)));
  if (bytes !== undefined) await writeFile(journalOf(root), bytes);
  return root;
}

describe('a journal whose lines come one by one', () => {
  it('has space after its end that the next ones go into, and none once it is closed', async () => {
    const root = await rootWith();
    const journal = await openJournal({ root, run: RUN }, 'create');
    for (const line of LINES.slice(0, 5)) await journal.append(line);
    const written = await readFile(journalOf(root));
    const text = LINES.slice(0, 5).join('');
    expect(written.length).toBeGreaterThan(TEXT.length);
    expect(written.equals(Buffer.concat([Buffer.from(text), Buffer.alloc(written.length - text.length)]))).toBe(true);
    for (const line of LINES.slice(5)) await journal.append(line);
    expect((await stat(journalOf(root))).size).toBe(written.length);
    await journal.close();
    expect((await readFile(journalOf(root))).equals(TEXT)).toBe(true);
  });

  it('makes space again and again, and holds just its lines in the end', async () => {
    const root = await rootWith();
    const journal = await openJournal({ root, run: RUN }, 'create');
    const lines = Array.from({ length: 120 }, (_, i) => `${'x'.repeat(i * 50)}${i}\n`);
    for (const line of lines) await journal.append(line);
    await journal.close();
    expect(await readFile(journalOf(root), 'utf8')).toBe(lines.join(''));
  });

  it('has no space while lines come together: of those an interrupted write must leave the beginning alone', async () => {
    const root = await rootWith();
    const journal = await openJournal({ root, run: RUN }, 'create');
    for (const line of LINES.slice(0, 5)) await journal.append(line);
    await Promise.all(LINES.slice(5).map((line) => journal.append(line)));
    expect((await readFile(journalOf(root))).equals(TEXT)).toBe(true);
    await journal.close();
  });

  it('leaves none in a segment that is full', async () => {
    const root = await rootWith();
    const journal = await openJournal({ root, run: RUN }, 'create', { limit: { events: 6, bytes: 1_000_000 } });
    for (const line of LINES) await journal.append(line);
    expect(await readFile(journalOf(root), 'utf8')).toBe(LINES.slice(0, 6).join(''));
    await journal.close();
    expect(await readFile(journalOf(root, 2), 'utf8')).toBe(LINES.slice(6).join(''));
  });

  it('never grows past the limit of a segment', async () => {
    const root = await rootWith();
    const bytes = TEXT.length + 100;
    const journal = await openJournal({ root, run: RUN }, 'create', { limit: { events: 100, bytes } });
    for (const line of LINES) await journal.append(line);
    expect((await stat(journalOf(root))).size).toBe(bytes);
    await journal.close();
  });
});

describe('a disk that has no space to be made', () => {
  /** Appends all lines, in segments of six, to files that make space in another way. */
  async function appended(extend: (disk: JournalFile, at: number, length: number) => Promise<number>) {
    const root = await rootWith();
    const journal = await openJournal({ root, run: RUN }, 'create', {
      limit: { events: 6, bytes: 1_000_000 },
      openFile: async (name, mode) => {
        const disk = await openOnDisk(name, mode);
        return { ...disk, extend: (at, length) => extend(disk, at, length) };
      },
    });
    const outcomes: string[] = [];
    for (const line of LINES) {
      await journal.append(line).then(
        () => outcomes.push('durable'),
        (error: { code: string }) => outcomes.push(error.code),
      );
    }
    await journal.close();
    const files = [1, 2].map((number) => readFile(journalOf(root, number), 'utf8').catch(() => null));
    return { outcomes, files: await Promise.all(files) };
  }

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])(
    'fails no line that still fits, and leaves no part of it: %s',
    async (code) => {
      let asked = 0;
      const { outcomes, files } = await appended(async (disk, at, length) => {
        asked += 1;
        await disk.extend(at, Math.floor(length / 2));
        throw errno(code);
      });
      expect(outcomes).toEqual(LINES.map(() => 'durable'));
      expect(files).toEqual([LINES.slice(0, 6).join(''), LINES.slice(6).join('')]);
      expect(asked).toBe(1);
    },
  );

  it('fails the line when it fails otherwise, for then nothing is known of what was written', async () => {
    const { outcomes, files } = await appended(() => Promise.reject(errno('EIO')));
    expect(outcomes).toEqual(LINES.map((_, i) => (i < 3 ? 'durable' : 'disk_failure')));
    expect(files).toEqual([LINES.slice(0, 3).join(''), null]);
  });

  it.each([1, 100, LAST + 1])('takes lines for as long as there is room, also in %i bytes of space', async (room) => {
    const root = await rootWith();
    const start = Buffer.byteLength(LINES.slice(0, 3).join(''));
    const full = start + room;
    const fits = (at: number, length: number): number => {
      if (at >= full) throw errno('ENOSPC');
      return Math.min(length, full - at);
    };
    const journal = await openJournal({ root, run: RUN }, 'create', {
      openFile: async (name, mode) => {
        const disk = await openOnDisk(name, mode);
        return {
          ...disk,
          write: async (bytes, at) => disk.write(bytes.subarray(0, fits(at, bytes.length)), at),
          extend: async (at, length) => disk.extend(at, fits(at, length)),
        };
      },
    });
    const outcomes = [];
    for (const line of LINES) outcomes.push(await journal.append(line).then(Boolean, () => false));
    await journal.close();
    const whole = LINES.filter((_, i) => Buffer.byteLength(LINES.slice(0, i + 1).join('')) <= full);
    expect(outcomes).toEqual(LINES.map((_, i) => i < whole.length));
    expect(await readFile(journalOf(root), 'utf8')).toBe(whole.join(''));
  });
});

/** Parts of the last line that a power cut can leave, whichever they are. */
function torn(): [string, Buffer][] {
  const before = TEXT.subarray(0, -LAST);
  const line = TEXT.subarray(-LAST);
  const without = (from: number, to: number): Buffer => Buffer.from(line).fill(0, from, to);
  return [
    ['nothing', Buffer.concat([before, Buffer.alloc(LAST)])],
    ['its first byte', Buffer.concat([before, without(1, LAST)])],
    ['all but its line feed', Buffer.concat([before, without(LAST - 1, LAST)])],
    ['its beginning', Buffer.concat([before, without(40, LAST)])],
    ['its end', Buffer.concat([before, without(0, 40)])],
    ['its line feed alone', Buffer.concat([before, without(0, LAST - 1)])],
    ['its beginning and its end', Buffer.concat([before, without(40, 80)])],
    ['its middle', Buffer.concat([before, Buffer.from(without(0, 40)).fill(0, 80)])],
  ];
}

describe('a journal whose writer was killed', () => {
  it('ends in space, which is no part of it and is cut off when the run goes on', async () => {
    const root = await rootWith();
    const journal = await openJournal({ root, run: RUN }, 'create');
    for (const line of LINES) await journal.append(line);
    const killed = bench.root();
    await cp(root, killed, { recursive: true });
    await journal.close();
    expect((await stat(journalOf(killed))).size).toBeGreaterThan(TEXT.length);
    expect(await journalLength(killed, RUN)).toBe(TEXT.length);
    expect(await collect(readEvents(killed, RUN))).toHaveLength(10);
    const { store } = await bench.open({ root: killed });
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 10 });
    expect(await store.unfinished()).toEqual([RUN]);
    const writer = await store.continue(RUN);
    expect((await readFile(journalOf(killed))).equals(TEXT)).toBe(true);
    for (const event of longRun(RUN, 14).slice(10)) await writer.append(event);
    await writer.close();
    expect(await readFile(journalOf(killed), 'utf8')).toBe(longRun(RUN, 14).map(lineOf).join(''));
  });

  it.each(torn())(
    'with %s of its last line written has all lines before, and goes on from there',
    async (what, bytes) => {
      const root = await rootWith(Buffer.concat([bytes, SPACE]));
      const isWhole = what === 'nothing';
      const { store } = await bench.open({ root });
      const { sound, events, findings } = await store.verify(RUN);
      expect({ sound, events }).toEqual({ sound: isWhole, events: 9 });
      expect(findings.map(({ kind, seq }) => ({ kind, seq }))).toEqual(isWhole ? [] : [{ kind: 'incomplete', seq: 9 }]);
      expect(await collect(store.read(RUN))).toHaveLength(9);
      expect(Buffer.concat(await collect(store.journalBytes(RUN))).toString()).toBe(LINES.slice(0, 9).join(''));
      const writer = await store.continue(RUN);
      expect(writer.head).toEqual({ events: 9, hash: EVENTS[8]?.hash });
      expect(await readFile(journalOf(root), 'utf8')).toBe(LINES.slice(0, 9).join(''));
      for (const event of EVENTS.slice(9)) await writer.append(event);
      await writer.close();
      expect((await readFile(journalOf(root))).equals(TEXT)).toBe(true);
      expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 10 });
    },
  );

  it('with space that is longer than a piece of reading is read to the same end', async () => {
    for (const length of [1, 65_535, 65_536, 65_537, 400_000]) {
      const root = await rootWith(Buffer.concat([TEXT, Buffer.alloc(length)]));
      expect(await journalLength(root, RUN)).toBe(TEXT.length);
      expect((await collect(storedLines(root, RUN))).map(({ bytes }) => bytes.toString())).toEqual(LINES);
    }
    const empty = await rootWith(Buffer.alloc(70_000));
    expect(await journalLength(empty, RUN)).toBe(0);
    expect(await collect(storedLines(empty, RUN))).toEqual([]);
  });
});

describe('NUL bytes where lines follow', () => {
  const holed = (from: number, to: number): Buffer => Buffer.from(TEXT).fill(0, from, to);
  const end = (lines: number): number => Buffer.byteLength(LINES.slice(0, lines).join(''));

  it.each([
    ['a byte of a line', 4, holed(end(4) + 20, end(4) + 21)],
    ['a line feed', 4, holed(end(5) - 1, end(5))],
    ['a whole line', 4, holed(end(4), end(5))],
    ['the end of one line and the beginning of the next', 4, holed(end(5) - 30, end(5) + 30)],
    ['all lines but the last', 0, holed(0, end(9))],
    ['the line before the last', 8, holed(end(8), end(9))],
    ['the line before the last without its line feed', 8, holed(end(8), end(9) - 1)],
    ['the end of the line before the last', 8, holed(end(9) - 40, end(9))],
  ])('are damage, never space: %s', async (_what, seq, bytes) => {
    for (const stored of [bytes, Buffer.concat([bytes, SPACE])]) {
      const root = await rootWith(stored);
      const { store } = await bench.open({ root });
      const { sound, findings } = await store.verify(RUN);
      expect(sound).toBe(false);
      expect(findings[0]).toMatchObject({ seq });
      await expect(collect(store.read(RUN))).rejects.toMatchObject({ code: 'journal_corrupt' });
      await expect(recoverJournal(root, RUN, sha256, () => undefined)).rejects.toMatchObject({
        code: 'journal_corrupt',
      });
      expect((await readFile(journalOf(root))).equals(stored)).toBe(true);
    }
  });

  it('are damage at the end of a segment that is not the last', async () => {
    const root = await rootWith(Buffer.concat([TEXT.subarray(0, end(5)), SPACE]));
    await writeFile(journalOf(root, 2), TEXT.subarray(end(5)));
    const { store } = await bench.open({ root });
    expect(await store.verify(RUN)).toMatchObject({ sound: false, findings: [{ seq: 5, kind: 'incomplete' }] });
    await expect(store.continue(RUN)).rejects.toMatchObject({ code: 'journal_corrupt' });
  });
});

describe('a run that is being written, seen by another store', () => {
  it('is listed, read and verified to its last event, and its space is nothing new', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    const other = await bench.open({ root: bench.root(), siblings: [root] });
    for (const [seq, event] of EVENTS.entries()) {
      await writer.append(event);
      expect(await other.store.summary(RUN)).toMatchObject({ events: seq + 1, head: event.hash, status: 'running' });
    }
    expect((await stat(journalOf(root))).size).toBeGreaterThan(TEXT.length);
    expect(await other.store.summaries()).toMatchObject([{ runId: RUN, events: 10 }]);
    expect((await collect(other.store.read(RUN))).map(lineOf)).toEqual(LINES);
    expect(Buffer.concat(await collect(other.store.journalBytes(RUN))).equals(TEXT)).toBe(true);
    expect(await other.store.verify(RUN)).toMatchObject({ sound: true, events: 10, findings: [] });
    await writer.close();
    expect(await other.store.summary(RUN)).toMatchObject({ events: 10, status: 'running' });
    expect(other.lines).toEqual([]);
  });

  it('has no finding when its last line is half there', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    for (const event of EVENTS) await writer.append(event);
    const [, half] = torn()[6] ?? [];
    if (half === undefined) throw new Error('a line without its middle');
    await writeFile(journalOf(root), Buffer.concat([half, SPACE]), { flag: 'r+' });
    const { store: other } = await bench.open({ root: bench.root(), siblings: [root] });
    const { sound, findings, notChecked } = await other.verify(RUN);
    expect({ sound, findings }).toEqual({ sound: true, findings: [] });
    expect(notChecked.map(({ kind }) => kind)).toContain('live');
    expect(await collect(other.read(RUN))).toHaveLength(9);
    await writer.close();
    await rm(root, { recursive: true });
  });
});

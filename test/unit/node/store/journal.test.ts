import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_HEAD, lineOf } from '../../../../src/core/events/chain';
import type { RunEvent } from '../../../../src/core/events/schema';
import { openJournal, storedLines } from '../../../../src/node/store/journal';
import { type JournalFile, openOnDisk } from '../../../../src/node/store/journalFile';
import { readEvents, recoverJournal } from '../../../../src/node/store/reading';
import { sha256 } from '../../../../src/node/system/sha256';
import { collect, longRun } from '../../../support/eventChain';

const RUN = 'run-1';
let folder: string;
let root: string;
let file: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'openexec-journal-'));
});
beforeEach(async () => {
  made += 1;
  root = path.join(folder, `store-${made}`);
  file = path.join(root, 'runs', RUN, 'journal.jsonl');
  await mkdir(path.dirname(file), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A real file on a disk that has room for so many bytes, and counts the calls. */
async function smallDisk(room: number): Promise<JournalFile & { calls: string[] }> {
  const disk = await openOnDisk(file, 'create');
  const calls: string[] = [];
  const fitting = (bytes: Uint8Array, at: number): Uint8Array => {
    if (at >= room) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return bytes.subarray(0, room - at);
  };
  return {
    ...disk,
    calls,
    async write(bytes, at) {
      calls.push('write');
      return disk.write(fitting(bytes, at), at);
    },
    async extend(at, length) {
      calls.push('extend');
      return disk.extend(at, fitting(new Uint8Array(length), at).length);
    },
    async datasync() {
      calls.push('datasync');
      await disk.datasync();
    },
  };
}

describe('a journal', () => {
  it('is created once, and never over one that is there', async () => {
    await writeFile(file, 'precious\n');
    await expect(openJournal({ root, run: RUN }, 'create')).rejects.toMatchObject({ code: 'internal' });
    expect(await readFile(file, 'utf8')).toBe('precious\n');
  });

  it('says where a line ends in the file', async () => {
    const journal = await openJournal({ root, run: RUN }, 'create');
    expect(await journal.append('grüße\n')).toBe(8);
    expect(await journal.append('2\n')).toBe(10);
    await journal.close();
    expect(await readFile(file, 'utf8')).toBe('grüße\n2\n');
  });

  it('writes and flushes once for lines that wait together, and once each for lines that do not', async () => {
    const disk = await smallDisk(1_000_000);
    const journal = await openJournal({ root, run: RUN }, 'create', { openFile: async () => disk });
    await Promise.all(['1\n', '2\n', '3\n', '4\n'].map((line) => journal.append(line)));
    // The first goes at once; the others wait for it, together.
    expect(disk.calls).toEqual(['write', 'datasync', 'write', 'datasync']);
    await journal.append('5\n');
    expect(disk.calls).toHaveLength(6);
    await journal.close();
    expect(await readFile(file, 'utf8')).toBe('1\n2\n3\n4\n5\n');
  });

  it.each(Array.from({ length: 13 }, (_, room) => room))(
    'on a disk that is full after %i bytes keeps whole lines, cuts the torn one, and refuses all that follow',
    async (room) => {
      const journal = await openJournal({ root, run: RUN }, 'create', { openFile: () => smallDisk(room) });
      const outcomes: string[] = [];
      for (const line of ['one\n', 'two\n', 'six\n', 'ten\n']) {
        outcomes.push(
          await journal.append(line).then(
            () => 'durable',
            (error: { code: string }) => error.code,
          ),
        );
      }
      const whole = Math.floor(room / 4);
      expect(outcomes).toEqual(['one', 'two', 'six', 'ten'].map((_, i) => (i < whole ? 'durable' : 'disk_failure')));
      expect(await readFile(file, 'utf8')).toBe('one\ntwo\nsix\nten\n'.slice(0, 4 * whole));
      await journal.close();
    },
  );

  it('says in one line that the disk is full, where, and what to do', async () => {
    const journal = await openJournal({ root, run: RUN }, 'create', { openFile: () => smallDisk(0) });
    const message = await journal.append('one\n').then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toBe(
      `the event could not be written to ${file}: the disk is full; free some space and try again (ENOSPC)`,
    );
    await journal.close();
  });

  it('refuses everything after a flush that failed, though the write seemed to work', async () => {
    const disk = await openOnDisk(file, 'create');
    let flushes = 0;
    const journal = await openJournal({ root, run: RUN }, 'create', {
      openFile: async () => ({
        ...disk,
        datasync: async () => {
          flushes += 1;
          if (flushes === 2) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
        },
      }),
    });
    await journal.append('one\n');
    await expect(journal.append('two\n')).rejects.toMatchObject({ code: 'disk_failure' });
    await expect(journal.append('three\n')).rejects.toMatchObject({ code: 'disk_failure' });
    await journal.close();
    expect(await readFile(file, 'utf8')).toBe('one\n');
  });

  it.skipIf(!existsSync('/dev/full'))('fails clearly on a file system that is really full', async () => {
    await symlink('/dev/full', file);
    const journal = await openJournal({ root, run: RUN }, { segment: 1, bytes: 0, events: 0, total: 0 });
    await expect(journal.append('one\n')).rejects.toMatchObject({
      code: 'disk_failure',
      message: expect.stringContaining('ENOSPC'),
    });
    await journal.close();
  });

  it('refuses lines after it was closed, and has written those before', async () => {
    const journal = await openJournal({ root, run: RUN }, 'create');
    const early = journal.append('one\n');
    await journal.close();
    await early;
    await expect(journal.append('two\n')).rejects.toMatchObject({ code: 'internal' });
    expect(await readFile(file, 'utf8')).toBe('one\n');
  });
});

describe('reading a journal', () => {
  it('gives lines that are longer than any buffer, and says which is incomplete', async () => {
    const long = 'ü'.repeat(400_000);
    await writeFile(file, `a\n${long}\n\nrest`);
    const lines = await collect(storedLines(root, RUN));
    expect(lines.map((line) => [line.bytes.toString(), line.complete])).toEqual([
      ['a\n', true],
      [`${long}\n`, true],
      ['\n', true],
      ['rest', false],
    ]);
    expect(lines.map((line) => line.end)).toEqual([2, 800_003, 800_004, 800_008]);
  });

  it('gives the events of a range, both ends included', async () => {
    await writeFile(file, longRun(RUN, 10).map(lineOf).join(''));
    const seqs = async (range: { from?: number; to?: number }) =>
      (await collect(readEvents(root, RUN, range))).map(({ event }) => event.seq);
    expect(await seqs({ from: 3, to: 5 })).toEqual([3, 4, 5]);
    expect(await seqs({ from: 8 })).toEqual([8, 9]);
    expect(await seqs({ to: 1 })).toEqual([0, 1]);
    expect(await seqs({ from: 20 })).toEqual([]);
  });

  it('leaves out a last line that is still being written', async () => {
    await writeFile(file, longRun(RUN, 3).map(lineOf).join('').slice(0, -5));
    expect(await collect(readEvents(root, RUN))).toHaveLength(2);
  });

  it('names the line that is no event', async () => {
    const lines = longRun(RUN, 3).map(lineOf);
    for (const spoiled of ['{"v":1}\n', 'no json\n', lines[0] ?? '']) {
      await writeFile(file, [lines[0], spoiled, lines[2]].join(''));
      await expect(collect(readEvents(root, RUN))).rejects.toMatchObject({
        code: 'journal_corrupt',
        message: expect.stringContaining(`${file} line 2`),
      });
    }
  });
});

describe('recovering a journal', () => {
  const recover = async (): Promise<{ events: RunEvent[]; bytes: number; head: string }> => {
    const events: RunEvent[] = [];
    const { head, end } = await recoverJournal(root, RUN, sha256, (event) => events.push(event));
    return { events, bytes: end.total, head: head.hash };
  };

  it('cut anywhere gives an exact prefix, and the file is that prefix', async () => {
    const events = longRun(RUN, 3);
    const text = events.map(lineOf).join('');
    const ends = events.map((_, i) =>
      Buffer.byteLength(
        events
          .slice(0, i + 1)
          .map(lineOf)
          .join(''),
      ),
    );
    // The long first line only here and there: its inside is all alike to the reader.
    for (let cut = 0; cut <= text.length; cut += cut < (ends[0] ?? 0) - 20 ? 17 : 1) {
      await writeFile(file, text.slice(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      const found = await recover();
      expect(found.events.length, `cut at ${cut}`).toBe(whole);
      expect(found.bytes).toBe(ends[whole - 1] ?? 0);
      expect(found.head).toBe(events[whole - 1]?.hash ?? EMPTY_HEAD.hash);
      expect(await readFile(file, 'utf8')).toBe(text.slice(0, found.bytes));
    }
  });

  it('never repairs anything else: it names the line and leaves the file as it is', async () => {
    const lines = longRun(RUN, 4).map(lineOf);
    const spoiled = [lines[0], (lines[1] ?? '').replace('"n', '"m'), lines[2], (lines[3] ?? '').slice(0, 9)].join('');
    await writeFile(file, spoiled);
    await expect(recover()).rejects.toMatchObject({
      code: 'journal_corrupt',
      message: expect.stringContaining('line 2'),
    });
    expect(await readFile(file, 'utf8')).toBe(spoiled);
  });

  it('takes bytes that are no text for damage, not for a torn line', async () => {
    await writeFile(file, longRun(RUN, 2).map(lineOf).join(''));
    await appendFile(file, Buffer.from([0xff, 0x0a]));
    await expect(recover()).rejects.toMatchObject({
      code: 'journal_corrupt',
      message: expect.stringContaining('not UTF-8'),
    });
  });
});

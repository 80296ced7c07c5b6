import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../src/core/events/chain';
import type { RunEvent } from '../../src/core/events/schema';
import type { EventLog } from '../../src/core/ports/eventLog';
import { openOnDisk } from '../../src/node/store/journalFile';
import { collect, longRun } from '../support/eventChain';
import { memoryEventLog } from '../support/memoryEventLog';
import { type StoreBench, storeBench } from '../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';

/** A log with room for so many events, and how to read back what it holds. */
type Made = { readonly log: EventLog; readonly stored: () => Promise<RunEvent[]> };

async function onDisk(room: number): Promise<Made> {
  let left = room;
  const { store } = await bench.open({
    root: bench.root(),
    openJournalFile: async (file, mode) => {
      const disk = await openOnDisk(file, mode);
      return {
        ...disk,
        write: async (bytes, at) => {
          if (left <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          left -= 1;
          return disk.write(bytes, at);
        },
      };
    },
  });
  const log = await store.create(RUN);
  return { log, stored: () => collect(store.read(RUN)) };
}

async function inMemory(room: number): Promise<Made> {
  const log = memoryEventLog(RUN, room);
  return { log, stored: async () => log.events };
}

describe.each([
  ['on disk', onDisk],
  ['in memory', inMemory],
])('an event log %s', (_name, make: (room: number) => Promise<Made>) => {
  it('holds what was appended, in order', async () => {
    const { log, stored } = await make(100);
    const events = longRun(RUN, 10);
    for (const event of events) await log.append(event);
    expect((await stored()).map(lineOf)).toEqual(events.map(lineOf));
  });

  it('takes events that do not wait for each other', async () => {
    const { log, stored } = await make(100);
    const events = longRun(RUN, 30);
    await Promise.all(events.map((event) => log.append(event)));
    expect((await stored()).map((event) => event.seq)).toEqual(events.map((event) => event.seq));
  });

  it('refuses an event that leaves a hole, repeats one, or belongs to another chain, and goes on', async () => {
    const { log, stored } = await make(100);
    const [first, second, third] = longRun(RUN, 3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three events');
    const [stranger] = longRun('another-run', 1);
    await log.append(first);
    for (const wrong of [third, first, stranger, { ...second, prev: third.hash }]) {
      await expect(log.append(wrong as RunEvent)).rejects.toMatchObject({ code: 'internal' });
    }
    await log.append(second);
    expect((await stored()).map((event) => event.seq)).toEqual([0, 1]);
  });

  it('says disk_failure when there is no room, keeps what it has, and takes nothing any more', async () => {
    const { log, stored } = await make(2);
    const events = longRun(RUN, 4);
    const outcomes: string[] = [];
    for (const event of events) {
      outcomes.push(
        await log.append(event).then(
          () => 'durable',
          (error: { code: string }) => error.code,
        ),
      );
    }
    expect(outcomes).toEqual(['durable', 'durable', 'disk_failure', 'disk_failure']);
    expect((await stored()).map((event) => event.seq)).toEqual([0, 1]);
  });
});

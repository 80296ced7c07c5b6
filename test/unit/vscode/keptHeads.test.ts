import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/events/schema';
import { sha256 } from '../../../src/node/system/sha256';
import { KeptHeads, type Memory, refuseContradicted } from '../../../src/vscode/keptHeads';

const ROOT = '/store';

/** The editor's state, as it would be after a restart; other windows write into the same. */
function memory(values = new Map<string, unknown>()): Memory & { readonly values: Map<string, unknown> } {
  return {
    values,
    keys: () => [...values.keys()],
    get: (key) => values.get(key),
    update: async (key, value) => {
      if (value === undefined) values.delete(key);
      else values.set(key, JSON.parse(JSON.stringify(value)));
    },
  };
}

const hashAt = (seq: number, chain = 'a'): string => sha256(`${chain} ${seq}`);

/** As much of an event as a head is made of. */
function event(seq: number, type: RunEvent['type'] = 'tool.finished', chain = 'a'): RunEvent {
  return { run: 'r1', seq, type, prev: hashAt(seq - 1, chain), hash: hashAt(seq, chain) } as RunEvent;
}

function heads(where: Memory, log: string[] = []): KeptHeads {
  return new KeptHeads(where, sha256, (line) => log.push(line));
}

const kept = (of: KeptHeads) => of.of(ROOT, 'r1').map(({ events, hash }) => ({ events, hash }));

describe('heads that the editor keeps', () => {
  test('the newest event of a run that goes on is its only head', () => {
    const own = heads(memory());
    for (let seq = 0; seq < 5; seq++) own.note(ROOT, event(seq));
    expect(kept(own)).toEqual([{ events: 5, hash: hashAt(4) }]);
  });

  test('the head of a run that halts is written at once', async () => {
    const state = memory();
    heads(state).note(ROOT, event(0, 'run.paused'));
    await expect.poll(() => kept(heads(state))).toEqual([{ events: 1, hash: hashAt(0) }]);
  });

  test('the head of a run under way is written without a halt, too', async () => {
    const state = memory();
    heads(state).note(ROOT, event(0));
    await expect.poll(() => kept(heads(state)), { timeout: 5000 }).toEqual([{ events: 1, hash: hashAt(0) }]);
  });

  test('what is appended after a cut does not take the place of the head that shows the cut', async () => {
    const state = memory();
    const before = heads(state);
    for (let seq = 0; seq < 9; seq++) before.note(ROOT, event(seq));
    await before.flush();
    const log: string[] = [];
    const after = heads(state, log);
    after.note(ROOT, event(6, 'run.interrupted'));
    expect(log.join()).toContain('its end was cut off');
    expect(kept(after)).toEqual([
      { events: 9, hash: hashAt(8) },
      { events: 7, hash: hashAt(6) },
    ]);
  });

  test('what is appended to a rewritten end of the same length does not take the place of its head', async () => {
    const state = memory();
    const before = heads(state);
    for (let seq = 0; seq < 9; seq++) before.note(ROOT, event(seq));
    await before.flush();
    const after = heads(state);
    after.note(ROOT, event(9, 'run.resumed', 'b'));
    expect(kept(after)).toHaveLength(2);
  });

  test('once the record was found sound, the newest head stands for all', async () => {
    const state = memory();
    const own = heads(state);
    own.note(ROOT, event(0));
    own.note(ROOT, event(4));
    await own.confirm(ROOT, 'r1');
    expect(kept(heads(state))).toEqual([{ events: 5, hash: hashAt(4) }]);
  });

  test('a record that came from elsewhere does not take the place of the head of the one that was here', async () => {
    const own = heads(memory());
    await own.add(ROOT, 'r1', { events: 9, hash: hashAt(8) });
    await own.add(ROOT, 'r1', { events: 9, hash: hashAt(8) });
    expect(kept(own)).toHaveLength(1);
    await own.add(ROOT, 'r1', { events: 5, hash: hashAt(4) });
    expect(kept(own)).toHaveLength(2);
  });

  test('runs of another store with the same id have heads of their own', () => {
    const own = heads(memory());
    own.note(ROOT, event(0));
    expect(own.of('/other', 'r1')).toEqual([]);
  });

  test('a head that another window wrote away is written again', async () => {
    const state = memory();
    const own = heads(state);
    own.note(ROOT, event(0));
    await own.flush();
    state.values.clear();
    await own.flush();
    expect(kept(heads(state))).toEqual([{ events: 1, hash: hashAt(0) }]);
  });

  test('what cannot be read is not used, and said in the log', async () => {
    const state = memory();
    const own = heads(state);
    own.note(ROOT, event(0));
    await own.flush();
    for (const key of state.keys()) state.values.set(key, { heads: [{ events: 'many' }] });
    const log: string[] = [];
    expect(heads(state, log).of(ROOT, 'r1')).toEqual([]);
    expect(log).toHaveLength(1);
  });

  test('a head that cannot be written is tried again', async () => {
    const state = memory();
    let full = true;
    const log: string[] = [];
    const failing: Memory = {
      ...state,
      update: (key, value) => (full ? Promise.reject(new Error('no room')) : state.update(key, value)),
    };
    const own = heads(failing, log);
    own.note(ROOT, event(0));
    await own.flush();
    expect(log.join()).toContain('no room');
    full = false;
    await own.flush();
    expect(kept(heads(state))).toHaveLength(1);
  });
});

describe('records that are gone', () => {
  async function stateWith(...runs: string[]): Promise<ReturnType<typeof memory>> {
    const state = memory();
    const own = heads(state);
    for (const run of runs) await own.add(ROOT, run, { events: 3, hash: hashAt(2) });
    return state;
  }

  test('a run that is there is not missing', async () => {
    const found = await heads(await stateWith('r1')).missing(ROOT, new Set(['r1']), new Map());
    expect(found).toEqual({ all: [], news: [], deleted: [] });
  });

  test('a run whose head is known and whose record is gone is news once, and found every time', async () => {
    const state = await stateWith('r1', 'r2');
    expect(await heads(state).missing(ROOT, new Set(['r2']), new Map())).toEqual({
      all: ['r1'],
      news: ['r1'],
      deleted: [],
    });
    expect(await heads(state).missing(ROOT, new Set(['r2']), new Map())).toEqual({
      all: ['r1'],
      news: [],
      deleted: [],
    });
  });

  test('a deletion on record is not missing, and its head is forgotten', async () => {
    const state = await stateWith('r1');
    expect(await heads(state).missing(ROOT, new Set(), new Map([['r1', 'then']]))).toEqual({
      ...{ all: [], news: [], deleted: ['r1'] },
    });
    expect(state.keys()).toEqual([]);
  });

  test('runs of another store are not looked for in this one', async () => {
    const state = await stateWith('r1');
    expect(await heads(state).missing('/other', new Set(), new Map())).toEqual({ all: [], news: [], deleted: [] });
  });
});

describe('a record that contradicts what is kept of it', () => {
  const finding = { seq: 7, kind: 'head', expected: 'the hash that was kept', found: 'an end after 7 events' } as const;
  const report = { events: 7, blobs: 0, head: 'x', notChecked: [] };

  test('is refused as a ground to build on, saying what is wrong with it; one that is sound is not', () => {
    expect(() => refuseContradicted({ ...report, sound: false, findings: [finding] })).toThrow(
      /event 7: expected the hash that was kept, found an end after 7 events/,
    );
    expect(() => refuseContradicted({ ...report, sound: true, findings: [] })).not.toThrow();
  });
});

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type FoldedMoment, foldMoment, momentOf, type RunMoment } from '../../../../src/core/events/moment';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { moments } from '../../../../src/node/runs/moments';
import { chain, charged, fileChanged, nodeStarted, origin, toolRequested } from '../../../support/eventChain';
import { storeBench } from '../../../support/storeWorker';

/** Journals in memory that count what is read of them, the end of a range included. */
class Journals {
  readonly events = new Map<string, RunEvent[]>();
  readSeqs: number[] = [];

  async *read(run: string, { from = 0, to = Number.POSITIVE_INFINITY }: { from?: number; to?: number } = {}) {
    const events = this.events.get(run);
    if (events === undefined) throw new OpenExecError('run_unknown', `there is no run ${run}`);
    for (const event of events.slice(from, to + 1)) {
      this.readSeqs.push(event.seq);
      yield event;
    }
  }

  /** How many events `work` reads. */
  async during(work: () => Promise<unknown>): Promise<number> {
    this.readSeqs = [];
    await work();
    return this.readSeqs.length;
  }
}

const kinds: ((i: number) => EventBody)[] = [
  (i) => nodeStarted(`n${i % 7}`, 1 + (i % 3)),
  (i) => toolRequested(`c${i}`),
  (i) => fileChanged(`f${i % 40}.js`, i < 40 ? null : `v${i - 40}`, i % 11 === 0 ? null : `v${i}`),
  (i) => charged(i, i * 10, null),
];

function journals(lengths: Readonly<Record<string, number>>): Journals {
  const all = new Journals();
  for (const [run, length] of Object.entries(lengths)) {
    const more = Array.from({ length: length - 1 }, (_, i) => kinds[(i * 7 + (i >> 3)) % kinds.length]?.(i));
    all.events.set(run, chain(run, [origin(), ...more.filter((body) => body !== undefined)]));
  }
  return all;
}

function everyMoment(events: readonly RunEvent[]): RunMoment[] {
  let folded: FoldedMoment | null = null;
  return events.map((event) => {
    folded = foldMoment(folded, event);
    return momentOf(folded);
  });
}

describe('the state of a run at an event', () => {
  it('is what folding from the first event gives, for every event, whatever is asked before and at once', async () => {
    const LENGTH = 430;
    const store = journals({ r: LENGTH });
    const expected = everyMoment(store.events.get('r') ?? []);
    const order = fc.shuffledSubarray([...expected.keys()], { minLength: LENGTH });
    const together = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(order, together, async (seqs, width) => {
        const at = moments(store);
        for (let start = 0; start < seqs.length; start += width) {
          const asked = seqs.slice(start, start + width);
          const answers = await Promise.all(asked.map((seq) => at.at('r', seq)));
          expect(answers).toEqual(asked.map((seq) => expected[seq]));
        }
      }),
      { numRuns: 5 },
    );
  });

  it('takes at most a hundred events to find once somebody has looked behind it', async () => {
    const store = journals({ r: 1_050 });
    const { at } = moments(store);
    await at('r', 1_049);
    const reads: number[] = [];
    for (let seq = 0; seq < 1_050; seq += 1) reads.push(await store.during(() => at('r', seq)));
    expect(Math.max(...reads)).toBeLessThanOrEqual(100);
  });

  it('reads on from where the last look ended, and nothing twice for two who look at once', async () => {
    const store = journals({ r: 1_050 });
    const { at } = moments(store);
    expect(await store.during(() => at('r', 500))).toBe(501);
    expect(await store.during(() => Promise.all([at('r', 1_000), at('r', 1_000)]))).toBe(500);
  });

  it('follows a run that grows', async () => {
    const store = journals({ r: 300 });
    const all = store.events.get('r') ?? [];
    store.events.set('r', all.slice(0, 150));
    const { at } = moments(store);
    await expect(at('r', 250)).rejects.toMatchObject({ code: 'run_unknown', message: 'The run r has no event 250.' });
    expect((await at('r', 149)).seq).toBe(149);
    store.events.set('r', all);
    expect(await at('r', 250)).toEqual(everyMoment(all)[250]);
  });

  it('is not to be had of a run that does not exist, until it does', async () => {
    const store = journals({ r: 10 });
    const { at } = moments(store);
    await expect(at('s', 3)).rejects.toMatchObject({ code: 'run_unknown' });
    store.events.set('s', chain('s', [origin(), nodeStarted('a')]));
    expect((await at('s', 1)).nodes).toEqual([{ id: 'a', state: 'active', attempts: 1 }]);
  });

  it('is kept for the runs that were looked at last, and made again for others', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `r${i}`);
    const store = journals(Object.fromEntries(names.map((run) => [run, 250])));
    const { at } = moments(store);
    for (const run of names.slice(0, 8)) await at(run, 249);
    await at('r0', 249);
    await at('r8', 249);
    expect(await store.during(() => at('r0', 249))).toBe(49);
    expect(await store.during(() => at('r1', 249))).toBe(250);
  });
});

describe('the state at an event of a run on disk', () => {
  const bench = storeBench();
  afterAll(async () => (await bench).dispose());

  it('can be had of every event as soon as it is written', async () => {
    const { store } = await (await bench).open({ root: (await bench).root() });
    const { at } = moments(store);
    const events = journals({ r: 330 }).events.get('r') ?? [];
    const expected = everyMoment(events);
    const writer = await store.create('r');
    for (const event of events) {
      await writer.append(event);
      if (event.seq % 30 === 0) expect(await at('r', event.seq)).toEqual(expected[event.seq]);
    }
    await writer.close();
    for (const seq of [329, 0, 100, 299, 7]) expect(await at('r', seq)).toEqual(expected[seq]);
    await expect(at('r', 330)).rejects.toMatchObject({ code: 'run_unknown' });
  });
});

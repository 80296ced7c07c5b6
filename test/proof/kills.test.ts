/**
 * Processes that run the engine on a real store, killed with SIGKILL anywhere: in the middle of an append, of a blob, of
 * a rollover to the next file of the journal, of an act.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events/schema';
import { recoverRuns } from '../../src/node/runs/recoverRuns';
import { replayRun } from '../../src/node/runs/replayRun';
import type { Runtime } from '../../src/node/runs/runtime';
import { collect } from '../support/eventChain';
import {
  bytesOf,
  expectAcknowledged,
  expectAnnounced,
  killedAt,
  type Moment,
  type Said,
  segmentsOf,
  wholeEvents,
} from '../support/killedRun';
import { timesAllowed } from '../support/life';
import { again, cases, patience, random, SEED } from '../support/random';
import { testRuntime } from '../support/runtime';
import { type StoreBench, storeBench } from '../support/storeWorker';

/** How many processes run at once. */
const LANES = 2;
/** Kills in one store, before the next one is begun. */
const BATCH = 20;

type Killing = { readonly run: string; readonly seed: number; readonly segment: number; readonly moment: Moment };

let bench: StoreBench;
let program: string;
let silent: string;
beforeAll(async () => {
  bench = await storeBench();
  program = await bench.program('runChild');
  silent = await bench.program('silentWorker');
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

/** Most processes are spared the databases, for those take longer to start than the process lives. */
const child = (what: 'run' | 'resume', root: string, { run, seed, segment }: Killing, moment: Moment | null) => {
  const workerPath = seed % 10 === 0 || moment === null ? bench.workerPath : silent;
  return killedAt(program, [what, workerPath, root, run, `${seed}`, `${segment}`], moment);
};

/** Does all of it, so many at a time. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const left = [...items.entries()];
  const results: R[] = [];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

function killing(at: number): Killing {
  const draw = random(SEED + at);
  // Every third journal goes on in another file after a few events, so that kills hit the going over, too.
  const segment = at % 3 === 0 ? 2 + draw.below(5) : 50_000;
  const moment = draw.below(2) === 0 ? { acks: 1 + draw.below(30) } : { ms: draw.below(40) };
  return { run: `run-${at}`, seed: draw.below(1_000_000), segment, moment };
}

/** Says, of whatever fails in the work, which kill it was. */
async function telling<T>(killed: Killing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(again(JSON.stringify(killed)), { cause });
  }
}

type Left = { readonly killed: Killing; readonly said: Said; readonly bytes: Buffer; readonly events: RunEvent[] };

/** What a kill has left, of which all must be there that was acknowledged, and nothing be holed. */
function leftBy(root: string, killed: Killing, said: Said): Left {
  const events = wholeEvents(root, killed.run);
  expectAcknowledged(events, said);
  expectAnnounced(events, said);
  return { killed, said, bytes: bytesOf(root, killed.run), events };
}

const underWay = ({ events }: Left): boolean => events.length > 0 && events.at(-1)?.type !== 'run.finished';

/** Expects that marking a run as broken off has added to what was there, and cut off half a line at the most. */
async function expectMarked({ store }: Runtime, root: string, { killed: { run }, bytes, events }: Left): Promise<void> {
  const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
  expect(bytesOf(root, run).subarray(0, whole.length).equals(whole)).toBe(true);
  const last = wholeEvents(root, run).at(-1);
  expect(last).toMatchObject({ seq: events.length, type: 'run.interrupted' });
  const heads = [{ hash: last?.hash ?? '', events: events.length + 1, from: 'the test' }];
  const { sound, findings } = await store.verify(run, { heads });
  expect({ sound, findings }).toEqual({ sound: true, findings: [] });
  expect((await store.summary(run)).status).toBe('interrupted');
}

describe('a run whose process is killed', () => {
  const kills = cases(200, 4000);

  it(`has lost nothing that was acknowledged, is whole, and opens as interrupted (${kills} kills)`, {
    timeout: patience(300_000),
  }, async () => {
    let during = 0;
    let rolled = 0;
    for (let first = 0; during < kills; first += BATCH) {
      const root = bench.root();
      const batch = Array.from({ length: BATCH }, (_, i) => killing(first + i));
      const said = await inLanes(batch, (killed) => child('run', root, killed, killed.moment));
      const lefts = await Promise.all(
        batch.map(async (killed, at) => telling(killed, async () => leftBy(root, killed, said[at] as Said))),
      );
      const broken = lefts.filter(underWay);
      const runtime = await testRuntime(bench, root);
      expect((await recoverRuns(runtime)).sort()).toEqual(broken.map(({ killed }) => killed.run).sort());
      for (const left of broken) await telling(left.killed, () => expectMarked(runtime, root, left));
      during += broken.filter((left) => left.said.killed).length;
      rolled += batch.filter(({ run }) => segmentsOf(root, run).length > 1).length;
      await bench.closeAll();
    }
    expect(during).toBeGreaterThanOrEqual(kills);
    expect(rolled).toBeGreaterThan(kills / 10);
  });

  it('is taken up by another process, killed again and again, and replays to its end', {
    timeout: patience(120_000),
  }, async () => {
    const stories = Array.from({ length: cases(6, 100) }, (_, at) => killing(3 * at));
    const root = bench.root();
    await inLanes(stories, (killed) =>
      telling(killed, async () => {
        const draw = random(SEED + killed.seed);
        const said = [await child('run', root, killed, { acks: 1 + draw.below(40) })];
        while (said.length < 4) said.push(await child('resume', root, killed, { acks: 1 + draw.below(40) }));
        while (said.at(-1)?.ended !== true) said.push(await child('resume', root, killed, null));
        const events = wholeEvents(root, killed.run);
        for (const one of said) {
          expectAcknowledged(events, one);
          expectAnnounced(events, one);
        }
        expectDoneOnce(events, said);
        expect(events.at(-1)?.type).toBe('run.finished');
      }),
    );
    const { store } = await bench.open({ root });
    for (const { run } of stories) {
      const events = await collect(store.read(run));
      const heads = [{ hash: events.at(-1)?.hash ?? '', events: events.length, from: 'the test' }];
      expect(await store.verify(run, { heads })).toMatchObject({ sound: true, findings: [] });
      expect(await replayRun(store, run)).toMatchObject({ identical: true, divergence: null, events: events.length });
    }
  });
});

function expectDoneOnce(events: readonly RunEvent[], said: readonly Said[]): void {
  const times = new Map<string, number>();
  for (const { what } of said.flatMap(({ acts }) => acts)) times.set(what, (times.get(what) ?? 0) + 1);
  for (const [what, count] of times) expect(count, what).toBeLessThanOrEqual(timesAllowed(events, what));
}

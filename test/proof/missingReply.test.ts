/**
 * A record from which any one reply was taken out, and whose chain was made anew as a forger would: the replay fails at
 * that very event, and nothing outside of the record is reached for.
 */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { inlineEvent } from '../../src/core/events/externalize';
import type { EventType, RunEvent } from '../../src/core/events/schema';
import type { Blobs } from '../../src/core/ports/eventLog';
import { openBlobs } from '../../src/node/store/blobs';
import { sha256 } from '../../src/node/system/sha256';
import { RECORDED, rechain, recordedEvents } from '../support/goldenStore';
import { Life, RUN } from '../support/life';
import { again, cases, random, SEED } from '../support/random';
import { type Recording, replay } from '../support/replay';
import { longStory, SHORT } from '../support/stories';

const REPLIES: readonly EventType[] = ['model.responded', 'tool.finished', 'approval.resolved'];

/** Whatever leads out of the process; a replay of a record in memory needs none of it. */
const WORLD = [
  [net.Socket.prototype, ['connect']],
  [dgram, ['createSocket']],
  [globalThis, ['fetch']],
  [childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']],
  [fs.promises, ['open', 'readFile', 'writeFile', 'readdir', 'stat', 'mkdir', 'rename', 'rm']],
] as const;

/** Does the work in a world where nothing can be reached; answers what was reached for all the same. */
async function cutOff<T>(work: () => Promise<T>): Promise<{ result: T; reached: string[] }> {
  const reached: string[] = [];
  for (const [place, names] of WORLD) {
    for (const name of names) {
      vi.spyOn(place as unknown as Record<string, () => unknown>, name).mockImplementation(() => {
        reached.push(name);
        throw new Error(`${name} was called`);
      });
    }
  }
  syncBuiltinESMExports();
  try {
    return { result: await work(), reached };
  } finally {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  }
}

const inlined = (events: readonly RunEvent[], blobs: Blobs): Promise<RunEvent[]> =>
  Promise.all(events.map((event) => inlineEvent(event, blobs)));

/** The record without one event, in a chain of its own. */
function without({ stored, inline }: Recording, seq: number): Recording {
  const kept = (events: readonly RunEvent[]) => events.filter((event) => event.seq !== seq);
  const chained = rechain(stored[0]?.run ?? '', kept(stored));
  const texts = kept(inline);
  return { stored: chained, inline: chained.map((event, at) => ({ ...event, data: texts[at]?.data }) as RunEvent) };
}

/** Whether the run broke off right after that event. */
const isLastWord = ({ stored }: Recording, seq: number): boolean => stored[seq + 1]?.type === 'run.interrupted';

/** Expects of each reply that its loss is found where it was; answers how many of each kind there were. */
async function expectFound(recording: Recording): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { result: whole } = await cutOff(() => replay(recording));
  expect(whole).toMatchObject({ identical: true, divergence: null });
  for (const { seq, type } of recording.stored) {
    if (!REPLIES.includes(type) || isLastWord(recording, seq)) continue;
    counts[type] = (counts[type] ?? 0) + 1;
    const { result, reached } = await cutOff(() => replay(without(recording, seq)));
    expect(reached, `without ${type} ${seq}`).toEqual([]);
    expect(result.identical, `without ${type} ${seq}`).toBe(false);
    expect(result.divergence?.seq, `without ${type} ${seq}`).toBe(seq);
  }
  return counts;
}

/** Another order or choice of the same events. */
const forgeries: Record<string, (order: number[], at: number) => number[]> = {
  'taken out': (order, at) => order.filter((seq) => seq !== at),
  'put in twice': (order, at) => order.flatMap((seq) => (seq === at ? [seq, seq] : [seq])),
  'swapped with the next': (order, at) => order.map((seq) => (seq === at ? at + 1 : seq === at + 1 ? at : seq)),
  'put at the end': (order, at) => [...order.filter((seq) => seq !== at), at],
};

function forged({ stored, inline }: Recording, order: readonly number[]): Recording {
  const take = (events: readonly RunEvent[]) => order.flatMap((seq) => events[seq] ?? []);
  const chained = rechain(RUN, take(stored));
  const texts = take(inline);
  return { stored: chained, inline: chained.map((event, at) => ({ ...event, data: texts[at]?.data }) as RunEvent) };
}

describe('an event of any kind that was', () => {
  // An observation that no other event rests on, and what comes from outside, may be left out without a trace.
  const FREE: readonly EventType[] = ['file.changed', 'artifact.created', 'run.interrupted'];

  it.each(Object.entries(forgeries))(
    '%s is a divergence, and no replay ends in anything else',
    async (_what, forge) => {
      const life = new Life(SHORT);
      await life.live([
        { after: 11, stored: true, decision: 'repeat' },
        { after: 9, stored: false, decision: 'fail' },
      ]);
      const recording = { stored: life.journal, inline: await life.inline() };
      const order = [...life.journal.keys()];
      for (const at of order.slice(1, -1)) {
        const event = life.journal[at];
        const { result, reached } = await cutOff(() => replay(forged(recording, forge(order, at))));
        expect(reached).toEqual([]);
        const alike =
          event === undefined || FREE.includes(event.type) || FREE.includes(life.journal[at + 1]?.type ?? event.type);
        if (!alike) expect(result.divergence?.seq, `${event.type} ${at}`).toBeGreaterThanOrEqual(at);
      }
    },
  );
});

describe('a reply that was taken out of a record', () => {
  it('is missed at its very place in the run that version 1 recorded, each of them', { timeout: 60_000 }, async () => {
    const stored = recordedEvents('v1');
    const inline = await inlined(stored, openBlobs(`${RECORDED}/v1/blobs`, sha256));
    const counts = await expectFound({ stored, inline });
    expect(Object.keys(counts).sort()).toEqual([...REPLIES].sort());
  });

  it('is missed in a run with denials, retries, blobs, pauses and resumptions as well', {
    timeout: 600_000,
  }, async () => {
    for (let at = 0; at < cases(6, 60); at += 1) {
      const life = new Life(at % 6 < 5 ? SHORT : longStory(random(SEED + at)));
      await life.live([
        { after: 9 + at, stored: true, decision: 'repeat' },
        { after: 9, stored: false, decision: 'fail' },
      ]);
      expect(life.journal.map(({ type }) => type)).toContain('run.resumed');
      const counts = await expectFound({ stored: life.journal, inline: await life.inline() }).catch(
        (cause: unknown) => {
          throw new Error(again(`story ${at}`), { cause });
        },
      );
      expect(counts['tool.finished']).toBeGreaterThan(2);
    }
  });

  it('is missed where the run was taken up again, when it was the last word before the run broke off', async () => {
    const found: string[] = [];
    for (let after = 0; after < 40; after += 1) {
      const life = new Life(SHORT);
      await life.live([
        { after, stored: true, decision: 'fail' },
        { after: 12, stored: true, decision: 'fail' },
      ]);
      const recording = { stored: life.journal, inline: await life.inline() };
      const reply = life.journal[after];
      if (reply === undefined || !REPLIES.includes(reply.type) || !isLastWord(recording, after)) continue;
      const { identical, divergence } = await replay(without(recording, after));
      expect(identical, `without ${reply.type} ${after}`).toBe(false);
      // In its place stands that the run broke off, as in an honest record; where it is resumed, something else is in doubt
      // now, or, when nothing is, the question is asked once more right after.
      expect([after + 1, after + 2]).toContain(divergence?.seq);
      found.push(reply.type);
    }
    expect([...new Set(found)].sort()).toEqual([...REPLIES].sort());
  });

  it('would have been noticed, for whoever reaches for the network, a program or a file is caught', async () => {
    const { reached } = await cutOff(async () => {
      const tries = [
        () => fetch('http://127.0.0.1:1'),
        () => net.connect(1),
        () => childProcess.execFileSync('true'),
        () => fs.promises.readFile('x'),
      ];
      for (const attempt of tries) expect(attempt).toThrow('was called');
    });
    expect(reached).toEqual(['fetch', 'connect', 'execFileSync', 'readFile']);
  });
});

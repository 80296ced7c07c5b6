/**
 * What damage to a small run's journal looks like: every cut, every flipped bit, every line that is lost, doubled or
 * swapped, every end that was cut off or rewritten.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headAfter, lineOf } from '../../../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { type ExternalHead, startVerify, type VerifyReport } from '../../../../src/core/events/verify';
import { recoverJournal } from '../../../../src/node/store/reading';
import { linesOf, verifyLines, verifyStored } from '../../../../src/node/store/verifying';
import { sha256 } from '../../../../src/node/system/sha256';
import {
  chain,
  charged,
  decided,
  fileChanged,
  finished,
  nodeStarted,
  origin,
  toolFinished,
  toolRequested,
} from '../../../support/eventChain';
import { memoryBlobs } from '../../../support/memoryBlobs';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const RUN = '01JD0000000000000000000001';
const BODIES: readonly EventBody[] = [
  origin('Mende den Rabatt 😀'),
  nodeStarted('fix'),
  toolRequested('c1', '{"path":"a.ts"}'),
  decided('c1', 'allow'),
  toolFinished('c1'),
  charged(1, 2, null),
  toolRequested('c2'),
  decided('c2', 'deny'),
  nodeStarted('check'),
  toolRequested('c3'),
  decided('c3', 'allow'),
  toolFinished('c3', 'é\n'),
  { type: 'run.paused', data: { reason: 'a person is wanted' } },
  { type: 'run.resumed', data: { by: 'me', inDoubt: null, tree: 't0', openexec: '0.1.0' } },
  charged(2, 3, 0.5),
  finished,
];
const EVENTS = chain(RUN, BODIES);
const LINES = EVENTS.map((event) => Buffer.from(lineOf(event)));
const JOURNAL = Buffer.concat(LINES);
const ENDS = [...linesOf(JOURNAL)].map(({ end }) => end);
const HEAD = headOf(EVENTS);
/** For tests that look at every byte, on a machine that does other things too. */
const LONG = 120_000;

/** How many whole lines there are in so many bytes. */
const wholeLines = (bytes: number): number => ENDS.filter((end) => end <= bytes).length;

function headOf(events: readonly RunEvent[]): ExternalHead {
  const last = events.at(-1);
  if (last === undefined) throw new Error('at least one event');
  return { ...headAfter(last), from: 'kept elsewhere' };
}

const verify = (journal: Uint8Array, heads: readonly ExternalHead[] = []): Promise<VerifyReport> =>
  verifyLines(linesOf(journal), { run: RUN, hash: sha256, blobs: memoryBlobs(), heads, live: async () => false });

/** The places of the findings, and the kinds of those at the first of them. */
async function found(lines: readonly Uint8Array[], heads?: readonly ExternalHead[]) {
  const { findings } = await verify(Buffer.concat(lines), heads);
  const at = findings[0]?.seq;
  return { at, kinds: findings.filter(({ seq }) => seq === at).map(({ kind }) => kind) };
}

const notCheckedIn = ({ notChecked }: VerifyReport): string[] => notChecked.map(({ kind }) => kind);

describe('a journal that was cut', () => {
  let bench: StoreBench;
  beforeAll(async () => {
    bench = await storeBench();
  });
  afterAll(() => bench.dispose());

  it(
    'at any byte is verified as the run that was stored before it, with nothing wrong but the torn line',
    async () => {
      for (let bytes = 1; bytes <= JOURNAL.length; bytes += 1) {
        const { events, head, findings } = await verify(JOURNAL.subarray(0, bytes));
        const whole = wholeLines(bytes);
        const torn = ENDS.includes(bytes) ? [] : [`${whole} incomplete`];
        const seen = [events, head, ...findings.map(({ seq, kind }) => `${seq} ${kind}`)];
        const wanted = [whole, EVENTS[whole - 1]?.hash ?? '0'.repeat(64), ...torn, ...(whole === 0 ? ['0 empty'] : [])];
        if (seen.join() !== wanted.join())
          expect.fail(`cut after ${bytes} bytes: ${seen.join()}, not ${wanted.join()}`);
      }
    },
    LONG,
  );

  it(
    'at any byte opens as an exact prefix, and is that prefix from then on',
    async () => {
      const root = bench.root();
      let opened = 0;
      /** Several at once, for most of the time is spent waiting for the disk. */
      const worker = async (first: number, step: number): Promise<void> => {
        const run = `${RUN.slice(0, -2)}${String(first).padStart(2, '0')}`;
        const lines = chain(run, BODIES).map((event) => Buffer.from(lineOf(event)));
        const journal = Buffer.concat(lines);
        const file = path.join(root, 'runs', run, 'journal.jsonl');
        await mkdir(path.dirname(file), { recursive: true });
        for (let bytes = first; bytes <= journal.length; bytes += step) {
          await writeFile(file, journal.subarray(0, bytes));
          const recovered: RunEvent[] = [];
          const { head, end } = await recoverJournal(root, run, sha256, (event) => recovered.push(event));
          const whole = wholeLines(bytes);
          const prefix = Buffer.concat(lines.slice(0, whole));
          const seen = [head.events, end.total, recovered.map(lineOf).join(''), await readFile(file, 'utf8')];
          const wanted = [whole, prefix.length, prefix.toString(), prefix.toString()];
          if (seen.join() !== wanted.join()) expect.fail(`cut after ${bytes} bytes: ${seen.join()}`);
          opened += 1;
        }
      };
      const workers = 8;
      await Promise.all(Array.from({ length: workers }, (_, first) => worker(first, workers)));
      expect(opened).toBe(JOURNAL.length + 1);
    },
    LONG,
  );
});

describe('a journal that was changed', () => {
  it(
    'shows every flipped bit at the line that holds it',
    () => {
      const starts = LINES.map((_, at) =>
        LINES.slice(0, at).reduce((state, line) => {
          const [stored] = linesOf(line);
          if (stored === undefined) throw new Error('a line');
          return verifyStored(state, stored, sha256).state;
        }, startVerify(RUN)),
      );
      let flips = 0;
      for (const [place, state] of starts.entries()) {
        // What stands before is as it was, so that its check need not be done again for every bit.
        const rest = Buffer.concat(LINES.slice(place, place + 2));
        for (let byte = 0; byte < (LINES[place]?.length ?? 0); byte += 1) {
          for (let bit = 0; bit < 8; bit += 1) {
            rest[byte] = (rest[byte] ?? 0) ^ (1 << bit);
            const [first] = linesOf(rest);
            const seen = first && verifyStored(state, first, sha256).state.findings;
            if (seen?.[0]?.seq !== place) expect.fail(`bit ${bit} of byte ${byte} of line ${place} is not found there`);
            rest[byte] = (rest[byte] ?? 0) ^ (1 << bit);
            flips += 1;
          }
        }
      }
      expect(flips).toBe(JOURNAL.length * 8);
    },
    LONG,
  );

  it(
    'shows a flipped bit in the verdict on the whole run, and nothing before it',
    async () => {
      for (let byte = 0; byte < JOURNAL.length; byte += 29) {
        const changed = Buffer.from(JOURNAL);
        changed[byte] = (changed[byte] ?? 0) ^ (1 << (byte % 8));
        const place = [...linesOf(JOURNAL)].findIndex(({ end }) => byte < end);
        const { sound, findings } = await verify(changed, [HEAD]);
        expect([sound, findings[0]?.seq]).toEqual([false, place]);
      }
    },
    LONG,
  );

  it('shows every lost line where the next one stands, and the last by the outside head only', async () => {
    for (let at = 0; at < LINES.length - 1; at += 1) {
      const lost = await found(LINES.toSpliced(at, 1));
      expect(lost).toEqual({
        at,
        kinds: at === 0 ? ['seq', 'prev', 'order'] : expect.arrayContaining(['seq', 'prev']),
      });
    }
    const cut = LINES.slice(0, -1);
    expect(await found(cut)).toEqual({ at: undefined, kinds: [] });
    expect(await found(cut, [HEAD])).toEqual({ at: LINES.length - 1, kinds: ['head'] });
  });

  it('shows every doubled line, wherever the second stands', async () => {
    for (const [from, line] of LINES.entries()) {
      for (let to = 0; to <= LINES.length; to += 1) {
        // Before or after itself, the second is the one that follows.
        const at = to === from ? from + 1 : to;
        const { at: place, kinds } = await found(LINES.toSpliced(to, 0, line));
        expect([place, kinds.slice(0, 2)], `${from} again at ${to}`).toEqual([at, ['seq', 'prev']]);
      }
    }
  });

  it('shows every two lines that were swapped at the first of them', async () => {
    for (let a = 0; a < LINES.length; a += 1) {
      for (let b = a + 1; b < LINES.length; b += 1) {
        const [first, second] = [LINES[a], LINES[b]];
        if (first === undefined || second === undefined) throw new Error('two lines');
        const { at, kinds } = await found(LINES.with(a, second).with(b, first));
        expect([at, kinds.slice(0, 2)], `${a} and ${b}`).toEqual([a, ['seq', 'prev']]);
      }
    }
  });
});

describe('the end of a journal', () => {
  it('that was cut off at a line is found by the outside head, and else said to be unchecked', async () => {
    for (let length = 1; length < LINES.length; length += 1) {
      const cut = LINES.slice(0, length);
      expect(await found(cut, [HEAD])).toEqual({ at: length, kinds: ['head'] });
      const without = await verify(Buffer.concat(cut));
      expect([without.sound, notCheckedIn(without)]).toEqual([true, ['external_head']]);
    }
  });

  it('that was rewritten into a chain of its own is found by the outside head, and else said to be unchecked', async () => {
    for (let from = 1; from < BODIES.length; from += 1) {
      const others = BODIES.slice(from).map(
        (body): EventBody =>
          body.type === 'run.finished' || body.type === 'run.paused' || body.type === 'run.resumed'
            ? body
            : fileChanged('other.ts', null, null),
      );
      // The first that is rewritten differs in its time alone, when it has to be what it was.
      const kept = EVENTS.slice(0, from);
      const last = kept.at(-1);
      if (last === undefined) throw new Error('an event');
      const rewritten = [...kept, ...chain(RUN, others, headAfter(last))].map((event) => Buffer.from(lineOf(event)));
      if (Buffer.concat(rewritten).equals(JOURNAL)) continue;
      const without = await verify(Buffer.concat(rewritten));
      expect([without.sound, notCheckedIn(without)]).toEqual([true, ['external_head']]);
      expect(await found(rewritten, [HEAD])).toEqual({ at: EVENTS.length - 1, kinds: ['head'] });
      // A head that was kept earlier tells it apart the nearer.
      expect(await found(rewritten, [headOf(EVENTS.slice(0, from + 1)), HEAD])).toMatchObject({ kinds: ['head'] });
    }
  });
});

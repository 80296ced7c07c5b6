import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { startVerify } from '../../../../src/core/events/verify';
import type { Blobs } from '../../../../src/core/ports/eventLog';
import { openBlobs } from '../../../../src/node/store/blobs';
import { linesOf, verifyLines, verifyStored } from '../../../../src/node/store/verifying';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, fileChanged, finished, longRun, origin, toolRequested } from '../../../support/eventChain';
import { memoryBlobs } from '../../../support/memoryBlobs';

const RUN = 'run-1';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const options = (blobs: Blobs = memoryBlobs()) => ({
  run: RUN,
  hash: sha256,
  blobs,
  heads: [],
  live: async () => false,
});
const journalOf = (...events: Parameters<typeof lineOf>[0][]): Buffer => Buffer.from(events.map(lineOf).join(''));

describe('verification of stored lines', () => {
  it('tells a blob that is gone from one that was changed, each once, at the first event that names it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'openexec-verifying-'));
    try {
      const blobs = openBlobs(folder, sha256);
      const [gone, changed, kept] = await Promise.all(
        ['gone', 'changed', 'kept'].map((text) => blobs.put(bytesOf(text), 'text/plain')),
      );
      if (!gone || !changed || !kept) throw new Error('three blobs');
      const journal = journalOf(
        ...chain(RUN, [
          origin(),
          toolRequested('c', kept),
          toolRequested('c', changed),
          fileChanged('a', 'gone', 'changed'),
          toolRequested('c', gone),
          toolRequested('c', { ...kept, bytes: 5 }),
          finished,
        ]),
      );
      expect(await verifyLines(linesOf(journal), options(blobs))).toMatchObject({
        sound: false,
        blobs: 3,
        findings: [{ seq: 5, kind: 'blob_changed', found: '4 bytes' }],
      });
      await rm(path.join(folder, gone.blob.slice(0, 2), gone.blob));
      await writeFile(path.join(folder, changed.blob.slice(0, 2), changed.blob), 'x');
      const told = async (addresses: readonly string[], deletedAt = '2026-02-01T00:00:00.000Z') => {
        const deletedBlobs = new Map(addresses.map((address) => [address, { runId: 'run-0', deletedAt }]));
        const { findings, notChecked } = await verifyLines(linesOf(journal), { ...options(blobs), deletedBlobs });
        return [...findings.map(({ seq, kind }) => `${seq} ${kind}`), ...notChecked.map(({ kind }) => kind)];
      };
      expect(await told([])).toEqual(['2 blob_changed', '3 blob_missing', '5 blob_changed', 'external_head']);
      // What is there and wrong was not deleted.
      expect(await told([gone.blob, changed.blob])).toEqual([
        '2 blob_changed',
        '5 blob_changed',
        'external_head',
        'blob_by_retention',
      ]);
      // Retention leaves what a run refers to that is there: what went before the run's end went otherwise.
      const earlier = await told([gone.blob, changed.blob], '2026-01-01T00:00:00.000Z');
      expect(earlier).toEqual(['2 blob_changed', '3 blob_missing', '5 blob_changed', 'external_head']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('leaves the line that is being written alone, but not one in the middle', async () => {
    const lines = [...linesOf(journalOf(...longRun(RUN, 3)))];
    const torn = { bytes: Buffer.from('{"half'), end: 0, complete: false };
    const live = { ...options(), live: async () => true };
    expect(await verifyLines([...lines, torn], live)).toMatchObject({
      sound: true,
      events: 3,
      notChecked: [{ kind: 'live' }, { kind: 'external_head' }].reverse(),
    });
    expect((await verifyLines([...lines, torn], options())).findings).toMatchObject([{ seq: 3, kind: 'incomplete' }]);
    expect((await verifyLines([...lines.slice(0, 2), torn, ...lines.slice(2)], live)).findings).toMatchObject([
      { seq: 2, kind: 'incomplete' },
    ]);
  });

  it('asks whether a writer is at work only after it met a line without its end', async () => {
    const lines = [...linesOf(journalOf(...longRun(RUN, 3)))];
    const torn = { bytes: Buffer.from('{"half'), end: 0, complete: false };
    let read = 0;
    async function* reading() {
      for (const line of [...lines, torn]) {
        read += 1;
        yield line;
      }
    }
    const live = async (): Promise<boolean> => read === 4;
    expect(await verifyLines(reading(), { ...options(), live })).toMatchObject({ sound: true, events: 3 });
  });

  it('makes lines of a journal only as they are asked for', () => {
    const feeds = linesOf(new Uint8Array(1024 * 1024).fill(10))[Symbol.iterator]();
    const before = process.memoryUsage().heapUsed;
    expect(feeds.next().value).toMatchObject({ end: 1, complete: true });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * 1024 * 1024);
  });

  it('refuses a line that is longer than any event', () => {
    const bytes = Buffer.alloc(64 * 1024 * 1024 + 1, ' ');
    bytes[bytes.length - 1] = 10;
    const [line] = linesOf(bytes);
    if (line === undefined) throw new Error('a line');
    expect(verifyStored(startVerify(RUN), line, sha256).state.findings).toMatchObject([
      { kind: 'not_an_event', found: 'a longer one' },
    ]);
  });

  it('tells how far it is, and ends when it is told to', async () => {
    const lines = [...linesOf(journalOf(...longRun(RUN, 400)))];
    const steps: number[] = [];
    const stop = new AbortController();
    await verifyLines(lines, { ...options(), onProgress: (done) => steps.push(done) });
    expect(steps.length).toBeGreaterThan(2);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const onProgress = (): void => stop.abort();
    await expect(verifyLines(lines, { ...options(), signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('takes lines one by one or in batches', async () => {
    const lines = [...linesOf(journalOf(...longRun(RUN, 5)))];
    async function* each() {
      yield* lines;
    }
    async function* batches() {
      yield lines.slice(0, 2);
      yield lines.slice(2);
    }
    const whole = await verifyLines(lines, options());
    expect([await verifyLines(each(), options()), await verifyLines(batches(), options())]).toEqual([whole, whole]);
  });
});

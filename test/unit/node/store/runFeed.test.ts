import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { feedRunDatabase } from '../../../../src/node/store/runFeed';
import type { DatabaseState, WorkerRequest } from '../../../../src/node/store/worker/protocol';
import type { StoreWorker } from '../../../../src/node/store/workerClient';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A worker that answers when it is told to, and keeps what it was asked. */
function slowWorker(found: DatabaseState = 'ok') {
  const asked: WorkerRequest[] = [];
  const due: (() => void)[] = [];
  const worker: StoreWorker = {
    ask: (request) =>
      new Promise((resolve) => {
        asked.push(request);
        due.push(() => resolve({ kind: 'database', found, problem: null }));
      }),
    close: () => Promise.resolve(),
  };
  const answer = async (): Promise<void> => {
    due.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { worker, asked, answer };
}

const options = { root: '/store', run: 'run-1', events: 0, log: () => undefined };

describe("a run's database", () => {
  it('is written 30 s after the last event, once', async () => {
    const { worker, asked, answer } = slowWorker();
    const feed = feedRunDatabase({ ...options, worker });
    feed.note(0);
    await vi.advanceTimersByTimeAsync(29_000);
    feed.note(1);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([{ kind: 'database', root: '/store', run: 'run-1', fresh: false, keep: true }]);
    await answer();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toHaveLength(1);
  });

  it('is written every 1,000 events, of a long run every tenth of it', async () => {
    const { worker, asked, answer } = slowWorker();
    const feed = feedRunDatabase({ ...options, worker });
    const writtenAt: number[] = [];
    for (let seq = 0; seq < 15_000; seq += 1) {
      feed.note(seq);
      if (asked.length > writtenAt.length) {
        writtenAt.push(seq + 1);
        await answer();
      }
    }
    expect(writtenAt.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => 1000 * (i + 1)));
    expect(writtenAt.slice(10)).toEqual([11_112, 12_347, 13_719]);
  });

  it('has never more than one request on its way, however slow the worker is', async () => {
    const { worker, asked, answer } = slowWorker();
    const feed = feedRunDatabase({ ...options, worker });
    for (let seq = 0; seq < 50_000; seq += 1) feed.note(seq);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    const ended = feed.end();
    await answer();
    await answer();
    await ended;
    expect(asked.map((request) => request.kind === 'database' && request.keep)).toEqual([true, false]);
  });

  it('that is newer than this version is told once', async () => {
    const { worker, answer } = slowWorker('newer');
    const lines: string[] = [];
    const feed = feedRunDatabase({ ...options, worker, log: (line) => lines.push(line) });
    for (let seq = 0; seq < 2_000; seq += 1) {
      feed.note(seq);
      await answer();
    }
    expect(lines).toEqual([expect.stringContaining('was written by a newer OpenExec and is left alone')]);
  });
});

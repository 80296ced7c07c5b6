import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalizeBody } from '../../../../src/core/events/externalize';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { searchRun } from '../../../../src/node/runs/searchRun';
import { chain, nodeStarted, origin, toolFinished, toolRequested } from '../../../support/eventChain';
import { memoryBlobs } from '../../../support/memoryBlobs';

const LONG = `${'x'.repeat(10_000)} the Hidden word ${'y'.repeat(10_000)}`;
const blobs = memoryBlobs();
let events: RunEvent[] = [];
let reads = 0;

const store = {
  async *read(_run: string, { from = 0 }: { from?: number } = {}) {
    yield* events.slice(from);
  },
  async blobsOf() {
    return {
      ...blobs,
      get(sha256: string) {
        reads += 1;
        return blobs.get(sha256);
      },
    };
  },
};

async function found(query: string): Promise<number[]> {
  const seqs: number[] = [];
  for await (const stretch of searchRun(store, 'r1', query)) seqs.push(...stretch.seqs);
  return seqs;
}

beforeAll(async () => {
  const bodies: EventBody[] = [origin('Mend the Discount'), nodeStarted('fix'), toolRequested('c1', LONG)];
  for (let call = 2; call < 600; call += 1)
    bodies.push(toolFinished(`c${call}`, call === 599 ? LONG : `output ${call}`));
  events = chain('r1', await Promise.all(bodies.map((body) => externalizeBody(body, blobs))));
});
afterAll(() => blobs.content.clear());

describe('a search of a record', () => {
  it('finds a text in what the events say, whatever its case, to the last of a long run', async () => {
    expect(await found('mend the DISCOUNT')).toEqual([0]);
    expect(await found('output 598')).toEqual([599]);
  });

  it('finds it in payloads that lie beside the journal, each of which is read once', async () => {
    reads = 0;
    expect(await found('hidden WORD')).toEqual([2, 600]);
    expect(reads).toBe(1);
  });

  it('goes on where it has stopped', async () => {
    const last = async (from: number) => {
      let stretch: unknown;
      for await (stretch of searchRun(store, 'r1', 'hidden word', from));
      return stretch;
    };
    expect(await last(3)).toEqual({ seqs: [600], next: 601 });
    expect(await last(601)).toEqual({ seqs: [], next: 601 });
  });

  it('does not find the names of members, nor what is not there', async () => {
    expect(await found('output 5990')).toEqual([]);
    expect(await found('promptVersion')).toEqual([]);
  });

  it('finds nothing in a payload that is gone', async () => {
    const gone = {
      ...store,
      blobsOf: async () => ({ ...blobs, get: () => Promise.reject(new OpenExecError('blob_missing', 'gone')) }),
    };
    const seqs: number[] = [];
    for await (const stretch of searchRun(gone, 'r1', 'hidden word')) seqs.push(...stretch.seqs);
    expect(seqs).toEqual([]);
  });
});

/** What a webview is told of a search. */
import { describe, expect, it } from 'vitest';
import { type HostMessage, MAX_FOUND } from '../../../../src/protocol/messages';
import { RunSearch } from '../../../../src/vscode/timeline/search';

type Stretch = { readonly seqs: readonly number[]; readonly next: number };

/** A search whose stretches are handed over one by one: the nth that is asked for is the nth that was handed over or will be. */
function staged() {
  const told: HostMessage[] = [];
  const asked: ((stretch: Stretch | null) => void)[] = [];
  const handed: (Stretch | null)[] = [];
  const next = (): Promise<Stretch | null> =>
    new Promise((resolve) => {
      const stretch = handed.shift();
      if (stretch === undefined) asked.push(resolve);
      else resolve(stretch);
    });
  const runs = {
    async *search(): AsyncGenerator<Stretch> {
      for (let stretch = await next(); stretch !== null; stretch = await next()) yield stretch;
    },
  };
  const hand = (one: Pick<Stretch, 'seqs'> | null): void => {
    const stretch = one === null ? null : { next: 0, ...one };
    const resolve = asked.shift();
    // A search that has let the event loop have its turn asks for the next one only later.
    if (resolve === undefined) handed.push(stretch);
    else resolve(stretch);
  };
  const search = new RunSearch('r1', runs, (message) => told.push(message));
  return { search, told, hand };
}

const found = (id: number, seqs: number[], complete = false, more = false): HostMessage => ({
  ...{ type: 'found', runId: 'r1', id, seqs, complete, more },
});
/** Lets what was handed over be worked on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a search', () => {
  it('tells what it finds as it finds it, and that it has looked at everything', async () => {
    const { search, told, hand } = staged();
    const done = search.start(1, 'secret');
    hand({ seqs: [3, 5] });
    await turn();
    expect(told).toEqual([found(1, [3, 5])]);
    hand({ seqs: [] });
    await turn();
    hand(null);
    await done;
    expect(told).toEqual([found(1, [3, 5]), found(1, [], true)]);
  });

  it('is given up for a newer one, and when the view goes', async () => {
    const { search, told, hand } = staged();
    const first = search.start(1, 'a');
    await turn();
    const second = search.start(2, 'ab');
    hand({ seqs: [1] });
    await first;
    expect(told).toEqual([]);
    search.dispose();
    hand({ seqs: [2] });
    await second;
    expect(told).toEqual([]);
  });

  it('names no more than a message may, and says that there are more', async () => {
    const { search, told, hand } = staged();
    const done = search.start(1, 'e');
    hand({ seqs: Array.from({ length: MAX_FOUND + 1 }, (_, seq) => seq) });
    await done;
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({ type: 'found', seqs: { length: MAX_FOUND } });
    expect(told[1]).toEqual(found(1, [], true, true));
  });

  it('that fails says so, and ends', async () => {
    const told: HostMessage[] = [];
    const runs = {
      // biome-ignore lint/correctness/useYield: it fails before there is anything to tell.
      async *search(): AsyncGenerator<Stretch> {
        throw new Error('the journal cannot be read');
      },
    };
    await new RunSearch('r1', runs, (message) => told.push(message)).start(1, 'x');
    expect(told).toEqual([
      found(1, [], true),
      { type: 'problem', message: 'The record could not be searched: the journal cannot be read' },
    ]);
  });

  it('goes on with what comes later, once for all that comes while it looks', async () => {
    const told: HostMessage[] = [];
    const events = ['a secret', 'nothing', 'a secret'];
    let asked: number[] = [];
    const runs = {
      async *search(_run: string, query: string, from: number): AsyncGenerator<Stretch> {
        asked.push(from);
        const seqs = events.map((_, seq) => seq).filter((seq) => seq >= from && events[seq]?.includes(query));
        yield { seqs, next: events.length };
      },
    };
    const search = new RunSearch('r1', runs, (message) => told.push(message));
    await search.grown();
    expect(asked).toEqual([]);
    const first = search.start(1, 'secret');
    events.push('the secret');
    await Promise.all([first, search.grown(), search.grown(), search.grown()]);
    const seqs = told.flatMap((message) => (message.type === 'found' ? message.seqs : []));
    expect(seqs).toEqual([0, 2, 3]);
    expect(told.at(-1)).toEqual(found(1, [], true));
    expect(asked).toHaveLength(2);
    asked = [];
    search.dispose();
    await search.grown();
    expect(asked).toEqual([]);
  });
});

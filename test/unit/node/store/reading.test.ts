import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import { readEventBatches } from '../../../../src/node/store/reading';
import { chain, collect, finished, origin, toolFinished } from '../../../support/eventChain';

const RUN = '20260131-120000-ab12cd';
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'reading-'));
  await mkdir(path.join(root, 'runs', RUN), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('reading a journal', () => {
  it('gives each event with the text that it was made of, and no text for one that the schema made anew', async () => {
    const events = chain(RUN, [origin('é😀'), toolFinished('c', 'text \u0001 "quoted"'), finished]);
    // The same members in another order, which only the schema itself takes.
    const lines = events.map((event, at) =>
      at === 1 ? `${JSON.stringify(Object.fromEntries(Object.entries(event).reverse()))}\n` : lineOf(event),
    );
    await writeFile(path.join(root, 'runs', RUN, 'journal.jsonl'), lines.join(''));
    const read = (await collect(readEventBatches(root, RUN))).flat();
    expect(read.map(({ event }) => event)).toEqual(events);
    expect(read.map(({ text }) => text)).toEqual([lines[0]?.slice(0, -1), null, lines[2]?.slice(0, -1)]);
  });
});

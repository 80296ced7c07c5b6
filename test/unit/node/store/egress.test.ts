/** What left in a run, read by the store's worker. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../../src/core/events/schema';
import { chain } from '../../../support/eventChain';
import { copyRecordedRun, recordedEvents, writeRun } from '../../../support/goldenStore';
import { begun, part, sent } from '../../../support/ledgerEntries';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '01JD0000000000000000000001';
const journal = (root: string): string => path.join(root, 'runs', RUN, 'journal.jsonl');

async function storeWith(...bodies: EventBody[]) {
  const root = bench.root();
  writeRun(root, RUN, chain(RUN, bodies));
  return { root, ...(await bench.open({ root })) };
}

describe('what left in a run', () => {
  it('is what its record says, and the run’s summary has the same sums', async () => {
    const root = bench.root();
    const run = copyRecordedRun('v3', root);
    const { store } = await bench.open({ root });
    const { ledger, problem } = await store.egress(run);
    const all = recordedEvents('v3').flatMap((event) => (event.type === 'egress.sent' ? [event.data] : []));
    const bytes = all.reduce((sum, { bytes: one }) => sum + one, 0);
    expect(problem).toBeNull();
    expect(ledger.routes).toMatchObject([{ requests: all.length }]);
    const { requests, bytesSent } = await store.summary(run);
    expect([requests, bytesSent]).toEqual([all.length, bytes]);
    expect(ledger.routes.reduce((sum, { fresh, carried }) => sum + fresh + carried, 0)).toBe(bytes);
  });

  it('is not what a text says that looks like a record', async () => {
    const text = `"type":"egress.sent" ${JSON.stringify(sent([part('user message', 99)]))}`;
    const { store } = await storeWith(begun(), { type: 'run.paused', data: { reason: text } }, sent([part('x', 3)]));
    const { ledger, problem } = await store.egress(RUN);
    expect(problem).toBeNull();
    expect(ledger.routes).toMatchObject([{ requests: 1, fresh: 3 }]);
  });

  it('leaves out a line that is still being written', async () => {
    const { root, store } = await storeWith(begun(), sent([part('x', 3)]));
    const [line = ''] = (await readFile(journal(root), 'utf8')).split('\n').slice(1);
    await appendFile(journal(root), line.slice(0, -10));
    expect(await store.egress(RUN)).toMatchObject({ problem: null, ledger: { routes: [{ requests: 1 }] } });
  });

  it('is told as far as a damaged record can be read, with what is wrong', async () => {
    const { root, store } = await storeWith(begun(), sent([part('x', 3)]), sent([part('x', 4)]));
    const lines = (await readFile(journal(root), 'utf8')).split('\n');
    lines[2] = (lines[2] ?? '').replace('"parts"', '"pars"');
    await writeFile(journal(root), lines.join('\n'));
    const { ledger, problem } = await store.egress(RUN);
    expect(ledger.routes).toMatchObject([{ requests: 1, fresh: 3 }]);
    expect(problem).not.toBeNull();
  });

  it('is refused for a run that is not there', async () => {
    const { store } = await bench.open({ root: bench.root() });
    await expect(store.egress(RUN)).rejects.toMatchObject({ code: 'run_unknown' });
  });
});

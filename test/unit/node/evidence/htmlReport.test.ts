/** The report of a run without its bundle. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { exportBundle } from '../../../../src/node/evidence/exportBundle';
import { htmlReport } from '../../../../src/node/evidence/soundRecord';
import { chain, nodeStarted, origin } from '../../../support/eventChain';
import { copyRecordedRun, writeRun } from '../../../support/goldenStore';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

it('is the page that its bundle has', async () => {
  const root = bench.root();
  const run = copyRecordedRun('v1', root);
  const { store } = await bench.open({ root });
  const page = await htmlReport(store, run, {});
  expect(page).toMatch(/^<!doctype html>/);
  const file = path.join(fs.mkdtempSync(path.join(bench.folder, 'out-')), 'a.zip');
  await exportBundle(store, run, { file });
  // A bundle's entries are stored as they are.
  expect(fs.readFileSync(file).includes(Buffer.from(page))).toBe(true);
});

it('is not made of a run that goes on, nor of one that is not sound', async () => {
  const root = bench.root();
  const run = copyRecordedRun('v1', root);
  const { store } = await bench.open({ root });
  writeRun(root, 'going', chain('going', [origin(), nodeStarted('a')]));
  await expect(htmlReport(store, 'going', {})).rejects.toMatchObject({ code: 'run_active' });
  await expect(htmlReport(store, 'no-such-run', {})).rejects.toMatchObject({ code: 'run_unknown' });
  const journal = path.join(root, 'runs', run, 'journal.jsonl');
  fs.writeFileSync(journal, fs.readFileSync(journal, 'utf8').replace('secrets-never-read', 'secrets-never-reax'));
  await expect(htmlReport(store, run, {})).rejects.toMatchObject({ code: 'journal_corrupt' });
});

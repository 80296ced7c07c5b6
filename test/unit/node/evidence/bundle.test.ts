/** Exporting and importing through a real store: the same bytes always, whole or not at all, never over something else. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pack } from '../../../../src/node/evidence/container';
import { exportBundle } from '../../../../src/node/evidence/exportBundle';
import { importBundle } from '../../../../src/node/evidence/importBundle';
import { createSigningKey, keyInfo } from '../../../../src/node/evidence/signingKey';
import { verifyBundle } from '../../../../src/node/evidence/verifyBundle';
import type { RunStore } from '../../../../src/node/store/store';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, collect, finished, nodeStarted, origin, toolRequested } from '../../../support/eventChain';
import { entriesOf, RUN, smallBundle } from '../../../support/evidenceBundle';
import { copyRecordedRun, recordedEvents, writeRun } from '../../../support/goldenStore';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const AT = '2026-02-01T00:00:00.000Z';
const key = createSigningKey();

async function recorded(): Promise<{ store: RunStore; run: string; folder: string; root: string }> {
  const root = bench.root();
  const run = copyRecordedRun('v1', root);
  const { store } = await bench.open({ root });
  return { store, run, root, folder: fs.mkdtempSync(path.join(bench.folder, 'out-')) };
}

async function empty(): Promise<RunStore> {
  return (await bench.open({ root: bench.root() })).store;
}

describe('exporting a run', () => {
  it('gives the same bytes every time, whatever the time zone, language and folder', async () => {
    const { store, run, folder } = await recorded();
    const first = await exportBundle(store, run, { file: path.join(folder, 'first.zip') });
    const { TZ, LANG, LC_ALL } = process.env;
    const zones = ['Pacific/Kiritimati', 'America/St_Johns', 'Asia/Kathmandu', 'Africa/Monrovia'];
    try {
      for (const zone of zones) {
        Object.assign(process.env, { TZ: zone, LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' });
        const again = await exportBundle(store, run, { file: path.join(folder, `${zone.replace('/', '-')}.zip`) });
        expect(again.sha256).toBe(first.sha256);
      }
    } finally {
      for (const [name, value] of Object.entries({ TZ, LANG, LC_ALL })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    expect(first).toMatchObject({ events: recordedEvents('v1').length, blobs: 7, signedBy: null });
    expect(sha256(fs.readFileSync(first.file))).toBe(first.sha256);
  });

  it('gives the same bytes signed twice by the same key', async () => {
    const { store, run, folder } = await recorded();
    const sign = (name: string) =>
      exportBundle(store, run, { file: path.join(folder, name), signingKey: key.privateKey });
    const [one, two] = [await sign('1.zip'), await sign('2.zip')];
    expect(one.signedBy).toBe(key.fingerprint);
    expect(two.sha256).toBe(one.sha256);
    expect(await verifyBundle(one.file)).toMatchObject({ sound: true, runId: run, signedBy: key.fingerprint });
  });

  const noPython = spawnSync('python3', ['--version']).status !== 0;
  it.skipIf(noPython)('can be opened by a tool that people have', async () => {
    const { store, run, folder, root } = await recorded();
    const { file } = await exportBundle(store, run, { file: path.join(folder, 'a.zip') });
    const script =
      'import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;sys.stdout.buffer.write(z.read("journal.jsonl"))';
    const journal = execFileSync('python3', ['-c', script, file], { maxBuffer: 1e8 });
    expect(journal.equals(fs.readFileSync(path.join(root, 'runs', run, 'journal.jsonl')))).toBe(true);
  });

  it('leaves another file alone, is content with its own, and replaces it only when it is told to', async () => {
    const { store, run, folder } = await recorded();
    const file = path.join(folder, 'a.zip');
    fs.writeFileSync(file, 'something else');
    await expect(exportBundle(store, run, { file })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(file),
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('something else');
    await exportBundle(store, run, { file, replace: true });
    const before = fs.statSync(file, { bigint: true });
    await exportBundle(store, run, { file });
    expect(fs.statSync(file, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
    expect(fs.readdirSync(folder)).toEqual(['a.zip']);
  });

  it.each([
    ['a folder', (folder: string) => folder],
    ['a place in a folder that is not there', (folder: string) => path.join(folder, 'missing', 'a.zip')],
  ])('refuses %s as its file', async (_what, fileIn) => {
    const { store, run, folder } = await recorded();
    await expect(exportBundle(store, run, { file: fileIn(folder) })).rejects.toMatchObject({ code: 'usage' });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('refuses a key that is none, and does not say what it was', async () => {
    const { store, run, folder } = await recorded();
    const signingKey = '-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----';
    const refusal = exportBundle(store, run, { file: path.join(folder, 'a.zip'), signingKey });
    await expect(refusal).rejects.toMatchObject({ code: 'usage', message: expect.not.stringContaining('secret') });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('refuses a run that is being written, one without an end, one that is not there and one that is not sound', async () => {
    const { store, run, folder, root } = await recorded();
    const file = path.join(folder, 'a.zip');
    await expect(exportBundle(store, 'no-such-run', { file })).rejects.toMatchObject({ code: 'run_unknown' });
    writeRun(root, 'going', chain('going', [origin(), nodeStarted('a')]));
    await expect(exportBundle(store, 'going', { file })).rejects.toMatchObject({ code: 'run_active' });
    const writer = await store.create('written');
    for (const event of chain('written', [origin(), finished])) await writer.append(event);
    await expect(exportBundle(store, 'written', { file })).rejects.toMatchObject({ code: 'run_active' });
    await writer.close();
    await exportBundle(store, 'written', { file: path.join(folder, 'written.zip') });
    const journal = path.join(root, 'runs', run, 'journal.jsonl');
    fs.writeFileSync(journal, fs.readFileSync(journal, 'utf8').replace('secrets-never-read', 'secrets-never-reax'));
    const refusal = exportBundle(store, run, { file });
    await expect(refusal).rejects.toMatchObject({
      code: 'journal_corrupt',
      message: expect.stringMatching(/is not sound.*event \d+/),
    });
    expect(fs.readdirSync(folder)).toEqual(['written.zip']);
  });

  it.each([
    ['paused', { type: 'run.paused', data: { reason: 'an approval is needed' } }],
    ['interrupted', { type: 'run.interrupted', data: { reason: 'the process is gone', inDoubt: null } }],
    ['cancelled', { type: 'run.cancelled', data: { by: 'mara' } }],
  ] as const)('exports a run that was %s', async (_status, last) => {
    const { store, folder, root } = await recorded();
    writeRun(root, 'halted', chain('halted', [origin(), last]));
    const { file } = await exportBundle(store, 'halted', { file: path.join(folder, 'a.zip') });
    expect(await verifyBundle(file)).toMatchObject({ sound: true, events: 2, runId: 'halted' });
  });

  it('can be ended early and then leaves nothing', async () => {
    const { store, run, folder } = await recorded();
    const signal = AbortSignal.abort();
    await expect(exportBundle(store, run, { file: path.join(folder, 'a.zip'), signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('importing a bundle', () => {
  async function exported(signingKey?: string) {
    const { store, run, folder } = await recorded();
    const file = path.join(folder, 'a.zip');
    const made = await exportBundle(store, run, { file, ...(signingKey === undefined ? {} : { signingKey }) });
    return { ...made, store, run, folder };
  }

  it('brings the same events, and exporting them again gives the same bytes', async () => {
    const { file, run, folder, sha256: address } = await exported();
    const store = await empty();
    const { ok, events, runId, signedBy } = await importBundle(file, store, { at: AT });
    expect({ ok, events, runId, signedBy }).toEqual({
      ok: true,
      events: recordedEvents('v1').length,
      runId: run,
      signedBy: null,
    });
    expect(await collect(store.read(run))).toEqual(recordedEvents('v1'));
    expect((await store.verify(run)).sound).toBe(true);
    expect(await store.summary(run)).toMatchObject({ imported: true });
    const again = await exportBundle(store, run, { file: path.join(folder, 'again.zip') });
    expect(again.sha256).toBe(address);
    expect(fs.readFileSync(again.file).equals(fs.readFileSync(file))).toBe(true);
  });

  it('says who signed it', async () => {
    const { file } = await exported(key.privateKey);
    const imported = await importBundle(file, await empty(), { at: AT });
    expect(imported).toMatchObject({ ok: true, signedBy: keyInfo(key.privateKey).fingerprint });
  });

  it('leaves a run alone that is there with the same head, and refuses one with another', async () => {
    const { file, store, run, folder } = await exported();
    expect(await importBundle(file, store, { at: AT })).toMatchObject({ ok: true, runId: run });
    expect(await store.summary(run)).toMatchObject({ imported: false });
    const small = path.join(folder, 'small.zip');
    fs.writeFileSync(small, await smallBundle());
    const other = path.join(folder, 'other.zip');
    fs.writeFileSync(other, await pack(await entriesOf([origin(), toolRequested('c1'), finished], [])));
    expect(await importBundle(small, store, { at: AT })).toMatchObject({ ok: true, runId: RUN });
    const { head } = await store.summary(RUN);
    await expect(importBundle(other, store, { at: AT })).rejects.toMatchObject({ code: 'run_exists' });
    expect((await store.summary(RUN)).head).toBe(head);
  });

  it('says of a run that is there with the same head when it is not sound there', async () => {
    const { file, store, run } = await exported();
    const journal = path.join(store.root, 'runs', run, 'journal.jsonl');
    const text = fs.readFileSync(journal, 'utf8');
    fs.writeFileSync(journal, text.replace('"deny"', '"Deny"'));
    await expect(importBundle(file, store, { at: AT })).rejects.toMatchObject({
      code: 'journal_corrupt',
      message: expect.stringContaining('is not sound there'),
    });
  });

  it('writes nothing of a bundle that is not sound', async () => {
    const { file, folder } = await exported();
    const bytes = fs.readFileSync(file);
    bytes[bytes.indexOf('deny')] = 'D'.charCodeAt(0);
    const changed = path.join(folder, 'changed.zip');
    fs.writeFileSync(changed, bytes);
    const store = await empty();
    const before = tree(store.root);
    const imported = await importBundle(changed, store, { at: AT });
    expect(imported.ok).toBe(false);
    expect(imported.report.findings.length).toBeGreaterThan(0);
    expect(await store.summaries()).toEqual([]);
    expect(tree(store.root)).toEqual(before);
  });

  it('is wrong use of a file that is not there, and of a folder', async () => {
    const store = await empty();
    await expect(importBundle(path.join(bench.folder, 'missing.zip'), store, { at: AT })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(importBundle(bench.folder, store, { at: AT })).rejects.toMatchObject({ code: 'usage' });
  });

  it('can be ended early and then leaves nothing', async () => {
    const { file } = await exported();
    const store = await empty();
    const refusal = importBundle(file, store, { at: AT, signal: AbortSignal.abort() });
    await expect(refusal).rejects.toMatchObject({ code: 'cancelled' });
    expect(await store.summaries()).toEqual([]);
  });
});

const tree = (root: string): string[] => fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

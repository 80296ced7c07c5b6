import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs, { type SqlJsStatic, type SqlValue } from 'sql.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { lineOf, seal } from '../../../../src/core/events/chain';
import { externalizeBody } from '../../../../src/core/events/externalize';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { problemOf } from '../../../../src/core/events/verify';
import type { RunStore } from '../../../../src/node/store/store';
import { sha256 } from '../../../../src/node/system/sha256';
import {
  chain,
  charged,
  collect,
  decided,
  fileChanged,
  finished,
  longRun,
  nodeStarted,
  origin,
  toolFinished,
  toolRequested,
} from '../../../support/eventChain';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

let bench: StoreBench;
let sql: SqlJsStatic;
beforeAll(async () => {
  bench = await storeBench();
  sql = await initSqlJs();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

const RUN = '20260131-120000-ab12cd';
const OTHER = '20260131-130000-ef34ab';
const journalOf = (root: string, run = RUN): string => path.join(root, 'runs', run, 'journal.jsonl');

async function writeRun(store: RunStore, run: string, ...bodies: EventBody[]): Promise<RunEvent[]> {
  const events = chain(run, [origin(), ...bodies]);
  const writer = await store.create(run);
  for (const event of events) await writer.append(event);
  await writer.close();
  return events;
}

async function query(file: string, text: string): Promise<SqlValue[][]> {
  const database = new sql.Database(await readFile(file));
  const rows = database.exec(text)[0]?.values ?? [];
  database.close();
  return rows;
}

const statuses = async (store: RunStore): Promise<string[]> =>
  (await store.summaries()).map((run) => `${run.runId} ${run.status} ${run.events}`);

describe('a store', () => {
  it('gives back a run, byte for byte, after it was opened again', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const events = await writeRun(store, RUN, nodeStarted('implement'), finished);
    await store.close();
    const again = await bench.open({ root });
    expect(await again.store.has(RUN)).toBe(true);
    expect((await collect(again.store.read(RUN))).map(lineOf)).toEqual(events.map(lineOf));
    expect(await readFile(journalOf(root), 'utf8')).toBe(events.map(lineOf).join(''));
    expect(await statuses(again.store)).toEqual([`${RUN} succeeded 3`]);
    expect(again.lines).toEqual([]);
  });

  it('tells listeners of an event once it is durable, in order, and outlives a listener that fails', async () => {
    const root = bench.root();
    const { store, lines } = await bench.open({ root });
    const seen: string[] = [];
    store.onDidAppend(() => {
      throw new Error('a broken view');
    });
    const stop = store.onDidAppend((event) => void seen.push(`${event.seq} ${event.type}`));
    await writeRun(store, RUN, nodeStarted('implement'));
    stop();
    await writeRun(store, OTHER);
    expect(seen).toEqual(['0 run.started', '1 node.started']);
    expect(lines[0]).toContain('a broken view');
  });

  it('knows no run by a name that is none, and none that is not there', async () => {
    const { store } = await bench.open({ root: bench.root() });
    for (const name of ['../../etc', '..', '', 'a/b', 'x'.repeat(101), 'nothing-here']) {
      expect(await store.has(name)).toBe(false);
      await expect(collect(store.read(name))).rejects.toMatchObject({ code: 'run_unknown' });
      await expect(store.verify(name)).rejects.toMatchObject({ code: 'run_unknown' });
      await expect(store.continue(name)).rejects.toMatchObject({ code: 'run_unknown' });
    }
    await expect(store.create('..')).rejects.toMatchObject({ code: 'run_unknown' });
  });

  it('refuses to write what would not pass verification, and goes on', async () => {
    const { store } = await bench.open({ root: bench.root() });
    const writer = await store.create(RUN);
    const [first, second] = longRun(RUN, 2);
    if (first === undefined || second === undefined) throw new Error('two events');
    await expect(writer.append({ ...first, hash: first.hash.replace(/./g, 'a') })).rejects.toMatchObject({
      code: 'internal',
    });
    await expect(writer.append({ ...first, extra: 1 } as unknown as RunEvent)).rejects.toMatchObject({
      code: 'event_invalid',
    });
    await writer.append(first);
    await writer.append(second);
    const start = seal(origin(), { run: RUN, at: second.at, head: writer.head, hash: sha256 });
    await expect(writer.append(start)).rejects.toMatchObject({ code: 'event_invalid' });
    await writer.close();
    expect(writer.head).toEqual({ events: 2, hash: second.hash });
    expect((await store.verify(RUN)).sound).toBe(true);
  });

  it('has one writer a run', async () => {
    const root = bench.root();
    const one = await bench.open({ root });
    const two = await bench.open({ root });
    const writer = await one.store.create(RUN);
    for (const event of longRun(RUN, 2)) await writer.append(event);
    await expect(two.store.continue(RUN)).rejects.toMatchObject({ code: 'run_locked' });
    await expect(two.store.create(RUN)).rejects.toMatchObject({ code: 'internal' });
    expect(await two.store.unfinished()).toEqual([]);
    expect(await collect(two.store.read(RUN))).toHaveLength(2);
    await writer.close();
    expect(await two.store.unfinished()).toEqual([RUN]);
    await (await two.store.continue(RUN)).close();
  });

  it('takes a run up again after its last complete event', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, nodeStarted('implement'));
    await appendFile(journalOf(root), '{"torn');
    const writer = await store.continue(RUN);
    expect(writer.head.events).toBe(2);
    const interrupted: EventBody = { type: 'run.interrupted', data: { reason: 'the window closed', inDoubt: null } };
    for (const event of chain(RUN, [interrupted], writer.head)) await writer.append(event);
    await writer.close();
    expect(await store.verify(RUN, { heads: [{ ...writer.head, from: 'the writer' }] })).toMatchObject({
      sound: true,
      events: 3,
      notChecked: [{ kind: 'signature' }],
    });
    expect(await store.unfinished()).toEqual([]);
    expect(await query(path.join(root, 'runs', RUN, 'run.sqlite'), 'SELECT type FROM events ORDER BY seq')).toEqual([
      ['run.started'],
      ['node.started'],
      ['run.interrupted'],
    ]);
  });

  it('does not count a paused run as unfinished: it waits for a person', async () => {
    const { store } = await bench.open({ root: bench.root() });
    await writeRun(store, RUN, { type: 'run.paused', data: { reason: 'nobody could answer' } });
    await writeRun(store, OTHER, nodeStarted('implement'));
    expect(await store.unfinished()).toEqual([OTHER]);
  });

  it('leaves a damaged journal alone and says where it is damaged, also in the list', async () => {
    const root = bench.root();
    const first = await bench.open({ root });
    await writeRun(first.store, RUN, finished);
    await writeRun(first.store, OTHER, finished);
    await first.store.close();
    await rm(path.join(root, 'index.sqlite'));
    const damaged = (await readFile(journalOf(root), 'utf8')).replace('"seq":1', '"seq":7');
    await writeFile(journalOf(root), damaged);
    const { store, lines } = await bench.open({ root });
    expect(await statuses(store)).toEqual([`${OTHER} succeeded 2`, `${RUN} interrupted 1`]);
    expect((await store.summaries())[1]?.reason).toContain('the record is damaged');
    expect(await store.unfinished()).toEqual([]);
    expect(lines.filter((line) => line.includes(`${journalOf(root)} line 2`))).toHaveLength(1);
    await expect(store.continue(RUN)).rejects.toMatchObject({ code: 'journal_corrupt' });
    expect(await store.verify(RUN)).toMatchObject({
      sound: false,
      findings: [
        { seq: 1, kind: 'seq' },
        { seq: 1, kind: 'hash' },
      ],
    });
    expect(await readFile(journalOf(root), 'utf8')).toBe(damaged);
  });

  it('says of a run whose journal is gone that it is damaged, whatever the index remembers', async () => {
    const root = bench.root();
    const first = await bench.open({ root });
    await writeRun(first.store, RUN, finished);
    await first.store.close();
    await rm(journalOf(root));
    const { store } = await bench.open({ root });
    const [listed] = await store.summaries();
    expect(listed).toMatchObject({
      runId: RUN,
      status: 'interrupted',
      reason: expect.stringContaining('journal is gone'),
    });
  });

  it.each([
    ['empty', 0],
    ['shorter', 1],
  ])('says of a run whose journal is %s now that it is damaged, and keeps saying so', async (_case, left) => {
    const root = bench.root();
    const first = await bench.open({ root });
    await writeRun(first.store, RUN, finished);
    const { head } = await first.store.summary(RUN);
    await first.store.close();
    const lines = (await readFile(journalOf(root), 'utf8')).split('\n');
    await writeFile(
      journalOf(root),
      lines
        .slice(0, left)
        .map((line) => `${line}\n`)
        .join(''),
    );
    for (const { store } of [await bench.open({ root }), await bench.open({ root })]) {
      await writeRun(store, `other-${Math.random()}`, finished);
      const listed = (await store.summaries()).find(({ runId }) => runId === RUN);
      expect(listed).toMatchObject({ status: 'interrupted', events: left });
      expect(listed?.reason).toContain('the record is damaged: its journal has');
      expect(listed?.head).not.toBe(head);
    }
  });

  it('fails clearly when its place cannot be written or its worker is not there', async () => {
    const root = path.join(bench.folder, 'a-file');
    await writeFile(root, '');
    await expect(bench.open({ root })).rejects.toMatchObject({ code: 'disk_failure' });
    await expect(bench.open({ root: bench.root(), workerPath: '/nowhere/worker.js' })).rejects.toMatchObject({
      code: 'store_worker',
    });
  });
});

describe('verification of a stored run', () => {
  it('checks blobs and the contents of files, and names the event of the first that is wrong', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const big = await externalizeBody(toolFinished('c1', 'long output '.repeat(2000)), store.blobs);
    const content = await store.blobs.put(new TextEncoder().encode('new'), 'text/plain');
    await writeRun(store, RUN, toolRequested('c1'), big, fileChanged('a.txt', null, 'new'), finished);
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 5, blobs: 2, findings: [] });
    await rm(path.join(root, 'blobs', content.blob.slice(0, 2), content.blob));
    expect(await store.verify(RUN)).toMatchObject({
      sound: false,
      findings: [{ seq: 3, kind: 'blob_missing', expected: expect.stringContaining(content.blob) }],
    });
  });

  it('finds an incomplete last line, but not in a run that is being written', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    for (const event of longRun(RUN, 2)) await writer.append(event);
    await appendFile(journalOf(root), '{"half');
    expect(await store.verify(RUN)).toMatchObject({ sound: true, events: 2, notChecked: [{}, { kind: 'live' }, {}] });
    await writer.close();
    expect(await store.verify(RUN)).toMatchObject({ sound: false, findings: [{ seq: 2, kind: 'incomplete' }] });
  });

  it('finds a journal that is gone, where its folder is still there', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, finished);
    await rm(journalOf(root));
    expect(await store.verify(RUN)).toMatchObject({ sound: false, events: 0, findings: [{ kind: 'empty' }] });
    await expect(store.verify('never-there')).rejects.toMatchObject({ code: 'run_unknown' });
  });

  it.each<[string, string, string]>([
    ['a hole in the numbers of its files', 'journal-3.jsonl', 'expected journal-2.jsonl, found journal-3.jsonl'],
    ['a file that looks like one of them', 'journal-02.jsonl', 'found journal-02.jsonl'],
    ['a copy of one of them', 'journal.jsonl.bak', 'found journal.jsonl.bak'],
  ])('finds %s', async (_case, name, problem) => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, finished);
    await writeFile(path.join(path.dirname(journalOf(root)), name), '');
    const { findings } = await store.verify(RUN);
    expect(findings.map(problemOf)).toEqual([expect.stringContaining(problem)]);
  });

  it('finds an empty file before the last, which alone may be empty', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, finished);
    const folder = path.dirname(journalOf(root));
    await writeFile(path.join(folder, 'journal-2.jsonl'), '');
    expect((await store.verify(RUN)).sound).toBe(true);
    await writeFile(path.join(folder, 'journal-3.jsonl'), '');
    expect((await store.verify(RUN)).findings.map(problemOf)).toEqual([
      expect.stringContaining('expected events in journal-2.jsonl'),
    ]);
  });

  it('excuses a missing blob by a deletion after the run alone, and names it', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const content = await store.blobs.put(new TextEncoder().encode('new'), 'text/plain');
    await writeRun(store, RUN, fileChanged('a.txt', null, 'new'), finished);
    await rm(path.join(root, 'blobs', content.blob.slice(0, 2), content.blob));
    const record = { runId: 'old', events: 1, head: content.blob, startedAt: '', endedAt: null, reason: 'age' };
    const write = (deletedAt: string) =>
      writeFile(
        path.join(root, 'deletions.jsonl'),
        `${JSON.stringify({ ...record, deletedAt, blobs: [content.blob] })}\n`,
      );
    for (const deletedAt of ['2020-01-01T00:00:00.000Z', '9999', 'x']) {
      await write(deletedAt);
      expect((await store.verify(RUN)).findings).toMatchObject([{ seq: 1, kind: 'blob_missing' }]);
    }
    await write('2099-01-01T00:00:00.000Z');
    const { sound, notChecked } = await store.verify(RUN);
    expect(sound).toBe(true);
    expect(notChecked.find(({ kind }) => kind === 'blob_by_retention')?.detail).toContain(
      'with run old at 2099-01-01T00:00:00.000Z',
    );
  });

  it('finds an empty journal and bytes that are no text', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await (await store.create(RUN)).close();
    expect(await store.verify(RUN)).toMatchObject({ sound: false, findings: [{ seq: 0, kind: 'empty' }] });
    await writeRun(store, OTHER);
    await appendFile(journalOf(root, OTHER), Buffer.from([0xff, 0x0a]));
    expect(await store.verify(OTHER)).toMatchObject({
      sound: false,
      findings: [{ seq: 1, kind: 'not_utf8' }],
    });
  });

  it('gives payloads back as text', async () => {
    const { store } = await bench.open({ root: bench.root() });
    const text = 'a long task '.repeat(2000);
    const writer = await store.create(RUN);
    for (const event of chain(RUN, [await externalizeBody(origin(text), store.blobs)])) await writer.append(event);
    const [event] = await collect(store.read(RUN));
    if (event === undefined) throw new Error('an event');
    expect(event.data).toMatchObject({ task: { bytes: text.length } });
    expect((await store.inline(event)).data).toMatchObject({ task: text });
    await vi.waitFor(async () => expect((await store.summaries())[0]?.task).toBe(text.slice(0, 300)));
  });
});

describe("a run's database", () => {
  it('is there when the run has ended, and answers questions', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const over: EventBody = {
      type: 'node.finished',
      node: 'implement',
      data: { outcome: 'success', reason: 'done', next: 'test', why: 'on_success' },
    };
    const events = await writeRun(
      store,
      RUN,
      nodeStarted('implement'),
      toolRequested('c1', '{"path":".env"}'),
      decided('c1', 'deny'),
      toolRequested('c2'),
      decided('c2', 'allow'),
      toolFinished('c2'),
      fileChanged('a.txt', null, 'new'),
      charged(1, 10, 0.1),
      over,
      finished,
    );
    const file = path.join(root, 'runs', RUN, 'run.sqlite');
    expect(await query(file, "SELECT value FROM meta WHERE key IN ('head', 'run') ORDER BY key")).toEqual([
      [events.at(-1)?.hash],
      [RUN],
    ]);
    expect(await query(file, "SELECT call, rule, target FROM policy_decisions WHERE decision = 'deny'")).toEqual([
      ['c1', 'no-secrets', '{"path":".env"}'],
    ]);
    expect(await query(file, 'SELECT call, decision, input FROM tool_calls ORDER BY requested_seq')).toEqual([
      ['c1', 'deny', '{"path":".env"}'],
      ['c2', 'allow', '{}'],
    ]);
    expect(await query(file, 'SELECT outcome FROM tool_calls ORDER BY requested_seq')).toEqual([[null], ['ok']]);
    expect(await query(file, 'SELECT node, started_seq, finished_seq, outcome FROM nodes')).toEqual([
      ['implement', 1, 9, 'success'],
    ]);
    expect(await query(file, 'SELECT path, before FROM files')).toEqual([['a.txt', null]]);
    expect(await query(file, 'SELECT count(*) FROM blobs')).toEqual([[1]]);
    const stored = await query(file, 'SELECT data FROM events ORDER BY seq');
    expect(stored.map(([data]) => JSON.parse(String(data)))).toEqual(events.map((event) => event.data));
    expect((await readdir(path.dirname(file))).sort()).toEqual(['journal.jsonl', 'run.sqlite']);
  });

  it('is written at a checkpoint while the run goes on', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    await Promise.all(longRun(RUN, 1200).map((event) => writer.append(event)));
    const file = path.join(root, 'runs', RUN, 'run.sqlite');
    await vi.waitFor(() => stat(file), { timeout: 10_000 });
    expect(Number((await query(file, 'SELECT count(*) FROM events'))[0]?.[0])).toBeGreaterThanOrEqual(1000);
    await writer.close();
    expect(await query(file, 'SELECT count(*) FROM events')).toEqual([[1200]]);
  });

  it('that cannot be written fails nothing, and is said once', async () => {
    const root = bench.root();
    const { store, lines } = await bench.open({ root });
    const writer = await store.create(RUN);
    await mkdir(path.join(root, 'runs', RUN, 'run.sqlite'));
    for (const event of chain(RUN, [origin(), finished])) await writer.append(event);
    await writer.close();
    expect(lines).toEqual([expect.stringContaining(`the database of run ${RUN} is not up to date, its journal is`)]);
    expect((await store.verify(RUN)).sound).toBe(true);
  });
});

describe('the index', () => {
  it('holds one row a run, in columns that a person can ask', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, decided('c', 'deny'), fileChanged('a', null, 'x'), finished);
    await writeRun(store, OTHER, nodeStarted('implement'));
    await store.close();
    expect(
      await query(
        path.join(root, 'index.sqlite'),
        'SELECT run_id, status, denials, files_changed FROM runs ORDER BY run_id',
      ),
    ).toEqual([
      [RUN, 'succeeded', 1, '["a"]'],
      [OTHER, 'running', 0, '[]'],
    ]);
  });

  it('saves reading the journals of runs that did not change', async () => {
    const root = bench.root();
    const first = await bench.open({ root });
    await writeRun(first.store, RUN, finished);
    await first.store.close();
    // Same length, other bytes: only who reads the journal can know.
    await writeFile(journalOf(root), 'x'.repeat((await stat(journalOf(root))).size));
    const { store, lines } = await bench.open({ root });
    expect(await statuses(store)).toEqual([`${RUN} succeeded 2`]);
    expect(lines).toEqual([]);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['missing', (file) => rm(file)],
    ['unreadable', (file) => writeFile(file, 'no database')],
    ['unreadable', (file) => writeFile(file, Buffer.from(new sql.Database().export()))],
  ])('that is %s is rebuilt from the journals, and that is said', async (state, spoil) => {
    const root = bench.root();
    const file = path.join(root, 'index.sqlite');
    const first = await bench.open({ root });
    await writeRun(first.store, RUN, finished);
    await writeRun(first.store, OTHER, nodeStarted('implement'));
    await first.store.close();
    await spoil(file);
    const { store, lines } = await bench.open({ root });
    expect(lines).toEqual([`the run index ${file} was ${state}; it was rebuilt from the journals (runs: 2)`]);
    expect(await statuses(store)).toEqual([`${OTHER} running 2`, `${RUN} succeeded 2`]);
    expect(await query(file, 'SELECT count(*) FROM runs')).toEqual([[2]]);
  });

  it('that breaks while the store is open is rebuilt too', async () => {
    const root = bench.root();
    const file = path.join(root, 'index.sqlite');
    const { store, lines } = await bench.open({ root });
    await writeRun(store, RUN, finished);
    await writeFile(file, 'no database');
    await writeRun(store, OTHER, finished);
    expect(lines).toEqual([`the run index ${file} was unreadable; it was rebuilt from the journals`]);
    expect(await query(file, 'SELECT count(*) FROM runs')).toEqual([[2]]);
  });

  it('of two stores on one root loses no row, and each sees the other', async () => {
    const root = bench.root();
    const [one, two] = [await bench.open({ root }), await bench.open({ root })];
    await Promise.all([writeRun(one.store, RUN, finished), writeRun(two.store, OTHER, finished)]);
    expect(await statuses(one.store)).toEqual([`${OTHER} succeeded 2`, `${RUN} succeeded 2`]);
    expect(await statuses(two.store)).toEqual(await statuses(one.store));
    expect(await query(path.join(root, 'index.sqlite'), 'SELECT count(*) FROM runs')).toEqual([[2]]);
  });

  it("shows another store's live run as it is on the disk now", async () => {
    const root = bench.root();
    const [one, two] = [await bench.open({ root }), await bench.open({ root })];
    const writer = await one.store.create(RUN);
    for (const [i, event] of longRun(RUN, 4).entries()) {
      await writer.append(event);
      expect(await statuses(two.store)).toEqual([`${RUN} running ${i + 1}`]);
    }
  });

  it('wakes who watches it when another store wrote it, and not for its own writing', async () => {
    const root = bench.root();
    const [one, two] = [await bench.open({ root }), await bench.open({ root })];
    const woken: string[] = [];
    one.store.watch(() => void woken.push('one'));
    two.store.watch(() => void woken.push('two'));
    await writeRun(one.store, RUN, finished);
    await vi.waitFor(() => expect(woken).toContain('two'));
    expect(woken).not.toContain('one');
  });
});

describe('the stores of other windows', () => {
  it('are listed and read, never written', async () => {
    const [root, sibling] = [bench.root(), bench.root()];
    const other = await bench.open({ root: sibling });
    const events = await writeRun(other.store, OTHER, toolRequested('c'));
    await other.store.close();
    await rm(path.join(sibling, 'index.sqlite'));
    const { store } = await bench.open({ root, siblings: [sibling, path.join(bench.folder, 'not-there')] });
    await writeRun(store, RUN, finished);
    expect((await store.summaries()).map((run) => [run.runId, run.root])).toEqual([
      [OTHER, sibling],
      [RUN, root],
    ]);
    expect(await collect(store.read(OTHER))).toHaveLength(events.length);
    expect((await store.verify(OTHER)).sound).toBe(true);
    expect(await store.unfinished()).toEqual([]);
    await expect(store.continue(OTHER)).rejects.toMatchObject({ code: 'run_unknown' });
    expect(await readdir(sibling)).toEqual(['runs']);
  });
});

/** The index beyond its list, rebuilding, and what reading costs. */
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs, { type SqlJsStatic, type SqlValue } from 'sql.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import type { EventBody } from '../../../../src/core/events/schema';
import type { RunStore } from '../../../../src/node/store/store';
import {
  chain,
  collect,
  decided,
  finished,
  longRun,
  nodeStarted,
  origin,
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
const databaseOf = (root: string, run = RUN): string => path.join(root, 'runs', run, 'run.sqlite');
const indexOf = (root: string): string => path.join(root, 'index.sqlite');

async function writeRun(store: RunStore, run: string, ...bodies: EventBody[]): Promise<void> {
  const writer = await store.create(run);
  for (const event of chain(run, [origin(), ...bodies])) await writer.append(event);
  await writer.close();
}

async function query(file: string, text: string): Promise<SqlValue[][]> {
  const database = new sql.Database(await readFile(file));
  const rows = database.exec(text)[0]?.values ?? [];
  database.close();
  return rows;
}

const writing = (call: string, ...asked: string[]): EventBody => {
  const body = toolRequested(call, '{"path":"x"}');
  const paths = asked.map((at) => ({ asked: at, inside: at, problem: null }));
  return body.type === 'tool.requested' ? { ...body, data: { ...body.data, facts: { paths } } } : body;
};

const DENIED = 'SELECT run_id, seq, at, node, tool, capability, rule, target FROM denials ORDER BY run_id, seq';
const denied = (run: string, seq: number, target: string): SqlValue[] => [
  run,
  seq,
  new Date(Date.UTC(2026, 0, 31, 12) + seq * 1000).toISOString(),
  'implement',
  'write_file',
  'repo_write',
  'no-secrets',
  target,
];

describe('the denials in the index', () => {
  const bodies = [writing('c1', '.env', 'b.txt'), decided('c1', 'deny'), writing('c2', 'a'), decided('c2', 'allow')];
  const expected = [denied(RUN, 2, '.env, b.txt'), denied(OTHER, 2, '.env, b.txt'), denied(OTHER, 6, '{"n":1}')];

  async function twoRuns(root: string): Promise<void> {
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, ...bodies, finished);
    await writeRun(store, OTHER, ...bodies, toolRequested('c3', '{"n":1}'), decided('c3', 'deny'));
    await store.close();
  }

  it('are those of every run, with what was asked for: one query on one file', async () => {
    const root = bench.root();
    await twoRuns(root);
    expect(await query(indexOf(root), DENIED)).toEqual(expected);
    const lastMonth = `SELECT at, run_id, node, target, rule FROM denials
      WHERE capability IN ('repo_write', 'repo_delete')
        AND at >= date('2026-02-14', 'start of month', '-1 month') AND at < date('2026-02-14', 'start of month')`;
    expect(await query(indexOf(root), lastMonth)).toHaveLength(3);
    expect(await query(indexOf(root), lastMonth.replaceAll('2026-02-14', '2026-03-14'))).toEqual([]);
  });

  it('come back when the index is rebuilt, at opening and while it is open', async () => {
    const root = bench.root();
    await twoRuns(root);
    await rm(indexOf(root));
    const { store } = await bench.open({ root });
    expect(await query(indexOf(root), DENIED)).toEqual(expected);
    await writeFile(indexOf(root), 'no database');
    await writeRun(store, '20260131-140000-aa11bb', finished);
    expect(await query(indexOf(root), DENIED)).toEqual(expected);
  });

  it('that were lost are noticed and folded again', async () => {
    const root = bench.root();
    await twoRuns(root);
    const database = new sql.Database(await readFile(indexOf(root)));
    database.exec('DELETE FROM denials WHERE seq = 6');
    await writeFile(indexOf(root), database.export());
    const { store } = await bench.open({ root });
    await store.close();
    expect(await query(indexOf(root), DENIED)).toEqual(expected);
  });

  it('say what was asked for, also when the request was read in an earlier session', async () => {
    const root = bench.root();
    const events = chain(RUN, [origin(), writing('c1', '.env'), decided('c1', 'deny')]);
    const caused = events.map((event) => (event.seq === 2 ? { ...event, cause: 1 } : event));
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    for (const event of events.slice(0, 2)) await writer.append(event);
    await writer.close();
    const continued = await store.continue(RUN);
    for (const event of events.slice(2)) await continued.append(event);
    await continued.close();
    expect(await query(indexOf(root), DENIED)).toEqual([denied(RUN, 2, '.env')]);
    expect(await query(databaseOf(root), 'SELECT target FROM policy_decisions')).toEqual([['.env']]);
    // The same seen by a process that only looks on.
    const elsewhere = bench.root();
    await writeFileIn(elsewhere, caused.slice(0, 2).map(lineOf).join(''));
    const onlooker = await bench.open({ root: elsewhere });
    await onlooker.store.summaries();
    await writeFileIn(elsewhere, caused.map(lineOf).join(''));
    await onlooker.store.summaries();
    await onlooker.store.close();
    expect(await query(indexOf(elsewhere), DENIED)).toEqual([denied(RUN, 2, '.env')]);
  });
});

async function writeFileIn(root: string, journal: string): Promise<void> {
  await mkdir(path.dirname(journalOf(root)), { recursive: true });
  await writeFile(journalOf(root), journal);
}

describe('rebuilding', () => {
  it('makes the index and every database anew, and names the runs that are damaged', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, decided('c', 'deny'), finished);
    await writeRun(store, OTHER, nodeStarted('implement'), nodeStarted('test'));
    await writeFile(indexOf(root), 'no database');
    await writeFile(databaseOf(root), 'no database');
    const spoiled = (await readFile(journalOf(root, OTHER), 'utf8')).replace('"seq":2', '"seq":7');
    await writeFile(journalOf(root, OTHER), spoiled);
    const steps: string[] = [];
    const rebuilt = await store.rebuild({ onProgress: (done, total) => steps.push(`${done}/${total}`) });
    expect(rebuilt).toEqual({
      runs: 2,
      damaged: [{ runId: OTHER, problem: expect.stringContaining(`${journalOf(root, OTHER)} line 3`) }],
    });
    expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(await query(databaseOf(root), 'SELECT count(*) FROM events')).toEqual([[3]]);
    expect(await query(databaseOf(root, OTHER), 'SELECT count(*) FROM events')).toEqual([[2]]);
    expect(await query(indexOf(root), 'SELECT run_id FROM runs')).toEqual([[RUN]]);
    expect(await query(indexOf(root), 'SELECT count(*) FROM denials')).toEqual([[1]]);
    expect(await readFile(journalOf(root, OTHER), 'utf8')).toBe(spoiled);
  });

  it('can be cancelled, and leaves nothing half done', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    await writeRun(store, RUN, finished);
    await writeRun(store, OTHER, finished);
    const cancel = new AbortController();
    const stopped = store.rebuild({ signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    await store.close();
    expect(await query(indexOf(root), 'SELECT count(*) FROM runs')).toEqual([[2]]);
    expect(await query(databaseOf(root), 'SELECT count(*) FROM events')).toEqual([[2]]);
  });

  it('does not disturb a run that is being written', async () => {
    const root = bench.root();
    const { store, lines } = await bench.open({ root });
    const writer = await store.create(RUN);
    const events = longRun(RUN, 20);
    for (const event of events.slice(0, 10)) await writer.append(event);
    await Promise.all([store.rebuild(), ...events.slice(10).map((event) => writer.append(event))]);
    await writer.close();
    expect(await query(databaseOf(root), 'SELECT count(*) FROM events')).toEqual([[20]]);
    expect(await query(indexOf(root), 'SELECT events FROM runs')).toEqual([[20]]);
    expect(lines).toEqual([]);
  });
});

describe('looking at a run', () => {
  /** Puts something that is no event over a line, without a change of length. */
  async function blot(file: string, line: number): Promise<void> {
    const lines = (await readFile(file, 'utf8')).split('\n');
    const at = Buffer.byteLength(lines.slice(0, line).join('\n')) + 1;
    const handle = await open(file, 'r+');
    await handle.write('#'.repeat(lines[line]?.length ?? 0), at);
    await handle.close();
  }

  it('takes its summary from the index as long as its journal did not grow, and then reads only what is new', async () => {
    const root = bench.root();
    const first = await bench.open({ root });
    await writeRun(first.store, RUN, nodeStarted('implement'), nodeStarted('test'));
    await first.store.close();
    const { size } = await stat(journalOf(root));
    await blot(journalOf(root), 1);
    const { store, lines } = await bench.open({ root });
    expect(await store.summary(RUN)).toMatchObject({ runId: RUN, events: 3, root, imported: false });
    const all = chain(RUN, [origin(), nodeStarted('implement'), nodeStarted('test'), finished]);
    const handle = await open(journalOf(root), 'r+');
    await handle.write(lineOf(all[3] ?? raise()), size);
    await handle.close();
    expect(await store.summary(RUN)).toMatchObject({ events: 4, status: 'succeeded' });
    expect(lines).toEqual([]);
    await expect(store.summary('nothing-here')).rejects.toMatchObject({ code: 'run_unknown' });
  });

  it('from a late event on does not parse what comes before it', async () => {
    const root = bench.root();
    const { store } = await bench.open({ root });
    const writer = await store.create(RUN);
    await Promise.all(longRun(RUN, 700).map((event) => writer.append(event)));
    await writer.close();
    await blot(journalOf(root), 100);
    const reader = (await bench.open({ root })).store;
    for (const from of [101, 256, 511, 512, 513, 699, 650, 300]) {
      const seqs = (await collect(reader.read(RUN, { from, to: from + 1 }))).map(({ seq }) => seq);
      expect(seqs).toEqual([from, from + 1].filter((seq) => seq < 700));
    }
    await expect(collect(reader.read(RUN))).rejects.toMatchObject({ code: 'journal_corrupt' });
  });
});

const raise = (): never => {
  throw new Error('an event is missing');
};

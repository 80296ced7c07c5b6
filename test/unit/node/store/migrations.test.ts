/** Databases of every earlier schema are kept in test/fixtures/databases; see the README there. */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs, { type SqlJsStatic, type SqlValue } from 'sql.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineOf } from '../../../../src/core/events/chain';
import type { RunEvent } from '../../../../src/core/events/schema';
import { INDEX_STEPS } from '../../../../src/node/store/worker/indexSchema';
import { openDatabase } from '../../../../src/node/store/worker/migrate';
import { RUN_STEPS } from '../../../../src/node/store/worker/runSchema';
import { collect } from '../../../support/eventChain';
import { copyRecordedRun, rechain, recordedEvents } from '../../../support/goldenStore';
import { type StoreBench, storeBench } from '../../../support/storeWorker';

const KEPT = path.resolve(import.meta.dirname, '../../../fixtures/databases');
const VERSIONS = ['v1', 'v2', 'v3', 'v4'];
const NEWEST = VERSIONS.at(-1);

let bench: StoreBench;
let sql: SqlJsStatic;
beforeAll(async () => {
  bench = await storeBench();
  sql = await initSqlJs();
});
afterEach(() => bench.closeAll());
afterAll(() => bench.dispose());

type Content = { version: unknown; schema: SqlValue[][]; tables: Record<string, SqlValue[][]> };

/** Everything that is in a database file, in an order that does not depend on how it came about. */
async function contentOf(file: string): Promise<Content> {
  const database = new sql.Database(await readFile(file));
  const rows = (text: string): SqlValue[][] => database.exec(text)[0]?.values ?? [];
  const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map(([name]) =>
    String(name),
  );
  const content = {
    version: rows('PRAGMA user_version')[0]?.[0],
    schema: rows('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name'),
    tables: Object.fromEntries(tables.map((table) => [table, rows(`SELECT * FROM ${table} ORDER BY 1, 2`)])),
  };
  database.close();
  return content;
}

const runFile = (root: string, run: string): string => path.join(root, 'runs', run, 'run.sqlite');
const journalOf = (root: string, run: string): string => path.join(root, 'runs', run, 'journal.jsonl');
const indexFile = (root: string): string => path.join(root, 'index.sqlite');

/** A store with the recorded run, and its databases made by this version. */
async function freshStore(events = Number.POSITIVE_INFINITY): Promise<{ root: string; run: string }> {
  const root = bench.root();
  const run = copyRecordedRun('v1', root);
  if (Number.isFinite(events)) {
    await writeFile(journalOf(root, run), recordedEvents('v1').slice(0, events).map(lineOf).join(''));
  }
  const { store } = await bench.open({ root });
  await (await store.continue(run)).close();
  await store.close();
  return { root, run };
}

/** A store with the recorded run and the kept databases of a version. */
async function storeOf(version: string): Promise<{ root: string; run: string }> {
  const root = bench.root();
  const run = copyRecordedRun('v1', root);
  await copyFile(path.join(KEPT, version, 'run.sqlite'), runFile(root, run));
  await copyFile(path.join(KEPT, version, 'index.sqlite'), indexFile(root));
  return { root, run };
}

describe('databases of the newest schema', () => {
  it('are kept for those who come later', async () => {
    const kept = path.join(KEPT, `v${RUN_STEPS.length}`);
    if (process.env['OPENEXEC_KEEP_DATABASES'] === '1' && !existsSync(kept)) {
      const { root, run } = await freshStore();
      await mkdir(kept);
      await cp(runFile(root, run), path.join(kept, 'run.sqlite'));
      await cp(indexFile(root), path.join(kept, 'index.sqlite'));
    }
    expect((await readdir(KEPT)).filter((name) => name.startsWith('v'))).toEqual(VERSIONS);
    expect([RUN_STEPS.length, INDEX_STEPS.length]).toEqual([VERSIONS.length, VERSIONS.length]);
  });
});

describe.each(VERSIONS)('databases of schema %s', (version) => {
  it('become, by continuing the run, the same as those made anew from the journal', async () => {
    const fresh = await freshStore();
    const { root, run } = await storeOf(version);
    const { store, lines } = await bench.open({ root });
    await (await store.continue(run)).close();
    await store.summaries();
    await store.close();
    expect(await contentOf(runFile(root, run))).toEqual(await contentOf(runFile(fresh.root, run)));
    expect(await contentOf(indexFile(root))).toEqual(await contentOf(indexFile(fresh.root)));
    expect(lines).toEqual(
      version === NEWEST ? [] : [`the run index ${indexFile(root)} was brought to the newest schema`],
    );
  });

  it('are brought to the newest by themselves, which is said, and then left as they are', async () => {
    const fresh = await freshStore();
    const { root, run } = await storeOf(version);
    const first = await bench.open({ root });
    await first.store.tendDatabases();
    expect(await contentOf(runFile(root, run))).toEqual(await contentOf(runFile(fresh.root, run)));
    const said = `the database ${runFile(root, run)} was of an older schema; it was brought to the newest`;
    expect(first.lines.filter((line) => line.includes('database'))).toEqual(version === NEWEST ? [] : [said]);
    await first.store.close();
    const before = await stat(runFile(root, run));
    const second = await bench.open({ root });
    await second.store.tendDatabases();
    expect(second.lines).toEqual([]);
    expect((await stat(runFile(root, run))).ino).toBe(before.ino);
  });
});

describe('databases of schema v2, which did not count the calls outside of a toolset', () => {
  it('are given the count out of the denials that they hold', async () => {
    const cases = [
      ['run.sqlite', RUN_STEPS, 'policy_decisions'],
      // The next step has every run read again, so that there are no rows.
      ['index.sqlite', INDEX_STEPS.slice(0, 3), 'denials'],
    ] as const;
    for (const [file, steps, table] of cases) {
      const database = new sql.Database(await readFile(path.join(KEPT, 'v2', file)));
      const run = String(database.exec('SELECT run_id FROM runs')[0]?.values[0]?.[0]);
      const more: Readonly<Record<string, string>> =
        table === 'denials' ? {} : { decision: 'deny', layer: 'built in', call: 'c', snapshot: 'h' };
      const row = { run_id: run, seq: '9999', at: '2026', tool: 'x', capability: 'none', rule: 'toolset', ...more };
      const columns = Object.entries({ ...row, reason: 'x', target: '' });
      database.run(
        `INSERT INTO ${table} (${columns.map(([name]) => name).join()}) VALUES (${columns.map(() => '?').join()})`,
        columns.map(([, value]) => value),
      );
      const opened = openDatabase(sql, database.export(), steps);
      database.close();
      if (opened.state !== 'older') throw new Error(`${file} is ${opened.state}`);
      expect(opened.database.exec('SELECT outside_toolset FROM runs')[0]?.values, file).toEqual([[1]]);
      opened.database.close();
    }
  });
});

describe('databases of a schema that is not known yet', () => {
  async function fromTheFuture(file: string): Promise<Buffer> {
    const database = new sql.Database(await readFile(file));
    database.exec("PRAGMA user_version = 99; UPDATE meta SET value = 99 WHERE key = 'schema'; CREATE TABLE more (x)");
    await writeFile(file, database.export());
    database.close();
    return readFile(file);
  }

  it('are never touched, whatever is done, and that is said once each', async () => {
    const { root, run } = await freshStore();
    const [runBytes, indexBytes] = [await fromTheFuture(runFile(root, run)), await fromTheFuture(indexFile(root))];
    const { store, lines } = await bench.open({ root });
    await (await store.continue(run)).close();
    expect((await store.summaries()).map(({ runId, events }) => [runId, events])).toEqual([[run, 131]]);
    const about = (file: string): string[] => lines.filter((line) => line.includes(file));
    expect(about('index.sqlite')).toEqual([
      expect.stringContaining('was written by a newer OpenExec and is left alone'),
    ]);
    expect(about('run.sqlite')).toEqual([expect.stringContaining('was written by a newer OpenExec and is left alone')]);
    await store.tendDatabases();
    expect((await store.rebuild()).damaged).toEqual([
      { runId: run, problem: expect.stringContaining('newer OpenExec') },
    ]);
    await store.close();
    expect(await readFile(runFile(root, run))).toEqual(runBytes);
    expect(await readFile(indexFile(root))).toEqual(indexBytes);
  });
});

describe("a run's database that does not fit its journal", () => {
  it.each<[string, string, (file: string) => Promise<void>]>([
    ['missing', 'missing; it was rebuilt', (file) => rm(file)],
    ['unreadable', 'unreadable; it was rebuilt', (file) => writeFile(file, 'no database')],
    ['cut', 'unreadable; it was rebuilt', async (file) => writeFile(file, (await readFile(file)).subarray(0, 40_000))],
  ])('is made anew by itself when it is %s', async (_case, said, spoil) => {
    const { root, run } = await freshStore();
    const whole = await contentOf(runFile(root, run));
    await spoil(runFile(root, run));
    const { store, lines } = await bench.open({ root });
    await store.tendDatabases();
    expect(await contentOf(runFile(root, run))).toEqual(whole);
    expect(lines).toEqual([expect.stringContaining(`${runFile(root, run)} was ${said}`)]);
  });

  it('is caught up when it is behind, by continuing the run and by itself', async () => {
    const whole = await freshStore();
    for (const how of ['continue', 'tend']) {
      const { root, run } = await freshStore(100);
      expect((await contentOf(runFile(root, run))).tables['events']).toHaveLength(100);
      await copyFile(journalOf(whole.root, run), journalOf(root, run));
      const { store, lines } = await bench.open({ root });
      if (how === 'continue') await (await store.continue(run)).close();
      else await store.tendDatabases();
      expect(await contentOf(runFile(root, run)), how).toEqual(await contentOf(runFile(whole.root, run)));
      expect(lines).toEqual([]);
    }
  });

  it.each<[string, (events: RunEvent[]) => RunEvent[]]>([
    ['knows more than the journal', (events) => events.slice(0, 100)],
    [
      'is of another chain',
      (events) =>
        rechain(
          events[0]?.run ?? '',
          events.map((e) => ({ ...e, at: `2027${e.at.slice(4)}` })),
        ),
    ],
  ])('is made anew when it %s, and never believed', async (_case, other) => {
    const { root, run } = await freshStore();
    await writeFile(journalOf(root, run), other(recordedEvents('v1')).map(lineOf).join(''));
    const { store, lines } = await bench.open({ root });
    await store.tendDatabases();
    expect(lines).toContainEqual(
      expect.stringContaining(`${runFile(root, run)} was not of its journal; it was rebuilt`),
    );
    const { tables } = await contentOf(runFile(root, run));
    expect(tables['events']?.map((row) => row.at(-1))).toEqual(
      (await collect(store.read(run))).map((event) => event.hash),
    );
  });
});

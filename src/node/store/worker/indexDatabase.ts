/**
 * The index of a store: one row a run, so that a list of runs needs no journal. It is only a copy: `journal_bytes` says
 * which length of the journal a row was folded from, and a row that is missing or old is folded again from there.
 *
 * Two processes may write it: each merges its rows into what it finds, under a lock.
 */
import { readFile } from 'node:fs/promises';
import type { Database, SqlJsStatic, SqlValue } from 'sql.js';
import { runSummarySchema } from '../../../core/events/summary';
import { errnoOf, writeDurably } from '../../system/durable';
import { type Lock, tryLock } from '../lock';
import { type IndexRow, indexRowSchema } from './protocol';

const INDEX_SCHEMA_VERSION = 1;

const FIELDS = Object.keys(runSummarySchema.shape) as (keyof typeof runSummarySchema.shape)[];
const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const COLUMNS = FIELDS.map((field) => `"${columnOf(field)}"`);
/** Lists stand in their column as JSON. */
const LISTS: ReadonlySet<string> = new Set(['filesChanged', 'openApprovals', 'touched']);

const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', ${INDEX_SCHEMA_VERSION});
CREATE TABLE runs (${COLUMNS.map((column) => (column === '"run_id"' ? `${column} TEXT PRIMARY KEY` : column)).join(', ')},
  journal_bytes INTEGER NOT NULL);
`;
const INSERT = `INSERT OR REPLACE INTO runs (${COLUMNS.join(', ')}, journal_bytes) VALUES (${FIELDS.map(() => '?').join(', ')}, ?)`;
const SELECT = `SELECT ${COLUMNS.join(', ')}, journal_bytes FROM runs`;

type IndexContent = { readonly state: 'ok' | 'missing' | 'unreadable'; readonly rows: IndexRow[] };

/** The rows of an index file. A file that is no index of this version, or has a row that cannot be read, is unreadable. */
export async function readIndex(sql: SqlJsStatic, file: string): Promise<IndexContent> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { state: 'missing', rows: [] };
    throw error;
  }
  let database: Database | null = null;
  try {
    database = new sql.Database(bytes);
    const version = database.exec("SELECT value FROM meta WHERE key = 'schema'")[0]?.values[0]?.[0];
    if (version !== INDEX_SCHEMA_VERSION) return { state: 'unreadable', rows: [] };
    return { state: 'ok', rows: (database.exec(SELECT)[0]?.values ?? []).map(rowOf) };
  } catch {
    return { state: 'unreadable', rows: [] };
  } finally {
    database?.close();
  }
}

/**
 * Merges rows into the index file, by run, the row that knows more events winning, and writes it durably. Answers what it
 * holds now. An unreadable file is left alone and reported, unless `replace` is set.
 */
export async function writeIndex(
  sql: SqlJsStatic,
  request: { path: string; rows: readonly IndexRow[]; replace: boolean },
): Promise<IndexContent> {
  const lock = await lockIndex(`${request.path}.lock`);
  try {
    const found: IndexContent = request.replace ? { state: 'missing', rows: [] } : await readIndex(sql, request.path);
    if (found.state === 'unreadable') return found;
    const merged = new Map(found.rows.map((row) => [row.summary.runId, row]));
    for (const row of request.rows) {
      const other = merged.get(row.summary.runId);
      if (other === undefined || other.summary.events <= row.summary.events) merged.set(row.summary.runId, row);
    }
    const rows = [...merged.values()];
    await writeDurably(request.path, bytesOf(sql, rows));
    return { state: found.state, rows };
  } finally {
    await lock?.release();
  }
}

function bytesOf(sql: SqlJsStatic, rows: readonly IndexRow[]): Uint8Array {
  const database = new sql.Database();
  try {
    database.exec(SCHEMA);
    database.exec('BEGIN');
    const insert = database.prepare(INSERT);
    for (const { summary, journalBytes } of rows)
      insert.run([...FIELDS.map((field) => cell(summary[field])), journalBytes]);
    database.exec('COMMIT');
    return database.export();
  } finally {
    database.close();
  }
}

const cell = (value: string | number | null | readonly unknown[]): SqlValue =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

function rowOf(values: readonly SqlValue[]): IndexRow {
  const summary = Object.fromEntries(
    FIELDS.map((field, at) => [field, LISTS.has(field) ? JSON.parse(String(values[at])) : values[at]]),
  );
  return indexRowSchema.parse({ summary, journalBytes: values[FIELDS.length] });
}

/** Waits for the index for a while. Without it the rows are written all the same: what gets lost is folded again. */
async function lockIndex(file: string): Promise<Lock | null> {
  for (let round = 0; round < 100; round += 1) {
    const lock = await tryLock(file);
    if (lock !== null) return lock;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

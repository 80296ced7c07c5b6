/**
 * The index of a store: one row a run, so that a list of runs needs no journal, every denied decision of every run, and
 * every deletion. It is only a copy: `journal_bytes` says which length of the journal a row was folded from, and a row
 * that is missing or old is folded again from there.
 *
 * Two processes may write it: each merges its rows into what it finds, under a lock.
 */
import { readFile } from 'node:fs/promises';
import type { Database, SqlJsStatic } from 'sql.js';
import { errnoOf, writeDurably } from '../../system/durable';
import { readDeletions } from '../deletions';
import { indexFile } from '../layout';
import { type Lock, tryLock } from '../lock';
import { INDEX_STEPS } from './indexSchema';
import { newDatabase, openDatabase } from './migrate';
import { type IndexRow, type IndexState, indexRowSchema, type WorkerRequest } from './protocol';
import { SUMMARY_COLUMNS, summaryOf, summaryValues } from './summaryRow';

const SELECT = `SELECT ${SUMMARY_COLUMNS}, journal_bytes FROM runs`;
/** Denials that are not there were not known to the version that wrote the row, or got lost on the way. */
const PARTIAL = `SELECT run_id FROM runs WHERE denials <> (SELECT count(*) FROM denials WHERE denials.run_id = runs.run_id)`;
const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
const DENIAL = `INSERT OR REPLACE INTO denials (run_id, seq, at, node, tool, capability, rule, reason, target)
  VALUES (${marks(9)})`;
const DELETION = `INSERT OR REPLACE INTO deletions (run_id, deleted_at, reason, events, head, started_at, ended_at, blobs)
  VALUES (${marks(8)})`;

type IndexContent = { readonly state: IndexState; readonly rows: IndexRow[]; readonly partial: string[] };
type Found = { readonly state: IndexState; readonly database: Database | null };

/** What an index file holds; one of an older schema is written back in the newest if that is asked for. */
export async function readIndex(
  sql: SqlJsStatic,
  { root, migrate }: WorkerRequest & { kind: 'readIndex' },
): Promise<IndexContent> {
  const file = indexFile(root);
  const lock = migrate ? await lockIndex(`${file}.lock`) : null;
  const found = await find(sql, file);
  try {
    const content = contentOf(found);
    if (migrate && content.state === 'older' && found.database !== null) {
      await writeDurably(file, found.database.export());
    }
    return content;
  } finally {
    found.database?.close();
    await lock?.release();
  }
}

/**
 * Merges what is given into the index file, of two rows of a run the one that knows more events winning, and writes it
 * durably. Answers what it holds now. An unreadable file is left alone and reported, unless `replace` is set; a newer one
 * is left alone always.
 */
export async function writeIndex(
  sql: SqlJsStatic,
  request: WorkerRequest & { kind: 'writeIndex' },
): Promise<IndexContent> {
  const file = indexFile(request.root);
  const lock = await lockIndex(`${file}.lock`);
  const found = await find(sql, file);
  let database = found.database;
  try {
    if (found.state === 'newer' || (found.state === 'unreadable' && !request.replace)) return contentOf(found);
    if (database === null || request.replace) {
      database?.close();
      database = newDatabase(sql, INDEX_STEPS);
    }
    await merge(database, request);
    await writeDurably(file, database.export());
    return contentOf({ state: found.state === 'unreadable' ? 'ok' : found.state, database });
  } finally {
    database?.close();
    await lock?.release();
  }
}

async function find(sql: SqlJsStatic, file: string): Promise<Found> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return { state: errnoOf(error) === 'ENOENT' ? 'missing' : 'unreadable', database: null };
  }
  const opened = openDatabase(sql, bytes, INDEX_STEPS);
  return { state: opened.state, database: 'database' in opened ? opened.database : null };
}

/** A row that cannot be read makes the whole file unreadable: it is rebuilt then. */
function contentOf({ state, database }: Found): IndexContent {
  if (database === null) return { state, rows: [], partial: [] };
  try {
    const rows = (database.exec(SELECT)[0]?.values ?? []).map((values) =>
      indexRowSchema.parse({ summary: summaryOf(values.slice(0, -1)), journalBytes: values.at(-1) }),
    );
    return { state, rows, partial: (database.exec(PARTIAL)[0]?.values ?? []).map(([run]) => String(run)) };
  } catch {
    return { state: 'unreadable', rows: [], partial: [] };
  }
}

async function merge(database: Database, request: WorkerRequest & { kind: 'writeIndex' }): Promise<void> {
  const deletions = await readDeletions(request.root);
  database.exec('BEGIN');
  for (const run of request.removed) {
    database.exec('DELETE FROM runs WHERE run_id = ?', [run]);
    database.exec('DELETE FROM denials WHERE run_id = ?', [run]);
  }
  const known = new Map((database.exec('SELECT run_id, events FROM runs')[0]?.values ?? []).map(([id, n]) => [id, n]));
  for (const { summary, journalBytes } of request.rows) {
    if (Number(known.get(summary.runId) ?? 0) > summary.events) continue;
    const values = [...summaryValues(summary), journalBytes];
    database.exec(
      `INSERT OR REPLACE INTO runs (${SUMMARY_COLUMNS}, journal_bytes) VALUES (${marks(values.length)})`,
      values,
    );
  }
  for (const { runId, seq, at, node, tool, capability, rule, reason, target } of request.denials) {
    database.exec(DENIAL, [runId, seq, at, node, tool, capability, rule, reason, target]);
  }
  for (const { runId, deletedAt, reason, events, head, startedAt, endedAt, blobs } of deletions) {
    database.exec(DELETION, [runId, deletedAt, reason, events, head, startedAt, endedAt, blobs.length]);
  }
  database.exec('COMMIT');
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

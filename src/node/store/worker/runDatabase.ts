/**
 * One run as a SQLite database, for people and tools that ask questions. Built from the run's events alone; the journal
 * stays the evidence. Times are UTC in ISO 8601.
 */
import type { Database, SqlJsStatic } from 'sql.js';
import { EMPTY_HEAD, type Head } from '../../../core/events/chain';
import { eventSchema, type RunEvent } from '../../../core/events/schema';
import { foldSummary, type RunSummary } from '../../../core/events/summary';
import { OpenExecError } from '../../../core/kernel/errors';
import { writeDurably } from '../../system/durable';
import { newDatabase, type Opened, openDatabase } from './migrate';
import { RUN_STEPS } from './runSchema';
import { runTables } from './runTables';
import { SUMMARY_COLUMNS, summaryOf, summaryValues } from './summaryRow';

const META = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';

export interface RunDatabase {
  /** The last event that is in it. */
  readonly head: Head;
  /** Adds events in one transaction. Throws `store_worker` when they do not follow. */
  add(events: readonly RunEvent[]): void;
  /** Writes the whole database to a file, durably. Throws `disk_failure`. */
  writeTo(file: string): Promise<void>;
  close(): void;
}

/** An empty database of a run, in memory. */
export function createRunDatabase(sql: SqlJsStatic, run: string): RunDatabase {
  const database = newDatabase(sql, RUN_STEPS);
  database.exec(META, ['run', run]);
  return runDatabase(database, run, null);
}

export type StoredDatabase =
  | { readonly state: 'ok' | 'older'; readonly version: number; readonly database: RunDatabase }
  | Exclude<Opened, { database: unknown }>;

/** The database of a run out of a file's bytes, brought to the newest schema; another run's counts as unreadable. */
export function openRunDatabase(sql: SqlJsStatic, bytes: Uint8Array, run: string): StoredDatabase {
  const opened = openDatabase(sql, bytes, RUN_STEPS);
  if (!('database' in opened)) return opened;
  try {
    const summary = storedSummary(opened.database, run);
    return { ...opened, database: runDatabase(opened.database, run, summary) };
  } catch {
    opened.database.close();
    return { state: 'unreadable' };
  }
}

function runDatabase(database: Database, run: string, stored: RunSummary | null): RunDatabase {
  const tables = runTables(database);
  let summary = stored;
  const writeSummary = (): void => {
    if (summary === null) return;
    const values = summaryValues(summary);
    const marks = values.map(() => '?').join(', ');
    database.exec(`INSERT OR REPLACE INTO runs (${SUMMARY_COLUMNS}) VALUES (${marks})`, values);
    database.exec(META, ['events', summary.events]);
    database.exec(META, ['head', summary.head]);
  };
  return {
    get head() {
      return summary === null ? EMPTY_HEAD : { events: summary.events, hash: summary.head };
    },
    add(events) {
      const before = summary;
      database.exec('BEGIN');
      try {
        for (const event of events) {
          if (event.run !== run || event.seq !== (summary?.events ?? 0)) throw misplaced(event, run, summary);
          summary = foldSummary(summary, event);
          tables.insert(event);
        }
        writeSummary();
        database.exec('COMMIT');
      } catch (error) {
        summary = before;
        database.exec('ROLLBACK');
        throw error;
      }
    },
    writeTo: (file) => writeDurably(file, database.export()),
    close: () => database.close(),
  };
}

/** The run's row; where an older schema had none, it is folded from the events that are in the database. */
function storedSummary(database: Database, run: string): RunSummary | null {
  const row = database.exec(`SELECT ${SUMMARY_COLUMNS} FROM runs`)[0]?.values[0];
  if (row !== undefined) {
    const summary = summaryOf(row);
    if (summary.runId !== run) throw new OpenExecError('store_worker', `the database is of run ${summary.runId}`);
    return summary;
  }
  let summary: RunSummary | null = null;
  const events = database.prepare(
    'SELECT seq, at, type, node, attempt, cause, data, prev, hash FROM events ORDER BY seq',
  );
  while (events.step()) summary = foldSummary(summary, eventOf(run, events.getAsObject()));
  events.free();
  if (summary === null) return null;
  const values = summaryValues(summary);
  const marks = values.map(() => '?').join(', ');
  database.exec(`INSERT INTO runs (${SUMMARY_COLUMNS}) VALUES (${marks})`, values);
  return summary;
}

function eventOf(run: string, row: Record<string, unknown>): RunEvent {
  const given = Object.entries({ ...row, data: JSON.parse(String(row.data)) }).filter(([, value]) => value !== null);
  return eventSchema.parse({ v: 1, run, ...Object.fromEntries(given) });
}

const misplaced = (event: RunEvent, run: string, summary: RunSummary | null): OpenExecError =>
  new OpenExecError(
    'store_worker',
    `event ${event.run}/${event.seq} does not follow ${run}/${(summary?.events ?? 0) - 1}`,
  );

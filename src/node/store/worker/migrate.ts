/**
 * Schema versions of the databases. A database is brought forward by a list of steps, one for each version, and never
 * back; a new one is made by the same steps, so that there is one schema and one way to it. What a newer version of
 * OpenExec has written is left alone.
 *
 * The version stands in `PRAGMA user_version` and in `meta`; version 1 wrote it to `meta` alone.
 */
import type { Database, SqlJsStatic } from 'sql.js';

/** SQL text for each version, the first making version 1 out of nothing. Steps that were released never change. */
export type Steps = readonly string[];

export type Opened =
  | { readonly state: 'ok' | 'older'; readonly database: Database; readonly version: number }
  | { readonly state: 'newer'; readonly version: number }
  | { readonly state: 'unreadable' };

/** An empty database of the newest version. */
export function newDatabase(sql: SqlJsStatic, steps: Steps): Database {
  const database = new sql.Database();
  bringForward(database, steps, 0);
  return database;
}

/** A database out of a file's bytes, brought to the newest version in memory; `older` and `version` say what it was. */
export function openDatabase(sql: SqlJsStatic, bytes: Uint8Array, steps: Steps): Opened {
  let database: Database | null = null;
  try {
    database = new sql.Database(bytes);
    const version = versionOf(database);
    if (version > steps.length) {
      database.close();
      return { state: 'newer', version };
    }
    if (version < 1 || quickCheck(database) !== 'ok') throw new Error('no database of ours');
    if (version === steps.length) return { state: 'ok', database, version };
    bringForward(database, steps, version);
    database.exec('VACUUM');
    return { state: 'older', database, version };
  } catch {
    // Whatever SQLite has against it, it is of no use; the journals are the truth.
    database?.close();
    return { state: 'unreadable' };
  }
}

function versionOf(database: Database): number {
  const user = Number(one(database, 'PRAGMA user_version'));
  const meta = Number(one(database, "SELECT value FROM meta WHERE key = 'schema'"));
  if (user === meta) return user;
  if (user === 0 && meta === 1) return 1;
  throw new Error(`schema ${meta} in meta, ${user} in the header`);
}

/** A file that was cut or overwritten in its middle often opens all the same. */
const quickCheck = (database: Database): unknown => one(database, 'PRAGMA quick_check(1)');

const one = (database: Database, text: string): unknown => database.exec(text)[0]?.values[0]?.[0];

function bringForward(database: Database, steps: Steps, from: number): void {
  database.exec('BEGIN');
  try {
    for (const [place, step] of steps.entries()) {
      if (place < from) continue;
      database.exec(step);
      database.exec(`INSERT OR REPLACE INTO meta VALUES ('schema', ${place + 1})`);
    }
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

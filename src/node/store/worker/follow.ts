/**
 * Keeps the databases of runs up to their journals. The worker reads the journals itself, so that nothing is sent to it
 * for each event and nothing can pile up on the way.
 */
import { readFile } from 'node:fs/promises';
import type { SqlJsStatic } from 'sql.js';
import type { Head } from '../../../core/events/chain';
import type { RunEvent } from '../../../core/events/schema';
import { isOpenExecError, messageOf } from '../../../core/kernel/errors';
import { errnoOf } from '../../system/durable';
import { storedLines } from '../journal';
import { runDatabaseFile } from '../layout';
import type { ReadFrom } from '../offsets';
import { readEvents } from '../reading';
import type { DatabaseState, WorkerAnswer, WorkerRequest } from './protocol';
import { createRunDatabase, openRunDatabase, type RunDatabase } from './runDatabase';

const BATCH = 256;

/** A database in memory, and where in the journal the event after its last begins. */
type Followed = { readonly database: RunDatabase; readonly found: DatabaseState; next: ReadFrom; written: boolean };

/** Serves the requests of kind `database`; the databases that are kept live in it. */
export function databaseFollower(sql: SqlJsStatic) {
  const kept = new Map<string, Followed>();

  return async ({ root, run, fresh, keep }: WorkerRequest & { kind: 'database' }): Promise<WorkerAnswer> => {
    const file = runDatabaseFile(root, run);
    const memory = kept.get(file);
    if (memory !== undefined && fresh) memory.database.close();
    kept.delete(file);
    const opened = memory !== undefined && !fresh ? memory : await open(sql, { root, run, fresh });
    if (opened === 'newer') return { kind: 'database', found: 'newer', problem: null };
    try {
      const problem = await catchUp(opened, root, run);
      if (!opened.written) await opened.database.writeTo(file);
      opened.written = true;
      return { kind: 'database', found: memory === opened ? 'ok' : opened.found, problem };
    } finally {
      if (keep) kept.set(file, opened);
      else opened.database.close();
    }
  };
}

type Place = { readonly root: string; readonly run: string };

async function open(sql: SqlJsStatic, { root, run, fresh }: Place & { fresh: boolean }): Promise<Followed | 'newer'> {
  const bytes = await bytesOf(runDatabaseFile(root, run));
  const stored = bytes === null ? null : openRunDatabase(sql, bytes, run);
  if (stored?.state === 'newer') return 'newer';
  if (stored === null) return anew(sql, run, 'missing');
  if (stored.state === 'unreadable') return anew(sql, run, 'unreadable');
  const next = fresh ? null : await placeAfter({ root, run }, stored.database.head);
  if (next !== null) return { database: stored.database, found: stored.state, next, written: stored.state === 'ok' };
  stored.database.close();
  return anew(sql, run, fresh ? 'ok' : 'strange');
}

const anew = (sql: SqlJsStatic, run: string, found: DatabaseState): Followed => ({
  database: createRunDatabase(sql, run),
  found,
  next: { offset: 0, seq: 0 },
  written: false,
});

/** Adds what is new in the journal; answers why it could not be read to its end, if so. */
async function catchUp(followed: Followed, root: string, run: string): Promise<string | null> {
  let batch: RunEvent[] = [];
  const add = (next: ReadFrom): void => {
    if (batch.length === 0) return;
    followed.database.add(batch);
    followed.next = next;
    followed.written = false;
    batch = [];
  };
  let next = followed.next;
  try {
    for await (const { event, end } of readEvents(root, run, {}, next)) {
      batch.push(event);
      next = { offset: end, seq: event.seq + 1 };
      if (batch.length === BATCH) add(next);
    }
  } catch (error) {
    if (!isOpenExecError(error, 'journal_corrupt')) throw error;
    add(next);
    return messageOf(error);
  }
  add(next);
  return null;
}

/** Where the journal goes on after a head; null when the head is not of this journal. */
async function placeAfter({ root, run }: Place, head: Head): Promise<ReadFrom | null> {
  if (head.events === 0) return { offset: 0, seq: 0 };
  let seq = 0;
  for await (const line of storedLines(root, run)) {
    if (!line.complete) return null;
    seq += 1;
    if (seq < head.events) continue;
    return hashIn(line.bytes) === head.hash ? { offset: line.end, seq } : null;
  }
  return null;
}

function hashIn(line: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null && 'hash' in value ? value.hash : null;
  } catch {
    return null;
  }
}

async function bytesOf(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    // What cannot be read at all (a folder, no permission) cannot be used; writing it anew says what is wrong.
    return new Uint8Array();
  }
}

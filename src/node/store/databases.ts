/**
 * The databases of the runs of one root, kept in order: those that are missing, unreadable, old or behind their journal are
 * brought up to it. Nothing here fails anything, for the journals are the truth.
 */
import { type FileHandle, open, readdir, stat, utimes } from 'node:fs/promises';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Progress } from '../../core/ports/progress';
import { errnoOf } from '../system/durable';
import { isRunId, lockFile, runDatabaseFile, runsFolder } from './layout';
import type { Damaged, Listing } from './listing';
import { isLocked } from './lock';
import { emptyTrash } from './removal';
import { newerDatabase } from './runFeed';
import { journalLength, segmentsOf } from './segments';
import type { DatabaseState } from './worker/protocol';
import { RUN_STEPS } from './worker/runSchema';
import type { StoreWorker } from './workerClient';

export type Rebuilt = { readonly runs: number; readonly damaged: readonly Damaged[] };

export interface Upkeep {
  /** Brings in order what a glance shows to be amiss, and tells `log` of each. */
  tend(): Promise<void>;
  /** Makes the database of a run that has come in; what goes wrong is told to `log`. */
  build(run: string): Promise<void>;
  /** Makes the index and every run's database anew. Throws `cancelled`; what was made until then stays, and is whole. */
  rebuild(progress?: Progress): Promise<Rebuilt>;
  /** Ends tending after the run that it is at. */
  stop(): Promise<void>;
}

type Parts = {
  readonly root: string;
  readonly listing: Listing;
  readonly worker: StoreWorker;
  readonly log: (line: string) => void;
  /** True for a run that this process writes. */
  readonly isOwn: (run: string) => boolean;
};

export function databaseUpkeep({ root, listing, worker, log, isOwn }: Parts): Upkeep {
  let stopped = false;
  let tending: Promise<void> | null = null;

  async function tendAll(): Promise<void> {
    await emptyTrash(root);
    for (const run of await runsIn(root)) {
      if (stopped) return;
      // Its writer tends to it.
      if (isOwn(run) || (await isLocked(lockFile(root, run)))) continue;
      const line = await tendDatabase({ root, run }, worker);
      if (line !== null) log(line);
    }
  }

  return {
    tend() {
      tending ??= tendAll().finally(() => {
        tending = null;
      });
      return tending;
    },
    async build(run) {
      const problem = await buildAnew({ root, run }, worker, false);
      if (problem !== null) log(`the database of run ${run} is not complete: ${problem}`);
    },
    async rebuild({ signal, onProgress } = {}) {
      const runs = await runsIn(root);
      let done = 0;
      const step = (): void => {
        if (signal?.aborted) throw new OpenExecError('cancelled', 'rebuilding was cancelled; nothing is half done');
        done += 1;
        onProgress?.(done, 2 * runs.length);
      };
      const damaged = new Map((await listing.rebuild(step)).map(({ runId, problem }) => [runId, problem]));
      for (const run of runs) {
        step();
        if (!isOwn(run) && (await isLocked(lockFile(root, run)))) continue;
        const problem = await buildAnew({ root, run }, worker, isOwn(run));
        if (problem !== null && !damaged.has(run)) damaged.set(run, problem);
      }
      return { runs: runs.length, damaged: [...damaged].map(([runId, problem]) => ({ runId, problem })) };
    },
    async stop() {
      stopped = true;
      await tending;
    },
  };
}

/** The runs of a root that have a journal; one that cannot be looked at is told of by the list of runs. */
async function runsIn(root: string): Promise<string[]> {
  const runs: string[] = [];
  for (const run of (await readdir(runsFolder(root))).filter(isRunId).sort()) {
    if ((await journalLength(root, run).catch(() => null)) !== null) runs.push(run);
  }
  return runs;
}

async function buildAnew({ root, run }: Place, worker: StoreWorker, keep: boolean): Promise<string | null> {
  try {
    const answer = await worker.ask({ kind: 'database', root, run, fresh: true, keep });
    if (answer.kind !== 'database') return null;
    return answer.found === 'newer' ? newerDatabase(root, run) : answer.problem;
  } catch (error) {
    return messageOf(error);
  }
}

type Place = { readonly root: string; readonly run: string };

/**
 * Brings one run's database in order, if a glance at its file says that it is not, and says what it found in one line.
 * Answers that line; null when all is well.
 */
async function tendDatabase({ root, run }: Place, worker: StoreWorker): Promise<string | null> {
  const file = runDatabaseFile(root, run);
  try {
    const glance = await glanceAt({ root, run });
    if (glance === 'ok') return null;
    if (glance === 'newer') return newerDatabase(root, run);
    const answer = await worker.ask({ kind: 'database', root, run, fresh: false, keep: false });
    if (answer.kind !== 'database') return null;
    // It may have been up to its journal all the same; then its time says so the next time.
    if (answer.found === 'ok') await utimes(file, new Date(), new Date());
    return answer.found === 'ok' ? null : `the database ${file} was ${WAS[answer.found]}`;
  } catch (error) {
    return `the database ${file} is not in order, its journal is: ${messageOf(error)}`;
  }
}

const WAS: Readonly<Record<Exclude<DatabaseState, 'ok'>, string>> = {
  missing: 'missing; it was rebuilt from the journal',
  unreadable: 'unreadable; it was rebuilt from the journal',
  strange: 'not of its journal; it was rebuilt from the journal',
  older: 'of an older schema; it was brought to the newest',
  newer: 'written by a newer OpenExec; it is left alone',
};

/** What the header of a file and its time say, without opening it as a database. */
async function glanceAt({ root, run }: Place): Promise<DatabaseState | 'behind'> {
  const file = runDatabaseFile(root, run);
  const header = await headerOf(file);
  if (header === null) return 'missing';
  if (!header.whole) return 'unreadable';
  if (header.version > RUN_STEPS.length) return 'newer';
  if (header.version < RUN_STEPS.length) return 'older';
  const journal = (await segmentsOf(root, run)).at(-1);
  return journal !== undefined && (await stat(journal.file)).mtimeMs > (await stat(file)).mtimeMs ? 'behind' : 'ok';
}

const MAGIC = 'SQLite format 3\0';

/** The header of a SQLite file (https://www.sqlite.org/fileformat.html §1.3); null when there is no file. */
async function headerOf(file: string): Promise<{ whole: boolean; version: number } | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const header = Buffer.alloc(100);
    const { bytesRead } = await handle.read(header, 0, header.length, 0);
    const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    const size = pageSize * header.readUInt32BE(28);
    const whole =
      bytesRead === 100 && header.toString('latin1', 0, 16) === MAGIC && (await handle.stat()).size === size;
    return { whole, version: header.readUInt32BE(60) };
  } finally {
    await handle.close();
  }
}

/**
 * The store of runs below one root folder: journals, blobs, databases, index. Other roots (siblings: the stores of other
 * windows on the same folder) can be looked at, never written.
 */
import { mkdir, stat } from 'node:fs/promises';
import { EMPTY_HEAD, lineOf } from '../../core/events/chain';
import { inlineEvent } from '../../core/events/externalize';
import type { RunEvent } from '../../core/events/schema';
import { foldSummary, isEnded, type RunSummary } from '../../core/events/summary';
import type { VerifyReport } from '../../core/events/verify';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Sha256 } from '../../core/kernel/hash';
import type { Blobs } from '../../core/ports/eventLog';
import { diskFailure, errnoOf, makeFolder, syncFolder } from '../system/durable';
import { sha256 } from '../system/sha256';
import { openBlobs } from './blobs';
import { type OpenJournalFile, openJournal } from './journal';
import {
  blobsFolder,
  checkRunId,
  isRunId,
  journalFile,
  lockFile,
  runDatabaseFile,
  runFolder,
  runsFolder,
} from './layout';
import { type Listing, openListing } from './listing';
import { isLocked, lockRun } from './lock';
import { readEvents, recoverJournal, verifyJournal } from './reading';
import { feedRunDatabase, type RunFeed } from './runFeed';
import { type RunWriter, runWriter } from './runWriter';
import { watchIndexes } from './watch';
import { type StoreWorker, startWorker } from './workerClient';

export type { RunWriter } from './runWriter';

/** A run in a list; `root` says in which store it lies. */
export type ListedRun = RunSummary & { readonly root: string };

export type StoreOptions = {
  readonly root: string;
  /** The bundle of worker/main.ts, with `sql-wasm.wasm` beside it. */
  readonly workerPath: string;
  readonly hash?: Sha256;
  /** Told, in one line, what a person should know though it fails nothing. */
  readonly log: (line: string) => void;
  /** Other roots, listed and read but never written. */
  readonly siblings?: readonly string[];
  /** The file system under the journals. */
  readonly openJournalFile?: OpenJournalFile;
};

export interface RunStore {
  readonly root: string;
  readonly blobs: Blobs;
  /** Begins a run: its folder, its lock, its journal, each exclusively. Throws `disk_failure`. */
  create(run: string): Promise<RunWriter>;
  /**
   * Takes up a run of this root again, after its last complete event. Throws `run_unknown`, `run_locked`,
   * `journal_corrupt`, `disk_failure`.
   */
  continue(run: string): Promise<RunWriter>;
  has(run: string): Promise<boolean>;
  /** Events in stored form, `from` and `to` included. Throws `run_unknown`, `journal_corrupt`. */
  read(run: string, range?: { from?: number; to?: number }): AsyncIterable<RunEvent>;
  /** The event with its payloads' text. Throws `blob_missing`. */
  inline(event: RunEvent): Promise<RunEvent>;
  /** All runs, newest first, siblings' too, each as fresh as its journal. */
  summaries(): Promise<ListedRun[]>;
  /** Checks everything that can be checked; `head` is a hash that was kept elsewhere. Throws `run_unknown`. */
  verify(run: string, head?: string): Promise<VerifyReport>;
  /** Runs of this root that did not end and whose writer is gone. A paused run waits for a person and is not among them. */
  unfinished(): Promise<string[]>;
  /** Events that this process made durable, in order. Answers how to stop listening. */
  onDidAppend(listener: (event: RunEvent) => void): () => void;
  /** Another process changed something. Answers how to stop listening. */
  watch(listener: () => void): () => void;
  /** Closes the open writers too. */
  close(): Promise<void>;
}

/** Opens a store, making its folders if need be. Throws `disk_failure`, and `store_worker` when the worker cannot run. */
export async function openStore(options: StoreOptions): Promise<RunStore> {
  const { root, log, hash = sha256 } = options;
  await makeFolder(runsFolder(root));
  const worker = startWorker(options.workerPath);
  try {
    const open = async (at: string, writable: boolean): Promise<Place> => {
      const blobs = openBlobs(blobsFolder(at), hash);
      return { root: at, blobs, listing: await openListing({ root: at, worker, blobs, log, writable }) };
    };
    const own = await open(root, true);
    const siblings: Place[] = [];
    for (const sibling of options.siblings ?? []) if (sibling !== root) siblings.push(await open(sibling, false));
    return new DiskStore(options, hash, worker, own, siblings);
  } catch (error) {
    await worker.close();
    throw error;
  }
}

type Place = { readonly root: string; readonly blobs: Blobs; readonly listing: Listing };

class DiskStore implements RunStore {
  readonly root: string;
  readonly blobs: Blobs;
  readonly #options: StoreOptions;
  readonly #hash: Sha256;
  readonly #worker: StoreWorker;
  readonly #own: Place;
  readonly #siblings: readonly Place[];
  readonly #writers = new Map<string, RunWriter>();
  readonly #appendListeners = new Set<(event: RunEvent) => void>();
  readonly #changeListeners = new Set<() => void>();
  #unwatch: (() => void) | null = null;

  constructor(options: StoreOptions, hash: Sha256, worker: StoreWorker, own: Place, siblings: readonly Place[]) {
    this.#options = options;
    this.#hash = hash;
    this.#worker = worker;
    this.#own = own;
    this.#siblings = siblings;
    this.root = own.root;
    this.blobs = own.blobs;
  }

  async create(run: string): Promise<RunWriter> {
    checkRunId(run);
    const folder = runFolder(this.root, run);
    try {
      await mkdir(folder);
      await syncFolder(runsFolder(this.root));
    } catch (error) {
      if (errnoOf(error) === 'EEXIST')
        throw new OpenExecError('internal', `run ${run} exists already`, { cause: error });
      throw diskFailure('the run', folder, error);
    }
    const lock = await lockRun(lockFile(this.root, run), run);
    try {
      const journal = await openJournal(journalFile(this.root, run), 'create', this.#options.openJournalFile);
      await syncFolder(folder);
      this.#own.listing.own(run, null);
      return this.#register(run, { head: EMPTY_HEAD, journal, lock, feed: this.#feed(run) });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async continue(run: string): Promise<RunWriter> {
    checkRunId(run);
    const file = journalFile(this.root, run);
    if (!(await exists(file))) throw unknownRun(run, this.root);
    const lock = await lockRun(lockFile(this.root, run), run);
    try {
      const feed = this.#feed(run);
      let summary: RunSummary | null = null;
      const { head, bytes } = await recoverJournal(file, run, this.#hash, (event) => {
        summary = foldSummary(summary, event);
        feed.push(lineOf(event));
      });
      const journal = await openJournal(file, { durable: bytes }, this.#options.openJournalFile);
      this.#own.listing.own(run, summary === null ? null : { summary, journalBytes: bytes });
      return this.#register(run, { head, journal, lock, feed });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async has(run: string): Promise<boolean> {
    return isRunId(run) && (await this.#placeOf(run)) !== null;
  }

  async *read(run: string, range: { from?: number; to?: number } = {}): AsyncGenerator<RunEvent> {
    const place = await this.#placeWith(run);
    for await (const { event } of readEvents(journalFile(place.root, run), run, range)) yield event;
  }

  async inline(event: RunEvent): Promise<RunEvent> {
    return inlineEvent(event, (await this.#placeWith(event.run)).blobs);
  }

  async summaries(): Promise<ListedRun[]> {
    const all: ListedRun[] = [];
    for (const { root, listing } of [this.#own, ...this.#siblings]) {
      for (const summary of await listing.summaries()) all.push({ ...summary, root });
    }
    return all.sort((a, b) => compare(b.startedAt, a.startedAt) || compare(b.runId, a.runId));
  }

  async verify(run: string, head?: string): Promise<VerifyReport> {
    const { root, blobs } = await this.#placeWith(run);
    const live = await isLocked(lockFile(root, run));
    return verifyJournal(journalFile(root, run), run, { hash: this.#hash, blobs, head, live });
  }

  async unfinished(): Promise<string[]> {
    const found: string[] = [];
    for (const { runId, status } of await this.#own.listing.summaries()) {
      if (isEnded(status) || status === 'paused' || this.#writers.has(runId)) continue;
      if (!(await isLocked(lockFile(this.root, runId)))) found.push(runId);
    }
    return found.sort();
  }

  onDidAppend(listener: (event: RunEvent) => void): () => void {
    this.#appendListeners.add(listener);
    return () => this.#appendListeners.delete(listener);
  }

  watch(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    const roots = [this.#own, ...this.#siblings].map((place) => place.root);
    this.#unwatch ??= watchIndexes(roots, () => void this.#changed(), this.#options.log);
    return () => {
      this.#changeListeners.delete(listener);
      if (this.#changeListeners.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = null;
    };
  }

  async close(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = null;
    for (const writer of [...this.#writers.values()]) await writer.close();
    await this.#own.listing.flush();
    await this.#worker.close();
  }

  #feed(run: string): RunFeed {
    const file = runDatabaseFile(this.root, run);
    return feedRunDatabase({ worker: this.#worker, run, file, log: this.#options.log });
  }

  #register(
    run: string,
    parts: Pick<Parameters<typeof runWriter>[0], 'head' | 'journal' | 'lock'> & { feed: RunFeed },
  ) {
    const { feed, ...rest } = parts;
    const writer = runWriter({
      ...rest,
      run,
      hash: this.#hash,
      onDurable: (event, line, length) => {
        this.#own.listing.note(event, length);
        feed.push(line);
        this.#tell(event);
      },
      onClose: async () => {
        this.#writers.delete(run);
        await feed.end();
        await this.#own.listing.disown(run);
      },
    });
    this.#writers.set(run, writer);
    return writer;
  }

  /** A listener that fails must not look like an event that was not stored. */
  #tell(event: RunEvent): void {
    for (const listener of this.#appendListeners) {
      try {
        listener(event);
      } catch (error) {
        this.#options.log(`event ${event.run}/${event.seq} is stored but could not be shown: ${messageOf(error)}`);
      }
    }
  }

  /** Our own writing of an index wakes the watcher too, and is no news. */
  async #changed(): Promise<void> {
    const places = [this.#own, ...this.#siblings];
    const known = await Promise.all(places.map((place) => place.listing.knowsIndex()));
    if (known.every((is) => is)) return;
    for (const listener of this.#changeListeners) listener();
  }

  async #placeOf(run: string): Promise<Place | null> {
    for (const place of [this.#own, ...this.#siblings]) {
      if (await exists(journalFile(place.root, run))) return place;
    }
    return null;
  }

  async #placeWith(run: string): Promise<Place> {
    checkRunId(run);
    const place = await this.#placeOf(run);
    if (place === null) throw unknownRun(run, this.root);
    return place;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const unknownRun = (run: string, root: string): OpenExecError =>
  new OpenExecError('run_unknown', `there is no run ${run} in ${root}; see the list of runs`);

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

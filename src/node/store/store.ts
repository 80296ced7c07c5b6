/**
 * The store of runs below one root folder: journals, blobs, databases, index. Other roots (siblings: the stores of other
 * windows on the same folder) can be looked at, never written.
 */
import { mkdir } from 'node:fs/promises';
import { EMPTY_HEAD } from '../../core/events/chain';
import { inlineEvent } from '../../core/events/externalize';
import type { RunEvent } from '../../core/events/schema';
import type { ReadEvent } from '../../core/events/storedLine';
import { foldSummary, isEnded, type RunSummary } from '../../core/events/summary';
import { unsigned, type VerifyReport } from '../../core/events/verify';
import { FIRST_PHASE } from '../../core/events/verifyLink';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Sha256 } from '../../core/kernel/hash';
import type { Blobs } from '../../core/ports/eventLog';
import type { Progress } from '../../core/ports/progress';
import { diskFailure, errnoOf, makeFolder, syncFolder } from '../system/durable';
import { sha256 } from '../system/sha256';
import { openBlobs } from './blobs';
import { databaseUpkeep, type Rebuilt, type Upkeep } from './databases';
import { readDeletions } from './deletions';
import { followCalls, type OpenTargets } from './denials';
import type { RunEgress } from './egress';
import { adoptRun, type ImportedRun, type ImportOrigin, importOriginOf, isImported } from './imports';
import { openJournal, storedBatches, storedLines } from './journal';
import { blobsFolder, checkRunId, isRunId, lockFile, runFolder, runsFolder } from './layout';
import { openListing } from './listing';
import { isLocked, lockRun } from './lock';
import { journalOffsets } from './offsets';
import { type Place, placeOf, placeOfTrace, placeWith, unknownRun } from './places';
import { readEventBatches, recoverJournal } from './reading';
import { removeRun, type Why } from './removal';
import { feedRunDatabase } from './runFeed';
import type { Deletion, ListedRun, RunStore, StoreOptions, VerifyOptions } from './runStore';
import { type RunWriter, runWriter } from './runWriter';
import { journalLength, segmentProblems } from './segments';
import { type DeletedBlobs, verifyLines } from './verifying';
import { watchIndexes } from './watch';
import { type StoreWorker, startWorker } from './workerClient';

export type { ListedRun, RunStore, StoreOptions } from './runStore';
export type { RunWriter } from './runWriter';

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

class DiskStore implements RunStore {
  readonly root: string;
  readonly blobs: Blobs;
  readonly #options: StoreOptions;
  readonly #hash: Sha256;
  readonly #worker: StoreWorker;
  readonly #own: Place;
  readonly #places: readonly Place[];
  readonly #offsets = journalOffsets();
  readonly #writers = new Map<string, RunWriter>();
  readonly #appendListeners = new Set<(event: RunEvent) => void>();
  readonly #changeListeners = new Set<() => void>();
  readonly #upkeep: Upkeep;
  #unwatch: (() => void) | null = null;

  constructor(options: StoreOptions, hash: Sha256, worker: StoreWorker, own: Place, siblings: readonly Place[]) {
    this.#options = options;
    this.#hash = hash;
    this.#worker = worker;
    this.#own = own;
    this.#places = [own, ...siblings];
    this.root = own.root;
    this.blobs = own.blobs;
    const isOwn = (run: string): boolean => this.#writers.has(run);
    this.#upkeep = databaseUpkeep({ root: own.root, listing: own.listing, worker, log: options.log, isOwn });
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
      const journal = await this.#openJournal(run, 'create');
      await syncFolder(folder);
      this.#own.listing.own(run, { row: null, targets: new Map() });
      return this.#register(run, { head: EMPTY_HEAD, phase: FIRST_PHASE, journal, lock });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async continue(run: string): Promise<RunWriter> {
    checkRunId(run);
    if ((await journalLength(this.root, run)) === null) throw unknownRun(run, this.root);
    if (await isImported(this.root, run)) {
      throw new OpenExecError('run_not_resumable', `run ${run} was imported: it can be looked at, never gone on with`);
    }
    const lock = await lockRun(lockFile(this.root, run), run);
    try {
      let summary: RunSummary | null = null;
      const targets: OpenTargets = new Map();
      const { head, phase, end } = await recoverJournal(this.root, run, this.#hash, (event, length) => {
        summary = foldSummary(summary, event);
        followCalls(targets, event);
        this.#offsets.note(this.root, run, event.seq + 1, length);
      });
      const journal = await this.#openJournal(run, end);
      this.#own.listing.own(run, { row: summary === null ? null : { summary, journalBytes: end.total }, targets });
      return this.#register(run, { head, phase, journal, lock });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async has(run: string): Promise<boolean> {
    return isRunId(run) && (await placeOf(run, this.#places)) !== null;
  }

  async *read(run: string, range: { from?: number; to?: number } = {}): AsyncGenerator<RunEvent> {
    for await (const batch of this.readBatches(run, range)) for (const { event } of batch) yield event;
  }

  async *readBatches(run: string, range: { from?: number; to?: number } = {}): AsyncGenerator<readonly ReadEvent[]> {
    const { root } = await placeWith(run, this.#places);
    const start = await this.#offsets.find(root, run, range.from ?? 0);
    for await (const batch of readEventBatches(root, run, range, start)) {
      for (const { event, end } of batch) this.#offsets.note(root, run, event.seq + 1, end);
      yield batch;
    }
  }

  async *journalBytes(run: string): AsyncGenerator<Uint8Array> {
    const { root } = await placeWith(run, this.#places);
    let torn = false;
    for await (const { bytes, complete } of storedLines(root, run)) {
      if (torn) throw new OpenExecError('journal_corrupt', `the journal of run ${run} has an incomplete line inside`);
      torn = !complete;
      if (complete) yield bytes;
    }
  }

  async blobsOf(run: string): Promise<Blobs> {
    return (await placeWith(run, this.#places)).blobs;
  }

  async inline(event: RunEvent): Promise<RunEvent> {
    return inlineEvent(event, await this.blobsOf(event.run));
  }

  async summaries(): Promise<ListedRun[]> {
    const all: ListedRun[] = [];
    for (const { root, listing } of this.#places) {
      for (const summary of await listing.summaries()) {
        all.push({ ...summary, root, imported: await isImported(root, summary.runId) });
      }
    }
    return all.sort((a, b) => compare(b.startedAt, a.startedAt) || compare(b.runId, a.runId));
  }

  async summary(run: string): Promise<ListedRun> {
    const { root, listing } = await placeWith(run, this.#places);
    const summary = await listing.summary(run);
    if (summary === null) throw unknownRun(run, root);
    return { ...summary, root, imported: await isImported(root, run) };
  }

  async egress(run: string): Promise<RunEgress> {
    const { root } = await placeWith(run, this.#places);
    const answer = await this.#worker.ask({ kind: 'egress', root, run });
    if (answer.kind !== 'egress') throw new OpenExecError('store_worker', `what left in run ${run} was not read`);
    return answer;
  }

  async adopt(run: string, content: ImportedRun): Promise<void> {
    checkRunId(run);
    await adoptRun(this.root, run, content, { blobs: this.blobs, limit: this.#options.segment });
    this.#offsets.forget(this.root, run);
    await this.#own.listing.summary(run);
    await this.#own.listing.flush();
    await this.#upkeep.build(run);
  }

  async verify(run: string, { heads = [], ...progress }: VerifyOptions = {}): Promise<VerifyReport> {
    const { root, blobs } = await placeOfTrace(run, this.#places);
    const wasLive = await isLocked(lockFile(root, run));
    const live = async (): Promise<boolean> => wasLive || (await isLocked(lockFile(root, run)));
    const hash = this.#hash;
    const problems = (await segmentProblems(root, run)).map((problem) => ({ kind: 'files' as const, ...problem }));
    const deletedBlobs = await this.#deletedBlobs(root, run);
    const options = { run, hash, blobs, heads, live, deletedBlobs, problems, ...progress };
    const lines = (await journalLength(root, run)) === null ? [] : storedBatches(root, run);
    return unsigned(await verifyLines(lines, options));
  }

  /** What was deleted since the run came here, by the newest record of it. */
  async #deletedBlobs(root: string, run: string): Promise<DeletedBlobs> {
    const since = (await importOriginOf(root, run))?.at ?? '';
    const records = (await readDeletions(root)).filter(({ deletedAt }) => deletedAt >= since);
    return new Map(records.flatMap((record) => record.blobs.map((address) => [address, record] as const)));
  }

  async originOf(run: string): Promise<ImportOrigin | null> {
    return importOriginOf((await placeWith(run, this.#places)).root, run);
  }

  rebuild(progress?: Progress): Promise<Rebuilt> {
    return this.#upkeep.rebuild(progress);
  }

  tendDatabases(): Promise<void> {
    return this.#upkeep.tend();
  }

  async remove(run: string, why: Why): Promise<void> {
    checkRunId(run);
    const { root, listing } = this.#own;
    const summary = (await journalLength(root, run)) === null ? null : await listing.summary(run);
    if (summary === null) throw unknownRun(run, root);
    await removeRun({ root, listing, worker: this.#worker }, summary, why);
    this.#offsets.forget(root, run);
  }

  async deletions(): Promise<Deletion[]> {
    const records = await readDeletions(this.root);
    return records.map((record) => ({ ...record, root: this.root, blobs: record.blobs.length }));
  }

  async unfinished(): Promise<string[]> {
    const found: string[] = [];
    for (const { runId, status } of await this.#own.listing.summaries()) {
      if (isEnded(status) || status === 'paused' || this.#writers.has(runId)) continue;
      if (await isImported(this.root, runId)) continue;
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
    const roots = this.#places.map((place) => place.root);
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
    await this.#upkeep.stop();
    for (const writer of [...this.#writers.values()]) await writer.close();
    await this.#own.listing.flush();
    await this.#worker.close();
  }

  #openJournal(run: string, from: Parameters<typeof openJournal>[1]) {
    const { openJournalFile: openFile, segment: limit } = this.#options;
    return openJournal({ root: this.root, run }, from, { openFile, limit });
  }

  #register(
    run: string,
    parts: Pick<Parameters<typeof runWriter>[0], 'head' | 'phase' | 'journal' | 'lock'>,
  ): RunWriter {
    const { listing } = this.#own;
    const [root, worker, log] = [this.root, this.#worker, this.#options.log];
    const feed = feedRunDatabase({ worker, root, run, events: parts.head.events, log });
    const writer = runWriter({
      ...parts,
      run,
      hash: this.#hash,
      onWriting: (event) => {
        const listed = listing.note(event);
        return (length) => {
          listed(length);
          this.#offsets.note(root, run, event.seq + 1, length);
          feed.note(event.seq);
          this.#tell(event);
        };
      },
      onClose: async () => {
        this.#writers.delete(run);
        await feed.end();
        await listing.disown(run);
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
    const places = this.#places;
    const known = await Promise.all(places.map((place) => place.listing.knowsIndex()));
    if (known.every((is) => is)) return;
    for (const listener of this.#changeListeners) listener();
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

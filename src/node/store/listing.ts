/**
 * The runs of one root at a glance. The journals are the truth: a summary counts only for the length of journal that it
 * was folded from, and whatever is missing or old is folded from there. The index file saves the work of folding all.
 */
import { readdir, stat } from 'node:fs/promises';
import { inlineEvent } from '../../core/events/externalize';
import type { RunEvent } from '../../core/events/schema';
import { foldSummary, type RunSummary, taskLine } from '../../core/events/summary';
import { messageOf } from '../../core/kernel/errors';
import type { Blobs } from '../../core/ports/eventLog';
import { errnoOf } from '../system/durable';
import { indexFile, isRunId, journalFile, runsFolder } from './layout';
import { readEvents } from './reading';
import type { IndexRow } from './worker/protocol';
import type { StoreWorker } from './workerClient';

const INDEX_WAIT_MS = 300;

export interface Listing {
  /** Every run that has an event, in no order. Reads what other processes wrote since. */
  summaries(): Promise<RunSummary[]>;
  /** Takes over a run that this process writes: from now on its summary comes from `note` alone. */
  own(run: string, row: IndexRow | null): void;
  /** Folds an event that this process made durable; `journalBytes` is the length of the journal up to its end. */
  note(event: RunEvent, journalBytes: number): void;
  /** The run is not written by this process any more. Writes the index. */
  disown(run: string): Promise<void>;
  /** True when the index file is as this process last wrote or read it. */
  knowsIndex(): Promise<boolean>;
  flush(): Promise<void>;
}

type Options = {
  readonly root: string;
  readonly worker: StoreWorker;
  readonly blobs: Blobs;
  readonly log: (line: string) => void;
  /** False for another window's store: then nothing is written. */
  readonly writable: boolean;
};

/** Opens the list of a root; reads the index, and rebuilds one that is missing or unreadable, saying so. */
export async function openListing(options: Options): Promise<Listing> {
  const listing = new IndexedListing(options);
  await listing.open();
  return listing;
}

class IndexedListing implements Listing {
  readonly #options: Options;
  readonly #rows = new Map<string, IndexRow>();
  readonly #dirty = new Set<string>();
  readonly #own = new Set<string>();
  /** Runs that could not be folded, at which length, so that each problem is told once. */
  readonly #unreadable = new Map<string, number>();
  #stamp = '';
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(options: Options) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { root, log, writable } = this.#options;
    const state = await this.#load();
    await this.#reconcile();
    if (!writable || state === 'ok' || this.#rows.size === 0) return;
    log(`the run index ${indexFile(root)} was ${state}; it was rebuilt from the journals (runs: ${this.#rows.size})`);
    await this.#write(true);
  }

  async summaries(): Promise<RunSummary[]> {
    if ((await this.#indexStamp()) !== this.#stamp) await this.#load();
    const present = await this.#reconcile();
    if (this.#dirty.size > 0) this.#writeSoon();
    return present.flatMap((run) => this.#rows.get(run)?.summary ?? []);
  }

  own(run: string, row: IndexRow | null): void {
    this.#own.add(run);
    if (row === null) this.#rows.delete(run);
    else this.#rows.set(run, row);
  }

  note(event: RunEvent, journalBytes: number): void {
    const before = this.#rows.get(event.run)?.summary ?? null;
    const summary = foldSummary(before, event);
    this.#set({ summary, journalBytes });
    if (before === null) void this.#loadTask(event);
    if (before?.status !== summary.status || before.result !== summary.result) this.#writeSoon();
  }

  async disown(run: string): Promise<void> {
    this.#own.delete(run);
    await this.flush();
  }

  async knowsIndex(): Promise<boolean> {
    await this.#writing;
    return (await this.#indexStamp()) === this.#stamp;
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#write(false);
  }

  #set(row: IndexRow): void {
    this.#rows.set(row.summary.runId, row);
    this.#dirty.add(row.summary.runId);
  }

  /** A task that is stored as a blob is shown by its text all the same, as soon as that is read. */
  async #loadTask(event: RunEvent): Promise<void> {
    if (event.type !== 'run.started' || typeof event.data.task === 'string') return;
    try {
      const inlined = await inlineEvent(event, this.#options.blobs);
      const row = this.#rows.get(event.run);
      if (inlined.type !== 'run.started' || row === undefined) return;
      this.#set({ ...row, summary: { ...row.summary, task: taskLine(inlined.data.task) } });
    } catch (error) {
      this.#options.log(`the task of run ${event.run} cannot be shown: ${messageOf(error)}`);
    }
  }

  /** Takes over what the index file knows better. */
  async #load(): Promise<'ok' | 'missing' | 'unreadable'> {
    const file = indexFile(this.#options.root);
    const stamp = await this.#indexStamp();
    const answer = await this.#options.worker.ask({ kind: 'readIndex', path: file });
    this.#stamp = stamp;
    if (answer.kind !== 'index') return 'unreadable';
    this.#merge(answer.rows);
    return answer.state;
  }

  #merge(rows: readonly IndexRow[]): void {
    for (const row of rows) {
      const { runId, events } = row.summary;
      const known = this.#rows.get(runId);
      if (!this.#own.has(runId) && (known === undefined || known.summary.events < events)) this.#rows.set(runId, row);
    }
  }

  /** Folds what is missing or old from the journals; answers the runs that are there. */
  async #reconcile(): Promise<string[]> {
    const { root } = this.#options;
    const present = (await entriesOf(runsFolder(root))).filter(isRunId);
    for (const run of present) {
      if (this.#own.has(run)) continue;
      const length = await sizeOf(journalFile(root, run));
      const known = this.#rows.get(run);
      if (length === null) {
        if (known) this.#rows.set(run, damaged(known, 'its journal is gone'));
        continue;
      }
      if (length === known?.journalBytes) continue;
      if (this.#unreadable.get(run) !== length) await this.#refold(run, length);
    }
    return present;
  }

  async #refold(run: string, length: number): Promise<void> {
    const { root, log } = this.#options;
    const known = this.#rows.get(run);
    // A journal only grows; one that is shorter than what was folded is another one.
    let row = known !== undefined && known.journalBytes < length ? known : null;
    try {
      const start = row === null ? undefined : { offset: row.journalBytes, seq: row.summary.events };
      for await (const { event, end } of readEvents(journalFile(root, run), run, {}, start)) {
        const first = row === null;
        row = { summary: foldSummary(row?.summary ?? null, event), journalBytes: end };
        if (!first) continue;
        this.#set(row);
        await this.#loadTask(event);
        row = { ...row, summary: this.#rows.get(run)?.summary ?? row.summary };
      }
      // It may have become our own in between, and is fresher then.
      if (row !== null && row !== known && !this.#own.has(run)) this.#set(row);
    } catch (error) {
      this.#unreadable.set(run, length);
      log(`run ${run} is damaged: ${messageOf(error)}`);
      if (row !== null) this.#rows.set(run, damaged(row, messageOf(error)));
      this.#dirty.delete(run);
    }
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), INDEX_WAIT_MS).unref();
  }

  /** Writes one after the other. That the index cannot be written is told once and fails nothing: it is only a copy. */
  #write(replace: boolean): Promise<void> {
    if (this.#options.writable) this.#writing = this.#writing.then(() => this.#writeNow(replace));
    return this.#writing;
  }

  async #writeNow(replace: boolean): Promise<void> {
    if (this.#dirty.size === 0 && !replace) return;
    const { root, worker, log } = this.#options;
    const path = indexFile(root);
    const names = replace ? [...this.#rows.keys()] : [...this.#dirty];
    const rows = names.flatMap((run) => this.#rows.get(run) ?? []);
    this.#dirty.clear();
    try {
      const answer = await worker.ask({ kind: 'writeIndex', path, rows, replace });
      if (answer.kind === 'index' && answer.state === 'unreadable') {
        log(`the run index ${path} was unreadable; it was rebuilt from the journals`);
        return await this.#writeNow(true);
      }
      if (answer.kind === 'index') this.#merge(answer.rows);
      this.#stamp = await this.#indexStamp();
      this.#failed = false;
    } catch (error) {
      for (const run of names) this.#dirty.add(run);
      if (!this.#failed) log(`the run index ${path} is not up to date, the journals are: ${messageOf(error)}`);
      this.#failed = true;
    }
  }

  /** Changes whenever the index file does, for it is always replaced as a whole. */
  async #indexStamp(): Promise<string> {
    try {
      const { ino, mtimeMs, size } = await stat(indexFile(this.#options.root));
      return `${ino} ${mtimeMs} ${size}`;
    } catch {
      return '';
    }
  }
}

/** A run whose journal cannot be read to its end stays in the list, up to there, and says so. Not for the index. */
const damaged = ({ summary, journalBytes }: IndexRow, problem: string): IndexRow => ({
  summary: { ...summary, status: 'interrupted', reason: `the record is damaged: ${problem}` },
  journalBytes,
});

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch {
    return null;
  }
}

/**
 * The runs of one root at a glance. The journals are the truth: a summary counts only for the length of journal that it
 * was folded from, and whatever is missing or old is folded from there, in the worker. The index file saves the work of
 * folding all.
 */
import { stat } from 'node:fs/promises';
import { EMPTY_HEAD } from '../../core/events/chain';
import { inlineEvent } from '../../core/events/externalize';
import type { RunEvent } from '../../core/events/schema';
import { foldSummary, type RunSummary, taskLine } from '../../core/events/summary';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Blobs } from '../../core/ports/eventLog';
import { denialIn, followCalls, type OpenTargets } from './denials';
import { IndexChanges } from './indexChanges';
import { indexFile, isRunId, runsFolder } from './layout';
import type { Damaged, Listing, OwnRun } from './runList';
import { journalLength, namesIn } from './segments';
import type { IndexRow, IndexState } from './worker/protocol';
import type { StoreWorker } from './workerClient';

export type { Damaged, Listing } from './runList';

const INDEX_WAIT_MS = 300;

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
  readonly #changes = new IndexChanges();
  readonly #own = new Map<string, OpenTargets>();
  /** Runs whose denials are not all in the index. */
  readonly #partial = new Set<string>();
  /** Runs that could not be folded, at which length, so that each problem is told once. */
  readonly #unreadable = new Map<string, number>();
  #writable: boolean;
  #stamp = '';
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#writable = options.writable;
  }

  async open(): Promise<void> {
    const { root, log } = this.#options;
    const state = await this.#load();
    await this.#reconcile();
    if (!this.#writable || state === 'newer') return;
    if (state === 'older') log(`the run index ${indexFile(root)} was brought to the newest schema`);
    if (state === 'ok' || state === 'older' || this.#rows.size === 0) return;
    log(`the run index ${indexFile(root)} was ${state}; it was rebuilt from the journals (runs: ${this.#rows.size})`);
    await this.#write(true);
  }

  async summaries(): Promise<RunSummary[]> {
    if ((await this.#indexStamp()) !== this.#stamp) await this.#load();
    const present = await this.#reconcile();
    this.#writeSoonIfDue();
    return present.flatMap((run) => this.#rows.get(run)?.summary ?? []);
  }

  async summary(run: string): Promise<RunSummary | null> {
    await this.#refresh(run);
    this.#writeSoonIfDue();
    return this.#rows.get(run)?.summary ?? null;
  }

  own(run: string, { row, targets }: OwnRun): void {
    this.#own.set(run, targets);
    if (row === null) this.#rows.delete(run);
    else this.#rows.set(run, row);
  }

  note(event: RunEvent): (journalBytes: number) => void {
    const last = this.#rows.get(event.run)?.summary ?? null;
    // Of events that do not wait for each other only the first can be folded now.
    const ahead = (last?.events ?? 0) === event.seq ? foldSummary(last, event) : null;
    return (journalBytes) => {
      const before = this.#rows.get(event.run)?.summary ?? null;
      const summary = ahead !== null && before === last ? ahead : foldSummary(before, event);
      this.#noteDurable(event, before, { summary, journalBytes });
    };
  }

  #noteDurable(event: RunEvent, before: RunSummary | null, row: IndexRow): void {
    const { summary } = row;
    this.#set(row);
    const targets = this.#own.get(event.run) ?? new Map();
    followCalls(targets, event);
    const denial = event.type === 'policy.decided' ? denialIn(event, targets.get(event.data.call) ?? '') : null;
    if (denial !== null) this.#changes.addDenials([denial]);
    if (before === null) void this.#loadTask(event);
    if (before?.status !== summary.status || before.result !== summary.result) this.#writeSoon();
  }

  async disown(run: string): Promise<void> {
    this.#own.delete(run);
    await this.flush();
  }

  async forget(run: string): Promise<void> {
    this.#rows.delete(run);
    this.#changes.leaveOut(run);
    this.#partial.delete(run);
    this.#unreadable.delete(run);
    this.#changes.remove(run);
    await this.flush();
  }

  async rebuild(onRun: () => void): Promise<Damaged[]> {
    const damaged: Damaged[] = [];
    for (const run of await this.#present()) {
      const problem = await this.#foldAnew(run);
      if (problem !== null) damaged.push({ runId: run, problem });
      onRun();
    }
    await this.#write(true);
    return damaged;
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
    if (this.#writable) this.#changes.add(row.summary.runId);
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
  async #load(): Promise<IndexState> {
    const { root, worker } = this.#options;
    const stamp = await this.#indexStamp();
    const answer = await worker.ask({ kind: 'readIndex', root, migrate: this.#writable });
    if (answer.kind !== 'index') return 'unreadable';
    this.#stamp = answer.state === 'older' ? await this.#indexStamp() : stamp;
    if (answer.state === 'newer') this.#leaveAlone();
    this.#merge(answer);
    return answer.state;
  }

  #leaveAlone(): void {
    const { root, log } = this.#options;
    const what = 'was written by a newer OpenExec and is left alone; the runs are read from their journals';
    if (this.#writable) log(`the run index ${indexFile(root)} ${what}`);
    this.#writable = false;
  }

  #merge({ rows, partial }: { rows: readonly IndexRow[]; partial: readonly string[] }): void {
    for (const row of rows) {
      const { runId, events } = row.summary;
      const known = this.#rows.get(runId);
      // What is known to be damaged is not what the index remembers of it.
      if (this.#own.has(runId) || this.#unreadable.has(runId)) continue;
      if (known === undefined || known.summary.events < events) this.#rows.set(runId, row);
    }
    if (this.#writable) for (const run of partial) if (!this.#own.has(run)) this.#partial.add(run);
  }

  /** Folds what is missing or old from the journals; answers the runs that are there. */
  async #reconcile(): Promise<string[]> {
    const present = await this.#present();
    for (const run of present) await this.#refresh(run);
    return present;
  }

  async #present(): Promise<string[]> {
    return (await namesIn(runsFolder(this.#options.root))).filter(isRunId);
  }

  async #refresh(run: string): Promise<void> {
    if (this.#own.has(run)) return;
    const length = await this.#lengthOf(run);
    const known = this.#rows.get(run);
    if (length === null && known) this.#rows.set(run, damaged(known, 'its journal is gone'));
    if (length === null || this.#unreadable.get(run) === length) return;
    const anew = this.#partial.has(run) || this.#unreadable.has(run);
    // A journal only grows; of one that is shorter than what was folded the end was cut off.
    if (known !== undefined && known.journalBytes > length) await this.#foldCut(run, known, length);
    else if (anew || known === undefined) await this.#foldAnew(run);
    else if (known.journalBytes < length) await this.#fold(run, known);
  }

  /** A run that lost its end stays damaged until that is back; what is left of it is shown. */
  async #foldCut(run: string, known: IndexRow, length: number): Promise<void> {
    const { root, worker, log } = this.#options;
    const left = await worker.ask({ kind: 'fold', root, run, row: null });
    const nothing = { ...known.summary, events: 0, head: EMPTY_HEAD.hash };
    const summary = (left.kind === 'fold' ? left.row?.summary : null) ?? nothing;
    const problem = `its journal has ${length} bytes where it had ${known.journalBytes}`;
    log(`run ${run} is damaged: ${problem}`);
    this.#unreadable.set(run, length);
    this.#rows.set(run, damaged({ summary, journalBytes: known.journalBytes }, problem));
    this.#changes.leaveOut(run);
  }

  /** One run that cannot be looked at must not keep the others from being listed. */
  async #lengthOf(run: string): Promise<number | null> {
    const { root, log } = this.#options;
    try {
      return await journalLength(root, run);
    } catch (error) {
      if (!this.#unreadable.has(run)) log(`run ${run} cannot be read: ${messageOf(error)}`);
      this.#unreadable.set(run, -1);
      return null;
    }
  }

  /** Folds a run from its first event on; what the index says of it counts no more. Answers what is wrong with it. */
  async #foldAnew(run: string): Promise<string | null> {
    const problem = await this.#fold(run, null);
    this.#partial.delete(run);
    if (problem === null && !this.#own.has(run)) this.#changes.remove(run);
    return problem;
  }

  async #fold(run: string, known: IndexRow | null): Promise<string | null> {
    const { root, worker, log } = this.#options;
    const answer = await worker.ask({ kind: 'fold', root, run, row: known });
    if (answer.kind !== 'fold') throw new OpenExecError('store_worker', `run ${run} was not folded`);
    const { row, denials, problem } = answer;
    if (problem !== null) {
      const length = (await this.#lengthOf(run)) ?? 0;
      if (this.#unreadable.get(run) !== length) log(`run ${run} is damaged: ${problem}`);
      this.#unreadable.set(run, length);
      if (row !== null) this.#rows.set(run, damaged(row, problem));
      this.#changes.leaveOut(run);
      return problem;
    }
    this.#unreadable.delete(run);
    if (this.#writable) this.#changes.addDenials(denials);
    // It may have become our own in between, and is fresher then.
    if (row !== null && !this.#own.has(run) && row.journalBytes !== known?.journalBytes) this.#set(row);
    return null;
  }

  #writeSoonIfDue(): void {
    if (this.#changes.hasRows) this.#writeSoon();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), INDEX_WAIT_MS).unref();
  }

  /** Writes one after the other. That the index cannot be written is told once and fails nothing: it is only a copy. */
  #write(replace: boolean): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow(replace));
    return this.#writing;
  }

  async #writeNow(replace: boolean): Promise<void> {
    if (!this.#writable || (this.#changes.isEmpty && !replace)) return;
    const { root, worker, log } = this.#options;
    const taken = this.#changes.take();
    const { denials, removed } = taken;
    const names = replace ? [...this.#rows.keys()] : taken.runs;
    const rows = names.flatMap((run) => (this.#unreadable.has(run) ? [] : (this.#rows.get(run) ?? [])));
    try {
      const answer = await worker.ask({ kind: 'writeIndex', root, rows, denials, removed, replace });
      if (answer.kind !== 'index') return;
      if (answer.state === 'unreadable') {
        this.#changes.restore(taken);
        return await this.#replace();
      }
      if (answer.state === 'newer') this.#leaveAlone();
      this.#merge(answer);
      this.#stamp = await this.#indexStamp();
      this.#failed = false;
    } catch (error) {
      this.#changes.restore({ ...taken, runs: names });
      if (!this.#failed)
        log(`the run index ${indexFile(root)} is not up to date, the journals are: ${messageOf(error)}`);
      this.#failed = true;
    }
  }

  /** The index broke while it was open. The denials of earlier runs were in the file alone, so that all is folded again. */
  async #replace(): Promise<void> {
    const { root, log } = this.#options;
    if (!this.#failed) for (const run of await this.#present()) await this.#foldAnew(run);
    await this.#writeNow(true);
    if (!this.#failed) log(`the run index ${indexFile(root)} was unreadable; it was rebuilt from the journals`);
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

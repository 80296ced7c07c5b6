/** What a store of runs offers. */
import type { RunEvent } from '../../core/events/schema';
import type { ReadEvent } from '../../core/events/storedLine';
import type { RunSummary } from '../../core/events/summary';
import type { ExternalHead, VerifyReport } from '../../core/events/verify';
import type { Sha256 } from '../../core/kernel/hash';
import type { Blobs } from '../../core/ports/eventLog';
import type { Progress } from '../../core/ports/progress';
import type { Rebuilt } from './databases';
import type { DeletionRecord } from './deletions';
import type { RunEgress } from './egress';
import type { ImportedRun, ImportOrigin } from './imports';
import type { OpenJournalFile } from './journalFile';
import type { Why } from './removal';
import type { RunWriter } from './runWriter';
import type { SegmentLimit } from './segments';

/** A run in a list; `root` says in which store it lies, `imported` that it came out of a bundle and is read-only. */
export type ListedRun = RunSummary & { readonly root: string; readonly imported: boolean };

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
  /** When a journal goes on in another file. */
  readonly segment?: SegmentLimit;
};

/** A run that was deleted; `blobs` is how many blobs went with it. */
export type Deletion = Omit<DeletionRecord, 'blobs'> & { readonly root: string; readonly blobs: number };

export type VerifyOptions = {
  /** Heads of the run that were kept elsewhere. */
  readonly heads?: readonly ExternalHead[];
} & Progress;

export interface RunStore {
  readonly root: string;
  readonly blobs: Blobs;
  /** Begins a run: its folder, its lock, its journal, each exclusively. Throws `disk_failure`. */
  create(run: string): Promise<RunWriter>;
  /**
   * Takes up a run of this root again, after its last complete event. Throws `run_unknown`, `run_locked`,
   * `run_not_resumable` for an imported run, `journal_corrupt`, `disk_failure`.
   */
  continue(run: string): Promise<RunWriter>;
  has(run: string): Promise<boolean>;
  /** Events in stored form, `from` and `to` included. Throws `run_unknown`, `journal_corrupt`. */
  read(run: string, range?: { from?: number; to?: number }): AsyncIterable<RunEvent>;
  /** The same with their texts, as many at once as are read at once. */
  readBatches(run: string, range?: { from?: number; to?: number }): AsyncIterable<readonly ReadEvent[]>;
  /** The exact stored bytes of a run's journal, without an incomplete last line. Throws `run_unknown`, `journal_corrupt`. */
  journalBytes(run: string): AsyncIterable<Uint8Array>;
  /** The blobs of the place where the run lies. Throws `run_unknown`. */
  blobsOf(run: string): Promise<Blobs>;
  /** The event with its payloads' text. Throws `blob_missing`. */
  inline(event: RunEvent): Promise<RunEvent>;
  /** All runs, newest first, siblings' too, each as fresh as its journal. */
  summaries(): Promise<ListedRun[]>;
  /** One run, as fresh as its journal, of which only what is new is read. Throws `run_unknown`. */
  summary(run: string): Promise<ListedRun>;
  /** What left for models in a run, read away from this thread. Throws `run_unknown`, `store_worker`. */
  egress(run: string): Promise<RunEgress>;
  /**
   * Puts a run that came out of a bundle into this root, where it is read-only for ever. Throws `run_exists`,
   * `bundle_invalid` when what is given does not fit together, `disk_failure`; nothing of the run is there then.
   */
  adopt(run: string, content: ImportedRun): Promise<void>;
  /** Where an imported run came from; null for a run of a store's own. Throws `run_unknown`. */
  originOf(run: string): Promise<ImportOrigin | null>;
  /** Makes the index and every run's database of this root anew, from the journals. Throws `cancelled`. */
  rebuild(progress?: Progress): Promise<Rebuilt>;
  /**
   * Brings in order the run databases of this root that are missing, unreadable, old or behind, each told in `log`. Cheap
   * when all is well. `close` ends it.
   */
  tendDatabases(): Promise<void>;
  /**
   * Deletes a run of this root, and the blobs that are older than a day and belong to it alone; what is deleted is recorded
   * before. Throws `run_unknown`, `run_locked`, `disk_failure`.
   */
  remove(run: string, why: Why): Promise<void>;
  /** What was deleted from this root, oldest first. */
  deletions(): Promise<Deletion[]>;
  /** Checks everything that can be checked, and says what could not be. Throws `run_unknown`, `cancelled`. */
  verify(run: string, options?: VerifyOptions): Promise<VerifyReport>;
  /** Runs of this root that did not end and whose writer is gone. A paused run waits for a person and is not among them, nor is an imported one. */
  unfinished(): Promise<string[]>;
  /** Events that this process made durable, in order. Answers how to stop listening. */
  onDidAppend(listener: (event: RunEvent) => void): () => void;
  /** Another process changed something. Answers how to stop listening. */
  watch(listener: () => void): () => void;
  /** Closes the open writers too. */
  close(): Promise<void>;
}

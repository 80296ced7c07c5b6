/** What a list of the runs of one root offers. */
import type { RunEvent } from '../../core/events/schema';
import type { RunSummary } from '../../core/events/summary';
import type { OpenTargets } from './denials';
import type { IndexRow } from './worker/protocol';

/** What this process knows of a run when it takes it up: its row, and what its open calls are about. */
export type OwnRun = { readonly row: IndexRow | null; readonly targets: OpenTargets };

export interface Listing {
  /** Every run that has an event, in no order. Reads what other processes wrote since. */
  summaries(): Promise<RunSummary[]>;
  /** One run, as fresh as its journal; null when it has no event. Only what is new is read. */
  summary(run: string): Promise<RunSummary | null>;
  /** Takes over a run that this process writes: from now on its summary comes from `note` alone. */
  own(run: string, known: OwnRun): void;
  /**
   * Folds an event that this process is writing, while the disk works. What it answers is to be called once the event is
   * durable, with the length of the journal up to its end; only then is anything of it known here.
   */
  note(event: RunEvent): (journalBytes: number) => void;
  /** The run is not written by this process any more. Writes the index. */
  disown(run: string): Promise<void>;
  /** Takes a run out of the list and the index, and puts the deletions of the root into the index. */
  forget(run: string): Promise<void>;
  /** Folds every run from its first event on and writes the index anew. Answers the runs that are damaged. */
  rebuild(onRun: () => void): Promise<Damaged[]>;
  /** True when the index file is as this process last wrote or read it. */
  knowsIndex(): Promise<boolean>;
  flush(): Promise<void>;
}

export type Damaged = { readonly runId: string; readonly problem: string };

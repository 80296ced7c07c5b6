/**
 * Has a run's database written at checkpoints while the run goes on: every 1,000 events (of a long run, every tenth of
 * it, for each checkpoint writes the whole file), after 30 s without an event, and at the end. The worker reads the journal
 * itself, so that a checkpoint is one short message and no two are ever on their way.
 *
 * The database can be rebuilt from the journal, so that nothing here ever fails a run: a problem is told to `log`, once.
 */
import { messageOf } from '../../core/kernel/errors';
import { runDatabaseFile } from './layout';
import type { StoreWorker } from './workerClient';

const CHECKPOINT_EVENTS = 1_000;
const CHECKPOINT_SHARE = 0.1;
const CHECKPOINT_IDLE_MS = 30_000;

export interface RunFeed {
  /** Another event is durable. */
  note(seq: number): void;
  /** Writes the database to its file; with that, it leaves the worker's memory. */
  end(): Promise<void>;
}

/** A feed for the run's database, whose journal has `events` events already. */
export function feedRunDatabase(options: {
  worker: StoreWorker;
  root: string;
  run: string;
  events: number;
  log: (line: string) => void;
}): RunFeed {
  const { worker, root, run, log } = options;
  let written = options.events;
  let events = options.events;
  let told = false;
  let idle: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;

  const tell = (problem: string): void => {
    if (!told) log(problem);
    told = true;
  };
  const write = async (keep: boolean): Promise<void> => {
    written = events;
    try {
      const answer = await worker.ask({ kind: 'database', root, run, fresh: false, keep });
      if (answer.kind === 'database' && answer.found === 'newer') tell(newerDatabase(root, run));
    } catch (error) {
      tell(`the database of run ${run} is not up to date, its journal is: ${messageOf(error)}`);
    }
  };
  const checkpoint = (): void => {
    if (written === events || writing !== null) return;
    writing = write(true).finally(() => {
      writing = null;
    });
  };

  return {
    note(seq) {
      events = seq + 1;
      if (idle === undefined) idle = setTimeout(checkpoint, CHECKPOINT_IDLE_MS).unref();
      else idle.refresh();
      if (events - written >= Math.max(CHECKPOINT_EVENTS, events * CHECKPOINT_SHARE)) checkpoint();
    },
    async end() {
      clearTimeout(idle);
      await writing;
      await write(false);
    },
  };
}

/** What is said of a database that this version must not touch. */
export const newerDatabase = (root: string, run: string): string =>
  `the database ${runDatabaseFile(root, run)} was written by a newer OpenExec and is left alone; the journal is up to date`;

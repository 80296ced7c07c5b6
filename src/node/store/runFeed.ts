/**
 * Feeds a run's events to its database in the worker, in batches, and has it written at checkpoints: every 1,000 events,
 * after 30 s without an event, and at the end. The database can be rebuilt from the journal, so that nothing here ever
 * fails a run: problems are told to `log`, once, and the feed stops.
 */
import { messageOf } from '../../core/kernel/errors';
import type { StoreWorker } from './workerClient';

const BATCH = 64;
const BATCH_WAIT_MS = 100;
const CHECKPOINT_EVENTS = 1_000;
const CHECKPOINT_IDLE_MS = 30_000;

export interface RunFeed {
  push(line: string): void;
  /** Writes the database to its file; with that, the run's database leaves the worker's memory. */
  end(): Promise<void>;
}

/** A feed for the run's database at `file`. The first line pushed must be the run's first event. */
export function feedRunDatabase(options: {
  worker: StoreWorker;
  run: string;
  file: string;
  log: (line: string) => void;
}): RunFeed {
  const { worker, run, file, log } = options;
  let lines: string[] = [];
  let sinceCheckpoint = 0;
  let broken = false;
  let batchTimer: NodeJS.Timeout | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  const ask = async (request: Parameters<StoreWorker['ask']>[0]): Promise<void> => {
    if (broken) return;
    try {
      await worker.ask(request);
    } catch (error) {
      if (!broken) log(`the database of run ${run} is not up to date, its journal is: ${messageOf(error)}`);
      broken = true;
    }
  };
  const send = (): Promise<void> => {
    clearTimeout(batchTimer);
    batchTimer = undefined;
    if (lines.length === 0) return Promise.resolve();
    const batch = lines;
    lines = [];
    return ask({ kind: 'events', run, lines: batch });
  };
  const checkpoint = async (): Promise<void> => {
    clearTimeout(idleTimer);
    idleTimer = undefined;
    sinceCheckpoint = 0;
    await send();
    await ask({ kind: 'checkpoint', run, path: file });
  };

  return {
    push(line) {
      if (broken) return;
      lines.push(line);
      sinceCheckpoint += 1;
      clearTimeout(idleTimer);
      idleTimer = setTimeout(() => void checkpoint(), CHECKPOINT_IDLE_MS).unref();
      if (sinceCheckpoint >= CHECKPOINT_EVENTS) void checkpoint();
      else if (lines.length >= BATCH) void send();
      else batchTimer ??= setTimeout(() => void send(), BATCH_WAIT_MS).unref();
    },
    async end() {
      await checkpoint();
      await ask({ kind: 'drop', run });
    },
  };
}

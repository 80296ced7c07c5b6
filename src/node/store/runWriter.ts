/**
 * The one writer of a run. Checks that each event stands where it claims to, makes it durable, and only then lets anybody
 * know. What is written here passes verification: nothing that would not is ever accepted.
 */
import { type Head, headAfter, writeEvent } from '../../core/events/chain';
import { eventSchema, type RunEvent } from '../../core/events/schema';
import { findContentProblems } from '../../core/events/storedLine';
import { findOrderProblems, type Phase, type Problem, phaseAfter } from '../../core/events/verifyLink';
import { OpenExecError } from '../../core/kernel/errors';
import type { Sha256 } from '../../core/kernel/hash';
import type { EventLog } from '../../core/ports/eventLog';
import type { JournalWriter } from './journal';
import type { Lock } from './lock';

export interface RunWriter extends EventLog {
  readonly run: string;
  /** The last durable event's place. */
  readonly head: Head;
  /**
   * Resolves when the event is durable. Events may be appended without waiting for the one before; they are then flushed
   * together. Rejects with `disk_failure`, from then on always; with `internal` for an event that does not continue the
   * run, and `event_invalid` for one that is none or may not come next, and then nothing was written.
   */
  append(event: RunEvent): Promise<void>;
  /** Waits for what is queued, writes the run's database and the index, gives the lock back. */
  close(): Promise<void>;
}

/** A writer at `head` of a run whose journal is open and whose lock is held. */
export function runWriter(options: {
  run: string;
  head: Head;
  /** Where the run stands in its life at that head. */
  phase: Phase;
  journal: JournalWriter;
  lock: Lock;
  hash: Sha256;
  /**
   * Told of every event while it is on its way to the disk. What it answers is called once the event is durable, in order;
   * `length` is the journal's length up to its end.
   */
  onWriting: (event: RunEvent) => (length: number) => void;
  onClose: () => Promise<void>;
}): RunWriter {
  const { run, journal, lock, hash } = options;
  let { head } = options;
  /** Where the next event must stand: ahead of `head` while events are on their way to the disk. */
  let tip = options.head;
  let phase = options.phase;
  let closing: Promise<void> | null = null;

  const shut = async (): Promise<void> => {
    await journal.close();
    try {
      await options.onClose();
    } finally {
      await lock.release();
    }
  };

  return {
    run,
    get head() {
      return head;
    },
    async append(event) {
      if (journal.failure !== null) throw journal.failure;
      const line = lineOf(event, { run, tip, phase, hash });
      tip = headAfter(event);
      phase = phaseAfter(phase, event);
      const writing = journal.append(line);
      const onDurable = options.onWriting(event);
      const length = await writing;
      head = headAfter(event);
      onDurable(length);
    },
    close() {
      closing ??= shut();
      return closing;
    },
  };
}

type Place = { run: string; tip: Head; phase: Phase; hash: Sha256 };

/** The line of an event that stands where it claims to, and may stand there. */
function lineOf(event: RunEvent, { run, tip, phase, hash }: Place): string {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
    throw new OpenExecError('event_invalid', `not an event: ${where}`, { cause: parsed.error });
  }
  if (event.run !== run || event.seq !== tip.events || event.prev !== tip.hash) {
    throw new OpenExecError('internal', `event ${event.run}/${event.seq} does not continue ${run}/${tip.events - 1}`);
  }
  const written = writeEvent(event, hash);
  if (written.hash !== event.hash) {
    throw new OpenExecError('internal', `event ${run}/${event.seq} does not have the hash of its content`);
  }
  const problems: Problem[] = [];
  findOrderProblems(phase, tip.events, event, problems);
  findContentProblems(event, written.hash, hash, problems);
  const [problem] = problems;
  if (problem !== undefined) {
    const { expected, found } = problem;
    throw new OpenExecError(
      'event_invalid',
      `event ${run}/${event.seq} is refused: expected ${expected}, found ${found}`,
    );
  }
  return written.line;
}

/**
 * Exact replay: the engine again, on recorded effects, without network, model, tool or file system. It must produce the
 * same events, hash for hash; where it does not, the first divergence is named.
 */
import { EMPTY_HEAD, type Head, hashOf, headAfter } from '../events/chain';
import type { BlobRef } from '../events/payload';
import type { EventBody, EventType, RunEvent } from '../events/schema';
import { OpenExecError } from '../kernel/errors';
import type { Sha256 } from '../kernel/hash';
import type { Blobs, EventLog } from '../ports/eventLog';
import type { Intervention, Moment } from '../ports/intervention';
import { compareEvents, type Divergence } from './divergence';
import {
  type Cursor,
  recordedApprover,
  recordedClassifier,
  recordedClock,
  recordedModelPort,
  recordedToolbox,
} from './recorded';

/** The session, handed in: replay may not import `run`, which composes the features of the core. */
export type SessionRunner = (run: string, first: RunEvent<'run.started'>, ports: ReplayPorts) => Promise<void>;

export type ReplayPorts = ReturnType<typeof portsOf>;

export type ReplayVerdict = {
  readonly identical: boolean;
  readonly events: number;
  readonly head: Head;
  readonly recordedHead: Head;
  readonly divergence: Divergence | null;
  /** False when the record stops before the end of the run: what was left out after it cannot be seen. */
  readonly ended: boolean;
};

/** What comes from outside of the engine and is taken from the record as it is. */
const FROM_OUTSIDE: readonly EventType[] = ['run.cancelled', 'run.interrupted', 'result.requested', 'result.finished'];

/** What ends a run, for good or until a person takes it up again. */
const ENDS: readonly EventType[] = ['run.finished', 'run.paused', 'run.cancelled', 'run.interrupted'];

export type Recording = {
  /** As stored, with blob references. */
  readonly stored: readonly RunEvent[];
  /** The same events with every payload inline. */
  readonly inline: readonly RunEvent[];
};

/**
 * Replays a whole record. Rejects with `replay_impossible` when there is nothing to replay from; a difference is a
 * value, never an exception.
 */
export async function replayExactly(
  recording: Recording,
  session: SessionRunner,
  hash: Sha256,
): Promise<ReplayVerdict> {
  const [first] = recording.inline;
  if (first?.type !== 'run.started') {
    throw new OpenExecError(
      'replay_impossible',
      'the record does not begin with run.started; there is nothing to replay from',
    );
  }
  const replay = new Replay(recording, hash);
  await session(first.run, first, replay.ports(first));
  return replay.verdict();
}

class Replay {
  private readonly cursor: Cursor;
  private readonly stored: readonly RunEvent[];
  private readonly hash: Sha256;
  private divergence: Divergence | null = null;
  private head: Head = EMPTY_HEAD;

  constructor(recording: Recording, hash: Sha256) {
    this.cursor = { events: recording.inline, at: 0 };
    this.stored = recording.stored;
    this.hash = hash;
  }

  ports(first: RunEvent<'run.started'>) {
    return portsOf(this.cursor, first, this.hash, this.log(), () => this.divergence !== null);
  }

  verdict(): ReplayVerdict {
    const last = this.stored.at(-1);
    const missing = this.divergence ?? this.afterTheEnd();
    return {
      identical: missing === null,
      events: this.head.events,
      head: this.head,
      recordedHead: last ? headAfter(last) : EMPTY_HEAD,
      divergence: missing,
      ended: this.stored.some(({ type }) => ENDS.includes(type)),
    };
  }

  private log(): EventLog {
    return {
      append: async (event) => {
        this.divergence ??= compareEvents(this.stored[this.cursor.at], event);
        this.cursor.at += 1;
        this.head = headAfter(event);
      },
    };
  }

  /** The engine stopped where the record goes on: only what came from outside may follow. */
  private afterTheEnd(): Divergence | null {
    for (let at = this.cursor.at; at < this.stored.length; at++) {
      const event = this.stored[at];
      if (!event) break;
      if (!FROM_OUTSIDE.includes(event.type)) return compareEvents(event, undefined);
      const linked = { ...event, seq: this.head.events, prev: this.head.hash };
      const broken = compareEvents(event, { ...linked, hash: hashOf(linked, this.hash) });
      if (broken) return broken;
      this.head = headAfter(event);
    }
    return null;
  }
}

function portsOf(cursor: Cursor, first: RunEvent<'run.started'>, hash: Sha256, log: EventLog, diverged: () => boolean) {
  return {
    hash,
    log,
    blobs: addressOnly(hash),
    clock: recordedClock(cursor),
    model: recordedModelPort(cursor, first),
    classifier: recordedClassifier(cursor, first),
    toolbox: recordedToolbox(cursor),
    approver: recordedApprover(cursor),
    onDelta: () => undefined,
    intervene: (moment: Moment): Intervention => {
      if (diverged()) return { kind: 'stop' };
      const event = cursor.events[cursor.at];
      if (!event) return { kind: 'stop' };
      // A question that nobody answered before the cancellation leaves no event of its own behind.
      const unanswered = cursor.events[cursor.at - 1]?.type === 'approval.requested';
      const cancelled = event.type === 'run.cancelled' && (moment === 'before effect' || unanswered);
      const injected = event.type === 'run.interrupted' || cancelled;
      if (!injected) return { kind: 'none' };
      const { type, data, node, attempt, cause } = event;
      return { kind: 'inject', body: { type, data, ...defined({ node, attempt, cause }) } as EventBody };
    },
  };
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}

/** Blobs that keep nothing: a replay needs the address of a payload, not a second copy of it. */
function addressOnly(hash: Sha256): Blobs {
  return {
    put: async (bytes, media): Promise<BlobRef> => ({ blob: hash(bytes), bytes: bytes.length, media }),
    get: async (sha256) => {
      throw new OpenExecError('replay_impossible', `a replay asked for the blob ${sha256}`);
    },
  };
}

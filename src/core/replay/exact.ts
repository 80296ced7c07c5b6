/**
 * Exact replay: the engine again, on recorded effects, without network, model, tool or file system. It must produce the
 * same events, hash for hash; where it does not, the first divergence is named.
 */
import { EMPTY_HEAD, type Head, hashOf, headAfter, type SealPlace } from '../events/chain';
import type { ResultAction } from '../events/parts';
import type { BlobRef } from '../events/payload';
import type { EventBody, EventType, RunEvent } from '../events/schema';
import { plainGate } from '../gatekeeper/gate';
import { isOpenExecError, messageOf, OpenExecError } from '../kernel/errors';
import type { Sha256 } from '../kernel/hash';
import type { Blobs } from '../ports/eventLog';
import type { Intervention, Moment } from '../ports/intervention';
import { Cursor, type RecordedRun } from './cursor';
import { compareEvents, type Divergence } from './divergence';
import { ReplayError } from './error';
import {
  recordedApprover,
  recordedClassifier,
  recordedClear,
  recordedClock,
  recordedModelPort,
  recordedSurveyor,
  recordedToolbox,
} from './recorded';
import { sealAsRecorded } from './resealed';

/** The session, handed in: replay may not import `run`, which composes the features of the core. */
export type SessionRunner = (run: string, first: RunEvent<'run.started'>, ports: ReplayPorts) => Promise<unknown>;

export type ReplayPorts = ReturnType<typeof portsOf>;

/** What a replay diverged in, and which version of OpenExec had recorded that event. */
export type NamedDivergence = Divergence & { readonly recordedBy: string };

export type ReplayVerdict = {
  readonly identical: boolean;
  /** How many events were replayed. */
  readonly events: number;
  readonly head: Head;
  readonly recordedHead: Head;
  readonly divergence: NamedDivergence | null;
  /** False when the record stops before the end of the run: what was left out after it cannot be seen. */
  readonly ended: boolean;
};

export type ReplayOptions = {
  readonly hash: Sha256;
  /**
   * Told after every event how many there were; what it answers is waited for. Tells progress, lets others work, and throws
   * to end the replay.
   */
  readonly pace: (events: number) => Promise<void> | undefined;
};

/** What comes from outside of the engine and is taken from the record as it is. */
const FROM_OUTSIDE: readonly EventType[] = [
  'run.cancelled',
  'run.interrupted',
  'run.resumed',
  'result.requested',
  'result.finished',
  'zones.widened',
];

/** What may come after the end of a run. */
const ABOUT_RESULT: readonly EventType[] = ['result.requested', 'result.finished'];

/** What ends a run, for good or until a person takes it up again. */
const ENDS: readonly EventType[] = ['run.finished', 'run.paused', 'run.cancelled', 'run.interrupted'];

/**
 * Replays a whole record, reading it as it goes. Rejects with a ReplayError when there is nothing to replay from; a
 * difference is a value, never an exception.
 */
export async function replayExactly(
  record: RecordedRun,
  session: SessionRunner,
  options: ReplayOptions,
): Promise<ReplayVerdict> {
  const replay = new Replay(record, options);
  try {
    const first = await replay.first();
    await replay.guard(() => session(first.run, first, replay.ports(first)));
    return await replay.conclude();
  } finally {
    await replay.close();
  }
}

/** A log that compares what it is given; the promise is that of the next event to compare with. */
type ReplayLog = { readonly append: (event: RunEvent) => Promise<void> | undefined };

/** A replay under way: it hands out the recorded effects and compares what the engine makes of them. */
export class Replay {
  readonly cursor: Cursor;
  /** Told of every recorded event that the engine has answered with one of its own. */
  onTaken: (inline: RunEvent) => void = () => undefined;
  private readonly options: ReplayOptions;
  private divergence: NamedDivergence | null = null;
  private head: Head = EMPTY_HEAD;
  private recordedHead: Head = EMPTY_HEAD;
  private recordedBy = '';
  private ended = false;
  private readonly results = new ResultOrder();
  private replayed = 0;

  constructor(record: RecordedRun, options: ReplayOptions) {
    this.cursor = new Cursor(record);
    this.options = options;
  }

  /** The event that is due, payloads inline; undefined after the end of the record. */
  async due(): Promise<RunEvent | undefined> {
    await this.cursor.load(1);
    return this.cursor.peek();
  }

  async first(): Promise<RunEvent<'run.started'>> {
    const first = await this.due();
    if (first?.type === 'run.started') return first;
    throw new ReplayError('no_start', 'the record does not begin with run.started; there is nothing to replay from');
  }

  /**
   * Lets the engine run. That it cannot take an event where it stands in the record, a resumption of a run that goes on for
   * instance, is a difference as well: the engine would never have written it there.
   */
  async guard(session: () => Promise<unknown>): Promise<void> {
    try {
      await session();
    } catch (error) {
      const at = this.cursor.previous?.stored;
      if (isOpenExecError(error, 'event_invalid') && at) {
        this.differ({ seq: at.seq, path: '', recorded: at, replayed: null });
      } else if (isOpenExecError(error, 'blueprint_invalid') || isOpenExecError(error, 'policy_invalid')) {
        throw new ReplayError('no_start', `there is nothing to replay from: ${messageOf(error)}`, { cause: error });
      } else throw error;
    }
  }

  get diverged(): boolean {
    return this.divergence !== null;
  }

  /** Ports on the record; the session is stopped at a divergence, or as soon as `over` says so. */
  ports(first: RunEvent<'run.started'>, over: () => boolean = () => false) {
    return portsOf(this.cursor, first, this.options.hash, this.log(), () => this.diverged || over());
  }

  /** Takes the event that is due as it was recorded, without comparing; undefined after the end. */
  async pass(): Promise<RunEvent | undefined> {
    await this.cursor.load(1);
    const event = this.cursor.at(0);
    if (!event) return undefined;
    this.note(event.stored);
    this.cursor.advance();
    await this.options.pace(event.stored.seq + 1);
    return event.inline;
  }

  /** The verdict over a whole record: the engine stopped, and only what came from outside may follow. */
  async conclude(): Promise<ReplayVerdict> {
    while (!this.diverged) {
      await this.cursor.load(1);
      const event = this.cursor.at(0)?.stored;
      if (!event) break;
      this.differ(compareEvents(event, ABOUT_RESULT.includes(event.type) ? this.linked(event) : undefined));
      if (this.diverged) break;
      this.head = headAfter(event);
      this.replayed += 1;
      await this.pass();
    }
    return this.verdict();
  }

  async verdict(): Promise<ReplayVerdict> {
    const { divergence, head } = this;
    const events = this.replayed;
    while (await this.pass());
    const { recordedHead, ended } = this;
    return { identical: divergence === null, events, head, recordedHead, divergence, ended };
  }

  close(): Promise<void> {
    return this.cursor.close();
  }

  /** The event as it would stand after what was replayed so far. */
  private linked(event: RunEvent): RunEvent {
    const moved = { ...event, seq: this.head.events, prev: this.head.hash };
    return { ...moved, hash: hashOf(moved, this.options.hash) };
  }

  private log(): ReplayLog {
    return {
      append: (event) => {
        const recorded = this.cursor.at(0);
        if (recorded) this.note(recorded.stored);
        this.differ(compareEvents(recorded?.stored, event));
        if (recorded) this.onTaken(recorded.inline);
        this.cursor.advance();
        this.head = headAfter(event);
        this.replayed += 1;
        const pace = () => this.options.pace(event.seq + 1);
        return this.cursor.has(1) ? pace() : this.cursor.load(1).then(pace);
      },
    };
  }

  private note(recorded: RunEvent): void {
    if (!this.results.takes(recorded)) this.differ({ seq: recorded.seq, path: '', recorded, replayed: null });
    this.recordedHead = headAfter(recorded);
    if (recorded.type === 'run.started') this.recordedBy = recorded.data.versions.openexec;
    if (recorded.type === 'run.resumed') this.recordedBy = recorded.data.openexec;
    if (ENDS.includes(recorded.type)) this.ended = true;
    else if (!recorded.type.startsWith('result.')) this.ended = false;
  }

  private differ(found: Divergence | null): void {
    if (found) this.divergence ??= { ...found, recordedBy: this.recordedBy };
  }
}

/** What can be made of a result: nothing is finished that was not requested, and nothing comes after a discard. */
class ResultOrder {
  private requested: ResultAction | null = null;
  private discarded = false;

  takes(event: RunEvent): boolean {
    if (event.type === 'result.requested') {
      this.requested = event.data.action;
      return !this.discarded;
    }
    if (event.type !== 'result.finished') return true;
    const { action, outcome } = event.data;
    const due = this.requested === action && !this.discarded;
    this.requested = null;
    this.discarded ||= action === 'discard' && outcome === 'done';
    return due;
  }
}

function portsOf(cursor: Cursor, first: RunEvent<'run.started'>, hash: Sha256, log: ReplayLog, over: () => boolean) {
  const gate = plainGate(first.data.flags.engine);
  return {
    hash,
    log,
    seal: (body: EventBody, place: SealPlace): RunEvent => sealAsRecorded(cursor.at(0), body, place),
    blobs: addressOnly(hash),
    clock: recordedClock(cursor),
    model: recordedModelPort(cursor, first),
    classifier: recordedClassifier(cursor, first),
    surveyor: recordedSurveyor(cursor),
    gate,
    clear: recordedClear(cursor, gate),
    toolbox: recordedToolbox(cursor),
    approver: recordedApprover(cursor),
    onDelta: () => undefined,
    intervene: (moment: Moment): Intervention => {
      const event = cursor.peek();
      if (over() || !event) return { kind: 'stop' };
      if (!comesNow(event, moment, cursor.previous?.inline)) return { kind: 'none' };
      const { type, data, node, attempt, cause } = event;
      return { kind: 'inject', body: { type, data, ...defined({ node, attempt, cause }) } as EventBody };
    },
  };
}

/** Whether the event that is due came from outside of the engine, at this moment. */
function comesNow(event: RunEvent, moment: Moment, previous: RunEvent | undefined): boolean {
  if (moment === 'halted') return event.type !== 'run.cancelled' && FROM_OUTSIDE.includes(event.type);
  // The engine's own pauses name what led to them.
  if (event.type === 'zones.widened') return moment === 'before effect';
  if (event.type === 'run.paused') return moment === 'before effect' && event.cause === undefined;
  // A question that nobody answered before the cancellation leaves no event of its own behind.
  const unanswered = previous?.type === 'approval.requested';
  return (
    event.type === 'run.interrupted' || (event.type === 'run.cancelled' && (moment === 'before effect' || unanswered))
  );
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}

/** Blobs that keep nothing: a replay needs the address of a payload, not a second copy of it. */
function addressOnly(hash: Sha256): Blobs {
  return {
    put: async (bytes, media): Promise<BlobRef> => ({ blob: hash(bytes), bytes: bytes.length, media }),
    get: async (sha256) => {
      throw new OpenExecError('internal', `a replay asked for the blob ${sha256}`);
    },
  };
}

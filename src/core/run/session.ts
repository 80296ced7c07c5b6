/**
 * The session: the only place that performs effects and appends events. Write order, always: request event durable →
 * act → outcome event durable → decide.
 */

import { EMPTY_HEAD, type Head, headAfter, type Seal, seal } from '../events/chain';
import { externalizeBody, fitted } from '../events/externalize';
import type { EventBody, EventType, RunEvent } from '../events/schema';
import type { Blobs, EventLog } from '../ports/eventLog';
import type { Intervention, Moment } from '../ports/intervention';
import type { Effect } from './effects';
import { type EffectPorts, perform } from './perform';
import { NEW_RUN, type RunState } from './state';
import { step } from './step';

export type SessionPorts = EffectPorts & {
  /** As an EventLog; one that keeps nothing, as in a replay, is done at once and may answer so. */
  readonly log: { readonly append: (event: RunEvent) => ReturnType<EventLog['append']> | undefined };
  readonly blobs: Blobs;
  /** Answers what `seal` of the chain does; for who can do so at less cost. */
  readonly seal?: Seal;
  readonly intervene: (moment: Moment) => Intervention;
};

export type SessionEnd = { readonly state: RunState; readonly head: Head };

/** A run as its record tells it up to some event. */
export type Recalled = SessionEnd;

/** Where the fold over a record begins. */
export const NOTHING_YET: Recalled = { state: NEW_RUN, head: EMPTY_HEAD };

/** The run after one more event of its record, payloads inline; throws as `step` does. Performs nothing. */
export const recall = (past: Recalled, event: RunEvent): Recalled => ({
  state: step(past.state, event).state,
  head: headAfter(event),
});

/**
 * Runs a blueprint from its first event to its end, a pause or an intervention. Rejects only for bugs and broken I/O
 * (`disk_failure` from the log); whatever was appended before stays.
 */
export async function runSession(
  run: string,
  first: EventBody<'run.started'>,
  ports: SessionPorts,
  signal: AbortSignal,
): Promise<SessionEnd> {
  return new Session(run, NOTHING_YET, ports, signal).drive(first);
}

/** Takes up a run that was paused or broke off; `resumed` settles what was in doubt. Rejects as `runSession` does. */
export async function resumeSession(
  run: string,
  past: Recalled,
  resumed: EventBody<'run.resumed'>,
  ports: SessionPorts,
  signal: AbortSignal,
): Promise<SessionEnd> {
  return new Session(run, past, ports, signal).drive(resumed);
}

/** Goes on in the middle of a record, with the effect that is due there, as if it had never stopped. For replays. */
export async function continueSession(
  run: string,
  past: Recalled,
  ports: SessionPorts,
  signal: AbortSignal,
): Promise<SessionEnd> {
  return new Session(run, past, ports, signal).drive();
}

/** Nothing is decided on these by themselves: they are flushed together with the outcome that follows them. */
const FLUSHED_WITH_NEXT: ReadonlySet<EventType> = new Set<EventType>([
  'context.built',
  'file.changed',
  'artifact.created',
]);

class Session {
  private state: RunState;
  private head: Head;
  private readonly queue: Effect[] = [];
  private flushing: Promise<void>[] = [];
  private readonly run: string;
  private readonly ports: SessionPorts;
  private readonly signal: AbortSignal;

  constructor(run: string, past: Recalled, ports: SessionPorts, signal: AbortSignal) {
    this.run = run;
    this.state = past.state;
    this.head = past.head;
    this.ports = ports;
    this.signal = signal;
    if (past.state.phase === 'active') this.queue.push(past.state.open.effect);
  }

  async drive(first?: EventBody): Promise<SessionEnd> {
    if (first) await this.append(first);
    for (;;) {
      const going = this.state.phase === 'active' ? await this.performNext() : await this.woken();
      if (!going) break;
    }
    await this.flushed();
    return { state: this.state, head: this.head };
  }

  /** Performs the effect that is due. False when the session ends here. */
  private async performNext(): Promise<boolean> {
    const stopped = this.intervened('before effect');
    if (stopped && (await stopped)) return this.halted();
    const effect = this.queue.shift();
    if (!effect || this.state.phase !== 'active') return false;
    // A decision of the engine itself has nothing to wait for.
    if (effect.kind === 'record') return (await this.say(effect.body)) || this.halted();
    for await (const body of perform(effect, this.state, this.ports, this.signal)) {
      if (!(await this.say(body))) return this.halted();
    }
    return true;
  }

  /** Appends a body of the effect that is performed. False when it is not said any more. */
  private async say(body: EventBody): Promise<boolean> {
    const stopped = this.intervened('before event');
    if (stopped && (await stopped)) return false;
    const appending = this.append(body);
    if (appending) await appending;
    return true;
  }

  /** A run that stopped may be taken up again in a record that is replayed; a live session ends here. */
  private async woken(): Promise<boolean> {
    return this.state.phase === 'halted' && (await this.intervened('halted'));
  }

  private halted(): boolean {
    this.queue.length = 0;
    return this.state.phase === 'halted';
  }

  /**
   * Seals a body, makes it durable, and only then lets the engine decide on it. Answers a promise only where there is
   * something to wait for: a replay, with its record in memory, gets through most events without.
   */
  private append(said: EventBody): Promise<void> | undefined {
    const body = fitted(said);
    const stored = externalizeBody(body, this.ports.blobs);
    return stored instanceof Promise
      ? stored.then((it) => this.appendStored(body, it))
      : this.appendStored(body, stored);
  }

  private appendStored(body: EventBody, stored: EventBody): Promise<void> | undefined {
    const { ports, head } = this;
    const event = (ports.seal ?? seal)(stored, { run: this.run, at: ports.clock.now(), head, hash: ports.hash });
    const durable = ports.log.append(event);
    if (durable) {
      this.flushing.push(durable);
      // Should it fail, that is thrown where it is waited for.
      durable.catch(() => undefined);
    }
    const inline = stored === body ? event : ({ ...event, data: body.data } as RunEvent);
    if (this.flushing.length > 0 && !FLUSHED_WITH_NEXT.has(event.type)) {
      return this.flushed().then(() => this.take(inline));
    }
    this.take(inline);
    return undefined;
  }

  /** What the engine makes of an event that is in the record. */
  private take(event: RunEvent): void {
    this.head = headAfter(event);
    const { state, effects } = step(this.state, event);
    this.state = state;
    this.queue.push(...effects);
  }

  private async flushed(): Promise<void> {
    const due = this.flushing;
    this.flushing = [];
    for (const durable of due) await durable;
  }

  private intervened(moment: Moment): Promise<boolean> | false {
    const intervention = this.ports.intervene(moment);
    return intervention.kind === 'none' ? false : this.yield(moment, intervention);
  }

  private async yield(moment: Moment, intervention: Intervention): Promise<boolean> {
    if (intervention.kind === 'inject') await this.append(intervention.body);
    // What a person lets a run do besides does not end it.
    if (intervention.kind === 'inject' && moment === 'before effect') return this.state.phase !== 'active';
    return intervention.kind === 'inject' || moment !== 'halted';
  }
}

/**
 * The session: the only place that performs effects and appends events. Write order, always: request event durable →
 * act → outcome event durable → decide.
 */

import { EMPTY_HEAD, type Head, headAfter, seal } from '../events/chain';
import { externalizeBody } from '../events/externalize';
import type { EventBody, RunEvent } from '../events/schema';
import type { Blobs, EventLog } from '../ports/eventLog';
import type { Intervention, Moment } from '../ports/intervention';
import type { Effect } from './effects';
import { type EffectPorts, perform } from './perform';
import { NEW_RUN, type RunState } from './state';
import { step } from './step';

export type SessionPorts = EffectPorts & {
  readonly log: EventLog;
  readonly blobs: Blobs;
  readonly intervene: (moment: Moment) => Intervention;
};

export type SessionEnd = { readonly state: RunState; readonly head: Head };

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
  const session = new Session(run, ports, signal);
  await session.append(first);
  return session.drive();
}

class Session {
  private state: RunState = NEW_RUN;
  private head: Head = EMPTY_HEAD;
  private readonly queue: Effect[] = [];
  private readonly run: string;
  private readonly ports: SessionPorts;
  private readonly signal: AbortSignal;

  constructor(run: string, ports: SessionPorts, signal: AbortSignal) {
    this.run = run;
    this.ports = ports;
    this.signal = signal;
  }

  async drive(): Promise<SessionEnd> {
    while (this.state.phase === 'active') {
      if (await this.intervened('before effect')) break;
      const effect = this.queue.shift();
      if (!effect) break;
      for await (const body of perform(effect, this.state, this.ports, this.signal)) {
        if (await this.intervened('before event')) return this.end();
        await this.append(body);
      }
    }
    return this.end();
  }

  /** Seals a body, makes it durable, and only then lets the engine decide on it. */
  async append(body: EventBody): Promise<void> {
    const { ports, head } = this;
    const stored = await externalizeBody(body, ports.blobs);
    const event = seal(stored, { run: this.run, at: ports.clock.now(), head, hash: ports.hash });
    await ports.log.append(event);
    this.head = headAfter(event);
    const { state, effects } = step(this.state, { ...event, data: body.data } as RunEvent);
    this.state = state;
    this.queue.push(...effects);
  }

  private async intervened(moment: Moment): Promise<boolean> {
    const intervention = this.ports.intervene(moment);
    if (intervention.kind === 'none') return false;
    if (intervention.kind === 'inject') await this.append(intervention.body);
    return true;
  }

  private end(): SessionEnd {
    return { state: this.state, head: this.head };
  }
}

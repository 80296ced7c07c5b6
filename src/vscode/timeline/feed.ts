/**
 * Feeds one webview with one run: headers first, payloads on demand. Reads what is stored, then follows what this
 * window appends; what another window appends is read when its store changes.
 *
 * Invariant: headers are sent in the order of `seq`, without holes or repetitions.
 */
import type { RunEvent } from '../../core/events/schema';
import { messageOf } from '../../core/kernel/errors';
import { detailsOf } from '../../protocol/details';
import { headerWriter } from '../../protocol/headers';
import { type EventHeader, type HostMessage, MAX_BATCH, PROTOCOL_VERSION } from '../../protocol/messages';
import type { Approvals } from '../approvals';
import type { Runs } from '../runs';
import { viewOf } from './view';

export type Post = (message: HostMessage) => void;

export class TimelineFeed {
  readonly #runId: string;
  readonly #runs: Runs;
  readonly #approvals: Approvals;
  readonly #post: Post;
  readonly #subscriptions: { dispose(): void }[];
  #headerOf = headerWriter();
  #next = 0;
  #pumping: Promise<void> | null = null;
  #again = false;
  #disposed = false;

  constructor(runId: string, runs: Runs, approvals: Approvals, post: Post) {
    this.#runId = runId;
    this.#runs = runs;
    this.#approvals = approvals;
    this.#post = post;
    this.#subscriptions = [
      runs.onDidAppend((event) => event.run === runId && this.#pump()),
      runs.onDidChange(() => this.#pump()),
      runs.onDidStream((run, { text }) => run === runId && post({ type: 'delta', runId, text })),
      approvals.onDidChange(() => void this.#sendRun('run')),
    ];
  }

  /** Starts over: greeting, then everything from the first event. */
  async greet(): Promise<void> {
    await this.#pumping;
    this.#headerOf = headerWriter();
    this.#next = 0;
    if (await this.#sendRun('hello')) this.#pump();
  }

  /** Sends one event with its payloads. */
  async details(seq: number): Promise<void> {
    try {
      this.#send(detailsOf(await this.#runs.event(this.#runId, seq)));
    } catch (error) {
      this.#problem(error);
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Reads on from where it stopped; calls in the meantime make it look once more. */
  #pump(): void {
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = this.#drain()
      .catch((error: unknown) => this.#problem(error))
      .finally(() => {
        this.#pumping = null;
        if (this.#again && !this.#disposed) {
          this.#again = false;
          this.#pump();
        }
      });
  }

  async #drain(): Promise<void> {
    let batch: EventHeader[] = [];
    const flush = (): void => {
      const [first] = batch;
      if (first) this.#send({ type: 'events', runId: this.#runId, from: first.seq, headers: batch });
      batch = [];
    };
    for await (const event of this.#runs.events(this.#runId, this.#next)) {
      if (this.#disposed) return;
      batch.push(this.#header(event));
      if (batch.length === MAX_BATCH) flush();
    }
    const changed = batch.length > 0;
    flush();
    if (changed) await this.#sendRun('run');
  }

  #header(event: RunEvent): EventHeader {
    this.#next = event.seq + 1;
    return this.#headerOf(event);
  }

  async #sendRun(as: 'hello' | 'run'): Promise<boolean> {
    try {
      const summary = await this.#runs.summary(this.#runId);
      const pending = this.#approvals.pending().find(({ runId }) => runId === this.#runId);
      const approval = pending ? { approval: pending.approval, title: pending.title, detail: pending.detail } : null;
      const run = viewOf(summary, approval);
      this.#send(as === 'hello' ? { type: 'hello', protocol: PROTOCOL_VERSION, run } : { type: 'run', run });
      return true;
    } catch (error) {
      if (as === 'hello')
        this.#send({ type: 'hello', protocol: PROTOCOL_VERSION, run: null, notice: messageOf(error) });
      return false;
    }
  }

  #problem(error: unknown): void {
    this.#send({ type: 'problem', message: messageOf(error) });
  }

  #send(message: HostMessage): void {
    if (!this.#disposed) this.#post(message);
  }
}

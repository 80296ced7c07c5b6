/**
 * Feeds one webview with one run: headers first, payloads on demand. Reads what is stored, then follows what this
 * window appends; while another window writes the run, its journal is looked at again and again.
 *
 * Invariant: headers are sent in the order of `seq`, without holes or repetitions.
 */
import { textOf } from '../../core/events/payload';
import type { RunEvent } from '../../core/events/schema';
import { messageOf } from '../../core/kernel/errors';
import { detailsOf } from '../../protocol/details';
import { headerWriter } from '../../protocol/headers';
import {
  type EventHeader,
  type HostMessage,
  MAX_BATCH,
  type PendingApproval,
  PROTOCOL_VERSION,
} from '../../protocol/messages';
import type { Approvals } from '../approvals';
import type { ListedRun, Runs } from '../runs';
import { viewOf } from './view';

/** How often a run that another window writes is looked at: it tells this window of its state, not of every event. */
const WATCH_MS = 1000;

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
  #watching: NodeJS.Timeout | undefined;
  #shown: ListedRun | null = null;
  /** Where the last approval was asked for. */
  #asked: number | null = null;

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
    clearTimeout(this.#watching);
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
        this.#watch();
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
    if (event.type === 'approval.requested') this.#asked = event.seq;
    return this.#headerOf(event);
  }

  async #sendRun(as: 'hello' | 'run'): Promise<boolean> {
    try {
      const summary = await this.#runs.summary(this.#runId);
      this.#shown = summary;
      const run = viewOf(summary, await this.#pendingApproval(summary));
      this.#send(as === 'hello' ? { type: 'hello', protocol: PROTOCOL_VERSION, run } : { type: 'run', run });
      return true;
    } catch (error) {
      if (as === 'hello')
        this.#send({ type: 'hello', protocol: PROTOCOL_VERSION, run: null, notice: messageOf(error) });
      return false;
    }
  }

  /** The question that the run waits for, asked here or in the window that runs it. */
  async #pendingApproval({ readOnly, status }: ListedRun): Promise<PendingApproval | null> {
    const here = this.#approvals.pending().find(({ runId }) => runId === this.#runId);
    if (here) return { approval: here.approval, title: here.title, detail: here.detail };
    if (!readOnly || status !== 'waiting' || this.#asked === null) return null;
    const event = await this.#runs.event(this.#runId, this.#asked);
    if (event.type !== 'approval.requested') return null;
    const { approval, title, detail } = event.data;
    return { approval, title, detail: textOf(detail) };
  }

  /** Looks again in a while, as long as another window writes the run. */
  #watch(): void {
    clearTimeout(this.#watching);
    if (this.#disposed || this.#shown === null || !this.#shown.readOnly) return;
    if (this.#shown.status === 'running' || this.#shown.status === 'waiting') {
      this.#watching = setTimeout(() => this.#pump(), WATCH_MS);
    }
  }

  #problem(error: unknown): void {
    this.#send({ type: 'problem', message: messageOf(error) });
  }

  #send(message: HostMessage): void {
    if (!this.#disposed) this.#post(message);
  }
}

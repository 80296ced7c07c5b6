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
import { latestOnly } from './latest';
import { recordedPicture } from './picture';
import { viewOf } from './view';

/** How often a run that another window writes is looked at: it tells this window of its state, not of every event. */
const WATCH_MS = 1000;
/** Headers of the first batch: a screen of them is not kept waiting for a full one. */
const FIRST_BATCH = 100;
/** Milliseconds of reading after which the event loop gets a turn. */
const SLICE_MS = 8;

export type Post = (message: HostMessage) => void;

export class TimelineFeed {
  readonly #runId: string;
  readonly #runs: Runs;
  readonly #approvals: Approvals;
  readonly #post: Post;
  readonly #subscriptions: { dispose(): void }[];
  /** Sends the state at an event; while one is being made, only the last that is asked for comes after it. */
  readonly moment = latestOnly<number>((seq) => this.#sendMoment(seq));
  #headerOf = headerWriter();
  #next = 0;
  #greetings: Promise<void> = Promise.resolve();
  /** False until the webview listens, and while it is told to start over: what comes meanwhile is read afterwards. */
  #greeted = false;
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
  greet(): Promise<void> {
    this.#greetings = this.#greetings.then(() => this.#startOver());
    return this.#greetings;
  }

  async #startOver(): Promise<void> {
    this.#greeted = false;
    await this.#pumping;
    this.#headerOf = headerWriter();
    this.#next = 0;
    this.#greeted = await this.#sendRun('hello');
    this.#pump();
  }

  /** Sends one event with its payloads. */
  async details(seq: number): Promise<void> {
    try {
      this.#send(detailsOf(await this.#runs.event(this.#runId, seq)));
    } catch (error) {
      this.#problem(error);
    }
  }

  async #sendMoment(seq: number): Promise<void> {
    if (this.#disposed) return;
    try {
      this.#send({ type: 'moment', runId: this.#runId, moment: await this.#runs.moment(this.#runId, seq) });
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
    if (!this.#greeted) return;
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
    let room = this.#next === 0 ? FIRST_BATCH : MAX_BATCH;
    let since = performance.now();
    const flush = (): void => {
      const [first] = batch;
      if (first) this.#send({ type: 'events', runId: this.#runId, from: first.seq, headers: batch });
      batch = [];
    };
    const from = this.#next;
    try {
      for await (const event of this.#runs.events(this.#runId, from)) {
        if (this.#disposed || !this.#greeted) return;
        batch.push(this.#header(event));
        const full = batch.length === room;
        if (full) {
          flush();
          room = MAX_BATCH;
        }
        if (full || performance.now() - since >= SLICE_MS) {
          await turn();
          since = performance.now();
        }
      }
    } finally {
      flush();
    }
    if (this.#next > from || (await this.#isOutdated())) await this.#sendRun('run');
  }

  /** True when what was shown of the run is no longer so though no event came: it was read a moment too early. */
  async #isOutdated(): Promise<boolean> {
    const now = await this.#runs.summary(this.#runId).catch(() => null);
    const shown = this.#shown;
    if (now === null || shown === null) return now !== null;
    return now.status !== shown.status || now.result !== shown.result || now.events !== shown.events;
  }

  #header(event: RunEvent): EventHeader {
    this.#next = event.seq + 1;
    if (event.type === 'run.started') void this.#sendGraph(event);
    if (event.type === 'approval.requested') this.#asked = event.seq;
    return this.#headerOf(event);
  }

  async #sendGraph(started: RunEvent<'run.started'>): Promise<void> {
    try {
      // A long definition is stored apart.
      const apart = typeof started.data.blueprint.definition !== 'string';
      const whole = apart ? await this.#runs.event(this.#runId, started.seq) : started;
      if (whole.type !== 'run.started') return;
      this.#send({ type: 'graph', runId: this.#runId, picture: recordedPicture(whole) });
    } catch (error) {
      this.#problem(error);
    }
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
    if (here) return { approval: here.approval, title: here.title, detail: here.detail, editable: here.editable };
    if (!readOnly || status !== 'waiting' || this.#asked === null) return null;
    const event = await this.#runs.event(this.#runId, this.#asked);
    if (event.type !== 'approval.requested') return null;
    const { approval, title, detail } = event.data;
    return { approval, title, detail: textOf(detail), editable: false };
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

/** Lets others run: what was posted goes out, and the window stays free to answer. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

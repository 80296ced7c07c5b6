/**
 * Feeds one webview with one run: headers first, payloads on demand. Reads what is stored, then follows what this
 * window appends; while another window writes the run, its journal is looked at again and again.
 *
 * Invariant: headers are sent in the order of `seq`, without holes or repetitions.
 */
import type { RunEvent } from '../../core/events/schema';
import { messageOf } from '../../core/kernel/errors';
import { detailsOf } from '../../protocol/details';
import { headerWriter } from '../../protocol/headers';
import {
  type EventHeader,
  type HostMessage,
  type HostMessageOf,
  MAX_BATCH,
  PROTOCOL_VERSION,
} from '../../protocol/messages';
import type { Approvals } from '../approvals';
import type { ListedRun, Runs } from '../runs';
import { AskedSoFar } from './asked';
import { latestOnly } from './latest';
import { recordedPicture } from './picture';
import { driftView, explanationView } from './policyViews';
import { Questions } from './questions';
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
  readonly #post: Post;
  readonly #subscriptions: { dispose(): void }[];
  /** Sends the state at an event; while one is being made, only the last that is asked for comes after it. */
  readonly moment = latestOnly<number>((seq) => this.#sendMoment(seq));
  /** Compares today's policy with the run's, which takes a moment: of all that happens meanwhile, only the last counts. */
  readonly #drift = latestOnly<null>(() => this.#sendDrift());
  readonly #asked = new AskedSoFar();
  readonly #questions: Questions;
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
  /** One after another: what a run waits for takes a while to be told, and must not be told late. */
  #telling: Promise<unknown> = Promise.resolve();
  /** The drift that the webview knows of; null for none, as it begins. */
  #drifted: HostMessageOf<'drift'>['drift'] = null;

  constructor(runId: string, runs: Runs, approvals: Approvals, post: Post) {
    this.#runId = runId;
    this.#runs = runs;
    this.#post = post;
    this.#questions = new Questions(runId, runs, approvals, this.#asked);
    this.#subscriptions = [
      runs.onDidAppend((event) => event.run === runId && this.#pump()),
      runs.onDidChange(() => this.#pump()),
      runs.onDidChangePolicy(() => this.#greeted && this.#drift(null)),
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
    this.#drifted = null;
    this.#greeted = await this.#sendRun('hello');
    this.#pump();
    if (this.#greeted) this.#drift(null);
  }

  /** Sends one event with its payloads. */
  async details(seq: number): Promise<void> {
    try {
      this.#send(detailsOf(await this.#runs.event(this.#runId, seq)));
    } catch (error) {
      this.#problem(error);
    }
  }

  /** Sends how the decision at an event came about, or why that cannot be told. */
  async explain(seq: number): Promise<void> {
    const about = { type: 'explanation', runId: this.#runId, seq } as const;
    try {
      this.#send({ ...about, explanation: explanationView(await this.#runs.explain(this.#runId, seq)), problem: '' });
    } catch (error) {
      this.#send({ ...about, explanation: null, problem: messageOf(error) });
    }
  }

  /** A folder that is gone, or a policy that cannot be read today, is no news about the run. */
  async #sendDrift(): Promise<void> {
    if (this.#disposed) return;
    const found = await this.#runs.drift(this.#runId).catch(() => null);
    const drift = found === null ? null : driftView(found);
    if (JSON.stringify(drift) === JSON.stringify(this.#drifted)) return;
    this.#drifted = drift;
    this.#send({ type: 'drift', runId: this.#runId, drift });
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
    this.#asked.take(event);
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

  #sendRun(as: 'hello' | 'run'): Promise<boolean> {
    const told = this.#telling.then(() => this.#tellRun(as));
    this.#telling = told;
    return told;
  }

  async #tellRun(as: 'hello' | 'run'): Promise<boolean> {
    try {
      const summary = await this.#runs.summary(this.#runId);
      this.#shown = summary;
      const [approvals, elsewhere] = await Promise.all([this.#questions.open(summary), this.#questions.elsewhere()]);
      const run = viewOf(summary, { approvals, elsewhere });
      this.#send(as === 'hello' ? { type: 'hello', protocol: PROTOCOL_VERSION, run } : { type: 'run', run });
      return true;
    } catch (error) {
      if (as === 'hello')
        this.#send({ type: 'hello', protocol: PROTOCOL_VERSION, run: null, notice: messageOf(error) });
      return false;
    }
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

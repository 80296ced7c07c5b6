/**
 * Replays and verifies the run of one timeline, and tells it how that goes. One check at a time: another one ends the one
 * before, which then tells nothing any more.
 */
import { isOpenExecError, messageOf } from '../../core/kernel/errors';
import type { Progress } from '../../core/ports/progress';
import type { NamedDivergence } from '../../core/replay/exact';
import type { Check, CheckMode } from '../../protocol/check';
import type { HostMessage } from '../../protocol/messages';
import { type CheckContext, replayWhole, showDivergence, verifyRecord } from '../checks';
import { type EndedCheck, noVerdict, replayView, verifyView } from './checkView';

/** How often the timeline is told where a check is, in milliseconds. */
const TELL_MS = 100;

export class RunCheck {
  readonly #runId: string;
  readonly #context: CheckContext;
  readonly #post: (message: HostMessage) => void;
  #running: AbortController | null = null;
  #divergence: NamedDivergence | null = null;

  constructor(runId: string, context: CheckContext, post: (message: HostMessage) => void) {
    this.#runId = runId;
    this.#context = context;
    this.#post = post;
  }

  /** Resolves when the check has ended, in whatever way. */
  async start(mode: CheckMode): Promise<void> {
    this.#running?.abort();
    const control = new AbortController();
    this.#running = control;
    this.#divergence = null;
    const tell = (check: Check): void => {
      if (this.#running === control) this.#post({ type: 'check', runId: this.#runId, check });
    };
    tell({ state: 'running', mode, done: 0, total: null });
    const onProgress = throttled((done, total) => tell({ state: 'running', mode, done, total }));
    const ended = await this.#ended(mode, { signal: control.signal, onProgress }, control);
    tell(ended);
    if (this.#running === control) this.#running = null;
  }

  /** Ends the check that is under way; it then says that it was cancelled. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Opens the two sides of what the last replay found; nothing when it found none. */
  async openDivergence(): Promise<void> {
    if (this.#divergence !== null) await showDivergence(this.#divergence, this.#runId, this.#context);
  }

  dispose(): void {
    const running = this.#running;
    this.#running = null;
    running?.abort();
  }

  async #ended(mode: CheckMode, progress: Progress, control: AbortController): Promise<EndedCheck> {
    try {
      if (mode === 'verify') return verifyView((await verifyRecord(this.#runId, progress, this.#context)).report);
      const { verdict } = await replayWhole(this.#runId, progress, this.#context);
      if (this.#running === control) this.#divergence = verdict.divergence;
      return replayView(verdict);
    } catch (error) {
      const what = mode === 'verify' ? 'The verification' : 'The replay';
      if (isOpenExecError(error, 'cancelled')) return noVerdict(mode, `${what} was cancelled: nothing was found out.`);
      return noVerdict(mode, `${what} could not run: ${messageOf(error)}`);
    }
  }
}

/** Tells the first step and then one in each stretch of time: thousands of events a second need no message each. */
function throttled(tell: (done: number, total: number | null) => void): (done: number, total: number | null) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const now = performance.now();
    if (now - told < TELL_MS) return;
    told = now;
    tell(done, total);
  };
}

/**
 * Answers one webview's searches of its run: what is found is told as it is found, and only for the newest question. While the run
 * goes on, what comes is looked at as well, so that what was told is what the same question would find later.
 */
import { messageOf } from '../../core/kernel/errors';
import { type HostMessage, MAX_FOUND } from '../../protocol/messages';
import type { Runs } from '../runs';

/** Milliseconds of looking after which the event loop gets a turn. */
const SLICE_MS = 8;

/** What is searched for: from `next` on nothing was looked at yet, and `room` is how many events may still be named. */
type Question = { readonly id: number; readonly query: string; next: number; room: number };

export class RunSearch {
  readonly #runId: string;
  readonly #runs: Pick<Runs, 'search'>;
  readonly #post: (message: HostMessage) => void;
  /** The newest; null when nothing is asked any more. */
  #question: Question | null = null;
  #looking: Promise<void> | null = null;
  /** Whether events came while the question was being answered. */
  #owed = false;

  constructor(runId: string, runs: Pick<Runs, 'search'>, post: (message: HostMessage) => void) {
    this.#runId = runId;
    this.#runs = runs;
    this.#post = post;
  }

  /** Tells the events that hold a text, `id` being that of the question. A search that is under way is given up. */
  start(id: number, query: string): Promise<void> {
    const question = { id, query, next: 0, room: MAX_FOUND };
    this.#question = question;
    this.#owed = false;
    const looking = this.#look(question);
    this.#looking = looking;
    return looking;
  }

  /** Looks at the events that have come since, once for all that come while it looks. */
  async grown(): Promise<void> {
    this.#owed = true;
    await this.#looking;
    const question = this.#question;
    if (question === null || !this.#owed) return;
    this.#owed = false;
    this.#looking = this.#look(question);
    await this.#looking;
  }

  dispose(): void {
    this.#question = null;
  }

  async #look(question: Question): Promise<void> {
    const { id } = question;
    const tell = (seqs: number[], complete: boolean, more: boolean): void =>
      this.#post({ type: 'found', runId: this.#runId, id, seqs, complete, more });
    let since = performance.now();
    try {
      for await (const { seqs, next } of this.#runs.search(this.#runId, question.query, question.next)) {
        if (this.#question !== question) return;
        if (seqs.length > 0) tell(seqs.slice(0, question.room), false, false);
        question.next = next;
        question.room -= seqs.length;
        if (question.room < 0) {
          this.#question = null;
          return tell([], true, true);
        }
        if (performance.now() - since < SLICE_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
      if (this.#question === question) tell([], true, false);
    } catch (error) {
      if (this.#question !== question) return;
      this.#question = null;
      tell([], true, false);
      this.#post({ type: 'problem', message: `The record could not be searched: ${messageOf(error)}` });
    }
  }
}

/** Answers one webview's searches of its run: what is found is told as it is found, and only for the newest question. */
import { messageOf } from '../../core/kernel/errors';
import { type HostMessage, MAX_FOUND } from '../../protocol/messages';
import type { Runs } from '../runs';

/** Milliseconds of looking after which the event loop gets a turn. */
const SLICE_MS = 8;

export class RunSearch {
  readonly #runId: string;
  readonly #runs: Pick<Runs, 'search'>;
  readonly #post: (message: HostMessage) => void;
  /** That of the newest question; null when nothing is asked any more. */
  #id: number | null = null;

  constructor(runId: string, runs: Pick<Runs, 'search'>, post: (message: HostMessage) => void) {
    this.#runId = runId;
    this.#runs = runs;
    this.#post = post;
  }

  /** Tells the events that hold a text, `id` being that of the question. A search that is under way is given up. */
  async start(id: number, query: string): Promise<void> {
    this.#id = id;
    const tell = (seqs: number[], complete: boolean, more: boolean): void =>
      this.#post({ type: 'found', runId: this.#runId, id, seqs, complete, more });
    let [room, since] = [MAX_FOUND, performance.now()];
    try {
      for await (const { seqs } of this.#runs.search(this.#runId, query)) {
        if (this.#id !== id) return;
        if (seqs.length > 0) tell(seqs.slice(0, room), false, false);
        room -= seqs.length;
        if (room < 0) return tell([], true, true);
        if (performance.now() - since < SLICE_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
      if (this.#id === id) tell([], true, false);
    } catch (error) {
      if (this.#id !== id) return;
      tell([], true, false);
      this.#post({ type: 'problem', message: `The record could not be searched: ${messageOf(error)}` });
    }
  }

  dispose(): void {
    this.#id = null;
  }
}

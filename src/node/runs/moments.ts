/**
 * The state of a run at any of its events, quickly: folded states are kept every 100 events, so that a seek reads at
 * most that many. They are made as far as somebody has looked, and live in memory only: the journal can always make
 * them again.
 */
import { type FoldedMoment, foldMoment, momentOf, type RunMoment } from '../../core/events/moment';
import { OpenExecError } from '../../core/kernel/errors';
import type { RunStore } from '../store/store';
import { breather } from '../system/breathe';

/** Events between two states that are kept. */
const EVERY = 100;
/** Runs whose states are kept; the one that was looked at longest ago goes first. */
const RUNS = 8;

export type Moments = {
  /**
   * The state after event `seq`. Reads from the nearest kept state on; only the first look at a late event of a long
   * run reads everything before it, in slices. Throws `run_unknown` also when the run has no such event (yet).
   */
  at(runId: string, seq: number): Promise<RunMoment>;
};

type Source = Pick<RunStore, 'read'>;

export function moments(store: Source): Moments {
  const runs = new Map<string, RunStates>();
  return {
    async at(runId, seq) {
      const states = runs.get(runId) ?? new RunStates(store, runId);
      runs.delete(runId);
      runs.set(runId, states);
      for (const [oldest] of runs) if (runs.size > RUNS) runs.delete(oldest);
      return momentOf(await states.at(seq));
    },
  };
}

class RunStates {
  readonly #store: Source;
  readonly #runId: string;
  /** After the events 0, 100, 200 … */
  readonly #kept: FoldedMoment[] = [];
  #keeping: Promise<void> = Promise.resolve();

  constructor(store: Source, runId: string) {
    this.#store = store;
    this.#runId = runId;
  }

  async at(seq: number): Promise<FoldedMoment> {
    const nearest = Math.floor(seq / EVERY);
    if (nearest >= this.#kept.length) {
      // One after the other: who looks at the same time reads on from there, and not the same again.
      this.#keeping = this.#keeping.catch(() => undefined).then(() => this.#keep(nearest * EVERY));
      await this.#keeping;
    }
    let state = this.#kept[nearest];
    if (state !== undefined) for await (const next of this.#from(state, seq)) state = next;
    if (state?.seq === seq) return state;
    throw new OpenExecError('run_unknown', `The run ${this.#runId} has no event ${seq}.`);
  }

  async #keep(to: number): Promise<void> {
    for await (const state of this.#from(this.#kept.at(-1) ?? null, to)) {
      if (state.seq % EVERY === 0) this.#kept.push(state);
    }
  }

  /** The states after each event behind `state` up to event `to`. */
  async *#from(state: FoldedMoment | null, to: number): AsyncGenerator<FoldedMoment> {
    const from = state === null ? 0 : state.seq + 1;
    if (from > to) return;
    const breathe = breather();
    let last = state;
    for await (const event of this.#store.read(this.#runId, { from, to })) {
      last = foldMoment(last, event);
      yield last;
      await breathe();
    }
  }
}

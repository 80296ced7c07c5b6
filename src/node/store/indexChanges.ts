/** What the index file of a store does not know yet. */
import type { Denial } from './denials';

/** Denials that wait for an index that cannot be written; above, they are left to be folded again. */
const WAITING_DENIALS = 10_000;

type Taken = {
  /** The runs whose rows are new. */
  readonly runs: readonly string[];
  readonly denials: Denial[];
  /** The runs whose old row and denials go first. */
  readonly removed: string[];
};

export class IndexChanges {
  readonly #runs = new Set<string>();
  readonly #removed = new Set<string>();
  #denials: Denial[] = [];

  get hasRows(): boolean {
    return this.#runs.size > 0;
  }

  get isEmpty(): boolean {
    return this.#runs.size === 0 && this.#removed.size === 0;
  }

  /** The run's row is new. */
  add(run: string): void {
    this.#runs.add(run);
  }

  /** The run's row is not for the index. */
  leaveOut(run: string): void {
    this.#runs.delete(run);
  }

  remove(run: string): void {
    this.#removed.add(run);
  }

  addDenials(denials: readonly Denial[]): void {
    this.#denials.push(...denials);
  }

  /** Everything, which is then on its way. */
  take(): Taken {
    const taken = { runs: [...this.#runs], denials: this.#denials, removed: [...this.#removed] };
    this.#runs.clear();
    this.#removed.clear();
    this.#denials = [];
    return taken;
  }

  /** It did not arrive. */
  restore({ runs, denials, removed }: Taken): void {
    for (const run of runs) this.#runs.add(run);
    for (const run of removed) this.#removed.add(run);
    if (denials.length + this.#denials.length <= WAITING_DENIALS) this.#denials = [...denials, ...this.#denials];
  }
}

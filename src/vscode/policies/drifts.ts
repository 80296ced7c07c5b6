/** The drift of the runs that are listed, found out one after another and only when somebody looks. */
import * as vscode from 'vscode';
import type { PolicyDrift, Runs } from '../runs';

export class Drifts implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #found = new Map<string, PolicyDrift | null>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Something is known that was not when it was asked for. */
  readonly onDidChange = this.#changed.event;
  readonly #subscription: { dispose(): void };
  readonly #wanted = new Set<string>();
  #working = false;
  /** What is being looked at, as long as what comes of it counts. */
  #looking: { readonly runId: string } | null = null;
  /** Raised whenever what is known may be so no more. */
  #generation = 0;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#subscription = runs.onDidChangePolicy(() => {
      this.#generation += 1;
      this.#looking = null;
      this.#found.clear();
      this.#changed.fire();
    });
  }

  /** What is known of a run's drift: null for none, and also as long as it is not known. */
  of(runId: string): PolicyDrift | null {
    const found = this.#found.get(runId);
    if (found === undefined && this.#looking?.runId !== runId) {
      this.#wanted.add(runId);
      if (!this.#working) void this.#work();
    }
    return found ?? null;
  }

  async #work(): Promise<void> {
    this.#working = true;
    let news = false;
    for (const runId of this.#wanted) {
      // Taken out first: whoever asks again meanwhile, because a policy changed, is answered anew.
      this.#wanted.delete(runId);
      const generation = this.#generation;
      this.#looking = { runId };
      // Today's policy may be broken: then nothing is known, and the next start says what is wrong with it.
      const drift = await this.#runs.drift(runId).catch(() => null);
      if (generation !== this.#generation) continue;
      this.#found.set(runId, drift);
      news ||= drift !== null;
    }
    this.#working = false;
    this.#looking = null;
    if (news) this.#changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

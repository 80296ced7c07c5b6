import type { Classification } from '../events/planParts';

/** The name of a local model, and the hash over its files; the hash is null when there is no model, rules alone. */
export type ClassifierId = { readonly id: string; readonly sha256: string | null };

/** A model on this machine that reads a task; the rules may only be tightened by what it says. */
export interface Classifier {
  identify(): Promise<ClassifierId>;
  /**
   * What it thinks of the task, and how long that took. Never rejects: null means that no model answered, and `problem`
   * says why in one line; the plan then stays on the side of caution.
   */
  classify(task: string): Promise<{ classification: Classification | null; ms: number; problem: string | null }>;
}

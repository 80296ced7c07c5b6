import type { Plan } from '../events/parts';

/** What a local model thinks of a task; the rules may only be tightened by it. */
export type Classification = Pick<Plan, 'intent' | 'surface' | 'sensitivity' | 'risk' | 'confidence'>;

export interface Classifier {
  /** Name and hash of the model file; the hash is null when there is no model, rules alone. */
  readonly id: { readonly id: string; readonly sha256: string | null };
  /** Null means that no model answered; the plan then stays on the side of caution. */
  classify(task: string): Promise<{ classification: Classification | null; ms: number }>;
}

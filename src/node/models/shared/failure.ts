/**
 * What every provider says about a failed request, before the time it took is known.
 */
import type { ModelFailure } from '../../../core/ports/model';

/** A failure without its duration, which only the caller knows. */
export type Fault = Pick<ModelFailure, 'code' | 'message' | 'retryable' | 'retryAfterMs'>;

/** The request was given up by the person or the run; nobody is at fault. */
export function cancelled(): Fault {
  return { code: 'cancelled', message: 'The model request was cancelled.', retryable: false };
}

/** Turns a fault into the failure value of the port; `ms` is the time since the request began. */
export function failure(fault: Fault, ms: number): ModelFailure {
  return { kind: 'failure', ...fault, ms };
}

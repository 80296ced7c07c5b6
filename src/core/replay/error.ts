/** A replay that cannot run at all. That a replay runs and comes out differently is a Divergence, not this. */
import { OpenExecError } from '../kernel/errors';

export type ReplayProblem =
  /** A payload that the engine needs is not in the store any more. */
  | 'blob_missing'
  /** An event that this version cannot read: of another version, or damaged. */
  | 'unknown_event'
  /** The run was made by an engine that behaves otherwise. */
  | 'other_engine'
  | 'no_start';

export class ReplayError extends OpenExecError {
  readonly reason: ReplayProblem;

  constructor(reason: ReplayProblem, message: string, options?: { cause?: unknown }) {
    super('replay_impossible', message, options);
    this.name = 'ReplayError';
    this.reason = reason;
  }
}

import { type Command, runIdOf } from './context';

/** Cancels a run of this window. */
export const cancelRun: Command = async ({ runs }, run) => {
  runs.cancel(runIdOf(run));
};

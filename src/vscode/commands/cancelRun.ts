import { type Command, runIdOf } from './context';
import { pickActive } from './pickActive';

/** Cancels a run of this window. The tree forgets for a moment what a menu was opened on when it is drawn anew: then the run that goes on is meant. */
export const cancelRun: Command = async ({ runs }, run) => {
  const runId = run === undefined || run === null ? await pickActive(runs, 'Cancel Run') : runIdOf(run);
  if (runId !== undefined) runs.cancel(runId);
};

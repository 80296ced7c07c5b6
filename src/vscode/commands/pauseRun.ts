import { type Command, runIdOf } from './context';
import { pickActive } from './pickActive';

/** "Pause Run": stops a run of this window after what is under way; called without one, asks which. */
export const pauseRun: Command = async ({ runs }, run) => {
  const runId = run === undefined || run === null ? await pickActive(runs, 'Pause Run') : runIdOf(run);
  if (runId !== undefined) runs.pause(runId);
};

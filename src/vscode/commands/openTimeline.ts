import { type Command, runIdOf } from './context';

/** Opens the timeline of a run as an editor tab, at an event when one is named; from the side bar's own, the run that is shown there. */
export const openTimeline: Command = async ({ panels, side }, run, seq) => {
  await panels.open(runIdOf(run ?? side.runId), typeof seq === 'number' ? seq : undefined);
};

import { type Command, runIdOf } from './context';

/** Opens the timeline of a run, at an event when one is named. */
export const openTimeline: Command = async ({ panels }, run, seq) => {
  await panels.open(runIdOf(run), typeof seq === 'number' ? seq : undefined);
};

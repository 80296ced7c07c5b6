/** The roots that a store looks at: its own, and those of other windows on the same folder. */
import { OpenExecError } from '../../core/kernel/errors';
import type { Blobs } from '../../core/ports/eventLog';
import { checkRunId } from './layout';
import type { Listing } from './listing';
import { hasFolder, journalLength } from './segments';

export type Place = { readonly root: string; readonly blobs: Blobs; readonly listing: Listing };

/** The place among these where a run lies; null when it is in none. A run's own root comes first. */
export async function placeOf(run: string, places: readonly Place[]): Promise<Place | null> {
  for (const place of places) {
    if ((await journalLength(place.root, run)) !== null) return place;
  }
  return null;
}

/** As `placeOf`, also for a run of which nothing is left but its folder: that it is damaged is to be told. */
export async function placeOfTrace(run: string, places: readonly Place[]): Promise<Place> {
  checkRunId(run);
  const place = await placeOf(run, places);
  if (place !== null) return place;
  for (const other of places) if (await hasFolder(other.root, run)) return other;
  throw unknownRun(run, places[0]?.root ?? '');
}

/** As `placeOf`; throws `run_unknown`, also for what cannot be a run's id. */
export async function placeWith(run: string, places: readonly Place[]): Promise<Place> {
  checkRunId(run);
  const place = await placeOf(run, places);
  if (place === null) throw unknownRun(run, places[0]?.root ?? '');
  return place;
}

export const unknownRun = (run: string, root: string): OpenExecError =>
  new OpenExecError('run_unknown', `there is no run ${run} in ${root}; see the list of runs`);

import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { longWork } from '../longWork';
import type { Command } from './context';

/**
 * "Open Sample Run": a recorded run that ships with the extension, taken in like any other bundle: checked first, listed, only to be
 * looked at. No key, no network, no folder is needed.
 */
export const openSampleRun: Command = async ({ runs, panels, assets }) => {
  const file = path.join(assets, 'media', 'sample-run.zip');
  const imported = await longWork('opening the sample run', (progress) => runs.importBundle(file, progress));
  if (imported === undefined) return;
  if (!imported.ok) {
    throw new OpenExecError('bundle_invalid', `The sample run ${file} is not sound. Install the extension again.`);
  }
  await panels.open(imported.runId);
};

/**
 * Stores of other windows on the same folder, to be written where their own window is gone: a run that broke off there must
 * not wait for a window that may never come back. Each run has its lock, so that a living window is never disturbed.
 */
import { stat } from 'node:fs/promises';
import { messageOf } from '../../core/kernel/errors';
import { runsFolder } from '../store/layout';
import type { RunStore } from '../store/store';
import type { Runtime } from './runtime';

/** Runtimes by the root of their store. A folder that holds no runs is left as it is; a store that cannot be opened is told to `log`. */
export async function siblingRuntimes(
  own: Runtime,
  roots: readonly string[],
  open: (root: string) => Promise<RunStore>,
  log: (line: string) => void,
): Promise<Map<string, Runtime>> {
  const runtimes = new Map<string, Runtime>();
  for (const root of roots) {
    const runs = await stat(runsFolder(root)).catch(() => null);
    if (runs?.isDirectory() !== true) continue;
    try {
      runtimes.set(root, { ...own, store: await open(root) });
    } catch (error) {
      log(`The store of another window at ${root} cannot be opened: ${messageOf(error)}`);
    }
  }
  return runtimes;
}

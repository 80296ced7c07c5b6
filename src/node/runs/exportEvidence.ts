/** The evidence of a run that is under way, written by the run itself. */
import path from 'node:path';
import { exportBundle } from '../evidence/exportBundle';
import type { RunStore } from '../store/store';
import { makeFolder } from '../system/durable';
import type { ExportedEvidence } from '../tools/context';

/**
 * Writes the bundle of everything that is durable now to `<store>/bundles/<run>-<call>.zip`. A call that is repeated after
 * a crash replaces the file that it made. Rejects as `exportBundle` does.
 */
export async function exportEvidence(
  store: RunStore,
  { run, call }: { run: string; call: string },
  signal: AbortSignal,
): Promise<ExportedEvidence> {
  const folder = path.join(store.root, 'bundles');
  await makeFolder(folder);
  const file = path.join(folder, `${run}-${call.replace(/[^\w.-]/g, '_')}.zip`);
  const { sha256, events, head } = await exportBundle(store, run, { file, replace: true, underWay: true, signal });
  return { file, sha256, events, head };
}

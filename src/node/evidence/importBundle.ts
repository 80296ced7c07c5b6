/** Taking a run out of a bundle into a store: checked first, whole or not at all. */
import path from 'node:path';
import { problemOf, type VerifyReport } from '../../core/events/findings';
import { OpenExecError } from '../../core/kernel/errors';
import type { Progress } from '../../core/ports/progress';
import type { RunStore } from '../store/store';
import { throwIfCancelled } from './bundle';
import { checkBundle } from './verifyBundle';

export type ImportOptions = {
  /** When this is done, UTC. */
  readonly at: string;
} & Progress;

export type Imported = {
  readonly runId: string;
  readonly events: number;
  /** False when the bundle is not sound; then nothing was written. */
  readonly ok: boolean;
  readonly report: VerifyReport;
  readonly signedBy: string | null;
};

/**
 * Imports a bundle that is sound. A run that is there already is verified; with the same head it is left as it is, with
 * another one it is `run_exists`, and when it is not sound itself `journal_corrupt`. Rejects also as `verifyBundle` does, and with `disk_failure`; the store is then as it was.
 */
export async function importBundle(file: string, store: RunStore, options: ImportOptions): Promise<Imported> {
  const { at, ...progress } = options;
  const { report, sha256, journal, blobs } = await checkBundle(file, progress);
  const { runId, signedBy, ...verified } = report;
  const imported = { runId, events: verified.events, ok: verified.sound, report: verified, signedBy };
  if (!verified.sound) return imported;
  throwIfCancelled(progress.signal);
  if (await store.has(runId)) {
    const { head, root } = await store.summary(runId);
    const [wrong] = (await store.verify(runId, progress)).findings;
    if (wrong !== undefined) {
      throw new OpenExecError(
        'journal_corrupt',
        `run ${runId} is in ${root} already and is not sound there: event ${wrong.seq}: ${problemOf(wrong)}; nothing was imported`,
      );
    }
    if (head === verified.head) return imported;
    throw new OpenExecError(
      'run_exists',
      `run ${runId} is in ${root} already and has another head, ${head}; nothing was imported`,
    );
  }
  const origin = { file: path.resolve(file), sha256, at, signedBy };
  await store.adopt(runId, { journal: one(journal), blobs: each(blobs), origin });
  return imported;
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

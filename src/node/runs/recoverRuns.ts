/** After a crash or a closed window: runs without an end whose writer is gone are marked as interrupted. */
import { isOpenExecError } from '../../core/kernel/errors';
import { appendBody } from './appendBody';
import { callInDoubt } from './callInDoubt';
import type { Runtime } from './runtime';

/**
 * Marks what broke off and answers the ids. A call that was allowed but has no outcome is named as in doubt; it is
 * never repeated. What another window took up in the meantime is left alone. A run that cannot be marked does not keep the
 * others from it; what went wrong with the first such run is thrown when all are done.
 */
export async function recoverRuns(runtime: Runtime): Promise<string[]> {
  const recovered: string[] = [];
  const problems: unknown[] = [];
  for (const runId of await runtime.store.unfinished()) {
    try {
      if (await markInterrupted(runtime, runId)) recovered.push(runId);
    } catch (error) {
      // Another window took it up, or its record is damaged, which the list of runs says.
      if (!isOpenExecError(error, 'run_locked') && !isOpenExecError(error, 'journal_corrupt')) problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
  return recovered;
}

async function markInterrupted(runtime: Runtime, runId: string): Promise<boolean> {
  const writer = await runtime.store.continue(runId);
  try {
    // Looked at again with the lock held: somebody else may have marked it, or have brought it to its end.
    const { status } = await runtime.store.summary(runId);
    if (status !== 'running' && status !== 'waiting') return false;
    const inDoubt = await callInDoubt(runtime, runId);
    const reason = 'the process that ran it ended before the run did';
    await appendBody(writer, { type: 'run.interrupted', data: { reason, inDoubt } }, runtime);
    return true;
  } finally {
    await writer.close();
  }
}

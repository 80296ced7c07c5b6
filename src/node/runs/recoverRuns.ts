/** After a crash or a closed window: runs without an end whose writer is gone are marked as interrupted. */
import { isOpenExecError } from '../../core/kernel/errors';
import { appendBody } from './appendBody';
import { callInDoubt } from './callInDoubt';
import type { Runtime } from './runtime';

/**
 * Marks what broke off and answers the ids. A call that was allowed but has no outcome is named as in doubt; it is
 * never repeated. What another window took up in the meantime is left alone.
 */
export async function recoverRuns(runtime: Runtime): Promise<string[]> {
  const recovered: string[] = [];
  for (const runId of await runtime.store.unfinished()) {
    try {
      const inDoubt = await callInDoubt(runtime, runId);
      const writer = await runtime.store.continue(runId);
      try {
        const reason = 'the process that ran it ended before the run did';
        await appendBody(writer, { type: 'run.interrupted', data: { reason, inDoubt } }, runtime);
        recovered.push(runId);
      } finally {
        await writer.close();
      }
    } catch (error) {
      // One run that another window took up, or whose record is damaged, must not keep the others from being marked.
      if (!isOpenExecError(error, 'run_locked') && !isOpenExecError(error, 'journal_corrupt')) throw error;
    }
  }
  return recovered;
}

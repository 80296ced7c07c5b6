/** After a crash or a closed window: runs without an end whose writer is gone are marked as interrupted. */
import type { RunEvent } from '../../core/events/schema';
import { isOpenExecError } from '../../core/kernel/errors';
import { appendBody } from './appendBody';
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
      if (!isOpenExecError(error, 'run_locked')) throw error;
    }
  }
  return recovered;
}

async function callInDoubt(runtime: Runtime, runId: string): Promise<string | null> {
  let calls: Calls = { asked: null, open: null };
  for await (const event of runtime.store.read(runId)) calls = afterEvent(calls, event);
  return calls.open;
}

type Calls = { readonly asked: string | null; readonly open: string | null };

function afterEvent(calls: Calls, event: RunEvent): Calls {
  switch (event.type) {
    case 'policy.decided':
      if (event.data.decision === 'deny') return calls;
      return event.data.decision === 'allow'
        ? { asked: null, open: event.data.call }
        : { asked: event.data.call, open: null };
    case 'approval.resolved':
      return { asked: null, open: event.data.verdict === 'approved' ? calls.asked : null };
    case 'tool.finished':
      return { asked: null, open: null };
    default:
      return calls;
  }
}

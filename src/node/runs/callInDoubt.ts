/** Which call was allowed and has no outcome: it may have been done, in part or whole, and is never repeated. */
import type { RunEvent } from '../../core/events/schema';
import type { Runtime } from './runtime';

/** The id of the call in doubt at the end of a run's record, or null. */
export async function callInDoubt(runtime: Runtime, runId: string): Promise<string | null> {
  let calls: Calls = { asked: null, open: null };
  for await (const event of runtime.store.read(runId)) calls = afterEvent(calls, event);
  return calls.open;
}

type Calls = { readonly asked: string | null; readonly open: string | null };

function afterEvent(calls: Calls, event: RunEvent): Calls {
  switch (event.type) {
    case 'policy.decided':
      // A question to a person does nothing but be answered.
      if (event.data.decision === 'deny' || event.data.tool === 'ask_user') return calls;
      return event.data.decision === 'allow'
        ? { asked: null, open: event.data.call }
        : { asked: event.data.call, open: null };
    case 'approval.resolved':
      // With other arguments it is another call, which is yet to be requested.
      return {
        asked: null,
        open: event.data.verdict === 'approved' && event.data.edited === undefined ? calls.asked : null,
      };
    case 'run.resumed': {
      const { inDoubt } = event.data;
      return inDoubt?.kind === 'call'
        ? { asked: null, open: inDoubt.decision === 'repeat' ? inDoubt.id : null }
        : calls;
    }
    case 'tool.finished':
      return { asked: null, open: null };
    default:
      return calls;
  }
}

/** The trace of a stored run. */
import { OpenExecError } from '../../core/kernel/errors';
import { TraceFold } from '../../core/traces/fold';
import type { Trace } from '../../core/traces/span';
import type { RunStore } from '../store/store';
import { sha256 } from '../system/sha256';

/** Throws `run_unknown` for a run that is not there. */
export async function traceOf(
  store: Pick<RunStore, 'read' | 'inline'>,
  runId: string,
  content: boolean,
): Promise<Trace> {
  const fold = new TraceFold({ content, sha256 });
  for await (const stored of store.read(runId)) fold.take(content ? await store.inline(stored) : stored);
  const trace = fold.trace();
  if (trace === null) throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
  return trace;
}

/** The applies of a run that changed files and were not undone, as its record tells them. */
import type { DataOf } from '../../core/events/schema';
import type { RunStore } from '../store/store';

type Apply = Pick<DataOf<'result.finished'>, 'files' | 'undo'>;

/** In the order in which they were made. */
export async function appliesStanding(store: Pick<RunStore, 'read'>, runId: string): Promise<readonly Apply[]> {
  const standing: Apply[] = [];
  for await (const { type, data } of store.read(runId, { from: 0 })) {
    if (type !== 'result.finished' || data.outcome !== 'done') continue;
    if (data.action === 'apply' && data.files.length > 0) standing.push({ files: data.files, undo: data.undo });
    if (data.action === 'undo') standing.pop();
  }
  return standing;
}

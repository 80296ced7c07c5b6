/** What a run changed in all, file by file, as its record tells. Pure. */
import type { RunSummary } from '../../core/events/summary';

export type ResultChange = {
  readonly kind: 'added' | 'deleted' | 'changed' | 'renamed';
  /** Where the file is now; of a deleted one, where it was. */
  readonly path: string;
  /** Of a renamed file, where it was before. */
  readonly from: string | null;
};

/** The changes in the order of their paths; a file that went and came again elsewhere with the same content is renamed. */
export function resultChanges({ touched }: Pick<RunSummary, 'touched'>): ResultChange[] {
  const net = touched.filter(({ before, after }) => before !== after);
  const gone = net.filter(({ after }) => after === null);
  const renamedFrom = new Set<string>();
  const changes: ResultChange[] = [];
  for (const { path, before, after } of net) {
    if (after === null) continue;
    if (before !== null) {
      changes.push({ kind: 'changed', path, from: null });
      continue;
    }
    const source = gone.find((file) => file.before === after && !renamedFrom.has(file.path));
    if (source !== undefined) renamedFrom.add(source.path);
    changes.push({ kind: source === undefined ? 'added' : 'renamed', path, from: source?.path ?? null });
  }
  for (const { path } of gone) if (!renamedFrom.has(path)) changes.push({ kind: 'deleted', path, from: null });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The paths that a change is about: two for a renamed file. */
export const pathsOf = ({ path, from }: ResultChange): string[] => (from === null ? [path] : [from, path]);

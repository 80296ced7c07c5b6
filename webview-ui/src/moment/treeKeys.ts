/** Where keys lead in a tree of files, as the ARIA practices for trees have it. Pure. */
import type { TreeRow } from './tree';

/** What a key means on a row: to go to another row, to open or close a folder, to open a file, or that there is no way on. */
export type TreeStep =
  | { readonly kind: 'stay' }
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'fold'; readonly key: string }
  | { readonly kind: 'open'; readonly path: string };

/** What a key means on the row at a place; null for a key that no tree has. */
export function treeStep(key: string, at: number, rows: readonly TreeRow[]): TreeStep | null {
  const row = rows[at];
  if (row === undefined) return null;
  const go = (to: number): TreeStep => (rows[to] === undefined ? { kind: 'stay' } : { kind: 'go', to });
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (row.kind === 'file') return { kind: 'stay' };
      return row.open ? go(at + 1) : { kind: 'fold', key: row.key };
    case 'ArrowLeft':
      return row.kind === 'folder' && row.open ? { kind: 'fold', key: row.key } : go(parentOf(at, rows));
    case 'Enter':
    case ' ':
      return row.kind === 'folder' ? { kind: 'fold', key: row.key } : { kind: 'open', path: row.file.path };
    default:
      return null;
  }
}

function parentOf(at: number, rows: readonly TreeRow[]): number {
  const level = rows[at]?.level ?? 1;
  for (let above = at - 1; above >= 0; above -= 1) if ((rows[above]?.level ?? 0) < level) return above;
  return -1;
}

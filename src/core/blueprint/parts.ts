/** The strongly connected parts of a graph. */
import type { Edge } from './edges';

/**
 * The nodes in groups that can all reach each other, each group after those that it leads to. Tarjan's algorithm (1972);
 * its recursion is as deep as there are nodes, of which a blueprint has a hundred at the most.
 */
export function partsOf(ids: readonly string[], edges: readonly Edge[]): string[][] {
  const parts: string[][] = [];
  const index = new Map<string, number>();
  const stack: string[] = [];
  const visit = (id: string): number => {
    const at = index.size;
    index.set(id, at);
    stack.push(id);
    let lowest = at;
    for (const { from, to } of edges) {
      if (from !== id || !ids.includes(to)) continue;
      if (!index.has(to)) lowest = Math.min(lowest, visit(to));
      else if (stack.includes(to)) lowest = Math.min(lowest, index.get(to) ?? lowest);
    }
    if (lowest === at) parts.push(stack.splice(stack.indexOf(id)));
    return lowest;
  };
  for (const id of ids) if (!index.has(id)) visit(id);
  return parts;
}

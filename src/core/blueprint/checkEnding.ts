/** That every run ends: every node can be reached, reaches a terminal, and lies on no loop that nothing counts. */
import { allEdges, arrows, type Edge, type Finding, waysFrom } from './edges';
import { type Blueprint, TERMINALS } from './schema';

export function checkEnding(blueprint: Blueprint): Finding[] {
  const edges = allEdges(blueprint);
  const ids = Object.keys(blueprint.nodes);
  return [...unreachable(blueprint, ids, edges), ...endless(ids, edges), ...stuck(ids, edges)];
}

function unreachable({ start }: Blueprint, ids: readonly string[], edges: readonly Edge[]): Finding[] {
  const ways = waysFrom(start, edges);
  return ids
    .filter((id) => !ways.has(id))
    .map((id) => ({ path: ['nodes', id], message: `the node "${id}" cannot be reached from the start` }));
}

function stuck(ids: readonly string[], edges: readonly Edge[]): Finding[] {
  const back = edges.map((edge): Edge => ({ ...edge, from: edge.to, to: edge.from }));
  const ends = new Set(TERMINALS.flatMap((terminal) => [...waysFrom(terminal, back).keys()]));
  return ids
    .filter((id) => !ends.has(id))
    .map((id) => ({ path: ['nodes', id], message: `no terminal can be reached from the node "${id}"` }));
}

/**
 * A cycle in which no route is counted could go on for ever: without counted routes the graph must have no cycle. The
 * shortest through each node is told, and no node twice.
 */
function endless(ids: readonly string[], edges: readonly Edge[]): Finding[] {
  const free = edges.filter((edge) => !edge.counted);
  const told = new Set<string>();
  return ids.flatMap((id) => {
    if (told.has(id)) return [];
    const ways = waysFrom(id, free);
    const last = free.find((edge) => edge.to === id && ways.has(edge.from));
    if (!last) return [];
    const loop = [last.from];
    for (let edge = ways.get(last.from); edge; edge = ways.get(edge.from)) loop.unshift(edge.from);
    for (const node of loop) told.add(node);
    return [{ path: ['nodes', last.from, last.member], message: words(loop, last) }];
  });
}

function words(loop: readonly string[], { from, to, member }: Edge): string {
  const what = from === to ? `"${to}" leads to itself and nothing counts how often` : `nothing counts ${round(loop)}`;
  return member === 'on_exhausted'
    ? `${what}; on_exhausted cannot be counted, lead it elsewhere`
    : `${what}; write ${member}: { to: ${to}, max: 2 }`;
}

const round = (loop: readonly string[]): string => `the loop ${arrows([...loop, loop[0] ?? ''])}`;

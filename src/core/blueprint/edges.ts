/** The ways through a blueprint, as edges from node to node or terminal. */
import { type Blueprint, type BlueprintNode, isTerminal, limitOf, type Route, targetOf } from './schema';

export const MEMBERS = ['on_success', 'on_failure', 'on_exhausted'] as const;

export type Edge = {
  readonly from: string;
  readonly to: string;
  readonly member: (typeof MEMBERS)[number];
  readonly counted: boolean;
};

/** What is wrong, and with which member of the blueprint. */
export type Finding = { readonly path: readonly string[]; readonly message: string };

/** Every way out of a node, terminals included. `on_exhausted` cannot be counted: it leads out of a counted loop. */
export function edgesOf(id: string, node: BlueprintNode): Edge[] {
  return MEMBERS.map((member): Edge => {
    const route: Route = node[member];
    return { from: id, to: targetOf(route), member, counted: limitOf(route) !== Number.POSITIVE_INFINITY };
  });
}

/** Every edge of a blueprint, in the order of the file. */
export const allEdges = ({ nodes }: Blueprint): Edge[] =>
  Object.entries(nodes).flatMap(([id, node]) => edgesOf(id, node));

/** The nodes of a blueprint that are of a kind, by id. */
export const nodesWhere = ({ nodes }: Blueprint, holds: (node: BlueprintNode, id: string) => boolean): string[] =>
  Object.entries(nodes)
    .filter(([id, node]) => holds(node, id))
    .map(([id]) => id);

/**
 * The shortest ways from a node over some edges: each node that can be reached (the start included, terminals not),
 * with the edge that leads to it; of the start that is null.
 */
export function waysFrom(start: string, edges: readonly Edge[]): ReadonlyMap<string, Edge | null> {
  const out = new Map<string, Edge[]>();
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const ways = new Map<string, Edge | null>([[start, null]]);
  // A Map is walked in the order of insertion, what is added on the way included: breadth first.
  for (const id of ways.keys()) {
    for (const edge of out.get(id) ?? []) if (!isTerminal(edge.to) && !ways.has(edge.to)) ways.set(edge.to, edge);
  }
  return ways;
}

/** Nodes of a way that are named in a message; the middle of a longer one is left out. */
const NAMED = 6;

/** A way as people read it: `start → a → b`. */
export function wayTo(id: string, ways: ReadonlyMap<string, Edge | null>): string {
  const names = [id];
  for (let edge = ways.get(id); edge; edge = ways.get(edge.from)) names.unshift(edge.from);
  return arrows(names);
}

/** Names in their order, the middle of very many left out. */
export function arrows(names: readonly string[]): string {
  const shown = names.length > NAMED ? [...names.slice(0, 3), '…', ...names.slice(-2)] : names;
  return shown.join(' → ');
}

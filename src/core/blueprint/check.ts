/**
 * Static checks: a blueprint that names what does not exist, or that cannot be proven to end, is refused.
 */
import { byPlace, type Problem } from '../kernel/yaml';
import { type Blueprint, type BlueprintNode, isTerminal, limitOf, type Route, targetOf } from './schema';

export type Finding = { readonly path: readonly string[]; readonly message: string };
export type Locate = (path: readonly string[]) => { line: number; column: number };

type Edge = { readonly from: string; readonly to: string; readonly member: string; readonly counted: boolean };

/** Every way out of a node, terminals included. `on_exhausted` is taken at most once: it leads out of a counted loop. */
export function edgesOf(id: string, node: BlueprintNode): Edge[] {
  const edge = (member: string, route: Route): Edge => ({
    from: id,
    to: targetOf(route),
    member,
    counted: limitOf(route) !== Number.POSITIVE_INFINITY,
  });
  return [
    edge('on_success', node.on_success),
    edge('on_failure', node.on_failure),
    edge('on_exhausted', node.on_exhausted),
  ];
}

/** All problems of a parsed blueprint. An empty list means that every run of it ends. */
export function checkBlueprint(blueprint: Blueprint): Finding[] {
  const ids = Object.keys(blueprint.nodes);
  const edges = ids.flatMap((id) => edgesOf(id, blueprint.nodes[id] as BlueprintNode));
  const findings: Finding[] = [];
  if (!Object.hasOwn(blueprint.nodes, blueprint.start)) {
    findings.push({ path: ['start'], message: `start names the node "${blueprint.start}", which does not exist` });
  }
  for (const id of ids) {
    if (isTerminal(id)) findings.push({ path: ['nodes', id], message: `"${id}" is a terminal and cannot be a node` });
  }
  for (const edge of edges) {
    if (isTerminal(edge.to) || Object.hasOwn(blueprint.nodes, edge.to)) continue;
    findings.push({ path: ['nodes', edge.from, edge.member], message: `there is no node or terminal "${edge.to}"` });
  }
  if (findings.length > 0) return findings;
  return [...unreachable(blueprint, ids, edges), ...endless(ids, edges), ...stuck(ids, edges)];
}

function unreachable(blueprint: Blueprint, ids: string[], edges: Edge[]): Finding[] {
  const seen = closure([blueprint.start], (id) => edges.filter((e) => e.from === id).map((e) => e.to));
  return ids
    .filter((id) => !seen.has(id))
    .map((id) => ({ path: ['nodes', id], message: `the node "${id}" cannot be reached from the start` }));
}

function stuck(ids: string[], edges: Edge[]): Finding[] {
  const ends = closure(['done', 'fail', 'pause'], (id) => edges.filter((e) => e.to === id).map((e) => e.from));
  return ids
    .filter((id) => !ends.has(id))
    .map((id) => ({ path: ['nodes', id], message: `no terminal can be reached from the node "${id}"` }));
}

/** A cycle in which no route is counted could go on for ever: without counted routes the graph must have no cycle. */
function endless(ids: string[], edges: Edge[]): Finding[] {
  const free = edges.filter((edge) => !edge.counted);
  for (const id of ids) {
    const back = free.find((edge) => edge.to === id && closure([id], (at) => next(free, at)).has(edge.from));
    if (back) {
      const message = `the loop through "${id}" has no counted route; give one of its routes a max`;
      return [{ path: ['nodes', back.from, back.member], message }];
    }
  }
  return [];
}

const next = (edges: readonly Edge[], from: string): string[] => edges.filter((e) => e.from === from).map((e) => e.to);

function closure(start: readonly string[], step: (id: string) => string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...step(id));
  }
  return seen;
}

/** Findings with their places in the file, in the order of these. */
export function toProblems(findings: readonly Finding[], locate: Locate): Problem[] {
  return findings.map(({ path, message }) => ({ ...locate(path), severity: 'error' as const, message })).sort(byPlace);
}

/**
 * The picture of a blueprint: its nodes in the order in which a reader follows them, its routes, the terminals that they
 * reach. Pure; where each of them is drawn is the view's business.
 */
import { oneLine } from '../kernel/text';
import {
  type Blueprint,
  type BlueprintNode,
  isTerminal,
  limitOf,
  type Route,
  TERMINALS,
  type Terminal,
  targetOf,
} from './schema';

export type GraphEdge = {
  from: string;
  to: string;
  kind: 'on_success' | 'on_failure' | 'on_exhausted';
  /** How often it may be taken in one run; null when it is not counted. */
  max: number | null;
};

export type GraphNode = {
  id: string;
  title: string;
  kind: 'deterministic' | 'agent' | 'terminal';
  /** The action; of an agent its goal, on one line; of a terminal what it means. */
  does: string;
  /** True when a person is asked before or in the node. */
  approval: boolean;
  limits: {
    /** Model replies in one visit; null for what has no model. */
    turns: number | null;
    /** How often it is repeated at once when it fails. */
    retries: number;
    /** Minutes of one visit; null for a terminal. */
    minutes: number | null;
    /** Tokens of one visit; null when its calls alone are bounded. */
    tokens: number | null;
  };
};

export type BlueprintGraph = { id: string; title: string; start: string; nodes: GraphNode[]; edges: GraphEdge[] };

const MEANINGS: Readonly<Record<Terminal, string>> = {
  done: 'the run succeeds',
  fail: 'the run fails',
  pause: 'the run waits for a person',
};

const DOES_LENGTH = 300;

/**
 * The graph of a parsed blueprint, checked or not: a route to what does not exist is left out. Nodes come from the start
 * along success, then what comes in on failure, then what cannot be reached; the terminals that a route names come last.
 */
export function graphOf({ id, title, start, nodes }: Blueprint): BlueprintGraph {
  const order = readingOrder(start, nodes);
  const edges = order
    .flatMap(([from, node]) => edgesOf(from, node))
    .filter(({ to }) => isTerminal(to) || Object.hasOwn(nodes, to));
  const reached = TERMINALS.filter((terminal) => edges.some(({ to }) => to === terminal));
  return {
    id,
    title,
    start,
    nodes: [...order.map(([node, of]) => nodeOf(node, of)), ...reached.map(terminalNode)],
    edges,
  };
}

function nodeOf(id: string, node: BlueprintNode): GraphNode {
  const agent = node.type === 'agent';
  return {
    id,
    title: node.title ?? id,
    kind: node.type,
    does: agent ? oneLine(node.goal, DOES_LENGTH) : node.action,
    approval: node.approval === true || (!agent && node.action === 'request_approval'),
    limits: {
      turns: agent ? node.max_turns : null,
      retries: agent ? 0 : node.retry,
      minutes: node.timeout_minutes,
      tokens: agent ? (node.max_tokens ?? null) : null,
    },
  };
}

const terminalNode = (id: Terminal): GraphNode => ({
  id,
  title: id,
  kind: 'terminal',
  does: MEANINGS[id],
  approval: false,
  limits: { turns: null, retries: 0, minutes: null, tokens: null },
});

function edgesOf(from: string, node: BlueprintNode): GraphEdge[] {
  const edge = (kind: GraphEdge['kind'], route: Route): GraphEdge => {
    const max = limitOf(route);
    return { from, to: targetOf(route), kind, max: max === Number.POSITIVE_INFINITY ? null : max };
  };
  return [
    edge('on_success', node.on_success),
    edge('on_failure', node.on_failure),
    edge('on_exhausted', node.on_exhausted),
  ];
}

/** Depth first from the start, success before failure; then the rest as it is written. */
function readingOrder(start: string, nodes: Blueprint['nodes']): [id: string, node: BlueprintNode][] {
  const all = new Map(Object.entries(nodes));
  const order = new Map<string, BlueprintNode>();
  const open = [...all.keys()].reverse();
  open.push(start);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = all.get(id);
    if (node === undefined || order.has(id)) continue;
    order.set(id, node);
    open.push(node.on_exhausted, targetOf(node.on_failure), targetOf(node.on_success));
  }
  return [...order];
}

/**
 * Where the nodes and routes of a graph are drawn. Layered layout by dagre (Gansner et al., "A technique for drawing
 * directed graphs", 1993). Pure: the same graph is always drawn alike. Units are CSS pixels at scale 1.
 *
 * Failure and exhaustion lead to `fail` and `pause` from almost every node; drawn as lines they would hide the course.
 * They are drawn as exits on the node itself.
 */
import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import type { BlueprintGraph, GraphEdge, GraphNode } from '../../../src/protocol/graph';
import { arrowOf, type Box, course, newPorts, type Point, type Ports, pathOf } from './path';
import { routeLabel } from './words';

export type Direction = 'TB' | 'LR';
export type Line = {
  readonly edge: GraphEdge;
  /** An SVG path, and the three corners of its arrowhead. */
  readonly path: string;
  readonly arrow: string;
  /** The middle of its label; null when it has none. */
  readonly label: { readonly x: number; readonly y: number } | null;
};
export type Layout = {
  readonly width: number;
  readonly height: number;
  /** By id; a terminal that nothing but exits lead to has none. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly lines: readonly Line[];
};

const NODE_WIDTH = 208;
const ROW = 18;
const PADDING = 6;
const TERMINAL = { width: 84, height: 26 };
const MARGIN = 14;
/** Pixels of a character of a label, on the safe side. */
const CHARACTER = 6.2;

/** True for a route that is drawn as an exit on its node. */
export const isExit = (graph: BlueprintGraph, { to, kind }: GraphEdge): boolean =>
  kind !== 'on_success' && graph.nodes.some((node) => node.id === to && node.kind === 'terminal');

export const exitsOf = (graph: BlueprintGraph, id: string): GraphEdge[] =>
  graph.edges.filter((edge) => edge.from === id && isExit(graph, edge));

/** `live`: nodes have a row for how they stand. */
export function layoutOf(graph: BlueprintGraph, direction: Direction, live: boolean): Layout {
  const drawn = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true, directed: true });
  drawn.setGraph({
    rankdir: direction,
    align: 'UL',
    nodesep: 28,
    edgesep: 18,
    ranksep: 36,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  drawn.setDefaultEdgeLabel(() => ({}));
  const edges = graph.edges.filter((edge) => !isExit(graph, edge));
  const nodes = graph.nodes.filter(({ id, kind }) => kind !== 'terminal' || edges.some(({ to }) => to === id));
  for (const node of nodes) drawn.setNode(node.id, sizeOf(graph, node, live));
  for (const edge of edges)
    drawn.setEdge(edge.from, edge.to, { ...labelSize(edge), labelpos: 'c', weight: WEIGHTS[edge.kind] }, edge.kind);
  // The order in which nodes come is a reader's; to search for one with fewer crossings spreads the course wide.
  layout(drawn, { disableOptimalOrderHeuristic: true });
  const { width = 0, height = 0 } = drawn.graph();
  const boxes = new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0, width: w, height: h } = drawn.node(id);
      return [id, { x: x - w / 2, y: y - h / 2, width: w, height: h }] as const;
    }),
  );
  const ports = newPorts();
  const lines = edges.map((edge) => lineOf(edge, drawn.edge(edge.from, edge.to, edge.kind), boxes, direction, ports));
  return { width, height, boxes, lines };
}

/** The course along success is kept straight before all else. */
const WEIGHTS: Readonly<Record<GraphEdge['kind'], number>> = { on_success: 8, on_failure: 2, on_exhausted: 1 };

function sizeOf(graph: BlueprintGraph, node: GraphNode, live: boolean): { width: number; height: number } {
  if (node.kind === 'terminal') return { ...TERMINAL };
  const rows = 2 + (live ? 1 : 0) + (exitsOf(graph, node.id).length > 0 ? 1 : 0);
  return { width: NODE_WIDTH, height: rows * ROW + 2 * PADDING };
}

/** A success that is not counted goes without saying. */
export const hasLabel = ({ kind, max }: GraphEdge): boolean => kind !== 'on_success' || max !== null;

/** Room for the longest that a label can say, so that nothing moves while a run goes on. */
function labelSize(edge: GraphEdge): { width: number; height: number } {
  if (!hasLabel(edge)) return { width: 0, height: 0 };
  return { width: Math.ceil(routeLabel(edge, null).length * CHARACTER) + 10, height: 18 };
}

/** Lines are worked out from the top down; from left to right, with the axes changed. */
function lineOf(
  edge: GraphEdge,
  label: EdgeLabel,
  boxes: ReadonlyMap<string, Box>,
  direction: Direction,
  ports: Ports,
): Line {
  const { points = [], x, y } = label;
  const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
  const turn = direction === 'TB' ? same : turned;
  const turnBox = direction === 'TB' ? same : turnedBox;
  const line =
    from === undefined || to === undefined
      ? points
      : course(points.map(turn), { id: edge.from, box: turnBox(from) }, { id: edge.to, box: turnBox(to) }, ports).map(
          turn,
        );
  const middle = hasLabel(edge) && x !== undefined && y !== undefined ? { x, y } : null;
  return { edge, path: pathOf(line), arrow: arrowOf(line), label: middle };
}

const same = <T>(value: T): T => value;
const turned = ({ x, y }: Point): Point => ({ x: y, y: x });
const turnedBox = ({ x, y, width, height }: Box): Box => ({ x: y, y: x, width: height, height: width });

/** The scale at which all of it is seen in a window; never above 1. */
export function fitScale(
  { width, height }: Pick<Layout, 'width' | 'height'>,
  window: { width: number; height: number },
): number {
  if (width === 0 || height === 0 || window.width === 0 || window.height === 0) return 1;
  return Math.min(1, window.width / width, window.height / height);
}

/** The id of the box that lies next in a direction; null when none does. A box aside counts as farther than one ahead. */
export function nextBox(boxes: ReadonlyMap<string, Box>, from: string, key: string): string | null {
  const own = boxes.get(from);
  const ahead = AHEAD[key];
  if (own === undefined || ahead === undefined) return null;
  let best: { id: string; distance: number } | null = null;
  for (const [id, box] of boxes) {
    const [dx, dy] = [box.x + box.width / 2 - own.x - own.width / 2, box.y + box.height / 2 - own.y - own.height / 2];
    const [forward, aside] = ahead(dx, dy);
    if (id === from || forward <= 1) continue;
    const distance = forward + 2 * Math.abs(aside);
    if (best === null || distance < best.distance) best = { id, distance };
  }
  return best?.id ?? null;
}

const AHEAD: Readonly<Record<string, (dx: number, dy: number) => [forward: number, aside: number]>> = {
  ArrowRight: (dx, dy) => [dx, dy],
  ArrowLeft: (dx, dy) => [-dx, dy],
  ArrowDown: (dx, dy) => [dy, dx],
  ArrowUp: (dx, dy) => [-dy, dx],
};

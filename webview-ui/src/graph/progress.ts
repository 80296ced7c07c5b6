/** How far a run has come in its graph, at one of its events, out of the headers alone. Pure. */
import type { GraphEdge, RouteTaken } from '../../../src/protocol/graph';
import type { EventHeader } from '../../../src/protocol/messages';

export type NodeProgress = {
  /** `asking`: it waits for a person's answer; `open`: it was begun, and the run stopped before its end. */
  readonly state: 'active' | 'asking' | 'open' | 'success' | 'failure' | 'exhausted' | 'cancelled';
  /** Visits so far, those included that repeated it at once. */
  readonly attempts: number;
  /** How often it has been repeated at once since it was last entered by a route. */
  readonly retries: number;
};

export type GraphProgress = {
  /** Those that have started. */
  readonly nodes: ReadonlyMap<string, NodeProgress>;
  /** How often each route was taken, by `routeId`. */
  readonly routes: ReadonlyMap<string, number>;
  /** The node that is active or open, or was left last without another begun. */
  readonly current: string | null;
};

const keyOf = (from: string, kind: RouteTaken): string => `${from}.${kind}`;

export const routeId = ({ from, kind }: GraphEdge): string => keyOf(from, kind);

const COURSE = new Set<EventHeader['type']>([
  'node.started',
  'node.finished',
  'approval.requested',
  'approval.resolved',
  'run.paused',
  'run.interrupted',
  'run.resumed',
  'run.cancelled',
  'run.finished',
]);

/** The headers that the graph follows; few beside all of them. */
export const courseOf = (headers: readonly EventHeader[]): EventHeader[] =>
  headers.filter(({ type }) => COURSE.has(type));

/** The progress after the event `seq`, out of the headers of `courseOf`. */
export function progressAt(course: readonly EventHeader[], seq: number): GraphProgress {
  const nodes = new Map<string, NodeProgress>();
  const routes = new Map<string, number>();
  let current: string | null = null;
  const set = (id: string, change: Partial<NodeProgress>): void => {
    nodes.set(id, { ...(nodes.get(id) ?? { state: 'active', attempts: 0, retries: 0 }), ...change });
  };
  for (const header of course) {
    if (header.seq > seq) break;
    const { type, node } = header;
    if (type === 'node.started' && node !== undefined) {
      current = node;
      set(node, { state: 'active', attempts: header.attempt ?? (nodes.get(node)?.attempts ?? 0) + 1 });
    } else if (type === 'node.finished' && node !== undefined) {
      const repeated = header.route === 'retry';
      set(node, { state: stateOf(header), retries: repeated ? (nodes.get(node)?.retries ?? 0) + 1 : 0 });
      if (header.route !== undefined && !repeated) {
        const route = keyOf(node, header.route);
        routes.set(route, (routes.get(route) ?? 0) + 1);
      }
    } else if (current !== null) {
      const state = nodes.get(current)?.state;
      if (state === 'active' || state === 'asking' || state === 'open')
        set(current, { state: STATE_AFTER[type] ?? state });
    }
  }
  return { nodes, routes, current };
}

/** How a node that was begun stands after what is said of the run, or asked of a person. */
const STATE_AFTER: Partial<Record<EventHeader['type'], NodeProgress['state']>> = {
  'approval.requested': 'asking',
  'approval.resolved': 'active',
  'run.paused': 'open',
  'run.interrupted': 'open',
  'run.resumed': 'active',
  'run.cancelled': 'open',
  'run.finished': 'open',
};

function stateOf({ outcome }: EventHeader): NodeProgress['state'] {
  return outcome === 'success' || outcome === 'exhausted' || outcome === 'cancelled' ? outcome : 'failure';
}

/** Where the last visit of each node begins, as far as the run has come. */
export function latestVisits(course: readonly EventHeader[]): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const { type, node, seq } of course) if (type === 'node.started' && node !== undefined) latest.set(node, seq);
  return latest;
}

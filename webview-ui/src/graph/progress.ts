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

/** So many of the events that the graph follows are folded at most to know the progress at any of them. */
const STRIDE = 512;

type Folded = { nodes: Map<string, NodeProgress>; routes: Map<string, number>; current: string | null };

/** The progress after each `STRIDE` events of a course, as far as it was asked for. A course only grows. */
const CHECKPOINTS = new WeakMap<readonly EventHeader[], Folded[]>();

const copied = ({ nodes, routes, current }: Folded): Folded => ({
  nodes: new Map(nodes),
  routes: new Map(routes),
  current,
});

/** The progress after the event `seq`, out of the events that the graph follows (`EventLog.course`). */
export function progressAt(course: readonly EventHeader[], seq: number): GraphProgress {
  const known: Folded[] = CHECKPOINTS.get(course) ?? [{ nodes: new Map(), routes: new Map(), current: null }];
  CHECKPOINTS.set(course, known);
  const end = countTo(course, seq);
  const at = Math.min(Math.floor(end / STRIDE), known.length - 1);
  let folded: Folded = copied(known[at] ?? { nodes: new Map(), routes: new Map(), current: null });
  for (let place = at * STRIDE; place < end; place += 1) {
    const header = course[place];
    if (header !== undefined) fold(folded, header);
    if ((place + 1) % STRIDE === 0 && (place + 1) / STRIDE === known.length) {
      known.push(folded);
      folded = copied(folded);
    }
  }
  return folded;
}

/** How many events of a course are not after `seq`. */
function countTo(course: readonly EventHeader[], seq: number): number {
  let [low, high] = [0, course.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((course[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fold(folded: Folded, header: EventHeader): void {
  const { nodes, routes } = folded;
  const { type, node } = header;
  const set = (id: string, change: Partial<NodeProgress>): void => {
    nodes.set(id, { ...(nodes.get(id) ?? { state: 'active', attempts: 0, retries: 0 }), ...change });
  };
  if (type === 'node.started' && node !== undefined) {
    folded.current = node;
    set(node, { state: 'active', attempts: header.attempt ?? (nodes.get(node)?.attempts ?? 0) + 1 });
  } else if (type === 'node.finished' && node !== undefined) {
    const repeated = header.route === 'retry';
    set(node, { state: stateOf(header), retries: repeated ? (nodes.get(node)?.retries ?? 0) + 1 : 0 });
    if (header.route !== undefined && !repeated) {
      const route = keyOf(node, header.route);
      routes.set(route, (routes.get(route) ?? 0) + 1);
    }
  } else if (folded.current !== null) {
    const state = nodes.get(folded.current)?.state;
    if (state === 'active' || state === 'asking' || state === 'open')
      set(folded.current, { state: STATE_AFTER[type] ?? state });
  }
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

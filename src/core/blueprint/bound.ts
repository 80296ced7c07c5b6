/**
 * The worst case of a blueprint: the longest walk through its graph, where a counted route may be taken as often as its
 * counter allows. Exact for each measure by itself, given what the engine keeps to: the limits of each visit
 * (`visitBound.ts`), and that each route that is not counted leads forward. `on_exhausted` counts as open at every visit.
 *
 * The graph falls into strongly connected parts that are left for good, so the counters of one part matter in it alone.
 * Within a part the routes that are not counted form no cycle: a walk is a chain of counted routes with the longest free
 * ways between them. The value of (target of a counted route, counters left) depends only on states with a counter less,
 * so all of them are computed in the order of the counters, read as one number of mixed radix. Where all counted routes
 * of a part lead to the same node, each is taken from there as often as it is counted, in any order: no state is needed.
 */
import type { Bound } from '../events/parts';
import { err, ok, type Result } from '../kernel/result';
import { type Counter, countersOf } from './counters';
import { allEdges, type Edge, type Finding } from './edges';
import { partsOf } from './parts';
import type { Blueprint } from './schema';
import { type Amounts, add, type BoundOptions, greatest, NOTHING, times, toBound, visitBound } from './visitBound';

/** States (targets × counters) of one part above which a blueprint is refused rather than searched. */
const STATE_LIMIT = 250_000;

const WIDTH = NOTHING.length;

const tooMany = (id: string): string =>
  `the counters of the loops through "${id}" multiply to more cases than can be checked; lower them, lead them to one node, or split the blueprint`;
const ENDLESS = 'it has a loop that nothing counts, or leads to what does not exist';

/**
 * The most that one run of a checked blueprint can take. Each member is the maximum over all paths, not all reached by
 * the same path. The error is one line, for a blueprint with more counters than can be searched, or one that would not
 * have passed the checks.
 */
export function worstCase(blueprint: Blueprint, options: BoundOptions): Result<Bound, string> {
  const edges = allEdges(blueprint);
  const parts = partsOf(Object.keys(blueprint.nodes), edges);
  const beyond = new Map<string, Amounts>([
    ['done', NOTHING],
    ['fail', NOTHING],
    ['pause', NOTHING],
  ]);
  // Parts come last things first: what lies beyond a part is known when the part is looked at.
  for (const ids of parts) {
    const part = new Part(ids, edges, blueprint, options, beyond);
    if (part.states > STATE_LIMIT) return err(tooMany(beginningOf(ids, blueprint)));
    const values = part.solve();
    if (values === null) return err(ENDLESS);
    for (const [id, value] of values) beyond.set(id, value);
  }
  const whole = beyond.get(blueprint.start);
  return whole ? ok(toBound(whole, options)) : err(ENDLESS);
}

/** The parts whose counters are too many to search, each at the node where it begins in the file. */
export function checkCases(blueprint: Blueprint): Finding[] {
  const edges = allEdges(blueprint);
  return partsOf(Object.keys(blueprint.nodes), edges).flatMap((ids) => {
    const { counters } = countersOf(new Set(ids), edges, blueprint.nodes);
    if (statesOf(counters) <= STATE_LIMIT) return [];
    const id = beginningOf(ids, blueprint);
    return [{ path: ['nodes', id], message: tooMany(id) }];
  });
}

const beginningOf = (ids: readonly string[], { nodes }: Blueprint): string =>
  Object.keys(nodes).find((id) => ids.includes(id)) ?? '';

const targetsOf = (counters: readonly Counter[]): string[] => [...new Set(counters.map(({ to }) => to))];

/** Counters × targets that have to be looked at; none where all counters lead to the same node. */
function statesOf(counters: readonly Counter[]): number {
  const targets = targetsOf(counters).length;
  return targets < 2 ? 0 : counters.reduce((product, { max }) => product * (max + 1), targets);
}

/** A counter's place in the mixed-radix number: what one step of it is worth. */
type Weighed = Counter & { readonly weight: number };

/** Nodes that can all reach each other, or one node alone. */
class Part {
  readonly states: number;
  private readonly ids: ReadonlySet<string>;
  private readonly edges: readonly Edge[];
  private readonly free: readonly Edge[];
  private readonly counters: readonly Weighed[];
  private readonly cost: ReadonlyMap<string, Amounts>;
  private readonly beyond: ReadonlyMap<string, Amounts>;

  constructor(
    ids: readonly string[],
    edges: readonly Edge[],
    { nodes }: Blueprint,
    options: BoundOptions,
    beyond: ReadonlyMap<string, Amounts>,
  ) {
    this.ids = new Set(ids);
    this.edges = edges.filter((edge) => this.ids.has(edge.from));
    this.beyond = beyond;
    this.cost = new Map(
      Object.entries(nodes).flatMap(([id, node]) => (this.ids.has(id) ? [[id, visitBound(node, options)]] : [])),
    );
    const { counters, free } = countersOf(this.ids, edges, nodes);
    this.free = free;
    let weight = 1;
    this.counters = counters.map((counter) => {
      const weighed = { ...counter, weight };
      weight *= counter.max + 1;
      return weighed;
    });
    this.states = statesOf(counters);
  }

  /** The most from each node on, this one included, with all counters full; null when there is no end to it. */
  solve(): Map<string, Amounts> | null {
    const ids = this.inOrder();
    if (ids === null) return null;
    const free = new Map<string, FreeWays>();
    for (const id of ids) {
      const ways = this.freeWays(id, ids);
      if (ways === null) return null;
      free.set(id, ways);
    }
    return this.states === 0 ? this.inAnyOrder(free) : this.inEveryState(free);
  }

  /** Of counters that all lead to one node, or of none: each is used up, from there. */
  private inAnyOrder(free: ReadonlyMap<string, FreeWays>): Map<string, Amounts> {
    const back = free.get(this.counters[0]?.to ?? '');
    const rounds = this.counters.map(({ max }, c) => times(back?.toCounters[c] ?? NOTHING, max));
    const whole = rounds.reduce(add, back?.out ?? NOTHING);
    const most = ({ out, toCounters }: FreeWays): Amounts =>
      toCounters.reduce<Amounts>((best, before, c) => {
        const after = back?.toCounters[c];
        return before && after ? greatest(best, add(before, add(whole, times(after, -1)))) : best;
      }, out);
    return new Map([...free].map(([id, ways]) => [id, most(ways)]));
  }

  private inEveryState(free: ReadonlyMap<string, FreeWays>): Map<string, Amounts> {
    const full = this.counters.reduce((sum, { max, weight }) => sum + max * weight, 0);
    const table = targetsOf(this.counters).map((id) => ({
      id,
      ways: free.get(id),
      values: new Float64Array((full + 1) * WIDTH),
    }));
    const values = new Map(table.map((row) => [row.id, row.values]));
    for (let state = 0; state <= full; state++) {
      for (const row of table) if (row.ways) this.fill(row.values, state * WIDTH, row.ways, state, values);
    }
    const result = new Map<string, Amounts>();
    for (const [id, ways] of free) {
      const value = new Float64Array(WIDTH);
      this.fill(value, 0, ways, full, values);
      result.set(id, [...value]);
    }
    return result;
  }

  /** Writes the most from a node on, in a state, to `into` at `at`: plain loops, for there are very many states. */
  private fill(into: Float64Array, at: number, { out, toCounters }: FreeWays, state: number, values: Values): void {
    for (let m = 0; m < WIDTH; m++) into[at + m] = out[m] ?? 0;
    for (let c = 0; c < this.counters.length; c++) {
      const counter = this.counters[c];
      const before = toCounters[c];
      if (!counter || !before || Math.floor(state / counter.weight) % (counter.max + 1) === 0) continue;
      const after = values.get(counter.to);
      const from = (state - counter.weight) * WIDTH;
      for (let m = 0; m < WIDTH; m++) {
        const sum = (before[m] ?? 0) + (after?.[from + m] ?? 0);
        if (sum > (into[at + m] ?? 0)) into[at + m] = sum;
      }
    }
  }

  private freeWithin(id: string): string[] {
    return this.free.filter(({ from }) => from === id).map(({ to }) => to);
  }

  /** The nodes in an order in which routes that are not counted lead forward; null when they form a cycle. */
  private inOrder(): string[] | null {
    const waiting = new Map([...this.ids].map((id) => [id, 0]));
    for (const id of this.ids) for (const to of this.freeWithin(id)) waiting.set(to, (waiting.get(to) ?? 0) + 1);
    const order = [...this.ids].filter((id) => waiting.get(id) === 0);
    for (const id of order) {
      for (const to of this.freeWithin(id)) {
        const left = (waiting.get(to) ?? 0) - 1;
        waiting.set(to, left);
        if (left === 0) order.push(to);
      }
    }
    return order.length === this.ids.size ? order : null;
  }

  /** The longest free ways from a node: to each counter's node, that node included, and out of the part; null without one. */
  private freeWays(start: string, order: readonly string[]): FreeWays | null {
    const reached = new Map<string, Amounts>([[start, this.cost.get(start) ?? NOTHING]]);
    for (const id of order) {
      const here = reached.get(id);
      if (!here) continue;
      for (const to of this.freeWithin(id)) {
        reached.set(to, greatest(reached.get(to) ?? null, add(here, this.cost.get(to) ?? NOTHING)));
      }
    }
    let out: Amounts | null = null;
    for (const { from, to } of this.edges) {
      const here = reached.get(from);
      const after = this.ids.has(to) ? undefined : this.beyond.get(to);
      if (here && after) out = greatest(out, add(here, after));
    }
    return out && { out, toCounters: this.counters.map(({ from }) => reached.get(from) ?? null) };
  }
}

type FreeWays = { readonly out: Amounts; readonly toCounters: readonly (Amounts | null)[] };

/** Per target of a counted route the amounts of each state, one after the other. */
type Values = ReadonlyMap<string, Float64Array>;

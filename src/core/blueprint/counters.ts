/**
 * The counted routes that matter to the worst case. A walk through a strongly connected part is a chain of its counted
 * routes with free ways between them; a route whose counter no walk can use up is as good as a free one.
 */
import { type Edge, waysFrom } from './edges';
import { type Blueprint, limitOf, targetOf } from './schema';

/** A counted way from one node to another, both in one part; several between the same two are one. */
export type Counter = { readonly from: string; readonly to: string; readonly max: number };

export type Counted = {
  /** What can be used up. */
  readonly counters: readonly Counter[];
  /** The edges that can be taken at any time, those among them whose counter does not matter. */
  readonly free: readonly Edge[];
};

/** `edges` are those of the whole blueprint, `ids` the nodes of the part. */
export function countersOf(ids: ReadonlySet<string>, edges: readonly Edge[], nodes: Blueprint['nodes']): Counted {
  const inside = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const free = inside.filter(({ counted }) => !counted);
  let binding: readonly Counter[] = [];
  for (;;) {
    const { open, back } = opened(free, inside, nodes, binding);
    const most = 1 + back.reduce((sum, { max }) => sum + max, 0);
    // Free ways form no cycle, so between two passes of an open route one is taken that is not.
    const used = open.filter(({ max }) => max < most);
    if (used.length === 0) return { counters: back, free: [...free, ...open.map(asFree)] };
    binding = [...back, ...used];
  }
}

const asFree = ({ from, to }: Counter): Edge => ({ from, to, member: 'on_success', counted: false });

const same = (a: Pick<Edge, 'from' | 'to'>, b: Pick<Edge, 'from' | 'to'>): boolean =>
  a.from === b.from && a.to === b.to;

/** Counted routes that form no cycle with the free ones and each other are open; those that are `binding` never. */
function opened(
  free: readonly Edge[],
  inside: readonly Edge[],
  nodes: Blueprint['nodes'],
  binding: readonly Counter[],
): { open: Counter[]; back: Counter[] } {
  const open: Counter[] = [];
  const back: Counter[] = [];
  const ways = [...free];
  for (const counter of merged(inside, nodes)) {
    // A free way between the same two makes the counted one needless.
    if (free.some((edge) => same(edge, counter))) continue;
    const closes = counter.from === counter.to || waysFrom(counter.to, ways).has(counter.from);
    if (closes || binding.some((other) => same(other, counter))) {
      back.push(counter);
    } else {
      open.push(counter);
      ways.push(asFree(counter));
    }
  }
  return { open, back };
}

function merged(inside: readonly Edge[], nodes: Blueprint['nodes']): Counter[] {
  const found = new Map<string, Counter>();
  for (const { from, to, member, counted } of inside) {
    const route = nodes[from]?.[member];
    if (!counted || route === undefined || targetOf(route) !== to) continue;
    const key = `${from} ${to}`;
    found.set(key, { from, to, max: (found.get(key)?.max ?? 0) + limitOf(route) });
  }
  return [...found.values()];
}

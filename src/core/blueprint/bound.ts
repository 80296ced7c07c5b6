/**
 * The worst case of a blueprint: the longest path through its graph, where counted routes may be taken as often as
 * their counters allow. Exact for each measure by itself, by memoised search over (node, counters left).
 */
import type { Bound } from '../events/parts';
import { err, ok, type Result } from '../kernel/result';
import { type Blueprint, type BlueprintNode, isTerminal, limitOf, type Route, targetOf } from './schema';

/** States (node × counters) above which a blueprint is refused rather than searched. */
const STATE_LIMIT = 200_000;

const ZERO: Bound = { nodeExecutions: 0, modelCalls: 0, tokens: 0, minutes: 0 };

/** Model requests of one turn: the first, and the bounded retries of `run/limits.ts`. */
export type BoundOptions = { readonly requestsPerTurn: number };

/**
 * The most that one run of a checked blueprint can take. Each member is the maximum over all paths, not all reached by
 * the same path. The error is one line, for a blueprint with more counters than can be searched.
 */
export function worstCase(blueprint: Blueprint, options: BoundOptions): Result<Bound, string> {
  const counted = countedRoutes(blueprint);
  const states = counted.reduce((n, [, max]) => n * (max + 1), Object.keys(blueprint.nodes).length);
  if (states > STATE_LIMIT) return err('the counters of its loops multiply to more cases than can be checked');
  const memo = new Map<string, Bound>();
  const visit = (id: string, left: ReadonlyMap<string, number>): Bound => {
    if (isTerminal(id)) return ZERO;
    const key = `${id}|${[...left.values()].join(',')}`;
    const known = memo.get(key);
    if (known) return known;
    const node = blueprint.nodes[id] as BlueprintNode;
    let longest = ZERO;
    for (const [target, after] of waysOut(id, node, left)) longest = max(longest, visit(target, after));
    const result = add(costOf(node, options), longest);
    memo.set(key, result);
    return result;
  };
  return ok(visit(blueprint.start, new Map(counted)));
}

function countedRoutes(blueprint: Blueprint): [string, number][] {
  return Object.entries(blueprint.nodes).flatMap(([id, node]) =>
    (['on_success', 'on_failure'] as const)
      .filter((kind) => limitOf(node[kind]) !== Number.POSITIVE_INFINITY)
      .map((kind): [string, number] => [`${id}.${kind}`, limitOf(node[kind])]),
  );
}

function waysOut(id: string, node: BlueprintNode, left: ReadonlyMap<string, number>): [string, typeof left][] {
  const take = (kind: 'on_success' | 'on_failure', route: Route): [string, typeof left] => {
    const key = `${id}.${kind}`;
    const remaining = left.get(key);
    if (remaining === undefined) return [targetOf(route), left];
    if (remaining === 0) return [node.on_exhausted, left];
    return [targetOf(route), new Map(left).set(key, remaining - 1)];
  };
  return [take('on_success', node.on_success), take('on_failure', node.on_failure), [node.on_exhausted, left]];
}

function costOf(node: BlueprintNode, options: BoundOptions): Bound {
  if (node.type === 'deterministic') {
    const executions = 1 + node.retry;
    return { ...ZERO, nodeExecutions: executions, minutes: executions * node.timeout_minutes };
  }
  const modelCalls = node.max_turns * options.requestsPerTurn;
  return {
    nodeExecutions: 1,
    modelCalls,
    tokens: node.max_turns * node.max_call_tokens,
    minutes: node.timeout_minutes,
  };
}

function add(a: Bound, b: Bound): Bound {
  return combine(a, b, (x, y) => x + y);
}

function max(a: Bound, b: Bound): Bound {
  return combine(a, b, Math.max);
}

function combine(a: Bound, b: Bound, by: (x: number, y: number) => number): Bound {
  return {
    nodeExecutions: by(a.nodeExecutions, b.nodeExecutions),
    modelCalls: by(a.modelCalls, b.modelCalls),
    tokens: by(a.tokens, b.tokens),
    minutes: by(a.minutes, b.minutes),
  };
}

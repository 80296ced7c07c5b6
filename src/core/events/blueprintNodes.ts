/**
 * The nodes of a recorded blueprint, read without the blueprint language: what is shown of an old run must not depend on
 * whether its blueprint would still be accepted.
 */
import { z } from 'zod';
import type { Payload } from './payload';

const target = z
  .union([z.string(), z.object({ to: z.string() }).transform((route) => route.to)])
  .optional()
  .catch(undefined);

const definitionSchema = z.object({
  start: z.string().optional().catch(undefined),
  nodes: z.record(z.string(), z.object({ on_success: target, on_failure: target, on_exhausted: target })),
});

/**
 * Ids of the nodes in the order in which a reader follows the graph: from the start along success, then what comes in
 * on failure, then what cannot be reached. Empty when the definition is stored apart or has another form.
 */
export function blueprintNodes(definition: Payload): string[] {
  const { start, nodes } = parsed(definition);
  const order = new Set<string>();
  const open = [...nodes.keys()].reverse();
  if (start !== undefined) open.push(start);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = nodes.get(id);
    if (node === undefined || order.has(id)) continue;
    order.add(id);
    for (const next of [node.on_exhausted, node.on_failure, node.on_success]) if (next !== undefined) open.push(next);
  }
  return [...order];
}

type Routes = z.infer<typeof definitionSchema>['nodes'][string];

function parsed(definition: Payload): { start: string | undefined; nodes: ReadonlyMap<string, Routes> } {
  const found = typeof definition === 'string' ? definitionSchema.safeParse(jsonOf(definition)) : null;
  return found?.success
    ? { start: found.data.start, nodes: new Map(Object.entries(found.data.nodes)) }
    : { start: undefined, nodes: new Map() };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

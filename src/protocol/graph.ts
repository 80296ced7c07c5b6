/** A blueprint's graph as it travels to the webview, and the names of the routes in it. */
import { z } from 'zod';
import { bound, type RouteTaken, routeTaken as routeSchema } from '../core/events/parts';
import type { DataOf } from '../core/events/schema';

const count = z.number().int().nonnegative();

export { type RouteTaken, routeSchema };

export const blueprintGraphSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  start: z.string(),
  /** In the order in which a reader follows them; the terminals that are reached come last. */
  nodes: z.array(
    z.strictObject({
      id: z.string().min(1),
      title: z.string(),
      kind: z.enum(['deterministic', 'agent', 'terminal']),
      does: z.string(),
      approval: z.boolean(),
      limits: z.strictObject({
        turns: count.nullable(),
        retries: count,
        minutes: z.number().nonnegative().nullable(),
        tokens: count.nullable(),
      }),
    }),
  ),
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kind: routeSchema.exclude(['retry']),
      /** How often it may be taken in one run; null when it is not counted. */
      max: count.nullable(),
    }),
  ),
});
export type BlueprintGraph = z.infer<typeof blueprintGraphSchema>;
export type GraphNode = BlueprintGraph['nodes'][number];
export type GraphEdge = BlueprintGraph['edges'][number];

/** What there is to show of a blueprint; the graph is null when it cannot be drawn, and `problems` says why. */
export const pictureSchema = z.strictObject({
  graph: blueprintGraphSchema.nullable(),
  /** The worst case; null when it is not known. */
  bound: bound.nullable(),
  /** Lines for a person, `file:line:column message` where they are about a file. */
  problems: z.array(z.string()),
});
export type Picture = z.infer<typeof pictureSchema>;

/** The route that a `node.finished` took; before engine 2 its `why` says it, and null when that says it otherwise. */
export function routeTaken({ route, why }: Pick<DataOf<'node.finished'>, 'route' | 'why'>): RouteTaken | null {
  if (route !== undefined) return route;
  if (why.startsWith('retry ')) return 'retry';
  if (why.endsWith('on_exhausted')) return 'on_exhausted';
  return routeSchema.options.find((name) => why === name || why.startsWith(`${name}, `)) ?? null;
}

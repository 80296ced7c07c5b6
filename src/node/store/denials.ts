/** The denied decisions of a run, with what they were about, for the index: "every denied write of last month". */
import { z } from 'zod';
import type { Payload } from '../../core/events/payload';
import type { DataOf, RunEvent } from '../../core/events/schema';

export const denialSchema = z.strictObject({
  runId: z.string().min(1),
  seq: z.number().int().nonnegative(),
  at: z.string(),
  node: z.string().nullable(),
  tool: z.string(),
  capability: z.string(),
  rule: z.string(),
  reason: z.string(),
  /** The paths that were asked for; for a call without paths, its arguments' first 300 characters. */
  target: z.string(),
});
export type Denial = z.infer<typeof denialSchema>;

const TARGET_LENGTH = 300;

/** A payload as a column shows it: its text, or `blob:SHA256`. */
export const shown = (payload: Payload): string => (typeof payload === 'string' ? payload : `blob:${payload.blob}`);

/** What a call is about, in one text. */
export function targetOf({ tool, facts, input }: DataOf<'tool.requested'>): string {
  // Of a command line the paths are only what it reads.
  if (facts.paths.length > 0 && tool !== 'run_command') return facts.paths.map(({ asked }) => asked).join(', ');
  return beginning(shown(input), TARGET_LENGTH);
}

/** The first so many characters. Counted where they stand, for this is done for every call while its event waits. */
function beginning(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let end = 0;
  for (let count = 0; count < characters && end < text.length; count += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** Fed with events in order, remembers what the open calls are about. */
export type OpenTargets = Map<string, string>;

export function followCalls(targets: OpenTargets, event: RunEvent): void {
  if (event.type === 'tool.requested') targets.set(event.data.call, targetOf(event.data));
  if (event.type === 'tool.finished') targets.delete(event.data.call);
}

/** The denial that an event is, `target` being what its call is about; null for any other event. */
export function denialIn(event: RunEvent, target: string): Denial | null {
  if (event.type !== 'policy.decided' || event.data.decision !== 'deny') return null;
  const { tool, capability, rule, reason } = event.data;
  return {
    runId: event.run,
    seq: event.seq,
    at: event.at,
    node: event.node ?? null,
    tool,
    capability,
    rule,
    reason,
    target,
  };
}

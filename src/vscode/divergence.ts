/** The two sides of a divergence as texts for a diff editor. Pure. */
import type { RunEvent } from '../core/events/schema';
import type { Divergence } from '../core/replay/divergence';

/** Above both sides, so that it is no difference itself. */
const ONLY_FIRST = '// The replay stops at its first difference: all else is shown as recorded on both sides.\n';

/**
 * The recorded event, in stored form, and what the replay made in its place. The hash is left out: it differs whenever
 * anything does. `recorded` is null when the record ends before the event.
 */
export function sidesOf(recorded: RunEvent | null, divergence: Divergence): { left: string; right: string } {
  if (recorded === null || divergence.path === '') {
    return { left: pretty(unhashed(divergence.recorded)), right: pretty(unhashed(divergence.replayed)) };
  }
  const event = unhashed(recorded);
  const replayed = replaced(event, divergence.path.split('.'), divergence);
  // A name with a dot in it cannot be followed; the two values alone then say what differs.
  if (replayed === undefined) return { left: pretty(divergence.recorded), right: pretty(divergence.replayed) };
  return { left: `${ONLY_FIRST}${pretty(event)}`, right: `${ONLY_FIRST}${pretty(replayed)}` };
}

function unhashed(event: unknown): unknown {
  if (!isRecord(event)) return event;
  const { hash: _, ...rest } = event;
  return rest;
}

/** A copy with another value at the path; undefined when the recorded one is not there. */
function replaced(value: unknown, path: readonly string[], divergence: Divergence): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return same(value, divergence.recorded) ? divergence.replayed : undefined;
  if (!isRecord(value)) return undefined;
  const member = replaced(value[name], rest, divergence);
  if (member === undefined) return undefined;
  return Array.isArray(value) ? Object.assign([...value], { [name]: member }) : { ...value, [name]: member };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Looking for a text in what an event recorded. Pure. */
import type { BlobRef } from './payload';
import { isBlobRef } from './payload';

/** What of an event's data may hold a text: `held` when it does, and else the payloads that have to be looked at. */
export type Looked = { readonly held: boolean; readonly payloads: readonly BlobRef[] };

/**
 * Looks for a text, given in lower case, in every string of an event's data, names of members left out. Letters are compared
 * without regard to case. `held` is about what stands in the event itself; stored payloads are named.
 */
export function lookFor(needle: string, data: unknown): Looked {
  const payloads: BlobRef[] = [];
  const held = look(needle, data, payloads);
  return { held, payloads: held ? [] : payloads };
}

function look(needle: string, value: unknown, payloads: BlobRef[]): boolean {
  if (typeof value === 'string') return holds(needle, value);
  if (typeof value === 'number') return String(value) === needle;
  if (typeof value !== 'object' || value === null) return false;
  if (isBlobRef(value)) {
    payloads.push(value);
    return false;
  }
  if (Array.isArray(value)) return value.some((item) => look(needle, item, payloads));
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) if (look(needle, members[name], payloads)) return true;
  return false;
}

/** True when a text holds another one, given in lower case. */
export const holds = (needle: string, text: string): boolean => text.toLowerCase().includes(needle);

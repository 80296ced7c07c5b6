/**
 * An event as it travels to the webview: JSON text whose payloads are inline and bounded, so that no message grows past
 * a megabyte, whatever a tool printed.
 */
import { eventSchema, type RunEvent } from '../core/events/schema';
import { err, ok, type Result } from '../core/kernel/result';
import type { Cut, HostMessageOf } from './messages';

/** The most characters of one payload that are sent. */
export const MAX_PAYLOAD = 200 * 1024;
/** The most characters of all payloads of an event together. */
export const MAX_EVENT = 600 * 1024;

/** Names, hashes and ids are no payloads: a text as short as these is always sent whole. */
const NEVER_CUT = 256;

/** The `details` message of an event. Payloads that are blobs should be inlined before; those that are not stay references. */
export function detailsOf(event: RunEvent): HostMessageOf<'details'> {
  const cuts: Cut[] = [];
  let left = MAX_EVENT;
  const bounded = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') {
      if (value.length <= NEVER_CUT) return value;
      const room = Math.max(NEVER_CUT, Math.min(MAX_PAYLOAD, left));
      const kept = value.length <= room ? value : wholeCharacters(value, room);
      if (kept !== value) cuts.push({ path, length: value.length });
      left -= kept.length;
      return kept;
    }
    if (Array.isArray(value)) return value.map((item, index) => bounded(item, `${path}.${index}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, bounded(member, `${path}.${key}`)]));
  };
  const text = JSON.stringify({ ...event, data: bounded(event.data, 'data') });
  return { type: 'details', runId: event.run, seq: event.seq, event: text, cuts };
}

/** The first characters of a text, never half of a surrogate pair. */
function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** The event in a `details` message; the error is one line that says what does not fit. */
export function eventOf(details: HostMessageOf<'details'>): Result<RunEvent, string> {
  let json: unknown;
  try {
    json = JSON.parse(details.event);
  } catch {
    return err(`event ${details.seq} is not JSON`);
  }
  const parsed = eventSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(
    `event ${details.seq} has another form than this version knows: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

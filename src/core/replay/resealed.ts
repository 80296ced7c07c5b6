/**
 * Sealing what was recorded before: in a faithful replay the engine says again what stands in the record, so that the text
 * to be hashed is there already. Invariant: the answer is the one that `seal` gives, member for member and hash for hash.
 */
import { type SealPlace, seal, textWithoutHash } from '../events/chain';
import { EVENT_VERSION, type EventBody, type RunEvent } from '../events/schema';
import { isSurelyCanonical } from '../kernel/canonicalText';
import type { RecordedEvent } from './cursor';
import { hasBody } from './divergence';

/**
 * Seals a body as `seal` does. Where the recorded event that is due has the same content, its hash is taken over the
 * recorded text, and the recorded event itself is the answer if that is the hash which it claims; `text` must be what
 * JSON.parse made `stored` of, and `stored` an event by the schema.
 */
export function sealAsRecorded(due: RecordedEvent | undefined, body: EventBody, place: SealPlace): RunEvent {
  const text = due?.text ?? null;
  if (!due || text === null || !isRecorded(due.stored, body, place)) return seal(body, place);
  // Equal values have the same canonical text; any other text of them is not what is hashed.
  if (!isSurelyCanonical(text)) return seal(body, place);
  const hash = place.hash(textWithoutHash(text));
  return hash === due.stored.hash ? due.stored : { ...due.stored, hash };
}

function isRecorded(recorded: RunEvent, body: EventBody, { run, at, head }: SealPlace): boolean {
  const { v, seq, prev } = recorded;
  if (v !== EVENT_VERSION || seq !== head.events || prev !== head.hash) return false;
  return recorded.run === run && recorded.at === at && hasBody(recorded, body);
}

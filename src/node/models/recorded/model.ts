/**
 * The provider `recorded`: answers from a cassette and from nothing else.
 *
 * Invariants: no network; the same request gets the same reply, with the same (zero) times; a miss is a failure, never
 * a guess and never a live call.
 */
import { FREE } from '../../../core/models/price';
import { type Model, type ModelReply, type ModelRequest, NOTHING_KNOWN } from '../../../core/ports/model';
import { cancelled, type Fault, failure } from '../shared/failure';
import type { Cassette } from './cassette';

/** How many deltas a reply's text is streamed in, at most. */
const PIECES = 4;

/**
 * A model that answers each request by its signature. A signature the cassette does not hold is the failure
 * `cassette_miss`. A recorded reply costs 0 dollars, truthfully: nothing was bought.
 */
export function createRecordedModel(options: { readonly cassette: Cassette; readonly name: string }): Model {
  const { cassette, name } = options;
  const replies = new Map(cassette.entries.map(({ signature, reply }) => [signature, reply]));
  return {
    id: { provider: 'recorded', name, destination: 'this machine (recorded)', local: true },
    facts: { ...NOTHING_KNOWN, price: FREE },
    async invoke(request, { signal, onDelta }) {
      if (signal.aborted) return failure(cancelled(), 0);
      const recorded = replies.get(request.signature);
      if (recorded === undefined) return failure(miss(cassette, request), 0);
      for (const text of pieces(recorded.text)) {
        onDelta({ text });
        // Lets a cancellation in between the pieces take effect, as it would on a live stream.
        await Promise.resolve();
        if (signal.aborted) return failure(cancelled(), 0);
      }
      return {
        kind: 'reply',
        ...structuredClone(recorded),
        costUsd: 0,
        ms: 0,
        firstTokenMs: null,
      } satisfies ModelReply;
    },
  };
}

function miss(cassette: Cassette, request: ModelRequest): Fault {
  const message =
    `The recording "${cassette.title}" has no reply for this request (${request.signature.slice(0, 12)}). ` +
    `A recording answers only its own task: "${cassette.task}". For anything else configure a model: ` +
    'set openexec.model, or --model on the command line.';
  return { code: 'cassette_miss', message: oneLine(message), retryable: false };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The text in up to PIECES parts, split between characters, never inside one. */
function pieces(text: string): string[] {
  const characters = [...text];
  const size = Math.ceil(characters.length / PIECES);
  if (size === 0) return [];
  const starts = Array.from({ length: Math.ceil(characters.length / size) }, (_, i) => i * size);
  return starts.map((start) => characters.slice(start, start + size).join(''));
}

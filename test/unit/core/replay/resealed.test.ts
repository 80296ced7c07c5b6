import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headAfter, type SealPlace, seal } from '../../../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../../../src/core/events/schema';
import { canonicalize } from '../../../../src/core/kernel/json';
import type { RecordedEvent } from '../../../../src/core/replay/cursor';
import { sealAsRecorded } from '../../../../src/core/replay/resealed';
import { sha256 } from '../../../../src/node/system/sha256';
import { decided, finished, nodeStarted, origin, toolFinished, toolRequested } from '../../../support/eventChain';

const text = fc.oneof(
  fc.constantFrom(`,"hash":"${'0'.repeat(64)}"`, '","hash":"', '\\', '\u007f\u0001\n', 'é😀', ''),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

const bodies: fc.Arbitrary<EventBody> = fc.oneof(
  text.map((task) => origin(task)),
  fc.tuple(text, fc.integer({ min: 1, max: 3 })).map(([node, attempt]) => nodeStarted(node, attempt)),
  fc.tuple(text, text).map(([call, input]) => toolRequested(`c${call}`, input)),
  text.map((output) => toolFinished('c', output)),
  fc.constantFrom(decided('c', 'deny'), finished),
);

const places: fc.Arbitrary<SealPlace> = fc.record({
  run: fc.constantFrom('run-1', 'run-2'),
  at: fc.constantFrom('2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.001Z'),
  head: fc.record({ events: fc.nat(1), hash: fc.constantFrom('0'.repeat(64), sha256('x')) }),
  hash: fc.constant(sha256),
});

/** An event as it is read from a line of this text. */
const recordedAs = (line: string): RecordedEvent => {
  const stored = JSON.parse(line) as RunEvent;
  return { stored, inline: stored, text: line };
};

/** The members in another order, which is another text of the same event. */
const reversed = (event: RunEvent): string => JSON.stringify(Object.fromEntries(Object.entries(event).reverse()));

describe('sealing an event that was recorded before', () => {
  it('gives what sealing it anew gives, whatever stands in the record', () => {
    const records = fc.tuple(bodies, places, fc.constantFrom<(event: RunEvent) => string>(canonicalize, reversed));
    fc.assert(
      fc.property(records, bodies, places, fc.boolean(), fc.boolean(), ([was, there, write], body, place, as, at) => {
        const due = recordedAs(write(seal(was, there)));
        const [said, here] = [as ? was : body, at ? there : place];
        expect(canonicalize(sealAsRecorded(due, said, here))).toBe(canonicalize(seal(said, here)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the recorded event itself when that is what is said again', () => {
    fc.assert(
      fc.property(bodies, places, (body, place) => {
        const due = recordedAs(canonicalize(seal(body, place)));
        expect(sealAsRecorded(due, body, place)).toBe(due.stored);
      }),
    );
  });

  it('never takes the hash from the record: a claimed one is answered with that of the content', () => {
    fc.assert(
      fc.property(bodies, places, (body, place) => {
        const event = seal(body, place);
        const due = recordedAs(canonicalize({ ...event, hash: sha256('claimed') }));
        expect(sealAsRecorded(due, body, place)).toEqual(JSON.parse(canonicalize(event)));
      }),
    );
  });

  it('seals anew what the record has no more of, or no text of', () => {
    const place: SealPlace = {
      run: 'r',
      at: '2026-01-31T12:00:00.000Z',
      head: { events: 0, hash: '0'.repeat(64) },
      hash: sha256,
    };
    const event = seal(finished, place);
    expect(sealAsRecorded(undefined, finished, place)).toEqual(event);
    const untold = { stored: event, inline: event, text: null };
    expect(sealAsRecorded(untold, finished, place)).toEqual(event);
    expect(sealAsRecorded(untold, finished, { ...place, head: headAfter(event) }).prev).toBe(event.hash);
  });

  it('takes a member of the envelope for one of the body neither here nor there', () => {
    const place: SealPlace = {
      run: 'r',
      at: '2026-01-31T12:00:00.000Z',
      head: { events: 0, hash: '0'.repeat(64) },
      hash: sha256,
    };
    const due = recordedAs(canonicalize(seal(finished, place)));
    for (const more of [{ node: 'n' }, { attempt: 1 }, { cause: 0 }]) {
      const body = { ...finished, ...more } as EventBody;
      expect(sealAsRecorded(due, body, place)).toEqual(seal(body, place));
    }
  });
});

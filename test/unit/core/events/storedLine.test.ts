import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, lineOf, textWithoutHash, writeEvent } from '../../../../src/core/events/chain';
import type { EventBody } from '../../../../src/core/events/schema';
import { readStored } from '../../../../src/core/events/storedLine';
import { canonicalize } from '../../../../src/core/kernel/json';
import { sha256 } from '../../../../src/node/system/sha256';
import {
  chain,
  decided,
  fileChanged,
  finished,
  nodeStarted,
  origin,
  toolFinished,
  toolRequested,
} from '../../../support/eventChain';

/** Text that looks like the end of an envelope, or like what is cut out of one. */
const text = fc.oneof(
  fc.constantFrom(`,"hash":"${'0'.repeat(64)}"`, '","hash":"', '\\","hash":"', '"}', '\\', ''),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

const bodies: fc.Arbitrary<EventBody> = fc.oneof(
  text.map((task) => origin(task)),
  fc.tuple(text, fc.integer({ min: 1, max: 9 })).map(([node, attempt]) => nodeStarted(node, attempt)),
  fc.tuple(text, text).map(([call, input]) => toolRequested(`c${call}`, input)),
  text.map((output) => toolFinished('c', output)),
  text.map((path) => fileChanged(path, path, null)),
  fc.constantFrom(decided('c', 'deny'), finished),
);

const events = fc.array(bodies, { minLength: 1, maxLength: 4 }).map((all) => chain('run-1', all));

describe('a stored line', () => {
  it('is written together with its hash as it is apart', () => {
    fc.assert(
      fc.property(events, (all) => {
        for (const event of all) {
          expect(writeEvent(event, sha256)).toEqual({ line: lineOf(event), hash: hashOf(event, sha256) });
          const { hash: _hash, ...open } = event;
          expect(textWithoutHash(canonicalize(event))).toBe(canonicalize(open));
        }
      }),
    );
  });

  it('gives back the event and the hash of its content', () => {
    fc.assert(
      fc.property(events, (all) => {
        for (const event of all) {
          const { hash, seq } = event;
          const claims = { seq, hash, contentHash: hash };
          expect(readStored(lineOf(event).slice(0, -1), sha256)).toEqual({ event, claims, problems: [] });
        }
      }),
    );
  });

  it('gives the hash of what it holds, whatever it claims and however it is written', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (all, spaced) => {
        for (const event of all) {
          const forged = { ...event, hash: sha256('other') };
          const line = spaced ? JSON.stringify(forged) : canonicalize(forged);
          expect(readStored(line, sha256).claims).toEqual({
            seq: event.seq,
            hash: forged.hash,
            contentHash: event.hash,
          });
        }
      }),
    );
  });

  it('of a later version still says where it stands', () => {
    const { hash: _hash, ...open } = { ...(chain('run-1', [origin()])[0] ?? { hash: '' }), v: 2 };
    const hash = sha256(canonicalize(open));
    expect(readStored(canonicalize({ ...open, hash }), sha256)).toMatchObject({
      event: null,
      claims: { seq: 0, hash, contentHash: hash },
      problems: [{ kind: 'not_an_event', found: expect.stringMatching(/^v /) }],
    });
  });
});

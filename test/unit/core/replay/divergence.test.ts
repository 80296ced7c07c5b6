import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
import { canonicalize } from '../../../../src/core/kernel/json';
import { compareEvents } from '../../../../src/core/replay/divergence';
import { sha256 } from '../../../support/engine';

describe('a comparison of two events', () => {
  const event = (data: object, more: object = {}): RunEvent => {
    const open = {
      v: 1,
      run: 'r',
      seq: 4,
      at: '2026-01-01T00:00:00.000Z',
      type: 'run.cancelled',
      data,
      prev: '0'.repeat(64),
      ...more,
    };
    return { ...open, hash: sha256(JSON.stringify(open)) } as RunEvent;
  };

  it.each<[string, RunEvent, RunEvent, object]>([
    ['a member', event({ by: 'a' }), event({ by: 'b' }), { seq: 4, path: 'data.by', recorded: 'a', replayed: 'b' }],
    [
      'the type before everything that follows from it',
      event({ by: 'a' }, { at: 'x' }),
      event({ reason: 'b' }, { type: 'run.paused' }),
      { path: 'type', recorded: 'run.cancelled', replayed: 'run.paused' },
    ],
    [
      'an item of a list',
      event({ list: [1, { x: 2 }] }),
      event({ list: [1, { x: 3 }] }),
      { path: 'data.list.1.x', recorded: 2, replayed: 3 },
    ],
    [
      'a member that is missing',
      event({ by: 'a', node: 'n' }),
      event({ by: 'a' }),
      { path: 'data.node', recorded: 'n', replayed: null },
    ],
    [
      'a value of another kind',
      event({ by: 'a' }),
      event({ by: { x: 1 } }),
      { path: 'data.by', recorded: 'a', replayed: { x: 1 } },
    ],
    [
      'a longer list',
      event({ list: [1] }),
      event({ list: [1, 2] }),
      { path: 'data.list.1', recorded: null, replayed: 2 },
    ],
  ])('names %s', (_what, recorded, replayed, divergence) => {
    expect(compareEvents(recorded, replayed)).toMatchObject(divergence);
  });

  it('is nothing for the same event, and the whole event where there is none', () => {
    const one = event({ by: 'a' });
    expect(compareEvents(one, structuredClone(one))).toBeNull();
    expect(compareEvents(undefined, undefined)).toBeNull();
    expect(compareEvents(one, undefined)).toMatchObject({ seq: 4, path: '', recorded: one, replayed: null });
    expect(compareEvents(undefined, one)).toMatchObject({ seq: 4, path: '', recorded: null, replayed: one });
  });

  it('says that the hash is not that of the content when nothing else differs', () => {
    const one = event({ by: 'a' });
    expect(compareEvents({ ...one, hash: sha256('forged') }, one)).not.toBeNull();
  });
});

describe('two events with the same hash', () => {
  const event = (data: unknown): RunEvent =>
    ({ seq: 4, type: 'run.cancelled', data, hash: 'h' }) as unknown as RunEvent;
  const values = fc.oneof(fc.jsonValue(), fc.constant({ a: undefined }));
  const inherited = JSON.parse('{"__proto__":{}}') as unknown;

  it('are the same exactly when their canonical texts are', () => {
    const pairs = fc.oneof(
      fc.tuple(values, values),
      values.map((value) => [value, structuredClone(value)] as const),
      fc.tuple(
        fc.constantFrom<unknown>({}, inherited, { a: 1 }, { a: 1, b: undefined }),
        fc.constantFrom<unknown>({}, inherited, { a: 1 }),
      ),
    );
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(compareEvents(event(a), event(b)) === null).toBe(canonicalize(a) === canonicalize(b));
      }),
      { numRuns: 2_000 },
    );
  });
});

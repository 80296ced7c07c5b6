import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/events/schema';
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

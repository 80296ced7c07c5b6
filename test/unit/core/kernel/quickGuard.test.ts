import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lineOf } from '../../../../src/core/events/chain';
import { parseEvent } from '../../../../src/core/events/parseEvent';
import { EVENT_TYPES, type EventBody, eventSchema } from '../../../../src/core/events/schema';
import { guardOf } from '../../../../src/core/kernel/quickGuard';
import { chain, finished, origin } from '../../../support/eventChain';

const isSurelyEvent = guardOf(eventSchema);

/** Of the kinds that no golden run has. */
const others: EventBody[] = [
  origin(),
  { type: 'model.failed', data: { code: 'timeout', message: 'late', retryable: true, ms: 1 } },
  {
    type: 'conversation.shortened',
    data: { calls: [{ call: 'a.1.1', before: 900, after: 250 }], before: 2000, after: 1350, hash: 'a'.repeat(64) },
  },
  { type: 'zones.widened', data: { zones: ['web/**'], by: 'Ada', reason: 'it is needed' } },
  {
    type: 'sensitivity.raised',
    data: { from: 'low', to: 'high', kinds: { 'aws-key': 1 }, call: null },
  },
  { type: 'loop.detected', data: { kind: 'same call', calls: 3, detail: 'read_file was called 3 times' } },
  { type: 'approval.resolved', data: { approval: 'a', verdict: 'approved', by: 'Ada', reason: '', edited: '{}' } },
  { type: 'budget.exceeded', data: { limit: 'tokens', allowed: 10, used: 11.5 } },
  { type: 'run.paused', data: { reason: 'nobody answered' } },
  { type: 'run.cancelled', data: { by: 'a person' } },
  { type: 'result.requested', data: { action: 'apply', by: 'a person' } },
  { type: 'result.finished', data: { action: 'apply', outcome: 'done', files: ['a'], conflicts: [], reason: '' } },
  finished,
];
const golden = ['v1', 'v2', 'v3', 'v4', 'v5'].map((version) =>
  readFileSync(`test/replay/recorded/${version}/journal.jsonl`, 'utf8'),
);
/** Events of every type, as they are read back from their lines. */
const events: unknown[] = [...golden.flatMap((text) => text.split('\n')), ...chain('r', others).map(lineOf)]
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', 'a', -1, 0, 1.5, 2 ** 53, 1e300, true, 'run.started', '0'.repeat(64), 'G'.repeat(64)),
  fc.constantFrom('2026-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z', '2026-01-01T00:00:00Z'),
);

type Node = Record<string, unknown>;

/** Goes down to some member, in the order that `path` says, and changes something there. */
function change(value: unknown, path: readonly number[], how: 'put' | 'drop' | 'add', by: unknown): void {
  let node = value as Node;
  for (const step of path) {
    const keys = Object.keys(node);
    const key = keys[step % Math.max(1, keys.length)];
    const member = key === undefined ? undefined : node[key];
    if (typeof member !== 'object' || member === null) break;
    node = member as Node;
  }
  const keys = Object.keys(node);
  const key = keys[(path[0] ?? 0) % Math.max(1, keys.length)] ?? 'a';
  if (how === 'drop') delete node[key];
  else node[how === 'add' ? `${key}x` : key] = by;
}

describe('the quick guard of a schema', () => {
  it('knows every type of event', () => {
    expect(new Set(events.map((event) => (event as { type: string }).type))).toEqual(new Set(EVENT_TYPES));
    for (const event of events) expect(isSurelyEvent(event), JSON.stringify(event)).toBe(true);
  });

  it('never takes what the schema refuses or gives back as another value', () => {
    const how = fc.constantFrom('put' as const, 'drop' as const, 'add' as const);
    const changes = fc.array(fc.tuple(fc.array(fc.nat(20), { maxLength: 4 }), how, odd), { maxLength: 2 });
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...events), changes, (event, all) => {
        const draft = structuredClone(event);
        for (const [path, what, by] of all) change(draft, path, what, by);
        const value: unknown = JSON.parse(JSON.stringify(draft));
        const exact = eventSchema.safeParse(value);
        if (!exact.success) refused += 1;
        if (isSurelyEvent(value)) expect(exact).toEqual({ success: true, data: value });
        expect(parseEvent(value)).toEqual(exact);
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(200);
  });

  it.each<[string, z.ZodType, unknown]>([
    ['a default', z.strictObject({ a: z.string().default('x') }), { a: 'y' }],
    ['a transformation', z.string().transform((text) => text.length), 'abc'],
    ['a trim', z.string().trim(), ' a '],
    ['a coercion', z.coerce.number(), 1],
    ['a refinement', z.strictObject({ a: z.string() }).refine(() => true), { a: 'y' }],
    ['an object that leaves out what it does not know', z.object({ a: z.string() }), { a: 'y' }],
    ['a format without a pattern that says all', z.url(), 'https://a.example'],
    ['a multiple', z.number().multipleOf(2), 4],
    ['anything', z.unknown(), 1],
  ])('leaves %s to the schema', (_what, schema, value) => {
    expect(guardOf(schema)(value)).toBe(false);
  });

  it('leaves a member named __proto__ to the schema, which drops it from a record', () => {
    const guard = guardOf(z.record(z.string(), z.number()));
    expect(guard(JSON.parse('{"a":1}'))).toBe(true);
    expect(guard(JSON.parse('{"a":1,"__proto__":1}'))).toBe(false);
  });
});

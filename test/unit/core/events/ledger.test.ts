/** What left this machine in a run, folded from its record. */
import { describe, expect, it } from 'vitest';
import { foldLedger, MAX_ITEMS, runLedgerSchema } from '../../../../src/core/events/ledger';
import type { EventBody } from '../../../../src/core/events/schema';
import { recordedEvents } from '../../../support/goldenStore';
import { begun, ledgerOf, part, sent } from '../../../support/ledgerEntries';

const built = (...files: [path: string, lines: [number, number], bytes: number][]): EventBody<'context.built'> => ({
  type: 'context.built',
  data: {
    call: 'c1',
    files: files.map(([path, lines, bytes]) => ({ path, lines, bytes, sha256: '0'.repeat(64), why: 'named' })),
    withheld: [],
    bytes: files.reduce((sum, [, , bytes]) => sum + bytes, 0),
  },
});

const sumOf = (ledger: ReturnType<typeof ledgerOf>): number => ledger.items.reduce((sum, { bytes }) => sum + bytes, 0);

describe('the ledger of a run', () => {
  it('says by destination how often and how much was sent, and how much of it again', () => {
    const ledger = ledgerOf(
      begun(),
      sent([part('system message', 100), part('tool definitions', 50, { redactions: { 'e-mail': 1 } })]),
      sent([part('tool result call_1', 30, { redactions: { 'e-mail': 2, jwt: 1 } })], 150),
      sent([part('system message', 7)], 0, 'other.example.org'),
    );
    expect(ledger.routes).toMatchObject([
      { destination: 'api.example.org', requests: 2, fresh: 180, carried: 150, redactions: { 'e-mail': 3, jwt: 1 } },
      { destination: 'other.example.org', requests: 1, fresh: 7, carried: 0, redactions: {} },
    ]);
    expect(sumOf(ledger)).toBe(187);
  });

  it('puts the results of calls that show no file together, whatever the calls are named', () => {
    const ledger = ledgerOf(begun(), sent([part('tool result a', 1), part('tool result b', 2)]));
    expect(ledger.items).toMatchObject([{ kind: 'source', name: 'tool result', times: 2, bytes: 3 }]);
  });

  it('names each file with the lines of it that were sent', () => {
    const read = (lines: [number, number] | null): EventBody =>
      sent([part('tool result c', 10, { files: [{ path: 'src/a.js', lines }], redactions: { jwt: 1 } })]);
    const ledger = ledgerOf(begun(), read([30, 40]), read([1, 10]), read([11, 20]), read([35, 50]));
    expect(ledger.items).toMatchObject([
      { kind: 'file', name: 'src/a.js', times: 4, bytes: 40, unsized: 0, whole: false, redactions: { jwt: 4 } },
    ]);
    expect(ledger.items[0]?.lines).toEqual([
      [1, 20],
      [30, 50],
    ]);
    expect(ledgerOf(begun(), read(null)).items[0]).toMatchObject({ whole: true, lines: [] });
  });

  it('gives each of several files what the record of the context says, and the rest to the message', () => {
    const files = [
      { path: 'a', lines: [1, 9] as [number, number] },
      { path: 'b', lines: [1, 5] as [number, number] },
    ];
    const ledger = ledgerOf(
      begun(),
      built(['a', [1, 9], 60], ['b', [1, 5], 30]),
      sent([part('user message', 100, { files, redactions: { jwt: 2 } })]),
    );
    expect(ledger.items.map(({ kind, name, bytes, redactions }) => [kind, name, bytes, redactions])).toEqual([
      ['file', 'a', 60, {}],
      ['file', 'b', 30, {}],
      ['source', 'user message', 10, { jwt: 2 }],
    ]);
  });

  it('makes up no size: what is not recorded of several files stays with the message', () => {
    const files = [
      { path: 'a', lines: [1, 9] as [number, number] },
      { path: 'b', lines: null },
    ];
    for (const context of [[], [built(['a', [1, 9], 60])], [built(['a', [1, 9], 90], ['b', [1, 5], 90])]]) {
      const ledger = ledgerOf(begun(), ...context, sent([part('user message', 100, { files })]));
      expect(ledger.items.map(({ name, bytes, unsized }) => [name, bytes, unsized])).toEqual([
        ['a', 0, 1],
        ['b', 0, 1],
        ['user message', 100, 0],
      ]);
    }
  });

  it('counts every byte once, also of more files than it lists', () => {
    const parts = Array.from({ length: MAX_ITEMS + 20 }, (_, n) =>
      part('tool result x', 2, { files: [{ path: `f${n}`, lines: null }] }),
    );
    const ledger = ledgerOf(begun(), sent(parts));
    expect(ledger.items).toHaveLength(MAX_ITEMS + 1);
    expect(ledger.items.at(-1)).toMatchObject({ kind: 'rest', times: 20, bytes: 40 });
    expect(sumOf(ledger)).toBe(2 * parts.length);
    expect(runLedgerSchema.safeParse(ledger).success).toBe(true);
  });

  it('says of older runs that their files are not known', () => {
    expect(ledgerOf(begun(3), sent([part('user message', 5)])).filesKnown).toBe(false);
    expect(ledgerOf(begun(4)).filesKnown).toBe(true);
  });

  it.each(['v1', 'v2', 'v3'])('adds up to what the recorded run %s says', (version) => {
    const events = recordedEvents(version);
    const fold = foldLedger();
    for (const event of events) fold.add(event);
    const all = events.flatMap((event) => (event.type === 'egress.sent' ? [event.data] : []));
    expect(all.length).toBeGreaterThan(3);
    const ledger = fold.result();
    const [route] = ledger.routes;
    expect(route?.requests).toBe(all.length);
    expect((route?.fresh ?? 0) + (route?.carried ?? 0)).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(sumOf(ledger)).toBe(route?.fresh);
  });
});

/** The ledger as a page shows it. */
import { describe, expect, it } from 'vitest';
import {
  hasUnknownFiles,
  LEDGER_PROTOCOL,
  matches,
  parseLedgerHost,
  parseLedgerWebview,
  redactionsText,
  rowsOf,
  totalsOf,
} from '../../../src/protocol/ledger';
import { begun, entry, ledgerOf, part, sent } from '../../support/ledgerEntries';

const file = (path: string, bytes: number, lines: [number, number] | null = null) =>
  part('tool result c', bytes, { files: [{ path, lines }] });
const FIRST = entry('r1', ledgerOf(begun(), sent([file('src/a.js', 10, [1, 4]), part('user message', 5)])));
const SECOND = entry(
  'r2',
  ledgerOf(begun(), sent([file('src/a.js', 20, [3, 8]), file('b.md', 100)], 40), sent([], 3, 'localhost:1')),
  { task: 'Write the guide' },
);

describe('the rows of the ledger', () => {
  it('are the runs, in the order in which they come', () => {
    const rows = rowsOf([SECOND, FIRST], 'run');
    expect(rows.map(({ runId, requests, fresh, carried }) => [runId, requests, fresh, carried])).toEqual([
      ['r2', 2, 120, 43],
      ['r1', 1, 15, 0],
    ]);
    expect(rows[0]?.detail).toContain('small at localhost:1');
  });

  it('are the destinations, those with the most bytes first', () => {
    const rows = rowsOf([FIRST, SECOND], 'destination');
    expect(rows.map(({ name, requests, fresh, runId }) => [name, requests, fresh, runId])).toEqual([
      ['api.example.org', 2, 135, null],
      ['localhost:1', 1, 0, 'r2'],
    ]);
    expect(rows[0]?.detail).toBe('openai:small · 2 runs');
  });

  it('are the files of all runs, with the lines that were sent, and what else was sent', () => {
    const rows = rowsOf([FIRST, SECOND], 'file');
    expect(rows.map(({ name, fresh, detail }) => [name, fresh, detail])).toEqual([
      ['b.md', 100, 'the file · in 1 request of 1 run'],
      ['src/a.js', 30, 'lines 1–8 · in 2 requests of 2 runs'],
      ['(user message)', 5, 'in 1 request of 1 run'],
    ]);
  });

  it('say that a size is not known, and do not say 0', () => {
    const files = ['a', 'b'].map((path) => ({ path, lines: null }));
    const rows = rowsOf([entry('r', ledgerOf(begun(), sent([part('user message', 9, { files })])))], 'file');
    expect(rows.map(({ name, fresh }) => [name, fresh])).toEqual([
      ['(user message)', 9],
      ['a', null],
      ['b', null],
    ]);
  });

  it('have the same sum however they are grouped', () => {
    const all = [FIRST, SECOND];
    const { fresh } = totalsOf(all);
    for (const by of ['run', 'destination', 'file'] as const) {
      expect(rowsOf(all, by).reduce((sum, row) => sum + (row.fresh ?? 0), 0)).toBe(fresh);
    }
  });

  it('are found by any of their words', () => {
    const [row] = rowsOf([SECOND], 'run');
    if (row === undefined) throw new Error('there is no row');
    expect([matches(row, 'GUIDE api.'), matches(row, ''), matches(row, 'guide nothing')]).toEqual([true, true, false]);
  });
});

describe('what was taken out', () => {
  it('is said by kind, and null when it is nothing', () => {
    expect(redactionsText({ jwt: 2, 'e-mail': 1200 })).toBe('e-mail 1,200, jwt 2');
    expect(redactionsText({ jwt: 0 })).toBeNull();
  });
});

describe('runs that did not record their files', () => {
  it('are told of, if they have sent anything', () => {
    expect(hasUnknownFiles([entry('r', ledgerOf(begun(3), sent([part('user message', 1)])))])).toBe(true);
    expect(hasUnknownFiles([FIRST, entry('r', ledgerOf(begun(3)))])).toBe(false);
  });
});

describe('the messages of the ledger', () => {
  it('are taken when they are whole', () => {
    const messages = [
      { type: 'start', protocol: LEDGER_PROTOCOL, run: null, runs: 2 },
      { type: 'run', entry: SECOND },
      { type: 'end', cancelled: false, problem: null },
    ];
    for (const message of messages)
      expect(parseLedgerHost(structuredClone(message))).toEqual({ ok: true, value: message });
    expect(parseLedgerWebview({ type: 'export' }).ok).toBe(true);
  });

  it.each([
    [{ type: 'export', file: '/etc/passwd' }],
    [{ type: 'openRun', runId: '' }],
    [{ type: 'ready', protocol: LEDGER_PROTOCOL + 1 }],
    [null],
  ])('are refused in one line when they are %j', (raw) => {
    const parsed = parseLedgerWebview(raw);
    expect(parsed.ok ? '' : parsed.error).toMatch(/^a message of the ledger is not understood: [^\n]+$/);
  });
});

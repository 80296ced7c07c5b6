/** The ledger as a file for spreadsheets. */
import { describe, expect, it } from 'vitest';
import { ledgerCsv } from '../../../../src/vscode/egress/csv';
import { begun, entry, ledgerOf, part, sent } from '../../../support/ledgerEntries';

/** A reader of RFC 4180 of its own. */
function parsed(text: string): string[][] {
  const rows: string[][] = [];
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: string[] = [];
  let read = 0;
  for (const [whole, value = '', end] of text.matchAll(cells)) {
    read += whole.length;
    row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  expect(read).toBe(text.length);
  return rows;
}

const named = (path: string) => part('tool result c', 4, { files: [{ path, lines: [1, 2] as [number, number] }] });
const cellsOf = (text: string, column: string): string[] => {
  const [head = [], ...rows] = parsed(text);
  return rows.map((row) => row[head.indexOf(column)] ?? 'missing');
};

describe('the exported table', () => {
  it('has a row for every file, source and destination, whose bytes are all that was sent', () => {
    const csv = ledgerCsv([
      entry('r1', ledgerOf(begun(), sent([named('a.js'), part('user message', 7, { redactions: { jwt: 2 } })], 30))),
      entry('r2', ledgerOf(begun(3), sent([part('user message', 5)]))),
    ]);
    expect(cellsOf(csv, 'kind')).toEqual(['file', 'source', 'carried again', 'source', 'carried again']);
    expect(cellsOf(csv, 'bytes')).toEqual(['4', '7', '30', '5', '0']);
    expect(cellsOf(csv, 'lines')).toEqual(['1-2', '', '', '', '']);
    expect(cellsOf(csv, 'redactions')).toEqual(['', 'jwt 2', '', '', '']);
    expect(cellsOf(csv, 'files_recorded')).toEqual(['yes', 'yes', 'yes', 'no', 'no']);
  });

  it('keeps commas, quotes, line breaks and every letter', () => {
    const task = 'Mend "it", then\r\nstop\nhere – täällä 日本';
    const csv = ledgerCsv([entry('r1', ledgerOf(begun(), sent([part('user message', 1)])), { task })]);
    expect(cellsOf(csv, 'task')).toEqual([task, task]);
    expect(csv.endsWith('\r\n')).toBe(true);
  });

  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =HYPERLINK("x")', '\u200b=1', '＝1'])(
    'lets no spreadsheet calculate %j',
    (path) => {
      const csv = ledgerCsv([entry('r1', ledgerOf(begun(), sent([named(path)])), { task: path })]);
      expect(cellsOf(csv, 'name')[0]).toBe(`'${path}`);
      expect(cellsOf(csv, 'task')[0]).toBe(`'${path}`);
    },
  );

  it('leaves other words as they are', () => {
    const csv = ledgerCsv([entry('r1', ledgerOf(begun(), sent([named('src/a=b-c@d.js')])))]);
    expect(cellsOf(csv, 'name')[0]).toBe('src/a=b-c@d.js');
  });
});

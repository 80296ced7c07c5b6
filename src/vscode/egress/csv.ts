/**
 * What left this machine as a table for spreadsheets (RFC 4180, UTF-8). Every byte that was sent stands in one row, so that
 * a column can be summed. Pure.
 *
 * A cell that a spreadsheet would take for a formula begins with an apostrophe: paths and tasks are anybody's words.
 */
import type { LedgerItem } from '../../core/events/ledger';
import type { LedgerEntry } from '../../protocol/ledger';

const HEAD = [
  'run',
  'started',
  'task',
  'blueprint',
  'provider',
  'model',
  'destination',
  'on_this_machine',
  'kind',
  'name',
  'lines',
  'times',
  'bytes',
  'times_of_unknown_size',
  'redactions',
  'files_recorded',
];

type Cell = string | number;

/** The whole table, with its head. */
export function ledgerCsv(entries: readonly LedgerEntry[]): string {
  return [HEAD, ...entries.flatMap(rowsOf)].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function rowsOf({ runId, startedAt, task, blueprint, ledger }: LedgerEntry): Cell[][] {
  const run = [runId, startedAt, task, blueprint];
  const known = ledger.filesKnown ? 'yes' : 'no';
  return ledger.routes.flatMap(({ provider, model, destination, requests, carried }, at) => {
    const before = [...run, provider, model, destination, ledger.local ? 'yes' : 'no'];
    const items = ledger.items.filter(({ route }) => route === at);
    return [
      ...items.map((item) => [...before, ...itemCells(item), known]),
      [...before, 'carried again', 'what earlier requests sent already', '', requests, carried, 0, '', known],
    ];
  });
}

function itemCells({ kind, name, lines, whole, times, bytes, unsized, redactions }: LedgerItem): Cell[] {
  const ranges = lines.map(([from, to]) => `${from}-${to}`).join(' ');
  const shown = kind !== 'file' ? '' : whole ? 'all' : ranges;
  const found = Object.entries(redactions).map(([what, count]) => `${what} ${count}`);
  return [kind, name, shown, times, bytes, unsized, found.join('; ')];
}

/** What a spreadsheet calculates: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

function cell(value: Cell): string {
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

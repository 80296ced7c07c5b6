/**
 * The messages between the extension host and the page "What Left This Machine", version 1, and what the page shows of
 * them. Both sides parse every message.
 *
 * Order: the webview says `ready`; the host answers `start`, then one `run` for each run, newest first, then `end`. `ready`
 * again starts over, and what is still under way ends.
 */
import { z } from 'zod';
import { addCounts, joined, type LedgerItem, runLedgerSchema } from '../core/events/ledger';
import { err, ok, type Result } from '../core/kernel/result';
import { formatNumber } from './format';

export const LEDGER_PROTOCOL = 1;

const count = z.number().int().nonnegative();
const line = z.string().max(400);

const entrySchema = z.strictObject({
  runId: z.string().min(1),
  task: z.string(),
  blueprint: z.string(),
  startedAt: z.string(),
  imported: z.boolean(),
  ledger: runLedgerSchema,
  /** Why its record could not be read to its end; null when it could. */
  problem: z.string().nullable(),
});
export type LedgerEntry = z.infer<typeof entrySchema>;

const hostSchema = z.discriminatedUnion('type', [
  /** `run` names the one run that the page is about; null: all that this window knows. */
  z.strictObject({
    type: z.literal('start'),
    protocol: z.literal(LEDGER_PROTOCOL),
    run: z.string().nullable(),
    runs: count,
  }),
  z.strictObject({ type: z.literal('run'), entry: entrySchema }),
  z.strictObject({ type: z.literal('end'), cancelled: z.boolean(), problem: line.nullable() }),
]);
export type LedgerHostMessage = z.infer<typeof hostSchema>;

const webviewSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), protocol: z.literal(LEDGER_PROTOCOL) }),
  z.strictObject({ type: z.literal('cancel') }),
  z.strictObject({ type: z.literal('export') }),
  z.strictObject({ type: z.literal('openRun'), runId: z.string().min(1) }),
]);
export type LedgerWebviewMessage = z.infer<typeof webviewSchema>;

export const parseLedgerHost = (raw: unknown): Result<LedgerHostMessage, string> => parsed(hostSchema, raw);
export const parseLedgerWebview = (raw: unknown): Result<LedgerWebviewMessage, string> => parsed(webviewSchema, raw);

function parsed<T>(schema: z.ZodType<T>, raw: unknown): Result<T, string> {
  const result = schema.safeParse(raw);
  if (result.success) return ok(result.data);
  const [issue] = result.error.issues;
  return err(`a message of the ledger is not understood: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

export const GROUPINGS = ['run', 'destination', 'file'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** One line of a table. What does not apply or is not known is null. */
export type LedgerRow = {
  readonly key: string;
  readonly name: string;
  readonly detail: string;
  /** The run that it is about, where it is about one. */
  readonly runId: string | null;
  readonly requests: number | null;
  /** Bytes that were new; of a file null when it is never known. */
  readonly fresh: number | null;
  readonly carried: number | null;
  readonly redactions: Readonly<Record<string, number>>;
};

/** The runs whose model is on this machine or on another: only the latter have sent anything away. */
export const runsBy = (entries: readonly LedgerEntry[], local: boolean): LedgerEntry[] =>
  entries.filter(({ ledger }) => ledger.local === local);

/** The lines of a table, most bytes first; runs newest first. */
export function rowsOf(entries: readonly LedgerEntry[], by: Grouping): LedgerRow[] {
  if (by === 'run') return entries.map(runRow);
  return by === 'destination' ? destinationRows(entries) : fileRows(entries);
}

export type LedgerTotals = {
  readonly runs: number;
  readonly requests: number;
  readonly fresh: number;
  readonly carried: number;
  readonly redactions: Readonly<Record<string, number>>;
};

/** The sums over runs. */
export function totalsOf(entries: readonly LedgerEntry[]): LedgerTotals {
  const redactions: Record<string, number> = {};
  let [requests, fresh, carried] = [0, 0, 0];
  for (const { ledger } of entries) {
    for (const route of ledger.routes) {
      requests += route.requests;
      fresh += route.fresh;
      carried += route.carried;
      addCounts(redactions, route.redactions);
    }
  }
  return { runs: entries.length, requests, fresh, carried, redactions };
}

function runRow(entry: LedgerEntry): LedgerRow {
  const { requests, fresh, carried, redactions } = totalsOf([entry]);
  const to = [...new Set(entry.ledger.routes.map(({ model, destination }) => `${model} at ${destination}`))];
  const imported = entry.imported ? ['imported'] : [];
  const broken = entry.problem === null ? [] : [`its record is damaged, this is what stands before: ${entry.problem}`];
  const detail = [entry.startedAt, entry.blueprint, ...imported, to.join(', ') || 'nothing was sent', ...broken].join(
    ' · ',
  );
  return { key: entry.runId, name: entry.task, detail, runId: entry.runId, requests, fresh, carried, redactions };
}

type Counted = { requests: number; fresh: number; carried: number; redactions: Record<string, number> };

function destinationRows(entries: readonly LedgerEntry[]): LedgerRow[] {
  const rows = new Map<string, Counted & { name: string; model: string; runs: Set<string> }>();
  for (const { runId, ledger } of entries) {
    for (const { provider, model, destination, requests, fresh, carried, redactions } of ledger.routes) {
      const key = JSON.stringify([destination, provider, model]);
      const none = { name: destination, model: `${provider}:${model}`, runs: new Set<string>() };
      const row = rows.get(key) ?? { ...none, requests: 0, fresh: 0, carried: 0, redactions: {} };
      row.requests += requests;
      row.fresh += fresh;
      row.carried += carried;
      addCounts(row.redactions, redactions);
      row.runs.add(runId);
      rows.set(key, row);
    }
  }
  return [...rows]
    .map(([key, { name, model, runs, ...sums }]) => ({
      ...{ key, name, detail: `${model} · ${runs.size === 1 ? '1 run' : `${runs.size} runs`}`, ...sums },
      runId: runs.size === 1 ? ([...runs][0] ?? null) : null,
    }))
    .sort(bySize);
}

type Gathered = LedgerItem & { runs: Set<string> };

function fileRows(entries: readonly LedgerEntry[]): LedgerRow[] {
  const rows = new Map<string, Gathered>();
  for (const { runId, ledger } of entries) {
    for (const item of ledger.items) {
      const key = `${item.kind} ${item.name}`;
      const row = rows.get(key) ?? {
        ...item,
        lines: [],
        times: 0,
        bytes: 0,
        unsized: 0,
        redactions: {},
        runs: new Set(),
      };
      row.lines = joined([...row.lines, ...item.lines]);
      row.whole ||= item.whole;
      row.times += item.times;
      row.bytes += item.bytes;
      row.unsized += item.unsized;
      addCounts(row.redactions, item.redactions);
      row.runs.add(runId);
      rows.set(key, row);
    }
  }
  return [...rows].map(([key, row]) => fileRow(key, row)).sort(bySize);
}

function fileRow(
  key: string,
  { kind, name, runs, times, unsized, bytes, redactions, lines, whole }: Gathered,
): LedgerRow {
  const often = `in ${times === 1 ? '1 request' : `${formatNumber(times)} requests`} of ${runs.size === 1 ? '1 run' : `${runs.size} runs`}`;
  const size = unsized === 0 ? [] : [`${formatNumber(unsized)} times among other files, which counts with the message`];
  const detail = [...(kind === 'file' ? [linesText(lines, whole)] : []), often, ...size].join(' · ');
  const known = { file: name, source: `(${name})`, rest: '(what is beyond the listed)' }[kind];
  const fresh = unsized === times && bytes === 0 ? null : bytes;
  const runId = runs.size === 1 ? ([...runs][0] ?? null) : null;
  return { key, name: known, detail, runId, requests: null, fresh, carried: null, redactions };
}

/** `lines 1–20, 40–55`, or the whole file. */
export function linesText(lines: LedgerItem['lines'], whole: boolean): string {
  if (whole) return lines.length === 0 ? 'the file' : `the file, and lines ${rangesText(lines)} of it again`;
  return lines.length === 0 ? 'lines are not known' : `lines ${rangesText(lines)}`;
}

const rangesText = (lines: LedgerItem['lines']): string =>
  lines.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');

const bySize = (a: LedgerRow, b: LedgerRow): number => (b.fresh ?? 0) - (a.fresh ?? 0) || (a.name < b.name ? -1 : 1);

/** True for a line in whose words every word of the filter stands, whatever the case. */
export function matches({ name, detail, redactions }: LedgerRow, filter: string): boolean {
  const text = `${name} ${detail} ${Object.keys(redactions).join(' ')}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** `github-token 2, e-mail 1`; null when nothing was taken out. */
export function redactionsText(redactions: Readonly<Record<string, number>>): string | null {
  const kinds = Object.entries(redactions).filter(([, times]) => times > 0);
  if (kinds.length === 0) return null;
  return kinds
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, times]) => `${kind} ${formatNumber(times)}`)
    .join(', ');
}

/** True when a run of these did not record which files it sent. */
export const hasUnknownFiles = (entries: readonly LedgerEntry[]): boolean =>
  entries.some(({ ledger }) => !ledger.filesKnown && ledger.routes.length > 0);

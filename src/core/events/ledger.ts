/**
 * What left this machine in a run: folded from its `egress.sent` events, which were recorded before anything was sent.
 * Pure: the same events give the same ledger.
 *
 * Invariants: the bytes of all items are the bytes that were new, no byte is counted twice. Where a part shows several files
 * and it is not recorded how much each took, the bytes stay with the part's source and each file says how often that was.
 */
import { z } from 'zod';
import { count, type EgressFile, type EgressPart, redactions } from './parts';
import type { RunEvent } from './schema';

/** A range of lines, both ends in it. */
const range = z.tuple([count, count]);
/** Ranges of one file that are listed; of more, it is only said that there are more. */
const MAX_RANGES = 50;
/** Items of one run that are listed; what comes later is put together. */
export const MAX_ITEMS = 5_000;
/** Since this engine the files of a part are recorded. */
const FILES_SINCE = 4;

/** Where something was sent. */
const routeSchema = z.strictObject({ provider: z.string(), model: z.string(), destination: z.string() });
export type LedgerRoute = z.infer<typeof routeSchema>;

const itemSchema = z.strictObject({
  /** The place of its destination in `routes`. */
  route: count,
  /** `file`: `name` is a path. `source`: what else was sent, such as the definitions of tools. `rest`: what is not listed. */
  kind: z.enum(['file', 'source', 'rest']),
  name: z.string(),
  /** Of a file: the ranges of lines that were sent, sorted and put together; `whole` when all of it may have been. */
  lines: z.array(range),
  whole: z.boolean(),
  /** How often it was part of what was new in a request. */
  times: count,
  bytes: count,
  /** How often a file was sent together with others, and it is not known how many bytes it took. */
  unsized: count,
  redactions,
});
export type LedgerItem = z.infer<typeof itemSchema>;

const sentSchema = z.strictObject({
  requests: count,
  /** New in a request, in UTF-8 bytes. */
  fresh: count,
  /** Sent again with a request, for a conversation is sent whole each time. */
  carried: count,
  redactions,
});

export const runLedgerSchema = z.strictObject({
  /** False for runs of engines that did not record which files a part showed. */
  filesKnown: z.boolean(),
  /** True when the run's model is on this machine: what it was sent has left the run, and not the machine. */
  local: z.boolean(),
  routes: z.array(z.strictObject({ ...routeSchema.shape, ...sentSchema.shape })),
  items: z.array(itemSchema),
});
export type RunLedger = z.infer<typeof runLedgerSchema>;

/** The types of events that a ledger is made of; any other may be left out. */
export const LEDGER_EVENTS = ['run.started', 'context.built', 'egress.sent'] as const;

export interface LedgerFold {
  add(event: RunEvent): void;
  result(): RunLedger;
}

/** Folds the events of one run, in order. */
export function foldLedger(): LedgerFold {
  const routes: RunLedger['routes'] = [];
  const items = new Map<string, LedgerItem>();
  let filesKnown = false;
  let local = false;
  /** Bytes of each range of the context that was built last. */
  let sizes = new Map<string, number>();

  const itemOf = (route: number, kind: 'file' | 'source', name: string): LedgerItem => {
    const key = `${route} ${kind} ${name}`;
    const known = items.get(key);
    if (known !== undefined) return known;
    const full = items.size >= MAX_ITEMS;
    const at = full ? `${route} rest` : key;
    const item = (full ? items.get(at) : undefined) ?? empty(route, full ? 'rest' : kind, full ? '' : name);
    items.set(at, item);
    return item;
  };
  const addPart = (route: number, part: EgressPart): void => {
    const files = part.files ?? [];
    const [first] = files;
    if (first !== undefined && files.length === 1) {
      const item = itemOf(route, 'file', first.path);
      addTo(item, part.bytes, part.redactions);
      addLines(item, first);
      return;
    }
    const each = sizesOf(files, sizes, part.bytes);
    for (const [at, file] of files.entries()) {
      const item = itemOf(route, 'file', file.path);
      addTo(item, each?.[at] ?? 0, {});
      addLines(item, file);
      if (each === null) item.unsized += 1;
    }
    const told = (each ?? []).reduce((sum, bytes) => sum + bytes, 0);
    addTo(itemOf(route, 'source', sourceOf(part.source)), part.bytes - told, part.redactions);
  };

  return {
    add(event) {
      if (event.type === 'run.started') {
        filesKnown = event.data.flags.engine >= FILES_SINCE;
        local = event.data.model.local;
      }
      if (event.type === 'context.built') {
        sizes = new Map(event.data.files.map(({ path, lines, bytes }) => [keyOf({ path, lines }), bytes]));
      }
      if (event.type !== 'egress.sent') return;
      const { provider, model, destination, parts, carried } = event.data;
      const at = placeIn(routes, { provider, model, destination });
      const route = routes[at];
      if (route === undefined) return;
      route.requests += 1;
      route.carried += carried.bytes;
      for (const part of parts) {
        route.fresh += part.bytes;
        addCounts(route.redactions, part.redactions);
        addPart(at, part);
      }
    },
    result: () => ({ filesKnown, local, routes, items: [...items.values()] }),
  };
}

function empty(route: number, kind: LedgerItem['kind'], name: string): LedgerItem {
  return { route, kind, name, lines: [], whole: false, times: 0, bytes: 0, unsized: 0, redactions: {} };
}

function placeIn(routes: RunLedger['routes'], { provider, model, destination }: LedgerRoute): number {
  const at = routes.findIndex(
    (route) => route.provider === provider && route.model === model && route.destination === destination,
  );
  if (at >= 0) return at;
  return routes.push({ provider, model, destination, requests: 0, fresh: 0, carried: 0, redactions: {} }) - 1;
}

/** Results of calls are one source: each has a name of its own, and there may be hundreds. */
const sourceOf = (source: string): string => (source.startsWith('tool result ') ? 'tool result' : source);

const keyOf = ({ path, lines }: EgressFile): string => JSON.stringify([path, lines]);

/** What each of several files took of a part; null when it is not recorded of all, or cannot be so. */
function sizesOf(files: readonly EgressFile[], sizes: ReadonlyMap<string, number>, most: number): number[] | null {
  const each = files.map((file) => sizes.get(keyOf(file)));
  const known = each.filter((bytes) => bytes !== undefined);
  if (known.length < each.length || known.reduce((sum, bytes) => sum + bytes, 0) > most) return null;
  return known;
}

function addTo(item: LedgerItem, bytes: number, found: Readonly<Record<string, number>>): void {
  item.times += 1;
  item.bytes += bytes;
  addCounts(item.redactions, found);
}

/** Adds counts by kind to others. */
export function addCounts(to: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [kind, times] of Object.entries(counts))
    to[kind] = (Object.hasOwn(to, kind) ? (to[kind] ?? 0) : 0) + times;
}

function addLines(item: LedgerItem, { lines }: EgressFile): void {
  if (item.kind !== 'file') return;
  if (lines === null) item.whole = true;
  else item.lines = joined([...item.lines, lines]).slice(0, MAX_RANGES);
}

type Range = z.infer<typeof range>;

/** Ranges sorted, those that touch or overlap made one. */
export function joined(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1) out[out.length - 1] = [last[0], Math.max(last[1], to)];
    else out.push([from, to]);
  }
  return out;
}

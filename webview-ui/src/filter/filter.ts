/** What of a run is shown: a search, and what an event has to be. Pure. */
import type { EventType } from '../../../src/protocol/events';
import { TYPES } from '../log/columns';
import type { EventLog } from '../log/log';

/** The lanes of the strip, and the kinds that the list can be narrowed to. */
export const LANES = ['nodes', 'model', 'tools', 'policy', 'approvals'] as const;
export type Lane = (typeof LANES)[number];

export const LANE_NAMES: Readonly<Record<Lane, string>> = {
  nodes: 'Nodes',
  model: 'Model',
  tools: 'Tools',
  policy: 'Policy',
  approvals: 'Asked',
};

export type Range = { readonly from: number; readonly to: number };

export type Filter = {
  /** Looked for in titles, and in what the host finds in the recorded data. */
  readonly text: string;
  /** Empty for all of them. */
  readonly lanes: ReadonlySet<Lane>;
  readonly node: string | null;
  readonly tool: string | null;
  readonly outcome: string | null;
  /** A part of a path; empty for any. */
  readonly path: string;
  /** Events `from` to `to`, both included. */
  readonly range: Range | null;
};

export const NO_FILTER: Filter = {
  text: '',
  lanes: new Set(),
  node: null,
  tool: null,
  outcome: null,
  path: '',
  range: null,
};

/** The lane of an event by its type. */
export const LANE_OF: Readonly<Record<EventType, Lane>> = {
  'run.started': 'nodes',
  'plan.proposed': 'policy',
  'plan.accepted': 'policy',
  'zones.widened': 'policy',
  'sensitivity.raised': 'policy',
  'context.built': 'tools',
  'node.started': 'nodes',
  'node.finished': 'nodes',
  'egress.sent': 'model',
  'model.requested': 'model',
  'model.responded': 'model',
  'model.failed': 'model',
  'conversation.shortened': 'model',
  'tool.requested': 'tools',
  'policy.decided': 'policy',
  'tool.finished': 'tools',
  'approval.requested': 'approvals',
  'approval.resolved': 'approvals',
  'file.changed': 'tools',
  'artifact.created': 'tools',
  'loop.detected': 'nodes',
  'budget.charged': 'model',
  'budget.exceeded': 'policy',
  'run.paused': 'nodes',
  'run.interrupted': 'nodes',
  'run.resumed': 'nodes',
  'run.cancelled': 'nodes',
  'run.finished': 'nodes',
  'result.requested': 'nodes',
  'result.finished': 'nodes',
};

/** True when nothing is filtered. */
export const isUnfiltered = (filter: Filter): boolean =>
  filter.text === '' &&
  filter.lanes.size === 0 &&
  filter.node === null &&
  filter.tool === null &&
  filter.outcome === null &&
  filter.path === '' &&
  filter.range === null;

/** What an event has to be, made ready to be asked of very many. */
function fitter(log: EventLog, filter: Filter, found: ReadonlySet<number>): (seq: number) => boolean {
  const text = filter.text.toLowerCase();
  const path = filter.path.toLowerCase();
  const { columns } = log;
  const lanes = LANE_BY_TYPE.map((lane) => filter.lanes.size === 0 || filter.lanes.has(lane));
  return (seq) => {
    if (lanes[columns.type(seq)] !== true) return false;
    if (filter.node !== null && columns.text('node', seq) !== filter.node) return false;
    if (filter.tool !== null && columns.text('tool', seq) !== filter.tool) return false;
    if (filter.outcome !== null && columns.text('outcome', seq) !== filter.outcome) return false;
    if (path !== '' && !(columns.text('path', seq) ?? '').toLowerCase().includes(path)) return false;
    return text === '' || found.has(seq) || columns.title(seq).toLowerCase().includes(text);
  };
}

const LANE_BY_TYPE = TYPES.map((type) => LANE_OF[type]);

/** The events that fit, in order; null when nothing is filtered. */
export type Fitting = Uint32Array | null;

/**
 * The events that fit. `found` are those whose recorded data holds the text, as far as that is known. `before` is what was
 * answered for the same filter and the first `known` events of the same run: only those that came since are looked at.
 */
export function matches(
  log: EventLog,
  filter: Filter,
  found: ReadonlySet<number>,
  before: { readonly fitting: Fitting; readonly known: number } = { fitting: null, known: 0 },
): Fitting {
  if (isUnfiltered(filter)) return null;
  const fits = fitter(log, filter, found);
  const from = Math.max(filter.range?.from ?? 0, before.known);
  const to = Math.min(filter.range?.to ?? log.length, log.length - 1);
  const fresh: number[] = [];
  for (let seq = Math.max(0, from); seq <= to; seq += 1) if (fits(seq)) fresh.push(seq);
  const old = before.fitting ?? new Uint32Array();
  if (fresh.length === 0 && before.fitting !== null) return before.fitting;
  const all = new Uint32Array(old.length + fresh.length);
  all.set(old);
  all.set(fresh, old.length);
  return all;
}

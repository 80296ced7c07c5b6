/**
 * Everything the timeline shows, and how it changes: one pure reducer. Components read it, nothing else writes it.
 *
 * Invariants: `selected` is null or a seq that is in `log`; while `following`, the selection is the last event; while the run
 * is played, it is not followed.
 */

import type { Change } from '../../src/protocol/approval';
import type { Check } from '../../src/protocol/check';
import { eventOf } from '../../src/protocol/details';
import { assertNever, type RunEvent, type RunMoment } from '../../src/protocol/events';
import type { Picture } from '../../src/protocol/graph';
import type { Cut, HostMessage, HostMessageOf, RunView } from '../../src/protocol/messages';
import type { Drift, Explanation } from '../../src/protocol/policy';
import { type Filter, NO_FILTER } from './filter/filter';
import { EventLog } from './log/log';

/** An event whose data has come, or the line that says why it cannot be shown. */
export type LoadedEvent =
  | { readonly ok: true; readonly event: RunEvent; readonly cuts: readonly Cut[] }
  | { readonly ok: false; readonly problem: string };

/** How a decision came about, or the line that says why that cannot be told. */
export type Explained =
  | { readonly ok: true; readonly explanation: Explanation }
  | { readonly ok: false; readonly problem: string };

/** What a change of a file did, or the line that says why that cannot be told. */
export type LoadedChange =
  | { readonly ok: true; readonly change: Change }
  | { readonly ok: false; readonly problem: string };

/** The events whose recorded data holds what is searched for, as far as the host has looked. */
export type Found = {
  readonly id: number;
  readonly seqs: ReadonlySet<number>;
  readonly complete: boolean;
  readonly more: boolean;
};

/** How fast a run is played: 1 is as it was. */
export const SPEEDS = [0.5, 1, 2, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** What can be unfolded beside the events. */
export const PANES = ['moment', 'graph', 'charts', 'check', 'keys'] as const;
export type Pane = (typeof PANES)[number];

/** Where the person was: a position to return to once its event is there. */
export type Position = { readonly runId: string; readonly seq: number };

export type TimelineState = {
  /** `outdated`: host and webview speak different versions; only a reload of the window helps. */
  readonly phase: 'connecting' | 'ready' | 'outdated';
  readonly run: RunView | null;
  readonly notice: string | null;
  readonly problem: string | null;
  readonly log: EventLog;
  readonly selected: number | null;
  readonly following: boolean;
  readonly wanted: Position | null;
  readonly details: ReadonlyMap<number, LoadedEvent>;
  /** The state at the event that was selected last and answered; it may be on its way for the one selected now. */
  readonly moment: RunMoment | null;
  /** What is unfolded. */
  readonly panes: ReadonlySet<Pane>;
  /** The blueprint of the run, or the one that is shown without a run; null until it has come. */
  readonly picture: Picture | null;
  /** What the model has written of its next reply so far. */
  readonly writing: string;
  /** The approvals that were answered here and not yet confirmed by the host. */
  readonly answered: ReadonlySet<string>;
  /** How today's policy differs from the run's; null when it does not, or is not known to. */
  readonly drift: Drift | null;
  /** How decisions came about, by the seq of the decision, as far as that was asked for. */
  readonly explanations: ReadonlyMap<number, Explained>;
  /** The decisions whose derivation is unfolded. */
  readonly explained: ReadonlySet<number>;
  /** What of the run is shown. */
  readonly filter: Filter;
  /** Rises with every text that is searched for; answers to older ones are dropped. */
  readonly searchId: number;
  readonly found: Found | null;
  /** How fast the run is played; null while it is not. */
  readonly playing: Speed | null;
  /** How fast it is played next. */
  readonly speed: Speed;
  /** The replay or verification that was asked for here; null for none. */
  readonly check: Check | null;
  /** What changes of files did, by the seq of the change, as far as that was asked for. */
  readonly changes: ReadonlyMap<number, LoadedChange>;
  /** Keys of the node visits that are folded away (see log/visit.ts). */
  readonly collapsed: ReadonlySet<string>;
  /** Rises when headers were missed, so that the host is asked to start over. */
  readonly gaps: number;
};

export type TimelineAction =
  | { readonly type: 'host'; readonly message: HostMessage }
  | { readonly type: 'outdated' }
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'dismiss' }
  | { readonly type: 'select'; readonly seq: number }
  | { readonly type: 'follow' }
  /** The head of a live run is followed no longer. */
  | { readonly type: 'stay' }
  | { readonly type: 'fold'; readonly keys: readonly string[]; readonly folded: boolean }
  | { readonly type: 'pane'; readonly pane: Pane; readonly open: boolean }
  | { readonly type: 'filter'; readonly filter: Partial<Filter> }
  | { readonly type: 'play'; readonly speed: Speed | null }
  /** One event on, while the run is played. */
  | { readonly type: 'advance'; readonly to: number }
  | { readonly type: 'explain'; readonly seq: number; readonly open: boolean }
  | { readonly type: 'answered'; readonly approval: string };

/** The most events whose data is kept; the oldest to arrive go first. */
const MAX_DETAILS = 200;
/** The most changes of files that are kept, each of up to a megabyte; the oldest to arrive go first. */
const MAX_CHANGES = 20;
/** The most characters of a reply in writing that are kept: the end, which is what is read. */
const MAX_WRITING = 20_000;

export function initialState(wanted: Position | null, panes: ReadonlySet<Pane>): TimelineState {
  return {
    phase: 'connecting',
    run: null,
    notice: null,
    problem: null,
    log: EventLog.empty(),
    selected: null,
    following: true,
    wanted,
    details: new Map(),
    moment: null,
    panes,
    picture: null,
    writing: '',
    answered: new Set(),
    drift: null,
    explanations: new Map(),
    explained: new Set(),
    filter: NO_FILTER,
    searchId: 0,
    found: null,
    playing: null,
    speed: 1,
    check: null,
    changes: new Map(),
    collapsed: new Set(),
    gaps: 0,
  };
}

export function reduce(state: TimelineState, action: TimelineAction): TimelineState {
  switch (action.type) {
    case 'host':
      return received(state, action.message);
    case 'outdated':
      return { ...state, phase: 'outdated' };
    case 'problem':
      return { ...state, problem: action.message };
    case 'dismiss':
      return { ...state, problem: null, notice: null };
    case 'select':
      return { ...select(state, action.seq), playing: null };
    case 'follow':
      return followed({ ...state, following: true, wanted: null, playing: null });
    case 'stay':
      return { ...state, following: false };
    case 'fold':
      return { ...state, collapsed: folded(state.collapsed, action.keys, action.folded) };
    case 'pane':
      return { ...state, panes: withPane(state.panes, action.pane, action.open) };
    case 'filter':
      return filtered(state, action.filter);
    case 'play':
      return played(state, action.speed);
    case 'advance':
      return state.playing === null ? state : advanced(state, action.to);
    case 'explain':
      return unfolded(state, action.seq, action.open);
    case 'answered':
      return { ...state, answered: new Set(state.answered).add(action.approval) };
    default:
      return assertNever(action);
  }
}

/** True while the run can still gain events by itself; one that is paused or interrupted waits for somebody to resume it. */
export function isLive(run: RunView): boolean {
  return run.status === 'running';
}

function received(state: TimelineState, message: HostMessage): TimelineState {
  if ('runId' in message && message.runId !== (state.run?.runId ?? null)) return state;
  switch (message.type) {
    case 'hello':
      return greeted(state, message);
    case 'events':
      return extended(state, message);
    case 'run':
      return message.run.runId === state.run?.runId ? withRun(state, message.run) : state;
    case 'details':
      return { ...state, details: withDetails(state.details, message) };
    case 'moment':
      return { ...state, moment: message.moment };
    case 'graph':
      return { ...state, picture: message.picture };
    case 'delta':
      return { ...state, writing: (state.writing + message.text).slice(-MAX_WRITING) };
    case 'select':
      return select({ ...state, wanted: { runId: message.runId, seq: message.seq } }, message.seq);
    case 'explanation':
      return { ...state, explanations: new Map(state.explanations).set(message.seq, explainedIn(message)) };
    case 'drift':
      return { ...state, drift: message.drift };
    case 'found':
      return message.id === state.searchId ? { ...state, found: foundIn(state.found, message) } : state;
    case 'change':
      return { ...state, changes: withChange(state.changes, message) };
    case 'check':
      return { ...state, check: message.check };
    case 'problem':
      return { ...state, problem: message.message, answered: new Set() };
    default:
      return assertNever(message);
  }
}

/** The same run again (after a gap, after a reload of the host) keeps the person's place; another run starts afresh. */
function greeted(state: TimelineState, { run, notice, picture }: HostMessageOf<'hello'>): TimelineState {
  const same = run !== null && run.runId === state.run?.runId;
  const here = same && !state.following && state.selected !== null;
  const wanted = here && state.selected !== null ? { runId: run.runId, seq: state.selected } : state.wanted;
  const kept = wanted !== null && wanted.runId === run?.runId ? wanted : null;
  return {
    ...initialState(kept, state.panes),
    phase: 'ready',
    run,
    picture: picture ?? (same ? state.picture : null),
    notice: notice ?? null,
    following: kept === null,
    collapsed: same ? state.collapsed : new Set(),
    filter: same ? state.filter : NO_FILTER,
    searchId: state.searchId + 1,
    check: same ? state.check : null,
    gaps: state.gaps,
  };
}

function extended(state: TimelineState, { from, headers }: HostMessageOf<'events'>): TimelineState {
  if (from > state.log.length) return { ...state, gaps: state.gaps + 1 };
  const fresh = headers.slice(state.log.length - from);
  if (fresh.length === 0) return state;
  const next = { ...state, log: state.log.with(fresh) };
  if (fresh.some((header) => header.type.startsWith('model.') || header.type === 'run.finished')) next.writing = '';
  return followed(arrived(next));
}

/** Goes to the wanted position as soon as it is there. */
function arrived(state: TimelineState): TimelineState {
  if (state.wanted === null || state.wanted.seq >= state.log.length) return state;
  return { ...state, selected: state.wanted.seq, following: false, wanted: null };
}

function followed(state: TimelineState): TimelineState {
  if (!state.following || state.log.length === 0) return state;
  return { ...state, selected: state.log.length - 1 };
}

/** Selecting the head of a live run follows it; selecting anything else stays there. */
function select(state: TimelineState, seq: number): TimelineState {
  const last = state.log.length - 1;
  if (seq < 0 || seq > last) return state;
  const atHead = seq === last && state.run !== null && isLive(state.run);
  return { ...state, selected: seq, following: atHead, wanted: null };
}

/** Playing begins where the person is; at the end of the run, at its beginning. */
function played(state: TimelineState, speed: Speed | null): TimelineState {
  const last = state.log.length - 1;
  if (speed === null || last < 0) return { ...state, playing: null };
  const atEnd = state.selected === null || state.selected >= last;
  return { ...state, playing: speed, speed, following: false, wanted: null, selected: atEnd ? 0 : state.selected };
}

/** Playing ends with the run; the head of a live one is followed from there. */
function advanced(state: TimelineState, to: number): TimelineState {
  const last = state.log.length - 1;
  if (to < last) return { ...state, selected: to };
  return { ...select(state, last), playing: null };
}

/** Another text is searched for anew; what was found of the last one says nothing about it. */
function filtered(state: TimelineState, change: Partial<Filter>): TimelineState {
  const filter = { ...state.filter, ...change };
  if (filter.text === state.filter.text) return { ...state, filter };
  return { ...state, filter, searchId: state.searchId + 1, found: null };
}

function foundIn(before: Found | null, { id, seqs, complete, more }: HostMessageOf<'found'>): Found {
  const known = before?.id === id ? before.seqs : new Set<number>();
  return { id, seqs: new Set([...known, ...seqs]), complete, more };
}

/** The change that came and those before it, as many as are kept. */
function withChange(changes: TimelineState['changes'], message: HostMessageOf<'change'>): TimelineState['changes'] {
  const others = [...changes].filter(([seq]) => seq !== message.seq).slice(1 - MAX_CHANGES);
  return new Map([...others, [message.seq, changeIn(message)]]);
}

const changeIn = ({ change, problem }: HostMessageOf<'change'>): LoadedChange =>
  change === null ? { ok: false, problem } : { ok: true, change };

function withPane(panes: ReadonlySet<Pane>, pane: Pane, open: boolean): ReadonlySet<Pane> {
  const next = new Set(panes);
  if (open) next.add(pane);
  else next.delete(pane);
  return next;
}

/** What could not be told is asked for again when it is unfolded again. */
function unfolded(state: TimelineState, seq: number, open: boolean): TimelineState {
  const explained = new Set(state.explained);
  if (open) explained.add(seq);
  else explained.delete(seq);
  const explanations = new Map(state.explanations);
  if (explanations.get(seq)?.ok === false) explanations.delete(seq);
  return { ...state, explained, explanations };
}

const explainedIn = ({ explanation, problem }: HostMessageOf<'explanation'>): Explained =>
  explanation === null ? { ok: false, problem } : { ok: true, explanation };

function withRun(state: TimelineState, run: RunView): TimelineState {
  const open = run.approvals.map(({ approval }) => approval);
  const answered = new Set(open.filter((approval) => state.answered.has(approval)));
  return { ...state, run, answered, writing: isLive(run) ? state.writing : '' };
}

function withDetails(details: TimelineState['details'], message: HostMessageOf<'details'>): TimelineState['details'] {
  const event = eventOf(message);
  const next = new Map(details);
  next.delete(message.seq);
  next.set(
    message.seq,
    event.ok ? { ok: true, event: event.value, cuts: message.cuts } : { ok: false, problem: event.error },
  );
  for (const oldest of next.keys()) {
    if (next.size <= MAX_DETAILS) break;
    next.delete(oldest);
  }
  return next;
}

function folded(collapsed: ReadonlySet<string>, keys: readonly string[], fold: boolean): ReadonlySet<string> {
  const next = new Set(collapsed);
  for (const key of keys) {
    if (fold) next.add(key);
    else next.delete(key);
  }
  return next;
}

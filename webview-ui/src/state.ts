/**
 * Everything the timeline shows, and how it changes: one pure reducer. Components read it, nothing else writes it.
 *
 * Invariants: `headers[i].seq === i`; `selected` is null or a seq that is in `headers`; while `following`, the selection
 * is the last event.
 */
import { eventOf } from '../../src/protocol/details';
import { assertNever, type RunEvent, type RunMoment } from '../../src/protocol/events';
import type { Picture } from '../../src/protocol/graph';
import type { Cut, EventHeader, HostMessage, HostMessageOf, RunView } from '../../src/protocol/messages';

/** An event whose data has come, or the line that says why it cannot be shown. */
export type LoadedEvent =
  | { readonly ok: true; readonly event: RunEvent; readonly cuts: readonly Cut[] }
  | { readonly ok: false; readonly problem: string };

/** Where the person was: a position to return to once its event is there. */
export type Position = { readonly runId: string; readonly seq: number };

export type TimelineState = {
  /** `outdated`: host and webview speak different versions; only a reload of the window helps. */
  readonly phase: 'connecting' | 'ready' | 'outdated';
  readonly run: RunView | null;
  readonly notice: string | null;
  readonly problem: string | null;
  readonly headers: readonly EventHeader[];
  readonly selected: number | null;
  readonly following: boolean;
  readonly wanted: Position | null;
  readonly details: ReadonlyMap<number, LoadedEvent>;
  /** The state at the event that was selected last and answered; it may be on its way for the one selected now. */
  readonly moment: RunMoment | null;
  /** Whether the state at an event is shown. */
  readonly momentOpen: boolean;
  /** The blueprint of the run, or the one that is shown without a run; null until it has come. */
  readonly picture: Picture | null;
  /** Whether the graph of the blueprint is shown beside the events. */
  readonly graphOpen: boolean;
  /** What the model has written of its next reply so far. */
  readonly writing: string;
  /** The approval that was answered here and not yet confirmed by the host. */
  readonly answered: string | null;
  /** Keys of the node visits that are folded away (see grouping.ts). */
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
  | { readonly type: 'fold'; readonly keys: readonly string[]; readonly folded: boolean }
  | { readonly type: 'moment'; readonly open: boolean }
  | { readonly type: 'graph'; readonly open: boolean }
  | { readonly type: 'answered'; readonly approval: string };

/** The most events whose data is kept; the oldest to arrive go first. */
const MAX_DETAILS = 200;
/** The most characters of a reply in writing that are kept: the end, which is what is read. */
const MAX_WRITING = 20_000;

/** What is unfolded. */
export type Open = { readonly moment: boolean; readonly graph: boolean };

export function initialState(wanted: Position | null, open: Open): TimelineState {
  return {
    phase: 'connecting',
    run: null,
    notice: null,
    problem: null,
    headers: [],
    selected: null,
    following: true,
    wanted,
    details: new Map(),
    moment: null,
    momentOpen: open.moment,
    picture: null,
    graphOpen: open.graph,
    writing: '',
    answered: null,
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
      return select(state, action.seq);
    case 'follow':
      return followed({ ...state, following: true, wanted: null });
    case 'fold':
      return { ...state, collapsed: folded(state.collapsed, action.keys, action.folded) };
    case 'moment':
      return { ...state, momentOpen: action.open };
    case 'graph':
      return { ...state, graphOpen: action.open };
    case 'answered':
      return { ...state, answered: action.approval };
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
    case 'problem':
      return { ...state, problem: message.message, answered: null };
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
    ...initialState(kept, { moment: state.momentOpen, graph: state.graphOpen }),
    phase: 'ready',
    run,
    picture: picture ?? (same ? state.picture : null),
    notice: notice ?? null,
    following: kept === null,
    collapsed: same ? state.collapsed : new Set(),
    gaps: state.gaps,
  };
}

function extended(state: TimelineState, { from, headers }: HostMessageOf<'events'>): TimelineState {
  if (from > state.headers.length) return { ...state, gaps: state.gaps + 1 };
  const fresh = headers.slice(state.headers.length - from);
  if (fresh.length === 0) return state;
  const next = { ...state, headers: [...state.headers, ...fresh] };
  if (fresh.some((header) => header.type.startsWith('model.') || header.type === 'run.finished')) next.writing = '';
  return followed(arrived(next));
}

/** Goes to the wanted position as soon as it is there. */
function arrived(state: TimelineState): TimelineState {
  if (state.wanted === null || state.wanted.seq >= state.headers.length) return state;
  return { ...state, selected: state.wanted.seq, following: false, wanted: null };
}

function followed(state: TimelineState): TimelineState {
  if (!state.following || state.headers.length === 0) return state;
  return { ...state, selected: state.headers.length - 1 };
}

/** Selecting the head of a live run follows it; selecting anything else stays there. */
function select(state: TimelineState, seq: number): TimelineState {
  const last = state.headers.length - 1;
  if (seq < 0 || seq > last) return state;
  const atHead = seq === last && state.run !== null && isLive(state.run);
  return { ...state, selected: seq, following: atHead, wanted: null };
}

function withRun(state: TimelineState, run: RunView): TimelineState {
  const answered = run.pendingApproval?.approval === state.answered ? state.answered : null;
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

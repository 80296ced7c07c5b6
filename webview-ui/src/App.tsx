/**
 * The root: joins the reducer to the host. Effects are here and nowhere below: asking for data, keeping the position.
 */
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { MAX_QUERY, type RunCommand } from '../../src/protocol/messages';
import type { Layout, TimelineActions } from './actions';
import { relatedSeqs } from './grouping';
import { type Host, READY } from './host';
import { initialState, type Pane, reduce, type TimelineState } from './state';
import { Timeline } from './Timeline';

/** Milliseconds between two things that are asked of the host, so that scrubbing is not a flood. */
const SETTLED_MS = 40;

/** Width in pixels from which the details stand beside the list (styles/list.css); below, there is little room. */
const TWO_COLUMNS = 680;
/** Width in pixels from which the graph is shown unless the person put it away. */
const ROOM_FOR_GRAPH = 900;

export function App({ host, layout }: { host: Host; layout: Layout }) {
  const [state, dispatch] = useReducer(reduce, host, (from) => {
    const saved = from.saved();
    const seq = saved?.selectedSeq ?? null;
    const position = saved === null || seq === null ? null : { runId: saved.runId, seq };
    return initialState(position, new Set(saved?.panes ?? panesFor(window.innerWidth)));
  });
  const runId = state.run?.runId ?? null;

  useEffect(() => {
    return host.listen(
      (messages) => {
        for (const message of messages) dispatch({ type: 'host', message });
      },
      (problem) =>
        dispatch(problem.kind === 'version' ? { type: 'outdated' } : { type: 'problem', message: problem.message }),
    );
  }, [host]);
  // Once at the start, and again whenever headers were missed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of gaps is what asks again.
  useEffect(() => host.post(READY), [host, state.gaps]);
  usePosition(host, state);
  useDetails(host, state);
  useMoment(host, state);
  useSearch(host, state);

  const actions = useMemo<TimelineActions>(
    () => ({
      select: (seq) => dispatch({ type: 'select', seq }),
      follow: () => dispatch({ type: 'follow' }),
      stay: () => dispatch({ type: 'stay' }),
      fold: (keys, folded) => dispatch({ type: 'fold', keys, folded }),
      showPane: (pane, open) => dispatch({ type: 'pane', pane, open }),
      filter: (filter) => dispatch({ type: 'filter', filter }),
      play: (speed) => dispatch({ type: 'play', speed }),
      advance: (to) => dispatch({ type: 'advance', to }),
      reveal: (node) => host.post({ type: 'reveal', node }),
      dismiss: () => dispatch({ type: 'dismiss' }),
      command: (id: RunCommand) => {
        if (runId !== null) host.post({ type: 'command', runId, id });
      },
      resolve: (approval, answer) => {
        if (runId === null) return;
        dispatch({ type: 'answered', approval });
        host.post({ type: 'resolveApproval', runId, approval, ...answer });
      },
      explain: (seq, open) => {
        dispatch({ type: 'explain', seq, open });
        if (open && runId !== null) host.post({ type: 'explain', runId, seq });
      },
      widen: (seq) => {
        if (runId !== null) host.post({ type: 'widenZones', runId, seq });
      },
      openRun: (other) => host.post({ type: 'openRun', other }),
      askChange: (seq) => {
        if (runId !== null) host.post({ type: 'change', runId, seq });
      },
      openDiff: (seq, path, against) => {
        if (runId !== null) host.post({ type: 'openDiff', runId, seq, path, against });
      },
      check: (mode) => {
        if (runId !== null) host.post({ type: 'check', runId, mode });
      },
      cancelCheck: () => {
        if (runId !== null) host.post({ type: 'cancelCheck', runId });
      },
      openDivergence: () => {
        if (runId !== null) host.post({ type: 'openDivergence', runId });
      },
      copyLink: (seq) => {
        if (runId !== null) host.post({ type: 'copyLink', runId, seq });
      },
      saveImage: (png) => {
        if (runId !== null) host.post({ type: 'saveImage', runId, png });
      },
    }),
    [host, runId],
  );
  const reload = useCallback(() => host.post(READY), [host]);
  return <Timeline state={state} actions={actions} layout={layout} onRetry={reload} />;
}

const panesFor = (width: number): Pane[] => [
  ...(width >= TWO_COLUMNS ? (['moment'] as const) : []),
  ...(width >= ROOM_FOR_GRAPH ? (['graph'] as const) : []),
];

/** Asks the host, a moment after the last letter, in which events' data the searched text is. */
function useSearch(host: Host, { run, filter: { text }, searchId, log }: TimelineState): void {
  const runId = run?.runId ?? null;
  const there = log.length > 0;
  useEffect(() => {
    if (runId === null || text === '' || !there) return;
    const timer = setTimeout(() => {
      host.post({ type: 'search', runId, id: searchId, query: text.slice(0, MAX_QUERY) });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [host, runId, text, searchId, there]);
}

/** Keeps the position and what is unfolded in the webview, for its reload. */
function usePosition(host: Host, { run, selected, following, wanted, panes }: TimelineState): void {
  const runId = run?.runId ?? null;
  useEffect(() => {
    if (runId === null || selected === null || wanted !== null) return;
    const timer = setTimeout(() => {
      host.save({ runId, selectedSeq: following ? null : selected, panes: [...panes] });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [host, runId, selected, following, wanted, panes]);
}

/** Asks for the state at the selected event while it is unfolded; also in the middle of scrubbing, but not at every step. */
function useMoment(host: Host, { run, selected, wanted, moment, panes }: TimelineState): void {
  const momentOpen = panes.has('moment');
  const runId = run?.runId ?? null;
  const known = moment?.seq ?? null;
  const asked = useRef<{ seq: number | null; at: number }>({ seq: null, at: 0 });
  useEffect(() => {
    if (!momentOpen || runId === null || selected === null || wanted !== null || known === selected) return;
    // Answers to what was passed over still come; none at all is known after a start, whatever was asked before it.
    if (known !== null && asked.current.seq === selected) return;
    const wait = Math.max(0, asked.current.at + SETTLED_MS - performance.now());
    const timer = setTimeout(() => {
      asked.current = { seq: selected, at: performance.now() };
      host.post({ type: 'selected', runId, seq: selected });
    }, wait);
    return () => clearTimeout(timer);
  }, [host, runId, selected, wanted, known, momentOpen]);
}

/** Asks for the data of the selected event and of those that belong to it; selecting it again asks for what never came. */
function useDetails(host: Host, { run, log, selected, details }: TimelineState): void {
  const runId = run?.runId ?? null;
  const asked = useRef<{ for: string; seqs: Set<number> }>({ for: '', seqs: new Set() });
  useEffect(() => {
    if (runId === null || selected === null) return;
    const selection = `${runId}/${selected}`;
    if (asked.current.for !== selection) asked.current = { for: selection, seqs: new Set() };
    const { seqs } = asked.current;
    const timer = setTimeout(() => {
      for (const seq of relatedSeqs(log, selected)) {
        if (details.has(seq) || seqs.has(seq)) continue;
        seqs.add(seq);
        host.post({ type: 'details', runId, seq });
      }
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [host, runId, log, selected, details]);
}

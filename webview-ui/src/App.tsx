/**
 * The root: joins the reducer to the host. Effects are here and nowhere below: asking for data, keeping the position.
 */
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import type { RunCommand } from '../../src/protocol/messages';
import { relatedSeqs, visitsOf } from './grouping';
import { type Host, READY } from './host';
import { initialState, reduce, type TimelineState } from './state';
import { Timeline, type TimelineActions } from './Timeline';

/** Milliseconds between two things that are asked of the host, so that scrubbing is not a flood. */
const SETTLED_MS = 40;

/** Width in pixels from which the details stand beside the list (styles/list.css); below, there is little room. */
const TWO_COLUMNS = 680;
/** Width in pixels from which the graph is shown unless the person put it away. */
const ROOM_FOR_GRAPH = 900;

export function App({ host }: { host: Host }) {
  const [state, dispatch] = useReducer(reduce, host, (from) => {
    const saved = from.saved();
    const seq = saved?.selectedSeq ?? null;
    const position = saved === null || seq === null ? null : { runId: saved.runId, seq };
    return initialState(position, {
      moment: saved?.momentOpen ?? window.innerWidth >= TWO_COLUMNS,
      graph: saved?.graphOpen ?? window.innerWidth >= ROOM_FOR_GRAPH,
    });
  });
  const runId = state.run?.runId ?? null;

  useEffect(
    () =>
      host.listen(
        (message) => dispatch({ type: 'host', message }),
        (problem) =>
          dispatch(problem.kind === 'version' ? { type: 'outdated' } : { type: 'problem', message: problem.message }),
      ),
    [host],
  );
  // Once at the start, and again whenever headers were missed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of gaps is what asks again.
  useEffect(() => host.post(READY), [host, state.gaps]);
  usePosition(host, state);
  useDetails(host, state);
  useMoment(host, state);

  const actions = useMemo<TimelineActions>(
    () => ({
      select: (seq) => dispatch({ type: 'select', seq }),
      follow: () => dispatch({ type: 'follow' }),
      fold: (keys, folded) => dispatch({ type: 'fold', keys, folded }),
      showMoment: (open) => dispatch({ type: 'moment', open }),
      showGraph: (open) => dispatch({ type: 'graph', open }),
      reveal: (node) => host.post({ type: 'reveal', node }),
      dismiss: () => dispatch({ type: 'dismiss' }),
      command: (id: RunCommand) => {
        if (runId !== null) host.post({ type: 'command', runId, id });
      },
      resolve: (approval, verdict, reason, edited) => {
        if (runId === null) return;
        dispatch({ type: 'answered', approval });
        const change = edited === undefined ? {} : { edited };
        host.post({ type: 'resolveApproval', runId, approval, verdict, reason, ...change });
      },
    }),
    [host, runId],
  );
  const visits = useMemo(() => visitsOf(state.headers), [state.headers]);
  const reload = useCallback(() => host.post(READY), [host]);
  return <Timeline state={state} visits={visits} actions={actions} onRetry={reload} />;
}

/** Keeps the position and what is unfolded in the webview, for its reload. */
function usePosition(host: Host, { run, selected, following, wanted, momentOpen, graphOpen }: TimelineState): void {
  const runId = run?.runId ?? null;
  useEffect(() => {
    if (runId === null || selected === null || wanted !== null) return;
    const timer = setTimeout(() => {
      host.save({ runId, selectedSeq: following ? null : selected, momentOpen, graphOpen });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [host, runId, selected, following, wanted, momentOpen, graphOpen]);
}

/** Asks for the state at the selected event while it is unfolded; also in the middle of scrubbing, but not at every step. */
function useMoment(host: Host, { run, selected, wanted, moment, momentOpen }: TimelineState): void {
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
function useDetails(host: Host, { run, headers, selected, details }: TimelineState): void {
  const runId = run?.runId ?? null;
  const asked = useRef<{ for: string; seqs: Set<number> }>({ for: '', seqs: new Set() });
  useEffect(() => {
    if (runId === null || selected === null) return;
    const selection = `${runId}/${selected}`;
    if (asked.current.for !== selection) asked.current = { for: selection, seqs: new Set() };
    const { seqs } = asked.current;
    const timer = setTimeout(() => {
      for (const seq of relatedSeqs(headers, selected)) {
        if (details.has(seq) || seqs.has(seq)) continue;
        seqs.add(seq);
        host.post({ type: 'details', runId, seq });
      }
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [host, runId, headers, selected, details]);
}

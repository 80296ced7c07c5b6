/**
 * The root: joins the reducer to the host. Effects are here and nowhere below: asking for data, keeping the position.
 */
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import type { RunCommand } from '../../src/protocol/messages';
import { relatedSeqs, visitsOf } from './grouping';
import { type Host, READY } from './host';
import { initialState, reduce, type TimelineState } from './state';
import { Timeline, type TimelineActions } from './Timeline';

/** How long a selection must stand before it is told and its data asked for, so that scrubbing is not a flood. */
const SETTLED_MS = 40;

export function App({ host }: { host: Host }) {
  const [state, dispatch] = useReducer(reduce, host, (from) => {
    const saved = from.saved();
    const seq = saved?.selectedSeq ?? null;
    return initialState(saved === null || seq === null ? null : { runId: saved.runId, seq });
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

  const actions = useMemo<TimelineActions>(
    () => ({
      select: (seq) => dispatch({ type: 'select', seq }),
      follow: () => dispatch({ type: 'follow' }),
      fold: (keys, folded) => dispatch({ type: 'fold', keys, folded }),
      dismiss: () => dispatch({ type: 'dismiss' }),
      command: (id: RunCommand) => {
        if (runId !== null) host.post({ type: 'command', runId, id });
      },
      resolve: (approval, verdict, reason) => {
        if (runId === null) return;
        dispatch({ type: 'answered', approval });
        host.post({ type: 'resolveApproval', runId, approval, verdict, reason });
      },
    }),
    [host, runId],
  );
  const visits = useMemo(() => visitsOf(state.headers), [state.headers]);
  const reload = useCallback(() => host.post(READY), [host]);
  return <Timeline state={state} visits={visits} actions={actions} onRetry={reload} />;
}

/** Keeps the position in the webview (for its reload) and with the host (for the next window). */
function usePosition(host: Host, { run, selected, following, wanted }: TimelineState): void {
  const runId = run?.runId ?? null;
  useEffect(() => {
    if (runId === null || selected === null || wanted !== null) return;
    const timer = setTimeout(() => {
      host.save({ runId, selectedSeq: following ? null : selected });
      if (!following) host.post({ type: 'selected', runId, seq: selected });
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [host, runId, selected, following, wanted]);
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

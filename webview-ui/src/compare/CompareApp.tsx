/** The root of the page "Compare Runs": joins the reducer to the host, and keeps the runs over a reload of the window. */
import { useEffect, useMemo, useReducer } from 'react';
import { COMPARE_PROTOCOL, type CompareWebviewMessage, parseCompareHost } from '../../../src/protocol/compare';
import type { VsCodeApi } from '../host';
import type { CompareActions } from './actions';
import { ComparePage } from './ComparePage';
import { INITIAL, reduceCompare } from './state';

export function CompareApp({ api, incoming }: { api: VsCodeApi; incoming: EventTarget }) {
  const [state, dispatch] = useReducer(reduceCompare, INITIAL);
  const actions = useMemo<CompareActions>(() => {
    const post = (message: CompareWebviewMessage): void => api.postMessage(message);
    return {
      read: () => post({ type: 'ready', protocol: COMPARE_PROTOCOL }),
      jump: () => dispatch({ type: 'jump' }),
      show: (view) => dispatch({ type: 'view', view }),
      need: (view, from) => post({ type: 'rows', view, from }),
      openEvent: (runId, seq) => post({ type: 'openEvent', runId, seq }),
      openDiff: (file, run) => post({ type: 'openDiff', file, run }),
    };
  }, [api]);
  useEffect(() => {
    const onEvent = (event: Event): void => {
      if (!(event instanceof MessageEvent)) return;
      const parsed = parseCompareHost(event.data);
      if (parsed.ok && parsed.value.type === 'start') api.setState({ runs: parsed.value.runs });
      dispatch(parsed.ok ? { type: 'host', message: parsed.value } : { type: 'problem', message: parsed.error });
    };
    incoming.addEventListener('message', onEvent);
    actions.read();
    return () => incoming.removeEventListener('message', onEvent);
  }, [api, incoming, actions]);
  return <ComparePage state={state} actions={actions} />;
}

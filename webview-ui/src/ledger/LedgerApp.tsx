/** The root of the page "What Left This Machine": joins the reducer to the host. */
import { useEffect, useMemo, useReducer } from 'react';
import { LEDGER_PROTOCOL, type LedgerWebviewMessage, parseLedgerHost } from '../../../src/protocol/ledger';
import type { VsCodeApi } from '../host';
import { type LedgerActions, LedgerPage } from './LedgerPage';
import { INITIAL, reduceLedger } from './state';

export function LedgerApp({ api, incoming }: { api: VsCodeApi; incoming: EventTarget }) {
  const [state, dispatch] = useReducer(reduceLedger, INITIAL);
  const actions = useMemo<LedgerActions>(() => {
    const post = (message: LedgerWebviewMessage): void => api.postMessage(message);
    return {
      group: (by) => dispatch({ type: 'group', by }),
      filter: (text) => dispatch({ type: 'filter', text }),
      local: (shown) => dispatch({ type: 'local', shown }),
      read: () => post({ type: 'ready', protocol: LEDGER_PROTOCOL }),
      cancel: () => post({ type: 'cancel' }),
      exportCsv: () => post({ type: 'export' }),
      openRun: (runId) => post({ type: 'openRun', runId }),
    };
  }, [api]);
  useEffect(() => {
    const onEvent = (event: Event): void => {
      if (!(event instanceof MessageEvent)) return;
      const parsed = parseLedgerHost(event.data);
      dispatch(parsed.ok ? { type: 'host', message: parsed.value } : { type: 'problem', message: parsed.error });
    };
    incoming.addEventListener('message', onEvent);
    actions.read();
    return () => incoming.removeEventListener('message', onEvent);
  }, [incoming, actions]);
  return <LedgerPage state={state} actions={actions} />;
}

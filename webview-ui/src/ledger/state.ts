/** What the page "What Left This Machine" knows, as a function of what the host has said and the person has chosen. */
import type { Grouping, LedgerEntry, LedgerHostMessage } from '../../../src/protocol/ledger';

export type LedgerState = {
  /** `connecting`: nothing has come yet. */
  readonly phase: 'connecting' | 'reading' | 'read' | 'cancelled';
  /** The one run that the page is about; null: all. */
  readonly run: string | null;
  /** How many runs there are to read. */
  readonly runs: number;
  readonly entries: readonly LedgerEntry[];
  readonly problem: string | null;
  readonly by: Grouping;
  readonly filter: string;
  /** Whether runs with a model on this machine are listed as well. */
  readonly local: boolean;
};

export type LedgerAction =
  | { readonly type: 'host'; readonly message: LedgerHostMessage }
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'group'; readonly by: Grouping }
  | { readonly type: 'filter'; readonly text: string }
  | { readonly type: 'local'; readonly shown: boolean };

export const INITIAL: LedgerState = {
  phase: 'connecting',
  run: null,
  runs: 0,
  entries: [],
  problem: null,
  by: 'run',
  filter: '',
  local: false,
};

export function reduceLedger(state: LedgerState, action: LedgerAction): LedgerState {
  switch (action.type) {
    case 'host':
      return told(state, action.message);
    case 'problem':
      return { ...state, problem: action.message };
    case 'group':
      return { ...state, by: action.by };
    case 'filter':
      return { ...state, filter: action.text };
    case 'local':
      return { ...state, local: action.shown };
  }
}

function told(state: LedgerState, message: LedgerHostMessage): LedgerState {
  switch (message.type) {
    case 'start': {
      const by = state.phase === 'connecting' && message.run !== null ? 'file' : state.by;
      const { run, runs } = message;
      return { ...state, phase: 'reading', run, runs, entries: [], problem: null, by };
    }
    case 'run':
      return { ...state, entries: [...state.entries, message.entry] };
    case 'end':
      return { ...state, phase: message.cancelled ? 'cancelled' : 'read', problem: message.problem };
  }
}

/** What the page "Compare Runs" knows, as a function of what the host has said and the person has chosen. */
import {
  type ComparedMessage,
  type CompareHostMessage,
  type CompareRow,
  type CompareView,
  PAGE,
} from '../../../src/protocol/compare';

export type CompareState = {
  /** `connecting`: nothing has come yet. */
  readonly phase: 'connecting' | 'reading' | 'read' | 'failed';
  /** Ids of the runs, in their order. */
  readonly runs: readonly string[];
  /** What was found last; it stays while it is read again. */
  readonly result: ComparedMessage | null;
  readonly problem: string | null;
  readonly view: CompareView;
  /** Pages of columns, by view and first place; the ones that came last. */
  readonly pages: ReadonlyMap<string, readonly CompareRow[]>;
  /** The place that the person asked to be shown; a new object each time. */
  readonly jump: { readonly place: number } | null;
};

export type CompareAction =
  | { readonly type: 'host'; readonly message: CompareHostMessage }
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'view'; readonly view: CompareView }
  /** To the first column that differs. */
  | { readonly type: 'jump' };

export const INITIAL: CompareState = {
  phase: 'connecting',
  runs: [],
  result: null,
  problem: null,
  view: 'all',
  pages: new Map(),
  jump: null,
};

/** The most pages that are kept: what was scrolled past long ago is asked for again. */
const MAX_PAGES = 100;

export function reduceCompare(state: CompareState, action: CompareAction): CompareState {
  switch (action.type) {
    case 'host':
      return told(state, action.message);
    case 'problem':
      return { ...state, phase: 'failed', problem: action.message };
    case 'view':
      return { ...state, view: action.view, jump: null };
    case 'jump': {
      const first = state.result?.columns?.first ?? null;
      return first === null ? state : { ...state, jump: { place: state.view === 'all' ? first : 0 } };
    }
  }
}

function told(state: CompareState, message: CompareHostMessage): CompareState {
  switch (message.type) {
    case 'start':
      return { ...state, phase: 'reading', runs: message.runs, problem: null };
    case 'compared':
      return { ...state, phase: 'read', result: message, pages: new Map(), jump: null };
    case 'rows': {
      const pages = new Map(state.pages);
      pages.set(keyOf(message.view, message.from), message.rows);
      const [oldest] = pages.keys();
      if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
      return { ...state, pages };
    }
    case 'problem':
      return { ...state, phase: 'failed', problem: message.message };
  }
}

const keyOf = (view: CompareView, from: number): string => `${view} ${from}`;

/** Where the page begins that a column stands in. */
export const pageOf = (place: number): number => Math.floor(place / PAGE) * PAGE;

/** The column at a place of the view; undefined as long as its page has not come. */
export const rowAt = ({ pages, view }: CompareState, place: number): CompareRow | undefined =>
  pages.get(keyOf(view, pageOf(place)))?.[place - pageOf(place)];

/** The pages that the places from one to another lie in, and that have not come. */
export function missingPages({ pages, view }: CompareState, from: number, to: number): number[] {
  const missing: number[] = [];
  for (let page = pageOf(from); page <= to; page += PAGE) if (!pages.has(keyOf(view, page))) missing.push(page);
  return missing;
}

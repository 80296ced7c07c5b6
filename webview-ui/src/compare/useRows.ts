/** A virtual list in the page's own scroller, whose rows are asked for page by page. */
import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ComparedMessage, CompareView } from '../../../src/protocol/compare';
import { type CompareState, missingPages, rowAt } from './state';

/** The height of a line, in pixels. */
const LINE = 22;
/** Below this width, in pixels, the runs stand one below the other. The style sheet has the same. */
const NARROW = 560;
/** What sticks to the top of the page covers so much of it, in pixels. */
const HEAD = 66;

export type Rows = {
  readonly virtual: Virtualizer<HTMLElement, Element>;
  /** The rows that are drawn. */
  readonly items: readonly VirtualItem[];
  /** How much of the page stands above the first row, in pixels. */
  readonly above: number;
  readonly narrow: boolean;
};

export function useRows(
  state: CompareState,
  count: number,
  scroller: RefObject<HTMLElement>,
  grid: RefObject<HTMLElement>,
): Rows {
  const { narrow, above } = useLayout(scroller, grid);
  const virtual = useVirtualizer<HTMLElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    // One run below the other, a step that differs has a line for each.
    estimateSize: (place) => (narrow && rowAt(state, place)?.state === 'changed' ? 2 * LINE : LINE),
    overscan: 12,
    scrollMargin: above,
    scrollPaddingStart: HEAD,
  });
  const { pages } = state;
  const known = useRef({ narrow, pages });
  useEffect(() => {
    // Heights are known again when the width has changed, or rows have come that are drawn one below the other.
    if (known.current.narrow !== narrow || (narrow && known.current.pages !== pages)) virtual.measure();
    known.current = { narrow, pages };
  }, [narrow, pages, virtual]);
  return { virtual, items: virtual.getVirtualItems(), above, narrow };
}

/** Asks for the pages that the rows from one place to another lie in, each once until it has come. */
export function useAsking(
  state: CompareState,
  from: number,
  to: number,
  ask: (view: CompareView, from: number) => void,
): void {
  const asked = useRef<{ of: ComparedMessage | null; pages: Set<string> }>({ of: null, pages: new Set() });
  useEffect(() => {
    if (to < from) return;
    const { view, result } = state;
    const missing = missingPages(state, from, to);
    // What came and was let go of can be asked for again.
    const earlier = asked.current.of === result ? asked.current.pages : new Set<string>();
    const pages = new Set<string>();
    for (const page of missing) {
      const key = `${view} ${page}`;
      if (!earlier.has(key)) ask(view, page);
      pages.add(key);
    }
    asked.current = { of: result, pages };
  }, [state, from, to, ask]);
}

function useLayout(scroller: RefObject<HTMLElement>, grid: RefObject<HTMLElement>): Pick<Rows, 'narrow' | 'above'> {
  const [layout, setLayout] = useState({ narrow: false, above: 0 });
  useEffect(() => {
    const page = scroller.current;
    if (page === null) return;
    const look = (): void => {
      const next = { narrow: page.clientWidth < NARROW, above: grid.current?.offsetTop ?? 0 };
      setLayout((known) => (known.narrow === next.narrow && known.above === next.above ? known : next));
    };
    const observer = new ResizeObserver(look);
    observer.observe(page);
    // What stands above the rows grows and shrinks.
    for (const child of page.children) observer.observe(child);
    look();
    return () => observer.disconnect();
  }, [scroller, grid]);
  return layout;
}

/**
 * Which rows are in sight. All rows have one height, so that what is drawn after the selection has moved is known before the
 * browser has laid anything out: one drawing and one layout for a step of scrubbing, where a general virtualizer takes two.
 */
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/** Pixels; styles/list.css says so too. */
export const ROW = 22;
/** Rows that are drawn above and below of what is in sight. */
const SPARE = 2;
/** What is drawn before the height of the list is known, in pixels. */
const FIRST_HEIGHT = 2200;
/** Free room below the last row, in pixels; styles/list.css says so too. */
const BELOW = 8;

export type Sight = { readonly top: number; readonly height: number };

/** The place to scroll to so that a row is in sight: the nearest, or the end of the sight while the head is followed. Pure. */
export function topFor({ top, height }: Sight, at: number, count: number, following: boolean): number {
  const most = Math.max(0, count * ROW + BELOW - height);
  if (at < 0) return Math.min(top, most);
  const begin = at * ROW;
  // Below the row of the visit, which stays at the top.
  const highest = Math.max(0, begin - ROW);
  const lowest = begin + ROW - height;
  const next = following ? lowest : Math.max(lowest, Math.min(top, highest));
  return Math.max(0, Math.min(next, most));
}

/** The rows from `from` to before `to` are to be drawn. Pure. */
export function rowsIn({ top, height }: Sight, count: number): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.floor(top / ROW) - SPARE);
  return { from, to: Math.min(count, Math.ceil((top + height) / ROW) + SPARE) };
}

/** Where pages are made without a document, as in tests, nothing is laid out. */
const useLaidOut = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** How many rows are drawn at most: the row `index` is drawn by the slot `index % slots`, as long as it is in sight. Pure. */
export const slotsIn = ({ height }: Sight): number => Math.ceil(height / ROW) + 2 * SPARE + 1;

type Wanted = { readonly at: number; readonly count: number; readonly following: boolean };

/** Keeps the row `at` in sight whenever it changes, and follows what the person scrolls. */
export function useSight(list: RefObject<HTMLElement>, wanted: Wanted): Sight {
  const [sight, setSight] = useState({ top: 0, height: FIRST_HEIGHT, moves: 0, for: null as Wanted | null });
  const { at, count, following } = wanted;
  const known = sight.for;
  let now = sight;
  if (known === null || known.at !== at || known.count !== count || known.following !== following) {
    // A row that only changed its place, as when a run grows, is not brought back to where it was scrolled away from.
    const same = known !== null && known.at === at && known.following === following && !following;
    const top = same ? sight.top : topFor(sight, at, count, following);
    now = { ...sight, top, moves: sight.moves + (top === sight.top ? 0 : 1), for: wanted };
    setSight(now);
  }
  // Only what was not scrolled by the person is to be scrolled to.
  useLaidOut(() => {
    if (list.current !== null) list.current.scrollTop = now.top;
  }, [now.moves]);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const onScroll = (): void => {
      const { scrollTop } = element;
      setSight((before) => (before.top === scrollTop ? before : { ...before, top: scrollTop }));
    };
    const observer = new ResizeObserver(() => {
      const height = element.clientHeight;
      setSight((before) => {
        if (before.height === height || height === 0) return before;
        const { at: row, count: all, following: head } = before.for ?? { at: -1, count: 0, following: false };
        const top = topFor({ top: before.top, height }, row, all, head);
        return { ...before, height, top, moves: before.moves + 1 };
      });
    });
    element.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [list]);
  return now;
}

import { useEffect, useRef } from 'react';
import type { TimelineState } from '../state';
import { playedTo } from './schedule';

/** Moves the selection on while the run is played, once a frame. */
export function usePlayback({ log, selected, playing }: TimelineState, advance: (to: number) => void): void {
  const now = useRef({ log, seq: selected ?? 0 });
  now.current = { log, seq: selected ?? 0 };
  useEffect(() => {
    if (playing === null) return;
    let left = 0;
    let before: number | null = null;
    let request = requestAnimationFrame(function tick(time) {
      left += before === null ? 0 : time - before;
      before = time;
      const { log: known, seq } = now.current;
      const next = playedTo(known, seq, left, playing);
      left = next.left;
      if (next.seq !== seq || next.seq >= known.length - 1) advance(next.seq);
      request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [playing, advance]);
}

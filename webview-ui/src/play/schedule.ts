/** How a run is played: by the times that are recorded, faster or slower, and never standing still for long. Pure. */
import type { EventLog } from '../log/log';

/** The longest time in milliseconds that one event stays, at any speed; what was idle longer is not waited for. */
export const LONGEST_MS = 1000;
/** Events that follow each other at once are shown for a moment each, in milliseconds at speed 1. */
export const SHORTEST_MS = 30;

/** How long an event stays until the next one, in milliseconds. */
export function pauseAfter(log: EventLog, seq: number, speed: number): number {
  const gap = Math.max(SHORTEST_MS, log.time(seq + 1) - log.time(seq));
  return Math.min(LONGEST_MS, gap / speed);
}

/** Where a run is that stood at `seq`, `elapsed` milliseconds ago, and what of these was not used up. */
export function playedTo(log: EventLog, seq: number, elapsed: number, speed: number): { seq: number; left: number } {
  let [at, left] = [seq, elapsed];
  while (at < log.length - 1) {
    const pause = pauseAfter(log, at, speed);
    if (left < pause) break;
    left -= pause;
    at += 1;
  }
  return { seq: at, left };
}

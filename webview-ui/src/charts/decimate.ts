/** Fewer points for fewer pixels. Pure. */
import type { Point } from './spending';

/**
 * At most two points for each of `buckets` stretches of the time between the first and the last: the first and the last of
 * the stretch. Of lines that only rise, that is what can be seen of them. The order stays, and so do the first and the last
 * of all.
 */
export function decimate(points: readonly Point[], buckets: number): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length <= 2 * buckets) return points;
  const width = (last.at - first.at) / buckets;
  if (width === 0) return [first, last];
  const kept: Point[] = [];
  const bucketOf = ({ at }: Point): number => Math.min(buckets - 1, Math.floor((at - first.at) / width));
  for (const [index, point] of points.entries()) {
    const [before, after] = [points[index - 1], points[index + 1]];
    const opens = before === undefined || bucketOf(before) !== bucketOf(point);
    const closes = after === undefined || bucketOf(after) !== bucketOf(point);
    if (opens || closes) kept.push(point);
  }
  return kept;
}

/** The point whose time is nearest; null when there is none. Of several at one time, the last. */
export function nearest(points: readonly Point[], at: number): Point | null {
  const after = countUntil(points, (point) => point.at > at);
  const [before, next] = [points[after - 1], points[after]];
  if (before === undefined || next === undefined) return before ?? next ?? null;
  return next.at - at < at - before.at ? next : before;
}

/** What all had come to at an event; null before anything was spent. */
export const pointAt = (points: readonly Point[], seq: number): Point | null =>
  points[countUntil(points, (point) => point.seq > seq) - 1] ?? null;

/** How many points come before the first that is beyond: a binary search. */
function countUntil(points: readonly Point[], isBeyond: (point: Point) => boolean): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = points[middle];
    if (point !== undefined && !isBeyond(point)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The lines over time: tokens against the left axis, cost against the right. A picture for the mouse; whoever does not see
 * or point has the same in the table.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { colours, useThemeChanges } from '../theme';
import { decimate, nearest } from './decimate';
import { chartOptions } from './options';
import type { Point } from './spending';

const HEIGHT = 150;

type SpendingChartProps = {
  points: readonly Point[];
  /** Milliseconds from the first event to the last one that is there. */
  until: number;
  /** The same to the selected one; null when none is selected. */
  selectedAt: number | null;
  /** What the picture shows, in words. */
  label: string;
  onSelect: (seq: number) => void;
  /** The point under the mouse; null when it has left. */
  onPoint: (point: Point | null) => void;
};

export function SpendingChart({ points, until, selectedAt, label, onSelect, onPoint }: SpendingChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const theme = useThemeChanges();
  // What the chart's own listeners read: they are put up once for each chart.
  const now = useRef({ points, until, selectedAt, onSelect, onPoint });
  // The list of points grows in place; its length says so.
  const drawn = useMemo(() => decimate(points, Math.max(100, width)), [points, points.length, width]);
  now.current = { points: drawn, until, selectedAt, onSelect, onPoint };
  const chart = useRef<uPlot | null>(null);
  // Once a cost is known it stays so.
  const hasCost = (points.at(-1)?.costUsd ?? null) !== null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew with every change of the theme.
  useEffect(() => {
    if (place.current === null || width === 0) return;
    const font = getComputedStyle(place.current);
    const made = new uPlot(
      chartOptions({
        size: { width, height: HEIGHT },
        hasCost,
        until: () => now.current.until,
        colour: colours(),
        font: `${font.fontSize} ${font.fontFamily}`,
        selectedAt: () => now.current.selectedAt,
        onCursor: (at) => now.current.onPoint(at === null ? null : nearest(now.current.points, at)),
      }),
      dataOf(now.current.points, hasCost),
      place.current,
    );
    const clicked = (event: MouseEvent): void => {
      const at = made.posToVal(event.offsetX, 'x') * 1000;
      const point = nearest(now.current.points, at);
      if (point !== null) now.current.onSelect(point.seq);
    };
    made.over.addEventListener('click', clicked);
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [width, theme, hasCost]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the axis ends where the run does.
  useEffect(() => chart.current?.setData(dataOf(drawn, hasCost)), [drawn, hasCost, until]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark is drawn with the chart.
  useEffect(() => chart.current?.redraw(false), [selectedAt]);

  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

/** Seconds, tokens and, where any is known, US dollars; at the start of the run nothing is spent. */
function dataOf(points: readonly Point[], hasCost: boolean): uPlot.AlignedData {
  const seconds = [0, ...points.map(({ at }) => at / 1000)];
  const tokens = [0, ...points.map((point) => point.tokens)];
  return hasCost ? [seconds, tokens, [0, ...points.map(({ costUsd }) => costUsd)]] : [seconds, tokens];
}

function useWidth(place: React.RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return width;
}

/** The whole run in small, while only a part of it is in sight: the part is framed, and dragging moves it. */
import { type PointerEvent, useMemo } from 'react';
import type { EventLog } from '../log/log';
import { panned, type TimeAxis, toPosition, toX, type View, wholeOf } from './axis';
import { lanesOf } from './paint';
import { useDrawing, useWidth } from './useDrawing';

type MinimapProps = { log: EventLog; axis: TimeAxis; view: View; onView: (view: View) => void };

export function Minimap({ log, axis, view, onView }: MinimapProps) {
  const { ref, width } = useWidth();
  const lanes = useMemo(() => lanesOf(true), []);
  const whole = wholeOf(axis);
  const canvas = useDrawing({ log, axis, view: whole, width, lanes, fitting: null });
  const move = (event: PointerEvent<HTMLElement>): void => {
    if (event.buttons !== 1) return;
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    onView(panned(view, axis, toPosition(left, whole, width) - (view.from + view.to) / 2));
  };
  const left = toX(view.from, whole, width);
  return (
    <div ref={ref} className="minimap" aria-hidden="true" onPointerDown={move} onPointerMove={move}>
      <canvas ref={canvas} />
      <i
        className="minimap-frame"
        style={{ left: `${left}px`, width: `${Math.max(4, toX(view.to, whole, width) - left)}px` }}
      />
    </div>
  );
}

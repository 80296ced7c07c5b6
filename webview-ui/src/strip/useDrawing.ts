/** Effects of the strip: its width, and the drawing of what stays while somebody scrubs. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { EventLog } from '../log/log';
import { colours, useThemeChanges } from '../theme';
import type { TimeAxis, View } from './axis';
import { bucketsOf, spansOf } from './buckets';
import { type Lanes, paint, paletteOf } from './paint';

/** The width of an element in pixels, as long as it is there; a likely one before it is known. */
export function useWidth(): { ref: RefObject<HTMLDivElement>; width: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(1, Math.floor(element.clientWidth))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

type Drawn = {
  log: EventLog;
  axis: TimeAxis;
  view: View;
  width: number;
  lanes: Lanes;
  fitting: Uint32Array | null;
};

/** Milliseconds between two drawings of a run that is still coming in: each looks at all of its events. */
const PAUSE_MS = 120;

/** The canvas on which a run is drawn; again when something of it changes, and not when only the selection moves. */
export function useDrawing({ log, axis, view, width, lanes, fitting }: Drawn): RefObject<HTMLCanvasElement> {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useThemeChanges();
  const last = useRef({ at: 0, length: 0 });
  const { from, to } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another picture.
  useEffect(() => {
    const draw = (): void => {
      const canvas = ref.current;
      const context = canvas?.getContext('2d') ?? null;
      if (canvas === null || context === null) return;
      last.current = { at: performance.now(), length: log.length };
      const scale = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(lanes.height * scale);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${lanes.height}px`;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const shown = { from, to };
      paint(context, {
        ...{ log, axis, lanes },
        view: shown,
        buckets: bucketsOf(log, axis, shown, width, fitting),
        spans: spansOf(log, axis, shown, width),
        palette: paletteOf(colours()),
        font: `11px ${getComputedStyle(canvas).fontFamily}`,
      });
    };
    const grows = log.length !== last.current.length;
    const wait = grows ? last.current.at + PAUSE_MS - performance.now() : 0;
    if (wait <= 0) {
      draw();
      return;
    }
    const timer = setTimeout(draw, wait);
    return () => clearTimeout(timer);
  }, [log, axis, from, to, width, lanes, fitting, theme]);
  return ref;
}

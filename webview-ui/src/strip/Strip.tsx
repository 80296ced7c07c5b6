/**
 * The run as a strip of lanes over time: drag to scrub, wheel to zoom, Shift and drag for a stretch that narrows the list. For
 * people who do not see it, a slider whose value says in words where they are.
 */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { formatNumber } from '../../../src/protocol/format';
import type { RunView } from '../../../src/protocol/messages';
import { IconButton, Toggle } from '../controls';
import { type Filter, LANE_NAMES, LANES } from '../filter/filter';
import type { EventLog } from '../log/log';
import type { TimelineState } from '../state';
import { clock } from '../time';
import { isWhole, panned, showing, TimeAxis, toPosition, toX, type View, wholeOf, zoomed } from './axis';
import { Minimap } from './Minimap';
import { lanesOf } from './paint';
import { useDrawing, useWidth } from './useDrawing';

type StripProps = {
  state: TimelineState;
  run: RunView;
  fitting: Uint32Array | null;
  compact: boolean;
  onSelect: (seq: number) => void;
  onFilter: (filter: Partial<Filter>) => void;
};

/** Events that a larger step goes on. */
const STRIDE = 10;

export function Strip({ state, run, fitting, compact, onSelect, onFilter }: StripProps) {
  const { log, selected, filter } = state;
  const [idleShown, setIdleShown] = useState(false);
  const [zoom, setZoom] = useState<View | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  /** Where a stretch that is chosen by keys begins. */
  const [anchor, setAnchor] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ kind: 'scrub' | 'range'; from: number } | null>(null);
  const axis = useAxis(log, idleShown);
  const view = zoom ?? wholeOf(axis);
  const { ref, width } = useWidth();
  const lanes = useMemo(() => lanesOf(compact), [compact]);
  const canvas = useDrawing({ log, axis, view, width, lanes, fitting });
  const at = selected ?? log.length - 1;
  const x = toX(axis.at(at), view, width);

  // Wherever the selection goes, it is in sight.
  useEffect(() => {
    setZoom((before) => (before === null ? null : showing(before, axis, axis.at(at))));
  }, [axis, at]);
  const come = (about: number, factor: number): void => {
    const next = zoomed(view, axis, about, factor);
    setZoom(isWhole(next, axis) ? null : next);
  };
  useWheel(ref, (event, left) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      setZoom(zoom === null ? null : panned(zoom, axis, (event.deltaX / width) * (zoom.to - zoom.from)));
    } else come(toPosition(left, view, width), event.deltaY < 0 ? 0.8 : 1.25);
  });

  const seqAt = (event: PointerEvent<HTMLElement>): number => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return Math.max(0, axis.nearest(toPosition(left, view, width)));
  };
  const ranged = (from: number, to: number): void =>
    onFilter({ range: { from: Math.min(from, to), to: Math.max(from, to) } });
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const seq = seqAt(event);
    if (event.nativeEvent.isTrusted) event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ kind: event.shiftKey ? 'range' : 'scrub', from: seq });
    if (!event.shiftKey) onSelect(seq);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const seq = seqAt(event);
    setHover(seq);
    if (drag?.kind === 'range') ranged(drag.from, seq);
    else if (drag !== null && seq !== at) onSelect(seq);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = seqForKey(event.key, event.shiftKey, at, log.length);
    if (target !== null) onSelect(target);
    else if (event.key === '+' || event.key === '=') come(axis.at(at), 0.6);
    else if (event.key === '-') come(axis.at(at), 1.6);
    else if (event.key === '0') setZoom(null);
    else if (event.key === 'x' && anchor === null) setAnchor(at);
    else if (event.key === 'x' && anchor !== null) {
      ranged(anchor, at);
      setAnchor(null);
    } else if (event.key === 'Escape' && anchor !== null) setAnchor(null);
    else if (event.key === 'Escape' && filter.range !== null) onFilter({ range: null });
    else return;
    event.preventDefault();
  };

  return (
    <section className={`strip${compact ? ' is-compact' : ''}`} aria-label="Strip">
      {compact ? null : <Names lanes={lanes} />}
      <div className="strip-body">
        <div
          ref={ref}
          className="strip-lanes"
          role="slider"
          tabIndex={0}
          aria-label="Position in the run"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={log.length - 1}
          aria-valuenow={at}
          aria-valuetext={`${valueText(log, at)}${anchor === null ? '' : `, a stretch from event ${anchor + 1}`}`}
          style={{ height: `${lanes.height}px` }}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={() => setDrag(null)}
          onPointerCancel={() => setDrag(null)}
          onPointerLeave={() => setHover(null)}
          onKeyDown={onKeyDown}
        >
          {/* A picture of what the slider says: of a slider, what is inside is not read aloud. */}
          <canvas ref={canvas} />
          <Stretch range={filter.range} axis={axis} view={view} width={width} />
          {anchor === null ? null : (
            <i
              className="strip-anchor"
              style={{ transform: `translateX(${Math.round(toX(axis.at(anchor), view, width))}px)` }}
            />
          )}
          {x >= 0 && x <= width ? (
            <i className="strip-cursor" style={{ transform: `translateX(${Math.round(x)}px)` }} />
          ) : null}
          {hover === null || drag?.kind === 'scrub' ? null : (
            <Hint log={log} seq={hover} x={toX(axis.at(hover), view, width)} width={width} startedAt={run.startedAt} />
          )}
        </div>
        {zoom === null || compact ? null : <Minimap log={log} axis={axis} view={zoom} onView={setZoom} />}
      </div>
      <div className="strip-tools">
        <IconButton label="Zoom in (+)" icon="zoom-in" onClick={() => come(axis.at(at), 0.6)} />
        <IconButton
          label="Zoom out (-)"
          icon="zoom-out"
          disabled={zoom === null}
          onClick={() => come(axis.at(at), 1.6)}
        />
        <IconButton
          label="Show the whole run (0)"
          icon="screen-full"
          disabled={zoom === null}
          onClick={() => setZoom(null)}
        />
        {axis.breaks.length > 0 || idleShown ? (
          <Toggle
            icon="watch"
            pressed={idleShown}
            title={idleShown ? 'Cut idle time short' : `Show idle time (${formatNumber(axis.breaks.length)} cut short)`}
            onClick={() => {
              setIdleShown(!idleShown);
              setZoom(null);
            }}
          >
            <span className="only-read-aloud">Idle time</span>
          </Toggle>
        ) : null}
      </div>
    </section>
  );
}

/** The axis of a log; while the log grows, what is known of it already is used again. */
function useAxis(log: EventLog, idleShown: boolean): TimeAxis {
  const last = useRef<{ axis: TimeAxis; log: EventLog; idleShown: boolean } | null>(null);
  return useMemo(() => {
    const { current } = last;
    const grown = current !== null && current.idleShown === idleShown && log.continues(current.log);
    const axis = TimeAxis.of(log, idleShown, grown ? current.axis : undefined);
    last.current = { axis, log, idleShown };
    return axis;
  }, [log, idleShown]);
}

/** The wheel is taken over, which React's own listeners may not do. */
function useWheel(
  ref: { readonly current: HTMLElement | null },
  turned: (event: WheelEvent, left: number) => void,
): void {
  const latest = useRef(turned);
  latest.current = turned;
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      latest.current(event, event.clientX - element.getBoundingClientRect().left);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [ref]);
}

function Names({ lanes }: { lanes: ReturnType<typeof lanesOf> }) {
  return (
    <div className="strip-names" aria-hidden="true">
      {LANES.map((lane, index) => (
        <span
          key={lane}
          style={{ top: `${lanes.rows[index]?.top ?? 0}px`, height: `${lanes.rows[index]?.height ?? 0}px` }}
        >
          {LANE_NAMES[lane]}
        </span>
      ))}
    </div>
  );
}

type StretchProps = { range: Filter['range']; axis: TimeAxis; view: View; width: number };

/** What of the run the list is narrowed to; the rest is dimmed. */
function Stretch({ range, axis, view, width }: StretchProps) {
  if (range === null) return null;
  const left = Math.max(0, Math.min(width, toX(axis.at(range.from), view, width) - 1));
  const right = Math.max(left, Math.min(width, toX(axis.at(range.to), view, width) + 2));
  return (
    <>
      <i className="strip-outside" style={{ left: 0, width: `${left}px` }} />
      <i className="strip-outside" style={{ left: `${right}px`, width: `${width - right}px` }} />
    </>
  );
}

type HintProps = { log: EventLog; seq: number; x: number; width: number; startedAt: string };

function Hint({ log, seq, x, width, startedAt }: HintProps) {
  const header = log.at(seq);
  if (header === undefined) return null;
  const side = x > width / 2 ? { right: `${width - x + 8}px` } : { left: `${x + 8}px` };
  return (
    <div className="strip-hint" aria-hidden="true" style={side}>
      <span>{header.title}</span>
      <span className="quiet">{`${header.node ?? 'run'} · ${clock(startedAt, header.at)} · event ${seq}`}</span>
    </div>
  );
}

/** `event 12 of 87: node.started lint` */
export function valueText(log: EventLog, at: number): string {
  const header = log.at(at);
  if (header === undefined) return 'no event';
  return `event ${at + 1} of ${log.length}: ${header.type}${header.node === undefined ? '' : ` ${header.node}`}`;
}

/** Where a key leads from an event; null when the key means nothing here. */
export function seqForKey(key: string, far: boolean, at: number, events: number): number | null {
  const within = (seq: number): number => Math.max(0, Math.min(events - 1, seq));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(at - (far ? STRIDE : 1));
    case 'ArrowRight':
    case 'ArrowUp':
      return within(at + (far ? STRIDE : 1));
    case 'PageUp':
      return within(at - Math.max(STRIDE, Math.round(events / 20)));
    case 'PageDown':
      return within(at + Math.max(STRIDE, Math.round(events / 20)));
    case 'Home':
      return 0;
    case 'End':
      return events - 1;
    default:
      return null;
  }
}

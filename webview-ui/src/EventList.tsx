/**
 * The events of a run by visit of a node, as a tree of two levels of which only the rows in sight are drawn. One tab stop: ↑/↓
 * walk what is shown, ←/→ every event, Home/End to the ends, Enter or Space folds the visit of the selected event.
 */
import { type KeyboardEvent, useMemo, useRef } from 'react';
import type { RunView } from '../../src/protocol/messages';
import { IconButton } from './controls';
import { EventRow } from './list/EventRow';
import { neighbour, type Row, type Rows, rowsOf } from './list/rows';
import { ROW, rowsIn, slotsIn, useSight } from './list/useSight';
import { VisitRow } from './list/VisitRow';
import { isLive, type TimelineState } from './state';

type EventListProps = {
  state: TimelineState;
  run: RunView;
  /** The seqs that are shown, in order; null for all. */
  fitting: Uint32Array | null;
  onSelect: (seq: number) => void;
  onFold: (keys: readonly string[], folded: boolean) => void;
  /** The person looks elsewhere: the head of a live run is followed no longer. */
  onStay: () => void;
};

export function EventList({ state, run, fitting, onSelect, onFold, onStay }: EventListProps) {
  const { selected, collapsed, log, following } = state;
  const rows = useMemo(() => rowsOf(log, collapsed, fitting), [log, collapsed, fitting]);
  const list = useRef<HTMLDivElement>(null);
  const at = selected === null ? -1 : rows.indexOf(selected);
  const sight = useSight(list, { at, count: rows.count, following });

  const visits = useVisitKeys(log);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (selected === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const fold = event.key === 'Enter' || event.key === ' ' ? log.visit(log.visitOf(selected)) : undefined;
    const target = seqForKey(event.key, selected, rows, log.length);
    if (fold === undefined && target === null) return;
    event.preventDefault();
    if (fold !== undefined) onFold([fold.key], !collapsed.has(fold.key));
    else if (target !== null && target !== selected) onSelect(target);
  };

  const { from, to } = rowsIn(sight, rows.count);
  const slots = slotsIn(sight);
  const shown = Array.from({ length: to - from }, (_, place) => ({ index: from + place, row: rows.row(from + place) }));
  const stuck = stuckVisit(rows, Math.floor(sight.top / ROW));
  const draw = (row: Row) => {
    if (row.kind === 'event') {
      const header = log.at(row.seq);
      if (header === undefined) return null;
      const isSelected = row.seq === selected;
      return (
        <EventRow
          header={header}
          place={row.place}
          of={row.of}
          selected={isSelected}
          startedAt={run.startedAt}
          onSelect={onSelect}
        />
      );
    }
    const { visit, place, of, folded } = row;
    const holds = selected !== null && visit.from <= selected && selected < visit.to;
    const live = isLive(run) && visit.to === log.length;
    return (
      <VisitRow
        visit={visit}
        place={place}
        of={of}
        live={live}
        folded={folded}
        selected={folded && holds}
        onFold={onFold}
      />
    );
  };
  return (
    <section className="events" aria-label="Events">
      <div className="pane-title">
        <h2>Events</h2>
        <IconButton label="Expand all" icon="expand-all" onClick={() => onFold(visits(), false)} />
        <IconButton label="Collapse all" icon="collapse-all" onClick={() => onFold(visits(), true)} />
      </div>
      <div
        className="event-list"
        role="tree"
        aria-label="Events of the run"
        tabIndex={0}
        aria-activedescendant={activeOf(rows, at, selected)}
        onKeyDown={onKeyDown}
        onWheel={({ deltaY }) => {
          if (following && deltaY < 0 && isLive(run)) onStay();
        }}
        ref={list}
      >
        {stuck === null ? null : (
          <div className="visit-stuck" aria-hidden="true">
            <VisitRow
              visit={stuck.visit}
              place={stuck.place}
              of={stuck.of}
              live={isLive(run) && stuck.visit.to === log.length}
              folded={false}
              selected={false}
              onFold={onFold}
              copy
            />
          </div>
        )}
        <div className="event-rows" role="presentation" style={{ height: `${rows.count * ROW}px` }}>
          {shown.map(({ row, index }) => (
            <div
              key={index % slots}
              role="presentation"
              className="event-slot"
              style={{ transform: `translateY(${index * ROW}px)` }}
            >
              {row === undefined ? null : draw(row)}
            </div>
          ))}
        </div>
        {rows.count === 0 ? <p className="quiet list-empty">No event fits what is searched and filtered for.</p> : null}
      </div>
    </section>
  );
}

/** The keys of all visits, made when they are asked for. */
const useVisitKeys = (log: TimelineState['log']) => (): string[] =>
  Array.from({ length: log.visitCount }, (_, index) => log.visit(index)?.key ?? '');

/** The visit whose row has been scrolled out of sight while its events are at the top; null when its own row is there. */
function stuckVisit(rows: Rows, top: number): Extract<Row, { kind: 'visit' }> | null {
  const row = rows.row(top);
  if (row === undefined || row.kind === 'visit') return null;
  const above = rows.row(top - row.place);
  return above?.kind === 'visit' ? above : null;
}

/** The id of the row that stands for the selected event. */
function activeOf(rows: Rows, at: number, selected: number | null): string | undefined {
  const row = rows.row(at);
  if (row === undefined || selected === null) return undefined;
  if (row.kind === 'visit') return `visit-${row.visit.key}`;
  return row.seq === selected ? `event-${selected}` : undefined;
}

/** Where a key leads from the selected event; null when the key means nothing here. */
export function seqForKey(key: string, selected: number, rows: Rows, events: number): number | null {
  switch (key) {
    case 'ArrowUp':
      return neighbour(rows, selected, -1);
    case 'ArrowDown':
      return neighbour(rows, selected, 1);
    case 'ArrowLeft':
      return Math.max(0, selected - 1);
    case 'ArrowRight':
      return Math.min(events - 1, selected + 1);
    case 'Home':
      return 0;
    case 'End':
      return events - 1;
    default:
      return null;
  }
}

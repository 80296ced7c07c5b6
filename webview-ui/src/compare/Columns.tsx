// biome-ignore-all lint/a11y/useSemanticElements: the rows of a virtual list are placed by hand, which rows of a table are not.
/**
 * The steps of two runs as aligned columns with gaps. One tab stop: ↑/↓, Page Up/Down, Home/End walk the rows, ←/→ the two
 * runs, Enter opens the event in its run's timeline.
 */
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { ComparedMessage } from '../../../src/protocol/compare';
import { formatCount, formatNumber } from '../../../src/protocol/format';
import { Toggle } from '../controls';
import type { CompareActions } from './actions';
import { ColumnRow, sideShown } from './ColumnRow';
import { type CompareState, rowAt } from './state';
import { useAsking, useRows } from './useRows';

type ColumnsProps = {
  state: CompareState;
  columns: NonNullable<ComparedMessage['columns']>;
  actions: Pick<CompareActions, 'show' | 'need' | 'openEvent'>;
  scroller: RefObject<HTMLElement>;
};

export function Columns({ state, columns, actions, scroller }: ColumnsProps) {
  const count = state.view === 'all' ? columns.all : columns.different;
  const nothing = columns.all === 0 ? 'Neither run has taken a step yet.' : 'No step differs: the runs are the same.';
  return (
    <section className="compare-steps" aria-labelledby="compare-steps">
      <div className="compare-steps-head">
        <div className="compare-steps-title">
          <h2 id="compare-steps">Steps</h2>
          <span className="quiet">{summaryOf(columns)}</span>
          {columns.different === 0 && state.view === 'all' ? null : (
            <Toggle
              icon="diff"
              pressed={state.view === 'different'}
              title="Lists only what is not the same in both runs"
              onClick={() => actions.show(state.view === 'all' ? 'different' : 'all')}
            >
              Only Differences
            </Toggle>
          )}
        </div>
        {count === 0 ? null : (
          <div className="compare-row compare-names" aria-hidden="true">
            <span />
            <span className="compare-node">Node</span>
            <span>Run 1</span>
            <span>Run 2</span>
          </div>
        )}
      </div>
      {count === 0 ? (
        <p className="quiet compare-nothing">{nothing}</p>
      ) : (
        <Grid key={state.view} state={state} count={count} actions={actions} scroller={scroller} />
      )}
    </section>
  );
}

type Place = { readonly place: number; readonly side: number };

function Grid({ state, count, actions, scroller }: Omit<ColumnsProps, 'columns'> & { count: number }) {
  const { jump } = state;
  const grid = useRef<HTMLDivElement>(null);
  const { virtual, items, above, narrow } = useRows(state, count, scroller, grid);
  const [active, setActive] = useState<Place>({ place: 0, side: 0 });
  const [from, to] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  useAsking(state, from, to, actions.need);
  useEffect(() => {
    if (jump === null) return;
    setActive({ place: jump.place, side: 0 });
    virtual.scrollToIndex(jump.place, { align: 'center' });
    grid.current?.focus({ preventScroll: true });
  }, [jump, virtual]);

  const open = ({ place, side }: Place): void => {
    const row = rowAt(state, place);
    const shown = narrow ? sideShown(row, side) : side;
    const cell = row?.cells[shown];
    if (cell != null) actions.openEvent(state.runs[shown] ?? '', cell.seq);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = targetOf(event.key, active, count);
    if (target !== null) {
      setActive(target);
      virtual.scrollToIndex(target.place, { align: 'auto' });
    } else if (event.key === 'Enter' || event.key === ' ') open(active);
    else return;
    event.preventDefault();
  };
  const isDrawn = active.place >= from && active.place <= to;
  const activeSide = narrow ? sideShown(rowAt(state, active.place), active.side) : active.side;
  return (
    <div
      ref={grid}
      role="grid"
      className={narrow ? 'compare-grid is-narrow' : 'compare-grid'}
      aria-label="Steps of both runs, side by side"
      aria-rowcount={count}
      aria-colcount={4}
      tabIndex={0}
      aria-activedescendant={isDrawn ? idOf(active.place, activeSide) : undefined}
      onKeyDown={onKeyDown}
      style={{ height: virtual.getTotalSize() }}
    >
      {items.map(({ index, start, size }) => (
        <ColumnRow
          key={index}
          row={rowAt(state, index)}
          place={index}
          top={start - above}
          height={size}
          narrow={narrow}
          activeSide={active.place === index ? activeSide : null}
          idOf={idOf}
          onOpen={(side) => {
            setActive({ place: index, side });
            open({ place: index, side });
          }}
        />
      ))}
    </div>
  );
}

const idOf = (place: number, side: number): string => `compare-${place}-${side}`;

function summaryOf({ all, different }: ColumnsProps['columns']): string {
  return different === 0
    ? `${formatCount(all, 'step')}, all the same`
    : `${formatNumber(different)} of ${formatCount(all, 'step')} differ`;
}

const PAGE_STEP = 20;

/** Where a key leads from a cell of `count` rows; null when it leads nowhere. */
export function targetOf(key: string, { place, side }: Place, count: number): Place | null {
  const places: Readonly<Record<string, number>> = {
    ArrowUp: place - 1,
    ArrowDown: place + 1,
    PageUp: place - PAGE_STEP,
    PageDown: place + PAGE_STEP,
    Home: 0,
    End: count - 1,
  };
  const to = places[key];
  if (to !== undefined) return { place: Math.max(0, Math.min(count - 1, to)), side };
  if (key === 'ArrowLeft') return { place, side: 0 };
  return key === 'ArrowRight' ? { place, side: 1 } : null;
}

/**
 * The events of a run by visit of a node, as a tree of two levels. One tab stop: ↑/↓ walk what is visible, ←/→ every
 * event, Home/End to the ends, Enter or Space folds the visit of the selected event.
 */
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react';
import { formatCount, formatDuration } from '../../src/protocol/format';
import type { EventHeader, RunView, Tone } from '../../src/protocol/messages';
import { IconButton } from './controls';
import { neighbour, type Visit, visibleSeqs } from './grouping';
import { Icon, type IconName, iconOf, ToneIcon } from './icons';
import { isLive, type TimelineState } from './state';
import { clock } from './time';

type EventListProps = {
  state: TimelineState;
  run: RunView;
  visits: readonly Visit[];
  onSelect: (seq: number) => void;
  onFold: (keys: readonly string[], folded: boolean) => void;
};

export function EventList({ state, run, visits, onSelect, onFold }: EventListProps) {
  const { selected, collapsed, headers } = state;
  const list = useRef<HTMLDivElement>(null);
  const visible = useMemo(() => visibleSeqs(visits, collapsed), [visits, collapsed]);
  const holder = visits.find((visit) => collapsed.has(visit.key) && holds(visit, selected));
  const active = selected === null ? undefined : holder === undefined ? `event-${selected}` : `visit-${holder.key}`;
  // The active row stays in view, also when the pane changes its size.
  useEffect(() => {
    const element = list.current;
    if (active === undefined || element === null) return;
    const observer = new ResizeObserver(() =>
      element.querySelector(`#${active}`)?.scrollIntoView({ block: 'nearest' }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [active]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (selected === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const fold = visits.find((visit) => holds(visit, selected));
    const folds = (event.key === 'Enter' || event.key === ' ') && fold !== undefined;
    const target = seqForKey(event.key, selected, visible, headers.length);
    if (!folds && target === null) return;
    event.preventDefault();
    if (folds) onFold([fold.key], !collapsed.has(fold.key));
    else if (target !== null && target !== selected) onSelect(target);
  };

  const keys = visits.map((visit) => visit.key);
  return (
    <section className="events" aria-label="Events">
      <div className="pane-title">
        <h2>Events</h2>
        <IconButton label="Expand all" icon="expand-all" onClick={() => onFold(keys, false)} />
        <IconButton label="Collapse all" icon="collapse-all" onClick={() => onFold(keys, true)} />
      </div>
      <div
        className="event-list"
        role="tree"
        aria-label="Events of the run"
        tabIndex={0}
        aria-activedescendant={active}
        onKeyDown={onKeyDown}
        ref={list}
      >
        {visits.map((visit, index) => (
          <VisitRow
            key={visit.key}
            visit={visit}
            position={index + 1}
            count={visits.length}
            live={isLive(run) && index === visits.length - 1}
            folded={collapsed.has(visit.key)}
            selected={holds(visit, selected) ? selected : null}
            startedAt={run.startedAt}
            onSelect={onSelect}
            onFold={onFold}
          />
        ))}
      </div>
    </section>
  );
}

const holds = (visit: Visit, seq: number | null): boolean =>
  seq !== null && (visit.headers[0]?.seq ?? 0) <= seq && seq <= (visit.headers.at(-1)?.seq ?? -1);

/** Where a key leads from the selected event; null when the key means nothing here. */
export function seqForKey(key: string, selected: number, visible: readonly number[], events: number): number | null {
  switch (key) {
    case 'ArrowUp':
      return neighbour(visible, selected, -1);
    case 'ArrowDown':
      return neighbour(visible, selected, 1);
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

type VisitRowProps = {
  visit: Visit;
  position: number;
  count: number;
  live: boolean;
  folded: boolean;
  selected: number | null;
  startedAt: string;
  onSelect: (seq: number) => void;
  onFold: (keys: readonly string[], folded: boolean) => void;
};

/** A finished visit keeps its rows: only the one that grows, and those the selection enters or leaves, are drawn again. */
const VisitRow = memo(
  function VisitRow({ visit, position, count, live, folded, selected, startedAt, onSelect, onFold }: VisitRowProps) {
    const label = labelOf(visit, live);
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and names its active row.
      <div
        role="treeitem"
        id={`visit-${visit.key}`}
        className={`visit${folded && selected !== null ? ' is-selected' : ''}`}
        aria-level={1}
        aria-posinset={position}
        aria-setsize={count}
        aria-expanded={!folded}
        aria-selected={folded && selected !== null}
        aria-label={label}
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Enter on the tree does this. */}
        <div className="visit-row" onClick={() => onFold([visit.key], !folded)}>
          <Icon name={folded ? 'chevron-right' : 'chevron-down'} />
          <ToneIcon name={iconOfVisit(visit, live)} tone={toneOf(visit, live)} />
          <span className="visit-name">{nameOf(visit)}</span>
          {visit.attempt > 1 ? <span className="visit-attempt">attempt {visit.attempt}</span> : null}
          <span className="visit-outcome">{outcomeOf(visit, live)}</span>
          <span className="row-time">{formatDuration(visit.ms)}</span>
        </div>
        {folded ? null : (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of tree items.
          <div role="group">
            {visit.headers.map((header, index) => (
              <EventRow
                key={header.seq}
                header={header}
                position={index + 1}
                count={visit.headers.length}
                selected={header.seq === selected}
                startedAt={startedAt}
                onSelect={onSelect}
              />
            ))}
          </div>
        )}
      </div>
    );
  },
  (before, after) =>
    before.visit.headers.length === after.visit.headers.length &&
    before.visit.key === after.visit.key &&
    before.visit.tone === after.visit.tone &&
    before.position === after.position &&
    before.count === after.count &&
    before.live === after.live &&
    before.folded === after.folded &&
    before.selected === after.selected &&
    before.startedAt === after.startedAt &&
    before.onSelect === after.onSelect &&
    before.onFold === after.onFold,
);

type EventRowProps = {
  header: EventHeader;
  position: number;
  count: number;
  selected: boolean;
  startedAt: string;
  onSelect: (seq: number) => void;
};

const EventRow = memo(function EventRow({ header, position, count, selected, startedAt, onSelect }: EventRowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the tree has focus and keys.
    <div
      role="treeitem"
      id={`event-${header.seq}`}
      className={`event${selected ? ' is-selected' : ''}`}
      aria-level={2}
      aria-posinset={position}
      aria-setsize={count}
      aria-selected={selected}
      onClick={() => onSelect(header.seq)}
    >
      <ToneIcon name={iconOf(header)} tone={header.tone} />
      <span className="event-title" title={header.title}>
        {header.title}
      </span>
      <span className="row-time">{clock(startedAt, header.at)}</span>
    </div>
  );
});

const nameOf = (visit: Visit): string => visit.node ?? 'run';

const toneOf = (visit: Visit, live: boolean): Tone => (visit.tone === 'active' && !live ? 'warn' : visit.tone);

/** `active` without a live run: the window went down with the node open. */
function outcomeOf(visit: Visit, live: boolean): string {
  const denied = visit.denials === 0 ? '' : `${visit.denials} denied`;
  const ended =
    visit.outcome ?? (visit.node === null ? '' : live ? 'running' : visit.tone === 'active' ? 'not finished' : '');
  return [ended, denied].filter((part) => part !== '').join(', ');
}

function iconOfVisit(visit: Visit, live: boolean): IconName {
  switch (toneOf(visit, live)) {
    case 'active':
      return 'sync';
    case 'good':
      return 'pass';
    case 'bad':
      return 'error';
    case 'warn':
      return 'warning';
    default:
      return 'circle-large-outline';
  }
}

function labelOf(visit: Visit, live: boolean): string {
  const attempt = visit.attempt > 1 ? `, attempt ${visit.attempt}` : '';
  const outcome = outcomeOf(visit, live);
  const events = formatCount(visit.headers.length, 'event');
  return `${nameOf(visit)}${attempt}${outcome === '' ? '' : `, ${outcome}`}, ${formatDuration(visit.ms)}, ${events}`;
}

/** The row of a visit of a node: what it was, how it ended, how long it took. */
import { memo } from 'react';
import { formatCount, formatDuration } from '../../../src/protocol/format';
import type { Tone } from '../../../src/protocol/messages';
import { Icon, type IconName, ToneIcon } from '../icons';
import type { Visit } from '../log/visit';

type VisitRowProps = {
  visit: Visit;
  place: number;
  of: number;
  /** True for the visit that a live run is in. */
  live: boolean;
  folded: boolean;
  selected: boolean;
  /** True for what stays at the top while the events of the visit go by: seen and pressed, but no row of the tree. */
  copy?: boolean;
  onFold: (keys: readonly string[], folded: boolean) => void;
};

export const VisitRow = memo(
  function VisitRow({ visit, place, of, live, folded, selected, copy = false, onFold }: VisitRowProps) {
    const row = copy
      ? {}
      : {
          role: 'treeitem',
          id: `visit-${visit.key}`,
          'aria-level': 1,
          'aria-posinset': place,
          'aria-setsize': of,
          'aria-expanded': !folded,
          'aria-selected': selected,
          'aria-label': labelOf(visit, live),
        };
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the tree has the focus and the keys, and names its active row.
      // biome-ignore lint/a11y/useKeyWithClickEvents: as above.
      <div
        {...row}
        className={`visit visit-row${selected ? ' is-selected' : ''}`}
        onClick={() => onFold([visit.key], !folded)}
      >
        <Icon name={folded ? 'chevron-right' : 'chevron-down'} />
        <ToneIcon name={iconOfVisit(visit, live)} tone={toneOf(visit, live)} />
        <span className="visit-name">{nameOf(visit)}</span>
        {visit.attempt > 1 ? <span className="visit-attempt">attempt {visit.attempt}</span> : null}
        <span className="visit-outcome">{outcomeOf(visit, live)}</span>
        <span className="row-time">{formatDuration(visit.ms)}</span>
      </div>
    );
  },
  (before, after) =>
    before.visit.to === after.visit.to &&
    before.visit.key === after.visit.key &&
    before.visit.tone === after.visit.tone &&
    before.place === after.place &&
    before.of === after.of &&
    before.live === after.live &&
    before.folded === after.folded &&
    before.selected === after.selected &&
    before.onFold === after.onFold,
);

const nameOf = (visit: Visit): string => visit.node ?? 'run';

/** `active` without a live run: the window went down with the node open. */
const toneOf = (visit: Visit, live: boolean): Tone => (visit.tone === 'active' && !live ? 'warn' : visit.tone);

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
  const events = formatCount(visit.to - visit.from, 'event');
  return `${nameOf(visit)}${attempt}${outcome === '' ? '' : `, ${outcome}`}, ${formatDuration(visit.ms)}, ${events}`;
}

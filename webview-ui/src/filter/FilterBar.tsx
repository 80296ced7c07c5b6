/** The search, how much it found, and what else events can be narrowed by. What is narrowed is always said, and can be undone. */
import { type KeyboardEvent, type RefObject, useState } from 'react';
import { formatNumber } from '../../../src/protocol/format';
import { MAX_QUERY } from '../../../src/protocol/messages';
import { IconButton, Toggle } from '../controls';
import { Icon } from '../icons';
import { jumpFitting } from '../play/jumps';
import type { TimelineState } from '../state';
import { Choice } from './Choice';
import { type Filter, type Fitting, isUnfiltered, LANE_NAMES, LANES, type Lane, NO_FILTER } from './filter';

type FilterBarProps = {
  state: TimelineState;
  fitting: Fitting;
  /** Of the search field, so that a key can lead there. */
  field: RefObject<HTMLInputElement>;
  onFilter: (filter: Partial<Filter>) => void;
  onSelect: (seq: number) => void;
};

export function FilterBar({ state, fitting, field, onFilter, onSelect }: FilterBarProps) {
  const { filter, log, selected } = state;
  const [open, setOpen] = useState(false);
  const at = selected ?? 0;
  const narrowed = !isUnfiltered({ ...filter, text: '' });
  const jump = (direction: 1 | -1): void => {
    const target = jumpFitting(fitting, at, direction);
    if (target !== null) onSelect(target);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') jump(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && filter.text !== '') onFilter({ text: '' });
    else if (event.key === 'Escape') event.currentTarget.blur();
    else return;
    event.preventDefault();
  };
  return (
    <section className="filter-bar" aria-label="Search and filters" data-shown={fitting?.length ?? log.length}>
      <label className="search-field">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          aria-label="Search the run"
          placeholder="Search (/)"
          value={filter.text}
          maxLength={MAX_QUERY}
          spellCheck={false}
          onChange={({ target }) => onFilter({ text: target.value })}
          onKeyDown={onKeyDown}
        />
        <span className="search-count" role="status">
          {fitting === null ? '' : countWords(state, fitting)}
        </span>
      </label>
      <IconButton
        label="Previous match (N)"
        icon="arrow-up"
        disabled={jumpFitting(fitting, at, -1) === null}
        onClick={() => jump(-1)}
      />
      <IconButton
        label="Next match (n)"
        icon="arrow-down"
        disabled={jumpFitting(fitting, at, 1) === null}
        onClick={() => jump(1)}
      />
      <Toggle
        icon="filter"
        pressed={open || narrowed}
        title={open || narrowed ? 'Clear and hide the filters' : 'Narrow by kind, node, tool, outcome or path'}
        onClick={() => {
          if (open || narrowed) onFilter({ ...NO_FILTER, text: filter.text });
          setOpen(!(open || narrowed));
        }}
      >
        Filter
      </Toggle>
      {open || narrowed ? <Filters filter={filter} log={log} onFilter={onFilter} /> : null}
    </section>
  );
}

/** `3 of 148`, and whether the recorded data has been looked through. */
function countWords({ log, filter, found }: TimelineState, fitting: Uint32Array): string {
  const searching = filter.text !== '' && found?.complete !== true ? ' …' : '';
  const more = found?.more === true ? ' or more' : '';
  return `${formatNumber(fitting.length)}${more} of ${formatNumber(log.length)}${searching}`;
}

type FiltersProps = Pick<FilterBarProps, 'onFilter'> & { filter: Filter; log: TimelineState['log'] };

function Filters({ filter, log, onFilter }: FiltersProps) {
  const { columns } = log;
  const toggled = (lane: Lane): ReadonlySet<Lane> => {
    const lanes = new Set(filter.lanes);
    if (!lanes.delete(lane)) lanes.add(lane);
    return lanes;
  };
  return (
    <div className="filters">
      <fieldset className="filter-lanes" aria-label="Kinds">
        {LANES.map((lane) => (
          <Toggle
            key={lane}
            icon="check"
            pressed={filter.lanes.has(lane)}
            title={`Show only ${LANE_NAMES[lane].toLowerCase()} and what else is chosen`}
            onClick={() => onFilter({ lanes: toggled(lane) })}
          >
            {LANE_NAMES[lane]}
          </Toggle>
        ))}
      </fieldset>
      <Choice label="Node" value={filter.node} words={columns.words('node')} onChoose={(node) => onFilter({ node })} />
      <Choice label="Tool" value={filter.tool} words={columns.words('tool')} onChoose={(tool) => onFilter({ tool })} />
      <Choice
        label="Outcome"
        value={filter.outcome}
        words={columns.words('outcome')}
        onChoose={(outcome) => onFilter({ outcome })}
      />
      <input
        className="filter-path"
        type="text"
        aria-label="Path"
        placeholder="Path"
        value={filter.path}
        maxLength={MAX_QUERY}
        spellCheck={false}
        onChange={({ target }) => onFilter({ path: target.value })}
      />
      {filter.range === null ? null : (
        <button
          type="button"
          className="toggle"
          title="Show the whole run again"
          onClick={() => onFilter({ range: null })}
        >
          {`Events ${formatNumber(filter.range.from)}–${formatNumber(filter.range.to)}`}
          <span className="button-icon">
            <Icon name="close" />
          </span>
        </button>
      )}
      <IconButton label="Clear all filters" icon="clear-all" onClick={() => onFilter(NO_FILTER)} />
    </div>
  );
}

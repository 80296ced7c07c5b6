/** The row of one event. */
import { memo } from 'react';
import { type EventHeader, RULE_MARK } from '../../../src/protocol/messages';
import { iconOf, ToneIcon } from '../icons';
import { clock } from '../time';

type EventRowProps = {
  header: EventHeader;
  place: number;
  of: number;
  selected: boolean;
  startedAt: string;
  onSelect: (seq: number) => void;
};

export const EventRow = memo(function EventRow({ header, place, of, selected, startedAt, onSelect }: EventRowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the tree has focus and keys.
    <div
      role="treeitem"
      id={`event-${header.seq}`}
      className={`event${selected ? ' is-selected' : ''}`}
      aria-level={2}
      aria-posinset={place}
      aria-setsize={of}
      aria-selected={selected}
      onClick={() => onSelect(header.seq)}
    >
      <ToneIcon name={iconOf(header)} tone={header.tone} />
      <EventTitle header={header} />
      <span className="row-time">{clock(startedAt, header.at)}</span>
    </div>
  );
});

/** A rule that denies or asks stays in sight, whatever has to be cut of what it decided. */
function EventTitle({ header: { title, rule, outcome } }: { header: EventHeader }) {
  const end = rule === undefined ? '' : `${RULE_MARK}${rule}`;
  const cut = end !== '' && outcome !== 'allow' && title.endsWith(end);
  return (
    <span className={`event-title${cut ? ' has-rule' : ''}`} title={title}>
      {cut ? (
        <>
          <span className="event-words">{title.slice(0, -end.length)}</span>
          <span className="event-rule">{end}</span>
        </>
      ) : (
        title
      )}
    </span>
  );
}

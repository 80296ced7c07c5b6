/** The slider over the run: it moves the selection, and shows where something went wrong. */
import { type CSSProperties, memo, useMemo } from 'react';
import { formatNumber } from '../../src/protocol/format';
import type { EventHeader, RunView } from '../../src/protocol/messages';
import { Button, IconButton } from './controls';
import { isMark } from './grouping';
import { isLive, type TimelineState } from './state';

type ScrubberProps = { state: TimelineState; run: RunView; onSelect: (seq: number) => void; onFollow: () => void };

/** More marks than this cannot be told apart. */
const MAX_MARKS = 300;

export function Scrubber({ state: { headers, selected, following }, run, onSelect, onFollow }: ScrubberProps) {
  const last = headers.length - 1;
  const at = selected ?? last;
  return (
    <div className="scrubber">
      <IconButton label="Previous event" icon="chevron-left" disabled={at <= 0} onClick={() => onSelect(at - 1)} />
      <div className="scrubber-track">
        <input
          type="range"
          min={0}
          max={last}
          step={1}
          value={at}
          aria-label="Position in the run"
          aria-valuetext={valueText(headers, at)}
          onChange={(event) => onSelect(Number(event.target.value))}
        />
        <Marks headers={headers} />
      </div>
      <IconButton label="Next event" icon="chevron-right" disabled={at >= last} onClick={() => onSelect(at + 1)} />
      <span className="scrubber-count">{`${formatNumber(at + 1)} / ${formatNumber(headers.length)}`}</span>
      {isLive(run) && !following ? (
        <Button icon="arrow-down" onClick={onFollow}>
          Jump to Live
        </Button>
      ) : null}
    </div>
  );
}

/** `event 12 of 87: node.started lint` */
export function valueText(headers: readonly EventHeader[], at: number): string {
  const header = headers[at];
  if (header === undefined) return 'no event';
  return `event ${at + 1} of ${headers.length}: ${header.type}${header.node === undefined ? '' : ` ${header.node}`}`;
}

const Marks = memo(function Marks({ headers }: { headers: readonly EventHeader[] }) {
  const marks = useMemo(() => headers.filter(isMark).slice(-MAX_MARKS), [headers]);
  const last = Math.max(1, headers.length - 1);
  return (
    <div className="scrubber-marks" aria-hidden="true">
      {marks.map((header) => (
        <i key={header.seq} className={`tone-${header.tone}`} style={{ '--at': header.seq / last } as CSSProperties} />
      ))}
    </div>
  );
});

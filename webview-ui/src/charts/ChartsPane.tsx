/** What a run spent: tokens and cost over time, by node and by model. Choosing a point goes to its event. */
import { useRef, useState } from 'react';
import { formatCost, formatCount, formatNumber } from '../../../src/protocol/format';
import { Checkbox, IconButton } from '../controls';
import type { EventLog } from '../log/log';
import { pointAt } from './decimate';
import { elapsed } from './options';
import { SpendingChart } from './SpendingChart';
import { OverTime, Sums } from './SpendingTables';
import { costOf, type Point, Spending, type Sum } from './spending';

type ChartsPaneProps = {
  log: EventLog;
  selected: number | null;
  onSelect: (seq: number) => void;
  onClose: () => void;
};

export function ChartsPane({ log, selected, onSelect, onClose }: ChartsPaneProps) {
  const kept = useRef<Spending | null>(null);
  kept.current = Spending.of(log, kept.current);
  const spending = kept.current;
  return (
    <section className="charts" aria-label="Tokens and cost">
      <div className="pane-title">
        <h2>Tokens and cost</h2>
        <IconButton label="Close Tokens and Cost" icon="close" onClick={onClose} />
      </div>
      <div className="charts-body">
        {spending.points.length === 0 ? (
          <p className="quiet">Nothing has been spent yet. Every reply of a model is counted here when it has come.</p>
        ) : (
          <Charts
            spending={spending}
            until={Math.max(0, log.time(log.length - 1) - log.time(0))}
            selected={selected === null ? null : { seq: selected, at: Math.max(0, log.time(selected) - log.time(0)) }}
            onSelect={onSelect}
          />
        )}
      </div>
    </section>
  );
}

type ChartsProps = {
  spending: Spending;
  /** Milliseconds from the first event to the last. */
  until: number;
  /** `at`: milliseconds since the first event. */
  selected: { readonly seq: number; readonly at: number } | null;
  onSelect: (seq: number) => void;
};

function Charts({ spending: { points, total, byNode, byModel }, until, selected, onSelect }: ChartsProps) {
  const [asTable, setAsTable] = useState(false);
  const [pointed, setPointed] = useState<Point | null>(null);
  const here = selected === null ? null : pointAt(points, selected.seq);
  return (
    <>
      <div className="charts-head">
        <p>{totalText(total)}</p>
        <Checkbox checked={asTable} onChange={setAsTable}>
          Over time as a table
        </Checkbox>
      </div>
      {asTable ? (
        <OverTime points={points} count={points.length} onSelect={onSelect} />
      ) : (
        <>
          <SpendingChart
            points={points}
            until={until}
            selectedAt={selected?.at ?? null}
            label={`Tokens and cost over time: ${totalText(total)}. As a table by the checkbox above.`}
            onSelect={onSelect}
            onPoint={setPointed}
          />
          <p className="charts-legend">
            <span className="charts-key is-tokens">Tokens</span>
            {total.unknown === total.requests ? null : (
              <span className="charts-key is-cost">{total.unknown === 0 ? 'Cost' : 'Cost, as far as it is known'}</span>
            )}
            <span className="quiet">{pointed === null ? hereText(here) : pointText(pointed)}</span>
          </p>
        </>
      )}
      <Sums of="Node" sums={byNode} total={total} />
      <Sums of="Model" sums={byModel} total={total} />
    </>
  );
}

const pointText = (point: Point): string =>
  `${elapsed(point.at / 1000)}, event ${formatNumber(point.seq)}: ${amountText(point)}`;

const hereText = (point: Point | null): string =>
  `At the selected event: ${point === null ? 'nothing' : amountText(point)}`;

const amountText = ({ tokens, costUsd }: Point): string =>
  `${formatNumber(tokens)} tokens${costUsd === null ? '' : `, ${formatCost(costUsd)}`}`;

function totalText(total: Sum): string {
  const tokens = `${formatNumber(total.input)} tokens in and ${formatNumber(total.output)} out`;
  return `${formatCount(total.requests, 'request')}, ${tokens}, cost ${costOf(total)}`;
}

/** What was spent by node and by model, and the line over time as a table. */
import { useMemo } from 'react';
import { formatCost, formatNumber } from '../../../src/protocol/format';
import { type Column, Table } from '../details/Table';
import { decimate } from './decimate';
import { elapsed } from './options';
import { costOf, type Point, ranked, type Sum } from './spending';

const COLUMNS: readonly Column[] = [
  { name: 'Requests', numeric: true },
  { name: 'Tokens in', numeric: true },
  { name: 'Tokens out', numeric: true },
  { name: 'Cost', numeric: true },
];

type SumsProps = { of: 'Node' | 'Model'; sums: ReadonlyMap<string, Sum>; total: Sum };

/** Sums with a bar for the share of the tokens, which the numbers say too. */
export function Sums({ of, sums, total }: SumsProps) {
  const all = total.input + total.output;
  const rows = ranked(sums).map(([name, sum]) => ({
    key: name,
    cells: [
      <span key="name" className="spent-name">
        {name}
        <span
          className="spent-bar"
          aria-hidden="true"
          style={{ width: `${all === 0 ? 0 : (100 * (sum.input + sum.output)) / all}%` }}
        />
      </span>,
      formatNumber(sum.requests),
      formatNumber(sum.input),
      formatNumber(sum.output),
      costOf(sum),
    ],
  }));
  return <Table caption={`By ${of.toLowerCase()}`} columns={[{ name: of }, ...COLUMNS]} rows={rows} />;
}

/** Rows of the table over time: what does not fit in is passed over evenly. */
const MAX_ROWS = 50;

type OverTimeProps = { points: readonly Point[]; count: number; onSelect: (seq: number) => void };

/** `count` is the length of `points`, which grows in place. */
export function OverTime({ points, count, onSelect }: OverTimeProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: see `count`.
  const shown = useMemo(() => decimate(points, MAX_ROWS / 2), [points, count]);
  const rows = shown.map(({ seq, at, tokens, costUsd }) => ({
    key: String(seq),
    cells: [
      <button key="event" type="button" className="link" onClick={() => onSelect(seq)}>
        {`Event ${formatNumber(seq)}`}
      </button>,
      elapsed(at / 1000),
      formatNumber(tokens),
      formatCost(costUsd),
    ],
  }));
  const left = count - shown.length;
  return (
    <>
      <Table
        caption="Over time"
        columns={[
          { name: 'Event' },
          { name: 'Time', numeric: true },
          { name: 'Tokens so far', numeric: true },
          { name: 'Known cost so far', numeric: true },
        ]}
        rows={rows}
      />
      {left === 0 ? null : <p className="quiet">{`${formatNumber(left)} events between these are not listed.`}</p>}
    </>
  );
}

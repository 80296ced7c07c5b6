// biome-ignore-all lint/a11y/useSemanticElements: the rows of a virtual list are placed by hand, which rows of a table are not.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell.
/** A row of the aligned steps: a sign, the node, and what each run did; a gap where a run has no such step. */
import type { CompareCell, CompareRow } from '../../../src/protocol/compare';
import { EVENT_ICONS, Icon } from '../icons';
import { ROW_SIGNS } from './words';

type RowProps = {
  /** Undefined as long as its page has not come. */
  row: CompareRow | undefined;
  place: number;
  top: number;
  height: number;
  narrow: boolean;
  /** The run whose cell is active; null when none of the row is. */
  activeSide: number | null;
  idOf: (place: number, side: number) => string;
  onOpen: (side: number) => void;
};

export function ColumnRow({ row, place, top, height, narrow, activeSide, idOf, onOpen }: RowProps) {
  const style = { transform: `translateY(${top}px)`, height };
  const position = { role: 'row', 'aria-rowindex': place + 1, style } as const;
  if (row === undefined) {
    return (
      <div {...position} className="compare-row">
        <span role="gridcell" aria-label="loading" />
      </div>
    );
  }
  const { sign, word } = ROW_SIGNS[row.state];
  const node = (row.cells[0] ?? row.cells[1])?.node ?? '';
  return (
    <div {...position} className={`compare-row is-${row.state}`}>
      <span role="rowheader" className="compare-sign" title={word}>
        <span aria-hidden="true">{sign}</span>
        <span className="only-read-aloud">{word}</span>
      </span>
      <span role="gridcell" className="compare-node" title={node}>
        {node}
      </span>
      {row.cells.map((cell, side) => (
        <Cell
          key={side === 0 ? 'first' : 'second'}
          id={idOf(place, side)}
          cell={cell}
          name={narrow && row.state === 'changed' ? `${side + 1}` : null}
          hidden={narrow && side !== sideShown(row, side)}
          active={activeSide === side}
          onOpen={() => onOpen(side)}
        />
      ))}
    </div>
  );
}

/** One run below the other, a row has one line where there is but one thing to say: whose it is then. */
export const sideShown = (row: CompareRow | undefined, side: number): number =>
  row === undefined || row.state === 'changed' ? side : row.state === 'second' ? 1 : 0;

type CellProps = {
  id: string;
  cell: CompareCell | null;
  name: string | null;
  hidden: boolean;
  active: boolean;
  onOpen: () => void;
};

function Cell({ id, cell, name, hidden, active, onOpen }: CellProps) {
  const classes = ['compare-cell', active ? 'is-selected' : '', hidden ? 'is-twin' : ''].filter(Boolean).join(' ');
  const label = name === null ? null : <span className="compare-which">{name}</span>;
  if (cell === null) {
    return (
      <span id={id} role="gridcell" className={`${classes} is-gap`} aria-selected={active}>
        {label}
        <span aria-hidden="true">–</span>
        <span className="only-read-aloud">no such step</span>
      </span>
    );
  }
  return (
    // The grid takes the keys: Enter on the active cell does the same.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
    <span
      id={id}
      role="gridcell"
      className={classes}
      aria-selected={active}
      title={`${cell.title} (event ${cell.seq})`}
      onClick={onOpen}
    >
      {label}
      <Icon name={EVENT_ICONS[cell.type]} />
      <span className="compare-title">{cell.title}</span>
    </span>
  );
}

/** A plain table with a caption; numbers are set to the right. */
import type { ReactNode } from 'react';

export type Column = { readonly name: string; readonly numeric?: boolean };
export type Row = {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  /** Told from the others, before or behind them; the cells have to say why in words. */
  readonly weight?: 'marked' | 'quiet';
};

export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly Row[];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="table" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, numeric }) => (
              <th key={name} scope="col" className={numeric === true ? 'numeric' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, weight }) => (
            <tr key={key} className={weight === undefined ? '' : `is-${weight}`}>
              {columns.map(({ name, numeric }, index) => (
                <td key={name} className={numeric === true ? 'numeric' : ''}>
                  {cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

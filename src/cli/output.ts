/** Writing results: JSON documents for programs, lines for people. */
import type { RunSummary } from '../core/events/summary';
import type { Flags } from './flags';
import { visible } from './visible';

/** Prints the result: one JSON document with `--json`, else what `forPeople` makes of it. */
export function print<T>(flags: Flags, value: T, forPeople: (value: T) => string): void {
  process.stdout.write(flags.values.json ? `${JSON.stringify(value, null, 2)}\n` : `${visible(forPeople(value))}\n`);
}

/** How many calls of a run were denied, and how many of these were of tools that it does not have. */
export function deniedWords({ denials, outsideToolset }: Pick<RunSummary, 'denials' | 'outsideToolset'>): string {
  return `${denials} denied${outsideToolset === 0 ? '' : `, ${outsideToolset} outside of the toolset`}`;
}

/** Columns of equal width, two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((max, row) => row.map((cell, i) => Math.max(max[i] ?? 0, cell.length)), []);
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

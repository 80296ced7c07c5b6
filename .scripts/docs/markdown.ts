/** Markdown for the pages of the reference. */

/** Says on top of a page that it is made, of what, and where the same is explained. */
export const madeOf = (source: string): string =>
  `<!-- Written by npm run docs from ${source}; a test holds it up to date. -->`;

/** A table; a bar or a new line inside a cell would end the cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cellOf = (text: string): string =>
    text
      .replace(/\s*\n\s*/g, ' ')
      .trim()
      .replaceAll('|', '\\|');
  const line = (cells: readonly string[]): string => `| ${cells.map(cellOf).join(' | ')} |`.replace(/ {2,}/g, ' ');
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** The parts of a page, with an empty line between them and a new line at the end. */
export const page = (...parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

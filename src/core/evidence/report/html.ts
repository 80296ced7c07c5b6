/**
 * HTML from text out of other hands. Everything that goes through `html` is escaped, unless it is Html already; text may
 * stand between tags only, never inside of one.
 *
 * Invariant: the same text gives the same bytes on every machine and every version of the platform, so no table of the
 * platform (Unicode categories, locales) is asked.
 */

export type Html = { readonly html: string };
type Value = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Ranges of what a reader would not see, or would see in the wrong place: control characters, spaces that look like
 * others, zero-width and direction marks, line separators, fillers, variation selectors, private use, tags.
 */
const ODD: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xd800, 0xf8ff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
  [0xf0000, 0x10ffff],
];

const isOdd = (point: number): boolean => ODD.some(([first, last]) => point >= first && point <= last);

/** Text as it stands between tags, what is invisible in it shown as its code point. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
    .replace(/[^ -~\n\t]/gu, (char) => {
      const point = char.codePointAt(0) ?? 0;
      return isOdd(point) ? `<span class="odd">\\u{${point.toString(16)}}</span>` : char;
    });
}

/** A template tag: the literal parts are HTML, the values are text. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.map((part, i) => part + (i < values.length ? written(values[i] ?? '') : '')).join('') };
}

function written(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return escaped(groups(value));
  return 'html' in value ? value.html : value.map((item) => item.html).join('');
}

/** A number with its thousands apart: `1,234`. Fractions stay as they are. */
export function groups(value: number): string {
  const [whole = '', ...rest] = String(value).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}

/** `1, 'byte'` → `1 byte`; `1200, 'byte'` → `1,200 bytes`. */
export const counted = (value: number, noun: string): string => `${groups(value)} ${noun}${value === 1 ? '' : 's'}`;

export const NOTHING: Html = { html: '' };

/** A value of code: hashes, paths, commands. */
export const code = (text: string): Html => html`<code>${text}</code>`;

/** A word with a colour of its own; the word alone says all that the colour says. */
export function mark(tone: 'good' | 'bad' | 'warn' | 'plain', text: string): Html {
  return { html: `<span class="mark ${tone}">${escaped(text)}</span>` };
}

/** Columns with a head; what is wider than the page scrolls by itself. */
export function table(heads: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const head = heads.map((title) => html`<th scope="col">${title}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`);
  return html`<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>\n${body}</tbody></table></div>\n`;
}

/** Names and what they stand for. */
export function facts(pairs: readonly (readonly [string, Html])[]): Html {
  return html`<dl>${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>\n`;
}

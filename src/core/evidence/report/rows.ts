/**
 * Lists and texts of bounded length: a report must open in a browser whatever the run was. What does not fit is counted
 * and its place in the bundle is said, so that nothing is left out silently.
 */

import type { Payload } from '../../events/payload';
import { cut } from '../../kernel/text';
import { utf8Length } from '../../kernel/utf8';
import { blobEntry, JOURNAL } from '../format';
import { code, type Html, html, NOTHING } from './html';

/** Rows of one table. */
const MAX_ROWS = 1000;
/** Characters of long texts in a whole report; after that each is cut to SHORT. */
const MAX_TEXT = 4_000_000;
const SHORT = 200;

/** A list that keeps its first rows and counts the rest. */
export type Rows<T> = { readonly kept: T[]; all: number };

export const rows = <T>(): Rows<T> => ({ kept: [], all: 0 });

/** Adds a row, or only counts it. */
export function add<T>(list: Rows<T>, row: T): void {
  list.all += 1;
  if (list.kept.length < MAX_ROWS) list.kept.push(row);
}

/** The sentence under a table that is not complete. */
export function rest<T>(list: Rows<T>): Html {
  const more = list.all - list.kept.length;
  return more === 0
    ? NOTHING
    : html`<p class="cut">${more} more are not shown here; all are in ${code(JOURNAL)}.</p>\n`;
}

/** The text of a blob; null when it is not there or is no text. */
export type BlobText = (sha256: string) => string | null;

/** Shows payloads, whole or their first characters with a note where the whole is. */
export type Excerpts = {
  readonly show: (payload: Payload, limit: number, seq: number) => Html;
  readonly text: (payload: Payload) => string | null;
};

/** Excerpts that together keep a report within bounds. */
export function excerpts(blobText: BlobText): Excerpts {
  let left = MAX_TEXT;
  const text = (payload: Payload): string | null => (typeof payload === 'string' ? payload : blobText(payload.blob));
  return {
    text,
    show(payload, limit, seq) {
      const whole = text(payload);
      const place = typeof payload === 'string' ? `${JOURNAL}, event ${seq}` : blobEntry(payload.blob);
      if (whole === null) return html`<p class="cut">Not text; the bytes are in ${code(place)}.</p>`;
      const shown = cut(whole, Math.min(limit, Math.max(left, SHORT)));
      left -= shown.length;
      if (shown.length === whole.length) return html`<pre>${whole}</pre>`;
      const sizes = html`${utf8Length(shown)} of ${utf8Length(whole)} bytes`;
      return html`<pre>${shown}</pre><p class="cut">Cut here: ${sizes} are shown; the whole text is in ${code(place)}.</p>`;
    },
  };
}

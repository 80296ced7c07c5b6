/** The picture of a view, set out as what has to be painted where. Pure; lengths in CSS pixels. */
import { formatNumber } from '../../../src/protocol/format';
import type { EventHeader, RunView } from '../../../src/protocol/messages';
import { statusOf } from '../commands';
import { factsOf } from '../facts';
import type { EventLog } from '../log/log';
import { clock } from '../time';

export const PAGE_WIDTH = 1000;
const EDGE = 16;
const LINE = 20;
const ROW = 22;
/** Events in the picture. */
export const ROWS = 24;

export type Ink = 'text' | 'quiet' | 'selection' | 'selectedText' | 'line';
export type Stroke =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly bold: boolean;
      readonly ink: Ink;
    }
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly ink: Ink;
    }
  | { readonly kind: 'strip'; readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type Page = { readonly height: number; readonly strokes: readonly Stroke[] };

export type PageContent = {
  readonly run: RunView;
  readonly rows: readonly EventHeader[];
  readonly selected: number | null;
  readonly events: number;
  /** The size of the strip as it is shown; null when there is none. */
  readonly strip: { readonly width: number; readonly height: number } | null;
};

/** The width of a text in the page's type. */
export type Measure = (text: string, bold: boolean) => number;

export function pageLayout({ run, rows, selected, events, strip }: PageContent, measure: Measure): Page {
  const strokes: Stroke[] = [];
  const text = (x: number, y: number, words: string, ink: Ink = 'text', bold = false, room = PAGE_WIDTH - EDGE - x) =>
    strokes.push({ kind: 'text', x, y, text: fitted(words, room, (part) => measure(part, bold)), bold, ink });
  let y = EDGE;
  text(EDGE, y, run.task.replace(/\s+/g, ' '), 'text', true);
  y += LINE;
  text(EDGE, y, [statusOf(run).word, run.reason].filter((part) => part !== '').join(' · '));
  y += LINE;
  for (const line of factLines(run, measure)) {
    let x = EDGE;
    for (const { name, words } of line) {
      text(x, y, name, 'quiet');
      x += measure(name, false) + 5;
      text(x, y, words);
      x += measure(words, false) + 16;
    }
    y += LINE;
  }
  if (strip !== null) {
    const width = PAGE_WIDTH - 2 * EDGE;
    const height = Math.round((strip.height * width) / strip.width);
    strokes.push({ kind: 'strip', x: EDGE, y: y + 6, width, height });
    y += height + 12;
  }
  strokes.push({ kind: 'box', x: 0, y, width: PAGE_WIDTH, height: 1, ink: 'line' });
  y += 6;
  for (const row of rows) {
    const chosen = row.seq === selected;
    const ink = (plain: Ink): Ink => (chosen ? 'selectedText' : plain);
    if (chosen) strokes.push({ kind: 'box', x: 0, y: y - 1, width: PAGE_WIDTH, height: ROW, ink: 'selection' });
    text(EDGE, y + 2, chosen ? `▸ ${formatNumber(row.seq)}` : formatNumber(row.seq), ink('quiet'));
    text(EDGE + 80, y + 2, row.node ?? '', ink('quiet'), false, 130);
    text(EDGE + 220, y + 2, row.title, ink('text'), false, PAGE_WIDTH - 2 * EDGE - 220 - 60);
    text(PAGE_WIDTH - EDGE - 50, y + 2, clock(run.startedAt, row.at), ink('quiet'));
    y += ROW;
  }
  y += 6;
  strokes.push({ kind: 'box', x: 0, y, width: PAGE_WIDTH, height: 1, ink: 'line' });
  y += 8;
  const place = selected === null ? '' : ` · event ${formatNumber(selected)}`;
  text(EDGE, y, `OpenExec · run ${run.runId}${place} · ${formatNumber(events)} events`, 'quiet');
  return { height: y + LINE + EDGE - 8, strokes };
}

/** The shown events about the selected one, at most ROWS; `fitting` as of the list. */
export function rowsAround(log: EventLog, fitting: Uint32Array | null, selected: number | null): EventHeader[] {
  const count = fitting?.length ?? log.length;
  const seqAt = (place: number): number => fitting?.[place] ?? place;
  let place = selected ?? 0;
  if (fitting !== null) {
    const next = fitting.findIndex((seq) => seq >= (selected ?? 0));
    place = next === -1 ? count - 1 : next;
  }
  const from = Math.max(0, Math.min(place - Math.floor(ROWS / 2), count - ROWS));
  const rows: EventHeader[] = [];
  for (let at = from; at < Math.min(count, from + ROWS); at += 1) {
    const header = log.at(seqAt(at));
    if (header !== undefined) rows.push(header);
  }
  return rows;
}

/** The facts of a run in lines that fit. */
function factLines(run: RunView, measure: Measure): { name: string; words: string }[][] {
  const lines: { name: string; words: string }[][] = [[]];
  let used = 0;
  for (const { name, words } of factsOf(run)) {
    const width = measure(name, false) + 5 + measure(words, false) + 16;
    if (used > 0 && used + width > PAGE_WIDTH - 2 * EDGE) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push({ name, words });
    used += width;
  }
  return lines;
}

/** The text, cut with an ellipsis where it is wider than the room. */
function fitted(text: string, room: number, width: (part: string) => number): string {
  if (width(text) <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (width(`${text.slice(0, middle)}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}

/** Draws the strip onto a canvas. The only place that knows how it looks; what it shows is decided in buckets.ts. */
import { LANES } from '../filter/filter';
import { MARKS } from '../log/jumpMarks';
import type { EventLog } from '../log/log';
import type { colours } from '../theme';
import { type TimeAxis, toX, type View } from './axis';
import { type Buckets, GRAVITY, type NodeSpan } from './buckets';

export type Lanes = {
  /** The top and height of each lane, in pixels. */
  readonly rows: readonly { readonly top: number; readonly height: number }[];
  readonly marksTop: number;
  readonly height: number;
};

const MARKS_HEIGHT = 10;

/** Where the lanes are: nodes highest, for they have names; marks above them all. */
export function lanesOf(compact: boolean): Lanes {
  const [nodes, lane, gap] = compact ? [8, 4, 1] : [16, 10, 2];
  let top = MARKS_HEIGHT + 2;
  const rows = LANES.map((_, index) => {
    const height = index === 0 ? nodes : lane;
    const row = { top, height };
    top += height + gap;
    return row;
  });
  return { rows, marksTop: 0, height: top };
}

export type Palette = {
  readonly tones: readonly string[];
  readonly line: string;
  readonly text: string;
  readonly node: string;
  readonly match: string;
  readonly background: string;
};

/** The theme's colours for each tone of `GRAVITY`, and for what else is drawn. */
export function paletteOf(colour: ReturnType<typeof colours>): Palette {
  const tone = {
    neutral: colour('CanvasText', '--vscode-descriptionForeground'),
    good: colour('CanvasText', '--vscode-testing-iconPassed', '--vscode-charts-green'),
    active: colour('CanvasText', '--vscode-charts-blue', '--vscode-textLink-foreground'),
    warn: colour('Highlight', '--vscode-editorWarning-foreground', '--vscode-charts-yellow'),
    bad: colour('LinkText', '--vscode-errorForeground', '--vscode-charts-red'),
  };
  return {
    tones: GRAVITY.map((name) => tone[name]),
    line: colour('CanvasText', '--vscode-panel-border', '--vscode-contrastBorder', '--vscode-descriptionForeground'),
    text: colour('CanvasText', '--vscode-foreground'),
    node: colour('Canvas', '--vscode-list-inactiveSelectionBackground', '--vscode-scrollbarSlider-background'),
    match: colour('Highlight', '--vscode-editorOverviewRuler-findMatchForeground', '--vscode-charts-orange'),
    background: colour('Canvas', '--vscode-editor-background'),
  };
}

export type Drawing = {
  readonly log: EventLog;
  readonly axis: TimeAxis;
  readonly view: View;
  readonly buckets: Buckets;
  readonly spans: readonly NodeSpan[];
  readonly lanes: Lanes;
  readonly palette: Palette;
  /** The workbench's font, as CSS. */
  readonly font: string;
};

export function paint(canvas: CanvasRenderingContext2D, drawing: Drawing): void {
  const { buckets, lanes } = drawing;
  canvas.clearRect(0, 0, buckets.width, lanes.height);
  paintBreaks(canvas, drawing);
  paintNodes(canvas, drawing);
  paintLanes(canvas, drawing);
  paintMatches(canvas, drawing);
  paintMarks(canvas, drawing);
}

/** Where idle time was cut: a dotted line from top to bottom. */
function paintBreaks(canvas: CanvasRenderingContext2D, { axis, view, buckets, lanes, palette }: Drawing): void {
  canvas.strokeStyle = palette.line;
  canvas.setLineDash([2, 2]);
  let last = -3;
  for (const seq of axis.breaks) {
    const x =
      Math.round((toX(axis.at(seq), view, buckets.width) + toX(axis.at(seq - 1), view, buckets.width)) / 2) + 0.5;
    if (x < 0 || x > buckets.width || x - last < 3) continue;
    canvas.beginPath();
    canvas.moveTo(x, lanes.rows[0]?.top ?? 0);
    canvas.lineTo(x, lanes.height);
    canvas.stroke();
    last = x;
  }
  canvas.setLineDash([]);
}

const NAME_ROOM = 28;

function paintNodes(canvas: CanvasRenderingContext2D, { log, spans, lanes, palette, font }: Drawing): void {
  const row = lanes.rows[0];
  if (row === undefined) return;
  canvas.font = font;
  canvas.textBaseline = 'middle';
  for (const { visit, x, width } of spans) {
    const found = log.visit(visit);
    if (found === undefined) continue;
    const shown = Math.max(1, width - 1);
    canvas.fillStyle = palette.node;
    canvas.fillRect(x, row.top, shown, row.height);
    canvas.fillStyle = palette.tones[GRAVITY.indexOf(found.tone)] ?? palette.text;
    canvas.fillRect(x, row.top + row.height - 2, shown, 2);
    if (row.height < 12 || shown < NAME_ROOM) continue;
    canvas.save();
    canvas.beginPath();
    canvas.rect(x, row.top, shown - 2, row.height);
    canvas.clip();
    canvas.fillStyle = palette.text;
    canvas.fillText(found.node ?? '', x + 3, row.top + (row.height - 2) / 2 + 0.5);
    canvas.restore();
  }
}

/** Neighbouring columns of one tone are one rectangle. */
function paintLanes(canvas: CanvasRenderingContext2D, { buckets, lanes, palette }: Drawing): void {
  buckets.tones.forEach((columns, lane) => {
    const row = lanes.rows[lane];
    if (row === undefined || lane === 0) return;
    for (let x = 0; x < buckets.width; ) {
      const tone = columns[x] ?? 0;
      let end = x + 1;
      while (end < buckets.width && columns[end] === tone) end += 1;
      if (tone > 0) {
        canvas.fillStyle = palette.tones[tone - 1] ?? palette.text;
        canvas.fillRect(x, row.top, Math.max(2, end - x), row.height);
      }
      x = end;
    }
  });
}

function paintMatches(canvas: CanvasRenderingContext2D, { buckets, lanes, palette }: Drawing): void {
  canvas.fillStyle = palette.match;
  for (let x = 0; x < buckets.width; x += 1) if (buckets.fitting[x] === 1) canvas.fillRect(x, lanes.height - 2, 2, 2);
}

/** Pixels between two marks: nearer, the graver stays. */
const MARK_ROOM = 9;

function paintMarks(canvas: CanvasRenderingContext2D, { buckets, lanes, palette }: Drawing): void {
  const chosen: { x: number; mark: number }[] = [];
  for (let x = 0; x < buckets.width; x += 1) {
    const mark = buckets.marks[x] ?? 0;
    if (mark === 0) continue;
    const last = chosen.at(-1);
    if (last === undefined || x - last.x >= MARK_ROOM) chosen.push({ x, mark });
    else if (mark > last.mark) chosen[chosen.length - 1] = { x: last.x, mark };
  }
  const tone = (name: (typeof GRAVITY)[number]): string => palette.tones[GRAVITY.indexOf(name)] ?? palette.text;
  for (const { x, mark } of chosen) {
    const name = MARKS[mark] ?? 'none';
    canvas.fillStyle =
      name === 'denial' || name === 'failure' ? tone('bad') : name === 'approval' ? tone('warn') : palette.text;
    canvas.beginPath();
    shape(canvas, name, Math.max(4, Math.min(buckets.width - 4, x)), lanes.marksTop + 5);
    canvas.fill();
  }
}

/** A denial is a square with a bar left out, a failure a triangle, an approval a disc, a change a small bar. */
function shape(canvas: CanvasRenderingContext2D, mark: (typeof MARKS)[number], x: number, y: number): void {
  if (mark === 'failure') {
    canvas.moveTo(x, y - 4);
    canvas.lineTo(x + 4, y + 4);
    canvas.lineTo(x - 4, y + 4);
    canvas.closePath();
  } else if (mark === 'denial') {
    canvas.rect(x - 3.5, y - 3.5, 7, 2.5);
    canvas.rect(x - 3.5, y + 1, 7, 2.5);
  } else if (mark === 'approval') canvas.arc(x, y, 3.5, 0, 2 * Math.PI);
  else canvas.rect(x - 1, y - 1, 2, 5);
}

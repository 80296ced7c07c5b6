/** How the chart over time looks. Pure but for what it draws on. */
import uPlot from 'uplot';
import { formatCost } from '../../../src/protocol/format';
import type { colours } from '../theme';

export type ChartLook = {
  /** CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly hasCost: boolean;
  /** Where the axis of time ends, in milliseconds since the first event. */
  readonly until: () => number;
  readonly colour: ReturnType<typeof colours>;
  /** As a style sheet would say it. */
  readonly font: string;
  /** Milliseconds since the first event; null when none is selected. */
  readonly selectedAt: () => number | null;
  /** Told where the mouse is, in milliseconds since the first event; null when it has left. */
  readonly onCursor: (at: number | null) => void;
};

export function chartOptions({ size, hasCost, until, colour, font, selectedAt, onCursor }: ChartLook): uPlot.Options {
  const quiet = colour('CanvasText', '--vscode-descriptionForeground', '--vscode-foreground');
  const grid = {
    stroke: colour('GrayText', '--vscode-editorIndentGuide-background1', '--vscode-panel-border'),
    width: 1,
  };
  const axis = { stroke: quiet, font, grid, ticks: { show: false } } satisfies uPlot.Axis;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const line = { width: 1.5, points: { show: false }, ...(stepped === undefined ? {} : { paths: stepped }) };
  const tokens = colour('CanvasText', '--vscode-charts-blue', '--vscode-textLink-foreground');
  const cost = colour('CanvasText', '--vscode-charts-orange', '--vscode-editorWarning-foreground');
  const cursor = (chart: uPlot): void => {
    const { left } = chart.cursor;
    onCursor(left === undefined || left < 0 ? null : chart.posToVal(left, 'x') * 1000);
  };
  return {
    ...size,
    padding: [8, hasCost ? 0 : 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false, range: () => [0, Math.max(1, until() / 1000)] },
      tokens: { range: fromNothing },
      cost: { range: fromNothing },
    },
    axes: [
      { ...axis, size: 24, gap: 4, incrs: SECONDS, space: 60, values: (_chart, seconds) => seconds.map(elapsed) },
      { ...axis, scale: 'tokens', size: 46, values: (_chart, amounts) => amounts.map(short) },
      ...(hasCost
        ? [{ ...axis, grid: { show: false }, scale: 'cost', side: 1 as const, size: 52, values: dollars }]
        : []),
    ],
    series: [
      {},
      { ...line, scale: 'tokens', stroke: tokens },
      ...(hasCost ? [{ ...line, scale: 'cost', stroke: cost, dash: [4, 3] }] : []),
    ],
    hooks: {
      setCursor: [cursor],
      draw: [(chart) => mark(chart, selectedAt(), colour('Highlight', '--vscode-focusBorder', '--vscode-foreground'))],
    },
  };
}

/** Steps of the axis of time, in seconds. */
const SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 172_800, 604_800];

const fromNothing = (_chart: uPlot, _min: number | null, max: number | null): [number, number] => [
  0,
  max === null || max <= 0 ? 1 : max * 1.05,
];

const dollars = (_chart: uPlot, amounts: number[]): string[] => amounts.map(formatCost);

/** Seconds since the first event, as on the list: `0:04`, `1:02:03`. */
export function elapsed(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}

let formatter: Intl.NumberFormat | null = null;
/** Made when the first chart is drawn: it takes a while. */
function compact(value: number): string {
  formatter ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  return formatter.format(value);
}

/** `12000` → `12K`. */
export const short = (amount: number): string => compact(amount);

/** An upright line through the chart at the selected event. */
function mark(chart: uPlot, at: number | null, colour: string): void {
  if (at === null) return;
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(at / 1000, 'x', true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 2;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 5, bbox.top - 6);
  ctx.lineTo(x + 5, bbox.top - 6);
  ctx.lineTo(x, bbox.top + 2);
  ctx.fill();
  ctx.restore();
}

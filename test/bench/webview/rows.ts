/**
 * The rows of the bench's table about the timeline: ours at three sizes, and Playwright's trace viewer beside it. Bundled and started
 * by `npm run bench`: `node rows.js CHECKOUT PAGE THEME` prints rows as JSON.
 */
import path from 'node:path';
import type { Browser } from '../../host/lib.mjs';
import { openBrowser, p95 } from './browser';
import { measureTimeline, type Places } from './timeline';
import { measureTraceViewer } from './traceViewer';

const [checkout = '', page = '', theme = '', only = ''] = process.argv.slice(2);

type Row = { what: string; measured: string; limit: string; kept: boolean };
const rows: Row[] = [];

const MEGABYTE = 1024 * 1024;
const ms = (time: number): string => `${time.toFixed(1)} ms`;

function atMost(what: string, measured: number, limit: number, text = ms): void {
  rows.push({ what, measured: text(measured), limit: `≤ ${text(limit)}`, kept: measured <= limit });
}

type Limits = { readonly paint: number | null; readonly frame: number; readonly search: number | null };

const SIZES: readonly (readonly [events: number, limits: Limits])[] = [
  [10_000, { paint: 300, frame: 16.7, search: 100 }],
  [100_000, { paint: 500, frame: 25, search: null }],
  [1_000_000, { paint: null, frame: 50, search: null }],
];

async function ours(browser: Browser, places: Places): Promise<void> {
  for (const [events, { paint, frame, search }] of SIZES) {
    if (only !== '' && Number(only) !== events) continue;
    const size = `${events.toLocaleString('en-US')} events`;
    const { firstPaint, frames, moved, bytes, searchMs } = await measureTimeline(browser, places, events);
    atMost(`timeline of ${size}: first paint`, firstPaint, paint ?? Number.POSITIVE_INFINITY);
    atMost(`timeline of ${size}: a frame of scrubbing, p95 (${moved} of ${frames.length} moved)`, p95(frames), frame);
    atMost(`timeline of ${size}: search`, searchMs, search ?? Number.POSITIVE_INFINITY);
    if (events === 1_000_000)
      atMost(`timeline of ${size}: memory`, bytes / MEGABYTE, 300, (mb) => `${mb.toFixed(0)} MB`);
    if (events !== 10_000) continue;
    const viewer = path.join(checkout, 'test/host/node_modules/playwright-core/lib/vite/traceViewer');
    const peer = await measureTraceViewer(browser, viewer, events);
    ratio(`timeline of ${size}: first paint, of Playwright's trace viewer's`, firstPaint, peer.firstPaint);
    ratio(`timeline of ${size}: a frame of scrubbing, of the trace viewer's`, p95(frames), p95(peer.frames));
  }
}

function ratio(what: string, measured: number, peer: number): void {
  rows.push({
    what,
    measured: `${(measured / peer).toFixed(2)} × (${ms(measured)} to ${ms(peer)})`,
    limit: 'none',
    kept: true,
  });
}

const browser = await openBrowser(checkout);
try {
  await ours(browser, { page, theme, webview: path.join(checkout, 'dist/webview') });
} finally {
  await browser.close();
}
console.log(JSON.stringify(rows));

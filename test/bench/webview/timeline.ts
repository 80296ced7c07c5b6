/** How the shipped webview paints, scrubs and searches runs of different lengths. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import type { Browser, Page } from '../../host/lib.mjs';
import { bytesOf, type Measured, p95 } from './browser';

const ORIGIN = 'http://bench.test';
const FRAMES = 150;
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** `page` is the script that plays the extension (page.ts); `webview` is the folder of the shipped bundle. */
export type Places = { readonly page: string; readonly webview: string; readonly theme: string };

export type TimelineMeasured = Measured & { readonly searchMs: number; readonly moved: number };

/** Opens a run of so many events, waits until all of it is there, and drags through it. */
export async function measureTimeline(browser: Browser, places: Places, events: number): Promise<TimelineMeasured> {
  const page = await opened(browser, places, events);
  try {
    await page.waitForFunction(() => window.bench.firstPaint !== null);
    await page.waitForFunction(() => window.bench.complete(), undefined, { timeout: 300_000 });
    // What is compiled on first use is so in a window that has been open for a while.
    await page.evaluate(() => window.bench.scrub(40));
    const { frames, moved } = await page.evaluate((count) => window.bench.scrub(count), FRAMES);
    const bytes = await bytesOf(page);
    const searches: number[] = [];
    for (const text of ['denied', 'apply_patch', '.env', 'finished: success'])
      searches.push(await page.evaluate((word) => window.bench.search(word), text));
    const firstPaint = await page.evaluate(() => window.bench.firstPaint ?? Number.NaN);
    return { firstPaint, frames, moved, bytes, searchMs: p95(searches) };
  } finally {
    await page.context().close();
  }
}

async function opened(browser: Browser, places: Places, events: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const page = await context.newPage();
  await page.route(`${ORIGIN}/**`, (route) => serve(route, places));
  await page.goto(`${ORIGIN}/?events=${events}&protocol=${PROTOCOL_VERSION}`);
  return page;
}

type Route = Parameters<Parameters<Page['route']>[1]>[0];

async function serve(route: Route, { page, webview, theme }: Places): Promise<void> {
  const name = path.basename(new URL(route.request().url()).pathname);
  const contentType = TYPES[path.extname(name)];
  if (contentType === undefined) return route.fulfill({ body: HTML, contentType: 'text/html' });
  const file = name === 'page.js' ? page : path.join(webview, name);
  const body = name === 'theme.css' ? theme : await readFile(file);
  return route.fulfill({ body, contentType });
}

const HTML = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Timeline</title>
<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/main.css"></head>
<body class="vscode-body vscode-dark"><div id="root"></div><script src="/page.js"></script><script src="/main.js"></script></body></html>`;

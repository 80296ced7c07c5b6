/** How the shipped webview paints, scrubs and searches runs of different lengths. */
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import type { Browser, Page } from '../../host/lib.mjs';
import { bytesOf, type Measured, p95 } from './browser';

const FRAMES = 150;
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** `page` is the script that plays the extension (page.ts); `webview` is the folder of the shipped bundle. */
export type Places = { readonly page: string; readonly webview: string; readonly theme: string };

export type TimelineMeasured = Measured & { readonly searchMs: number; readonly moved: number };

/** Opens a run of so many events, waits until all of it is there, and drags through it. */
export async function measureTimeline(browser: Browser, places: Places, events: number): Promise<TimelineMeasured> {
  const { page, close } = await opened(browser, places, events);
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
    await close();
  }
}

/** Serves the page from this machine, as fast as files come: what stands between VS Code's service worker and a page is not ours. */
async function opened(
  browser: Browser,
  places: Places,
  events: number,
): Promise<{ page: Page; close(): Promise<void> }> {
  const files = await filesOf(places);
  const server = createServer((request, response) => {
    const name = path.basename(new URL(request.url ?? '/', 'http://bench.test').pathname);
    const body = files.get(name);
    const unknown = body === undefined && path.extname(name) !== '';
    response.writeHead(unknown ? 404 : 200, { 'content-type': TYPES[path.extname(name)] ?? 'text/html' });
    response.end(body ?? (unknown ? '' : HTML));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no address');
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/?events=${events}&protocol=${PROTOCOL_VERSION}`);
  const close = async (): Promise<void> => {
    await context.close();
    server.close();
  };
  return { page, close };
}

async function filesOf({ page, webview, theme }: Places): Promise<Map<string, Buffer | string>> {
  const files = new Map<string, Buffer | string>([
    ['page.js', await readFile(page)],
    ['theme.css', theme],
  ]);
  for (const name of await readdir(webview)) files.set(name, await readFile(path.join(webview, name)));
  return files;
}

const HTML = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Timeline</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'">
<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/main.css"></head>
<body class="vscode-body vscode-dark"><div id="root"></div><script src="/page.js"></script><script src="/main.js"></script></body></html>`;

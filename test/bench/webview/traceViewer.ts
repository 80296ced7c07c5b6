/**
 * The peer: the trace viewer that ships with Playwright, on a trace of as many events, in the same browser. Its rows are actions
 * (three events each: what is done, a line of its log, its end); it is dragged over its own time line.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Browser } from '../../host/lib.mjs';
import { bytesOf, type Measured } from './browser';

const FRAMES = 150;
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
};

/** Measures the viewer in `folder` on a trace of so many events. */
export async function measureTraceViewer(browser: Browser, folder: string, events: number): Promise<Measured> {
  const trace = traceOf(events);
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const body = name === '/trace.zip' ? Promise.resolve(trace) : readFile(path.join(folder, path.normalize(name)));
    body.then(
      (bytes) => response.setHeader('content-type', TYPES[path.extname(name)] ?? 'application/zip').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    // Its service worker, which unpacks traces, is there from the second time on, as it is for whoever uses it.
    await page.goto(`${origin}/index.html`);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
    await page.goto(`${origin}/index.html?trace=${encodeURIComponent(`${origin}/trace.zip`)}`);
    await page.waitForFunction(() => window.peer.firstPaint !== null, undefined, { timeout: 300_000 });
    await page.evaluate(drag, 40);
    const frames = await page.evaluate(drag, FRAMES);
    const bytes = await bytesOf(page);
    const firstPaint = await page.evaluate(() => window.peer.firstPaint ?? Number.NaN);
    return { firstPaint, frames, bytes };
  } finally {
    await context.close();
    await new Promise((resolve) => server.close(resolve));
  }
}

declare global {
  interface Window {
    peer: { firstPaint: number | null };
  }
}

/** In the page: notes when the first action is to be seen. */
function watch(): void {
  window.peer = { firstPaint: null };
  const look = (): void => {
    if (document.querySelector('.action-title') === null) requestAnimationFrame(look);
    else
      requestAnimationFrame(() => {
        window.peer.firstPaint = performance.now();
      });
  };
  requestAnimationFrame(look);
}

/** In the page: the lengths of so many frames, in each of which the pointer goes on over the time line. */
async function drag(count: number): Promise<number[]> {
  const line = document.querySelector('.timeline-view');
  if (line === null) throw new Error('there is no time line');
  const { left, top, width, height } = line.getBoundingClientRect();
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const frames: number[] = [];
  let before = await frame();
  for (let step = 1; step <= count; step += 1) {
    const clientX = left + 4 + ((width - 8) * ((step * 37) % count)) / count;
    line.dispatchEvent(
      new MouseEvent('mousemove', { clientX, clientY: top + height / 2, bubbles: true, cancelable: true }),
    );
    const now = await frame();
    frames.push(now - before);
    before = now;
  }
  return frames;
}

/** A trace as Playwright 1.65 writes it (version 10), with a quarter of a second from event to event. */
function traceOf(events: number): Uint8Array {
  const first = {
    version: 10,
    type: 'context-options',
    origin: 'library',
    browserName: 'chromium',
    playwrightVersion: '1.65.1',
    options: { viewport: { width: 1280, height: 720 } },
    platform: 'linux',
    wallTime: Date.parse('2026-01-01T00:00:00.000Z'),
    monotonicTime: 1000,
    sdkLanguage: 'javascript',
  };
  const lines: object[] = [first];
  for (let action = 0; lines.length < events; action += 1) {
    const callId = `call@${action}`;
    const time = 1000 + action * 750;
    const params = { selector: `button >> nth=${action}`, timeout: 30_000 };
    lines.push({ type: 'before', callId, startTime: time, class: 'Frame', method: 'click', params });
    lines.push({ type: 'log', callId, time: time + 250, message: '  locator resolved to <button>x</button>' });
    lines.push({ type: 'after', callId, endTime: time + 500 });
  }
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  return zipSync({ 'trace.trace': strToU8(text), 'trace.network': strToU8('') });
}

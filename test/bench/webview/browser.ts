/** A Chromium that draws as fast as it can, so that the time between two frames is what a frame takes. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, Page } from '../../host/lib.mjs';

export type Measured = { readonly firstPaint: number; readonly frames: readonly number[]; readonly bytes: number };

/** Playwright is installed beside the tests of the editor, not beside the extension. */
export async function openBrowser(checkout: string): Promise<Browser> {
  const load = createRequire(path.join(checkout, 'test/host/package.json'));
  const { chromium } = load('playwright-core') as { chromium: { launch(options: object): Promise<Browser> } };
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-gpu-vsync',
      '--disable-frame-rate-limit',
      '--js-flags=--expose-gc',
    ],
  });
}

/** The number below which 95 of 100 lie. */
export function p95(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? Number.NaN;
}

/** Bytes that a page's scripts hold: objects, and the memory behind arrays of numbers. */
export async function bytesOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage: object = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const of = (name: string): number => Number(new Map(Object.entries(usage)).get(name) ?? 0);
  return of('usedSize') + of('embedderHeapUsedSize') + of('backingStorageSize');
}

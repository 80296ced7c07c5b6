/**
 * What tests in a real workbench need: a VS Code server, a browser that stays off the network, and a page object for the
 * workbench. Needs test/host to be installed and prepared. The types are in lib.d.mts.
 */
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../.scripts/lib/browser.mjs';
import { vsixPath } from '../../.scripts/lib/paths.mjs';
import { here, root, startHost } from './host.mjs';
import { Workbench } from './workbench.mjs';

export { here, root, startHost, vsixPath, Workbench };

/** The test bridge's folder, for `startHost({ unpacked: [bridge] })`. */
export const bridge = path.join(here, 'bridge');
/** Where the end-to-end tests keep their pictures. */
export const shots = path.join(root, 'test/e2e/shots');

const SWITCHES = [
  '--no-sandbox', // containers and root have no user namespaces for the sandbox; only loopback pages are opened
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

export async function launch() {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium, Chrome or Edge found; set CHROMIUM to one');
  return chromium.launch({ executablePath, headless: true, args: SWITCHES });
}

export async function newPage(browser, { onConsole, viewport = { width: 1280, height: 800 } } = {}) {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', permissions });
  // A condition that holds is met at once; this is how long a slow machine may take to get there.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const listener =
    onConsole ?? (process.env.HOST_DEBUG ? (type, text) => console.log('[page]', type, text.slice(0, 400)) : null);
  if (listener !== null) page.on('console', (message) => listener(message.type(), message.text()));
  return page;
}

export async function shot(page, name) {
  fs.mkdirSync(shots, { recursive: true });
  const file = path.join(shots, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled' }); // ends fades first
  return file;
}

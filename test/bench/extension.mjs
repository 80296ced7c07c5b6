/**
 * What the extension costs a window, and how large it is: the packed .vsix in a real extension host, its activation as VS Code itself
 * measures and shows it under "Running Extensions" (loading the code and `activate`), with extensions that ship with VS Code beside it.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { bridge, launch, newPage, root, startHost, vsixPath, Workbench } from '../host/lib.mjs';
import { makeSampleWorkspace, removeSampleWorkspace } from '../support/sample-workspace.mjs';

const MEGABYTE = 1024 * 1024;
const WINDOWS = 5;
const OURS = 'openexec.openexec';
const PEER = 'vscode.git';

/** Rows of the bench's table. */
export async function extensionRows() {
  spawnSync('npm', ['run', '-s', 'package'], { cwd: root, stdio: 'inherit' });
  const bytes = fs.statSync(vsixPath).size;
  const times = await activations();
  const [ours, peer] = [OURS, PEER].map((id) => median(times.map((all) => all[id])));
  return [
    row('size of the .vsix', bytes / MEGABYTE, 15, (size) => `${size.toFixed(1)} MB`),
    row(`activation in the extension host, median of ${WINDOWS} windows`, ours, 50, (time) => `${time.toFixed(0)} ms`),
    {
      what: `activation, of that of VS Code's own ${PEER}`,
      measured: `${(ours / peer).toFixed(2)} ×`,
      limit: '',
      kept: true,
    },
  ];
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const row = (what, measured, limit, text) => ({
  ...{ what, measured: text(measured), limit: `≤ ${text(limit)}`, kept: measured <= limit },
});

async function activations() {
  const host = await startHost({ install: [vsixPath], unpacked: [bridge] });
  const browser = await launch();
  const folder = makeSampleWorkspace();
  try {
    const times = [];
    for (let at = 0; at < WINDOWS; at += 1) times.push(await activationsIn(host, browser, folder));
    return times;
  } finally {
    await browser.close();
    await host.stop();
    removeSampleWorkspace(folder);
  }
}

/** Milliseconds by the extensions' ids, in a window of its own. */
async function activationsIn(host, browser, folder) {
  const page = await newPage(browser);
  const wb = new Workbench(page);
  await wb.open(host.url({ folder }));
  const activate = `for (const id of args) await vscode.extensions.getExtension(id).activate()`;
  await host.inHost(activate, [OURS, PEER]);
  await wb.command('Developer: Show Running Extensions');
  const times = {};
  for (const id of [OURS, PEER]) {
    const shown = page.locator('.runtime-extensions-editor .monaco-list-row', {
      has: page.locator('.name', { hasText: NAMES[id] }),
    });
    const text = await shown.locator('.activation-time').innerText();
    times[id] = Number(/(\d+)ms/.exec(text)?.[1] ?? Number.NaN);
  }
  await page.context().close();
  return times;
}

/** As the list calls them. */
const NAMES = { [OURS]: /^OpenExec$/, [PEER]: /^Git$/ };

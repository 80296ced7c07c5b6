#!/usr/bin/env node
/**
 * `npm start`: installs what is missing, builds, packs, and opens a fresh copy of the sample project in a VS Code workbench on
 * loopback with the packed extension installed. `npm start -- --desktop` uses an installed `code` instead. Ctrl-C ends all
 * and removes the temporary folders.
 */
import { spawn } from 'node:child_process';
import { desktop } from './lib/desktop.mjs';
import { hostNode, NO_HOST_NODE } from './lib/host-node.mjs';
import { checkTools, ensureHost, ensureRoot, fail } from './lib/install.mjs';
import { vsixPath } from './lib/paths.mjs';
import { build, pack } from './lib/product.mjs';
import { beforeEnd } from './lib/run.mjs';

const ABOUT_MODELS = [
  'Press F1 and choose "OpenExec: Start Blueprint Run".',
  'Without an API key the sample runs on the recorded model: replies that were recorded earlier, no network, no cost.',
];

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--desktop');
if (unknown.length > 0) fail(`unknown argument ${unknown.join(' ')}; only --desktop is allowed`);
checkTools();
await ensureRoot();
const onDesktop = args.includes('--desktop');
if (!onDesktop) {
  await ensureHost();
  if (hostNode() === null) fail(NO_HOST_NODE);
}
if (!(await build()) || !(await pack())) fail('the extension could not be built (above)');

const { makeSampleWorkspace, removeSampleWorkspace } = await import('../test/support/sample-workspace.mjs');
const workspace = makeSampleWorkspace();
process.on('exit', () => removeSampleWorkspace(workspace)); // however it ends
await (onDesktop ? desktop(workspace, ABOUT_MODELS) : inBrowser());

async function inBrowser() {
  const { startHost } = await import('../test/host/host.mjs');
  const settings = { 'workbench.reduceMotion': 'auto' };
  const host = await startHost({ install: [vsixPath], settings }).catch((error) => fail(error.message));
  let stopping = false;
  beforeEnd(() => {
    stopping = true;
    return host.stop();
  });
  const address = `http://${host.authority}/?folder=${encodeURIComponent(workspace)}`;
  console.log(`\nOpenExec is at ${address}`);
  for (const line of ABOUT_MODELS) console.log(line);
  console.log('Ctrl-C ends it and removes its temporary folders.');
  openInBrowser(address);
  await host.exited;
  if (stopping) return;
  const said = host.log();
  await host.stop();
  fail(`the VS Code server ended by itself:\n${said}`);
}

/** Opens the address where there is a person with a screen; elsewhere the printed address is enough. */
function openInBrowser(address) {
  if (process.env.CI) return;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const [command, ...more] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...more, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {}); // no opener on this machine; the address is on the terminal
  child.unref();
}

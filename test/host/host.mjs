/**
 * Starts and stops a real VS Code server (code-server) on loopback, in a temporary folder of its own that also is its HOME.
 * Builtins only, so that `npm start` needs no Playwright. The types are in lib.d.mts.
 */
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostNode, NO_HOST_NODE } from '../../.scripts/lib/host-node.mjs';
import { SETTINGS } from './settings.mjs';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');

const START_MS = 60_000;
const BRIDGE_MS = 60_000;
const POLL_MS = 100;
const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));

/** Variables of the surrounding shell that would change what the server does. */
const DROPPED = ['PASSWORD', 'HASHED_PASSWORD', 'VSCODE_IPC_HOOK_CLI', 'ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'PORT'];

export async function startHost({
  settings = {},
  env = {},
  install = [],
  unpacked = [],
  linked = [],
  devMode = false,
  trust = false,
  port: wantedPort,
  args = [],
} = {}) {
  const node = hostNode();
  if (node === null) throw new Error(NO_HOST_NODE);
  const started = Date.now();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'vh-')); // short: it holds unix sockets (108 bytes at most)
  const userDataDir = path.join(dir, 'd');
  const extensionsDir = path.join(dir, 'e');
  const bridgeDir = path.join(dir, 'b');
  for (const folder of [path.join(userDataDir, 'User'), extensionsDir, bridgeDir])
    fs.mkdirSync(folder, { recursive: true });
  const user = { ...SETTINGS, 'security.workspace.trust.enabled': trust, ...settings };
  fs.writeFileSync(path.join(userDataDir, 'User/settings.json'), JSON.stringify(user, null, 2));
  for (const from of unpacked) fs.cpSync(from, placeOf(from, extensionsDir), { recursive: true });
  for (const from of linked) fs.symlinkSync(from, placeOf(from, extensionsDir), 'dir');

  const port = wantedPort ?? (await freePort());
  const logFile = path.join(dir, 'server.log');
  const log = () => fs.readFileSync(logFile, 'utf8');
  const out = fs.openSync(logFile, 'w');
  const childEnv = environment(dir, { OPENEXEC_BRIDGE: bridgeDir, ...env });
  const entry = path.join(here, 'node_modules/code-server/out/node/entry.js');
  const folders = [
    '--config',
    path.join(dir, 'config.yaml'),
    '--user-data-dir',
    userDataDir,
    '--extensions-dir',
    extensionsDir,
  ];
  for (const vsix of install) {
    execFileSync(node, [entry, ...folders, '--install-extension', vsix, '--force'], {
      env: childEnv,
      stdio: ['ignore', out, out],
    });
  }
  const server = [
    entry,
    ...folders,
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    ...QUIET,
    '--ignore-last-opened',
  ];
  if (!trust) server.push('--disable-workspace-trust');
  // A built workbench honours extensionDevelopmentPath and extensionTestsPath of the address only with this switch. It also
  // hides toasts, so tests of the interface install the .vsix instead.
  if (devMode) server.push('--vscode-option', 'enable-smoke-test-driver');
  const guard = [path.join(here, 'guard.mjs'), dir, node, ...server, ...args];
  const child = spawn(process.execPath, guard, { env: childEnv, stdio: ['pipe', out, out], detached: true });
  fs.closeSync(out);
  child.stdin.on('error', () => {}); // the guard died first; its exit is what counts
  let dead = null;
  const exited = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      dead = `exit ${code ?? signal}`;
      resolve();
    });
  });
  const authority = `127.0.0.1:${port}`;
  const stop = async () => {
    child.stdin.end();
    await exited;
    if (process.env.HOST_KEEP !== '1') fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };

  while (!(await answers(`http://${authority}/healthz`))) {
    const late = Date.now() - started > START_MS;
    if (dead === null && !late) {
      await pause();
      continue;
    }
    const said = log();
    await stop();
    throw new Error(`the VS Code server ${dead ?? 'did not start'}\n${said}`);
  }
  return {
    dir,
    port,
    authority,
    userDataDir,
    pid: child.pid,
    startMs: Date.now() - started,
    log,
    stop,
    exited,
    remote: (file) => `vscode-remote://${authority}${file}`,
    url: (what) => workbenchUrl(authority, what),
    inHost: (code, given, { window } = {}) => inHost(bridgeDir, code, given, window),
  };
}

const QUIET = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-getting-started-override',
  '--disable-proxy',
];

function placeOf(extension, extensionsDir) {
  const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8'));
  return path.join(extensionsDir, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
}

function environment(dir, more) {
  const env = {
    ...process.env,
    HOME: dir,
    XDG_CONFIG_HOME: path.join(dir, 'c'),
    XDG_DATA_HOME: path.join(dir, 's'),
    TMPDIR: dir,
    EXTENSIONS_GALLERY: '{}',
    ...more,
  };
  for (const name of DROPPED) delete env[name];
  return env;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function workbenchUrl(authority, { folder, dev = [], tests, extra = [] } = {}) {
  const remote = (file) => `vscode-remote://${authority}${file}`;
  const payload = [
    ...dev.map((extension) => ['extensionDevelopmentPath', remote(extension)]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...extra,
  ];
  const query = new URLSearchParams();
  if (folder !== undefined) query.set('folder', folder);
  query.set('payload', JSON.stringify(payload));
  return `http://${authority}/?${query}`;
}

/** Runs code in the extension host of the given window (0 is the first that was opened), else of the newest one alive. */
async function inHost(bridgeDir, code, args, window) {
  const until = Date.now() + BRIDGE_MS;
  for (;;) {
    const alive = await liveBridges(bridgeDir);
    const socket = window === undefined ? alive.at(-1) : alive[window];
    if (socket !== undefined) return ask(socket, code, args);
    if (Date.now() > until) throw new Error(`the test bridge of window ${window ?? 'any'} did not come up`);
    await pause();
  }
}

async function liveBridges(bridgeDir) {
  const names = fs.readdirSync(bridgeDir).sort();
  const alive = await Promise.all(names.map((name) => listens(path.join(bridgeDir, name))));
  return names.filter((_, i) => alive[i]).map((name) => path.join(bridgeDir, name));
}

function listens(socket) {
  return new Promise((resolve) => {
    const connection = net.connect(socket);
    connection.on('error', () => resolve(false));
    connection.on('connect', () => {
      connection.destroy();
      resolve(true);
    });
  });
}

function ask(socketPath, code, args) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method: 'POST' }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        const answer = JSON.parse(body);
        if (answer.error === undefined) resolve(answer.value);
        else reject(new Error(answer.error));
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(JSON.stringify({ code, args }));
  });
}

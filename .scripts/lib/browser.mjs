/**
 * Finds a Chromium for the tests, or gets one. In order: $CHROMIUM or $CHROME; an installed Chrome, Chromium or Edge; Debian's
 * package when we are root there; Playwright's own download into its cache; else null, and the browser tests are skipped.
 * Builtins only; the callers install test/host before they ask for a download.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { hostDir } from './paths.mjs';
import { run } from './run.mjs';

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const LINUX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const WINDOWS_PATHS = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
];

/** The path of a usable browser that is already here, or null. Never installs anything. */
export function findBrowser() {
  const named = process.env.CHROMIUM || process.env.CHROME;
  if (named) return works(named) ? named : null;
  return installedPaths().find(works) ?? playwrightBrowser();
}

/** A usable browser's path, installing one where that can be done without asking; null when none can be had. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found !== null || process.env.CHROMIUM || process.env.CHROME) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && fs.existsSync('/etc/debian_version')) {
    console.log('no browser found: installing Debian’s chromium package');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env, quiet: true });
    // The recommended packages bring a desktop's worth of things; fonts are what the pictures need.
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      env,
      quiet: true,
    });
    const debian = installedPaths().find(works);
    if (debian !== undefined) return debian;
  }
  console.log('no browser found: trying Playwright’s own download');
  const cli = path.join(hostDir, 'node_modules/playwright-core/cli.js');
  const { code } = await run(process.execPath, [cli, 'install', 'chromium'], { cwd: hostDir, quiet: true });
  if (code !== 0) console.log('that failed; set CHROMIUM to a Chrome, Chromium or Edge to run the browser tests');
  return code === 0 ? playwrightBrowser() : null;
}

function installedPaths() {
  if (process.platform === 'darwin') {
    const homes = ['/Applications', path.join(process.env.HOME ?? '/', 'Applications')];
    return homes.flatMap((home) => MAC_APPS.map((app) => `${home}/${app}.app/Contents/MacOS/${app}`));
  }
  if (process.platform === 'win32') {
    const homes = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
      Boolean,
    );
    return homes.flatMap((home) => WINDOWS_PATHS.map((tail) => path.join(home, tail)));
  }
  const onPath = (process.env.PATH ?? '').split(path.delimiter);
  const folders = [...new Set([...LINUX_FOLDERS, ...onPath])].filter(Boolean);
  return [
    ...LINUX_NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    '/opt/google/chrome/chrome',
  ];
}

/** Whether the program is there and starts; a snap's placeholder on Ubuntu exists but does not. */
function works(program) {
  if (!fs.existsSync(program)) return false;
  if (process.platform === 'win32') return true; // there `--version` opens a window
  return spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function playwrightBrowser() {
  const script = "import('playwright-core').then((p) => console.log(p.chromium.executablePath()))";
  const { status, stdout } = spawnSync(process.execPath, ['-e', script], { cwd: hostDir, encoding: 'utf8' });
  const program = status === 0 ? stdout.trim() : '';
  return program !== '' && works(program) ? program : null;
}

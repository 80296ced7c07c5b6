/**
 * Puts a fresh machine into a state where everything else can run: checks Node and git, installs this folder's and
 * test/host's packages when they are absent or not those of the lock file. Builtins only: nothing is installed yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { hostDir, root } from './paths.mjs';
import { npm, run } from './run.mjs';

/** Ends the process with one clear line when Node is too old or git is missing. `oldest` is `[major, minor]`. */
export function checkTools(oldest = [20, 0]) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    fail(
      `Node ${oldest.join('.')} or newer is needed, this is ${process.versions.node}. Get it from https://nodejs.org`,
    );
  }
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).status !== 0) {
    fail('git is needed and was not found on PATH. Get it from https://git-scm.com');
  }
}

/** Installs the root's packages, unless those of the lock file are there. */
export async function ensureRoot() {
  await ensurePackages(root, 'packages');
}

/** Installs the VS Code server and Playwright for the tests and for `npm start`, and prepares the server. */
export async function ensureHost() {
  await ensurePackages(hostDir, 'packages of test/host (a VS Code server, about 630 MB)');
  const { code } = await run(process.execPath, [path.join(hostDir, 'prepare.mjs')], { cwd: hostDir });
  if (code !== 0) fail('the VS Code server could not be prepared (above)');
}

async function ensurePackages(folder, what) {
  const lock = path.join(folder, 'package-lock.json');
  const modules = path.join(folder, 'node_modules');
  const stamp = path.join(modules, '.openexec-lock');
  const wanted = createHash('sha256').update(fs.readFileSync(lock)).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  if (!holds(modules, lock)) {
    console.log(`installing ${what} in ${path.relative(root, folder) || '.'} …`);
    const { code } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
    if (code !== 0) fail(`npm ci failed in ${folder}; is the npm registry reachable?`);
  }
  fs.writeFileSync(stamp, wanted);
}

/** Whether node_modules, filled by somebody's own `npm install`, has just the lock's versions; npm keeps its own copy to compare. */
function holds(modules, lock) {
  const installed = path.join(modules, '.package-lock.json');
  if (!fs.existsSync(installed)) return false;
  const versions = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  const have = versions(installed);
  return Object.entries(versions(lock)).every(
    ([at, pack]) => at === '' || pack.optional === true || have[at]?.version === pack.version,
  );
}

/** One line on standard error, then the end. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

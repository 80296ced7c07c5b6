/**
 * Bubblewrap for the tests of confined commands: what is installed, else Debian's package when we are root there. Without
 * it those tests are skipped, each with its reason in its title. Builtins only.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { run } from './run.mjs';

const isThere = () => spawnSync('bwrap', ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

/** Installs it where that can be done without asking; says what follows when it cannot. */
export async function ensureBubblewrap() {
  if (process.platform !== 'linux' || isThere()) return;
  if (process.getuid?.() === 0 && fs.existsSync('/etc/debian_version')) {
    console.log('no bubblewrap found: installing Debian’s package');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env, quiet: true });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'bubblewrap'], { env, quiet: true });
  }
  if (!isThere()) console.log('no bubblewrap (bwrap) on PATH: the tests of confined commands are skipped');
}

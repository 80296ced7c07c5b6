/**
 * vitest's global set-up: tests of the command line run what ships, so dist/ is built when anything it is made of is newer.
 *
 * Invariants: one build at a time on a machine, whatever runs in parallel; nothing is built for a run of tests that was
 * narrowed to folders that do not use dist/.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PRODUCT = path.join(ROOT, 'dist/cli.js');
const LOCK = path.join(ROOT, 'out/build.lock');
const SOURCES = ['src', 'webview-ui/src', 'package.json', '.scripts/build.mjs', '.scripts/lib/onnxruntime.mjs'];
/** Folders whose tests start dist/cli.js or dist/store-worker.js. */
const USERS = ['unit/cli', 'unit/node/runs', 'replay', 'golden'];
const POLL_MS = 100;

/** Builds dist/ once before the first test. Throws when the build fails. */
export default async function setup(project: TestProject): Promise<void> {
  const filters = (project.vitest as unknown as { filenamePattern?: string[] }).filenamePattern ?? [];
  if (filters.length > 0 && !filters.some(concerns)) return;
  if (!isOld()) return;
  const unlock = await lock();
  try {
    if (isOld()) build();
  } finally {
    unlock();
  }
}

const concerns = (filter: string): boolean => {
  const plain = filter.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, '');
  return USERS.some((folder) => plain.includes(folder) || `test/${folder}`.startsWith(plain));
};

function isOld(): boolean {
  const built = fs.statSync(PRODUCT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((source) => newest(path.join(ROOT, source)) > built);
}

function newest(file: string): number {
  const stat = fs.statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map((name) => newest(path.join(file, name))));
}

function build(): void {
  const { status, stderr } = spawnSync(process.execPath, ['.scripts/build.mjs'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`dist/ cannot be built:\n${stderr}`);
}

/** Waits for whoever builds just now; a lock of a process that is gone does not count. */
async function lock(): Promise<() => void> {
  fs.mkdirSync(path.dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      fs.writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return () => fs.rmSync(LOCK, { force: true });
    } catch {
      if (!isHeld()) fs.rmSync(LOCK, { force: true });
      await pause(POLL_MS);
    }
  }
}

function isHeld(): boolean {
  try {
    const pid = Number(fs.readFileSync(LOCK, 'utf8'));
    // Not written yet by the one that has just created it.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

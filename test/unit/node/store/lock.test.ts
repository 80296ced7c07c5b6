import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, lockRun, tryLock } from '../../../../src/node/store/lock';

let folder: string;
let file: string;
let made = 0;
/** Where this process's number counts, as its locks say. */
let space: string | null = null;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'openexec-lock-'));
  const own = await lockRun(path.join(folder, 'own'), 'run-1');
  space = JSON.parse(await readFile(path.join(folder, 'own'), 'utf8')).space;
  await own.release();
});
beforeEach(() => {
  made += 1;
  file = path.join(folder, `lock-${made}`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A lock file as another holder would have left it, with a heartbeat of the given age. */
async function foreign(holder: object | string, ageSeconds: number): Promise<void> {
  await writeFile(
    file,
    typeof holder === 'string' ? holder : JSON.stringify({ start: null, space, nonce: 'n', ...holder }),
  );
  const then = Date.now() / 1000 - ageSeconds;
  await utimes(file, then, then);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  if (child.pid === undefined) throw new Error('no pid');
  return child.pid;
}

describe('a lock', () => {
  it('is held by one at a time, also within a process, until it is released', async () => {
    const lock = await lockRun(file, 'run-1');
    expect(await isLocked(file)).toBe(true);
    expect(await tryLock(file)).toBeNull();
    await lock.release();
    expect(existsSync(file)).toBe(false);
    expect(await isLocked(file)).toBe(false);
    await (await lockRun(file, 'run-1')).release();
  });

  it('says who holds it', async () => {
    const lock = await lockRun(file, 'run-1');
    await expect(lockRun(file, 'run-1')).rejects.toMatchObject({
      code: 'run_locked',
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
    });
    await lock.release();
  });

  it('is taken by exactly one of many who find it stale', async () => {
    await foreign({ pid: await deadPid(), host: hostname() }, 0);
    const locks = await Promise.all(Array.from({ length: 8 }, () => tryLock(file)));
    expect(locks.filter((lock) => lock !== null)).toHaveLength(1);
  });

  it('of a process that is gone is free, however fresh', async () => {
    await foreign({ pid: await deadPid(), host: hostname() }, 0);
    expect(await isLocked(file)).toBe(false);
    await (await lockRun(file, 'run-1')).release();
  });

  it.skipIf(!existsSync('/proc/self/stat'))('of an earlier process with the same number is free', async () => {
    await foreign({ pid: process.pid, host: hostname(), start: '1' }, 0);
    expect(await isLocked(file)).toBe(false);
  });

  it.skipIf(!existsSync('/proc/self/ns/pid'))(
    'of another container, or another start, is held while its heart beats',
    async () => {
      for (const other of ['boot pid:[1]', null]) {
        await foreign({ pid: await deadPid(), host: hostname(), space: other }, 20);
        expect(await isLocked(file)).toBe(true);
        await foreign({ pid: process.pid, host: hostname(), space: other }, 40);
        expect(await isLocked(file)).toBe(false);
      }
    },
  );

  it('of a version that did not say where its number counts can be read', async () => {
    await writeFile(file, JSON.stringify({ pid: 7, host: 'elsewhere', start: null, nonce: 'n' }));
    await expect(lockRun(file, 'run-1')).rejects.toThrow('process 7 on elsewhere');
  });

  it('of another machine is held while its heart beats', async () => {
    await foreign({ pid: 1, host: 'elsewhere' }, 20);
    expect(await isLocked(file)).toBe(true);
    await foreign({ pid: 1, host: 'elsewhere' }, 40);
    expect(await isLocked(file)).toBe(false);
  });

  it('that cannot be read is held while it may be in the making, and free when it is old', async () => {
    await foreign('{"pid":', 1);
    expect(await isLocked(file)).toBe(true);
    await foreign('{"pid":', 40);
    await (await lockRun(file, 'run-1')).release();
  });

  it('that somebody else has taken over is not released by its first holder', async () => {
    const lock = await lockRun(file, 'run-1');
    await foreign({ pid: 1, host: 'elsewhere' }, 0);
    await lock.release();
    expect(await readFile(file, 'utf8')).toContain('elsewhere');
  });
});

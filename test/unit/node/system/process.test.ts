import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { minimalEnvironment } from '../../../../src/node/system/environment';
import { BoundedOutput } from '../../../../src/node/system/output';
import { type ProcessRequest, runProcess } from '../../../../src/node/system/process';
import { findProgram } from '../../../../src/node/system/programs';
import { temporaryFolder } from '../tools/harness';

const environment = { ...process.env, OPENAI_API_KEY: 'sk-not-for-children', ELECTRON_RUN_AS_NODE: '1' };

function run(script: string, change: Partial<ProcessRequest> = {}) {
  return runProcess({
    argv: [process.execPath, '-e', script],
    cwd: temporaryFolder(),
    env: minimalEnvironment(environment),
    timeoutMs: 20_000,
    outputLimit: 10_000,
    signal: new AbortController().signal,
    monotonic: () => 0,
    ...change,
  });
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that nobody has waited for yet is gone all the same.
    return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a process', () => {
  test('ends with its code and all that it said', async () => {
    const result = await run('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result.end).toEqual({ kind: 'exit', code: 3 });
    expect(result.output.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  test('gets no shell, no input and no keys', async () => {
    const script = 'console.log(process.argv[1], JSON.stringify(process.env), require("fs").readFileSync(0).length)';
    const { output } = await run(script, { argv: [process.execPath, '-e', script, '$HOME; echo `id` > x'] });
    expect(output).toMatch(/^\$HOME; echo `id` > x \{.*\} 0\n$/);
    expect(output).toContain('"CI":"1"');
    expect(output).not.toContain('sk-not-for-children');
    expect(output).not.toContain('ELECTRON_RUN_AS_NODE');
  });

  test('may say something on a fourth stream, which is kept apart', async () => {
    const script = 'console.log("out"); require("fs").writeSync(3, "state")';
    expect(await run(script, { status: true })).toMatchObject({ output: 'out\n', status: 'state' });
    expect(await run(script)).toMatchObject({ status: '' });
  });

  test('that does not exist is missing, not an exception', async () => {
    const { end } = await run('', { argv: ['no-such-program-of-ours', 'x'] });
    expect(end).toEqual({ kind: 'missing', program: 'no-such-program-of-ours' });
  });

  test('that talks too much is kept at its start and its end', async () => {
    const { end, output } = await run('process.stdout.write("first\\n" + "x ".repeat(25e5) + "\\nlast\\n")');
    expect(end).toEqual({ kind: 'exit', code: 0 });
    expect(output.length).toBeLessThan(11_000);
    expect(output).toMatch(/^first\n(x ?)+\n\[cut: 499\d{4} bytes of output are not shown\]\n ?(x )+\nlast\n$/);
  });

  test('that was cancelled before it began is not started', async () => {
    const { end } = await run('require("fs").writeFileSync("ran", "")', { signal: AbortSignal.abort() });
    expect(end).toEqual({ kind: 'cancelled' });
  });

  test('leaves nothing behind in the background', async () => {
    const script =
      'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1e6)"], { stdio: "inherit" });' +
      'console.log(c.pid); process.exit(0)';
    const { end, output } = await run(script);
    expect(end).toEqual({ kind: 'exit', code: 0 });
    await vi.waitUntil(() => !isAlive(Number(output)), 10_000);
  });
});

describe.runIf(process.platform === 'linux')('a child that left the process group', () => {
  /** Starts a session of its own, which writes `late` when `go` is there; tells its id in `away`. */
  const away = (rest: string): string => `
    const wait = "const fs = require('fs'); process.on('SIGTERM', () => 0); fs.writeFileSync('away.new', String(process.pid));" +
      "fs.renameSync('away.new', 'away'); setInterval(() => fs.existsSync('go') && fs.writeFileSync('late', ''), 5)";
    require('child_process').spawn(process.execPath, ['-e', wait], { detached: true, stdio: 'ignore' }).unref();
    const look = setInterval(() => {
      if (!require('fs').existsSync('away')) return;
      clearInterval(look);
      ${rest}
    }, 5);`;

  const expectGone = (cwd: string): void => {
    const pid = Number(fs.readFileSync(path.join(cwd, 'away'), 'utf8'));
    fs.writeFileSync(path.join(cwd, 'go'), '');
    expect(isAlive(pid)).toBe(false);
    expect(fs.existsSync(path.join(cwd, 'late'))).toBe(false);
  };

  test('is gone when the program has ended', async () => {
    const cwd = temporaryFolder();
    expect((await run(away('process.exit(0)'), { cwd })).end).toEqual({ kind: 'exit', code: 0 });
    expectGone(cwd);
  });

  test('is gone after a cancel', async () => {
    const cwd = temporaryFolder();
    const stop = new AbortController();
    const running = run(away('setInterval(() => 0, 1e6)'), { cwd, signal: stop.signal });
    await vi.waitUntil(() => fs.existsSync(path.join(cwd, 'away')), 15_000);
    stop.abort();
    expect((await running).end).toEqual({ kind: 'cancelled' });
    expectGone(cwd);
  });

  test('is gone after the time limit', async () => {
    const cwd = temporaryFolder();
    const { end } = await run(away('setInterval(() => 0, 1e6)'), { cwd, timeoutMs: 3000 });
    expect(end).toEqual({ kind: 'timeout' });
    // On a slow machine the limit may come before the child does; then there is nobody to look for.
    if (fs.existsSync(path.join(cwd, 'away'))) expectGone(cwd);
  });
});

/** A process and its child, both deaf to SIGTERM; their ids are in the file `pids`. */
const STUBBORN = `
  const fs = require('fs');
  process.on('SIGTERM', () => 0);
  const deaf = "process.on('SIGTERM', () => 0); setInterval(() => 0, 1e6); require('fs').writeFileSync('ready', '')";
  const child = require('child_process').spawn(process.execPath, ['-e', deaf], { stdio: 'inherit' });
  const wait = setInterval(() => {
    if (!fs.existsSync('ready')) return;
    clearInterval(wait);
    fs.writeFileSync('pids.new', process.pid + ' ' + child.pid);
    fs.renameSync('pids.new', 'pids');
  }, 5);
  setInterval(() => 0, 1e6);
`;

describe('a process that must end', () => {
  test('is gone with its children after a cancel', async () => {
    const cwd = temporaryFolder();
    const stop = new AbortController();
    const running = run(STUBBORN, { cwd, signal: stop.signal });
    await vi.waitUntil(() => fs.existsSync(path.join(cwd, 'pids')), 15_000);
    const pids = fs.readFileSync(path.join(cwd, 'pids'), 'utf8').split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    stop.abort();
    expect((await running).end).toEqual({ kind: 'cancelled' });
    await vi.waitUntil(() => !pids.some(isAlive), 10_000);
  });

  test('is gone with its children after the time limit', async () => {
    const cwd = temporaryFolder();
    const { end } = await run(STUBBORN, { cwd, timeoutMs: 1500 });
    expect(end).toEqual({ kind: 'timeout' });
    const file = path.join(cwd, 'pids');
    // On a slow machine the limit may come before the child does; then there is nobody to look for.
    const pids = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split(' ').map(Number) : [];
    await vi.waitUntil(() => !pids.some(isAlive), 10_000);
  });
});

describe('finding a program', () => {
  test('skips relative folders of PATH, so that a repository cannot bring its own git', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await findProgram('tool', { PATH: '.:' }, folder)).toBeNull();
    expect(await findProgram('tool', { PATH: `.:${folder}` }, '/')).toBe(path.join(folder, 'tool'));
    expect(await findProgram('./tool', { PATH: '' }, folder)).toBe(path.join(folder, 'tool'));
  });
});

describe.skipIf(process.platform === 'win32')('finding a program outside of a folder', () => {
  test('passes over what lies or leads in there, and takes what is named by its path', async () => {
    const [inside, beside] = [temporaryFolder(), temporaryFolder()];
    fs.writeFileSync(path.join(inside, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    fs.symlinkSync(path.join(inside, 'tool'), path.join(beside, 'tool'));
    const environment = { PATH: `${inside}:${beside}` };
    expect(await findProgram('tool', environment, '/', { outside: [inside] })).toBeNull();
    expect(await findProgram('./tool', environment, inside, { outside: [inside] })).toBe(path.join(inside, 'tool'));
    const real = temporaryFolder();
    fs.writeFileSync(path.join(real, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    const both = { PATH: `${inside}:${real}` };
    expect(await findProgram('tool', both, '/', { outside: [inside] })).toBe(path.join(real, 'tool'));
    // A folder that only begins with the same name is another one.
    expect(await findProgram('tool', both, '/', { outside: [inside, real.slice(0, -1)] })).toBe(
      path.join(real, 'tool'),
    );
  });
});

describe('bounded output', () => {
  test('never tears a character apart', () => {
    for (let limit = 2; limit < 40; limit++) {
      const output = new BoundedOutput(limit);
      for (const byte of Buffer.from('aü€😀'.repeat(8))) output.add(Buffer.from([byte]));
      expect(output.text()).not.toContain('\uFFFD');
    }
  });

  test('is everything when it fits', () => {
    const output = new BoundedOutput(10);
    for (const part of ['abc', 'defg', 'hij']) output.add(Buffer.from(part));
    expect(output.text()).toBe('abcdefghij');
  });
});

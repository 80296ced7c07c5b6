/** Ways out of a confinement that a hostile review found, each of them tried. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGit } from '../../../../src/node/git/git';
import { hardenedGit } from '../../../../src/node/tools/gitCommand';
import { openRepository, snapshot } from '../../../../src/node/workspace/repository';
import { CONFINEMENT, NOT_CONFINED_HERE } from '../../../support/confinement';
import { bench, makeRepository, plainGit, temporaryFolder, testEnvironment, testGit, write } from '../tools/harness';

const script = (text: string) => ({ argv: [process.execPath, '-e', text], source: 'test' });

/** A repository whose own settings have git start a program that leaves a mark. */
function armed(root: string, mark: string): void {
  fs.mkdirSync(root, { recursive: true });
  plainGit(root, 'init', '--quiet');
  write(root, { f: 'x' });
  plainGit(root, 'add', 'f');
  plainGit(root, '-c', 'user.name=a', '-c', 'user.email=b', 'commit', '--quiet', '-m', 'x');
  plainGit(root, 'config', 'filter.e.clean', `touch '${mark}'; cat`);
  write(root, { '.git/info/attributes': '* filter=e\n' });
  fs.utimesSync(path.join(root, 'f'), 1, 1);
}

describe('a nested repository', () => {
  test('in the work tree is left out and named, and git is never run inside of it', async () => {
    const mark = path.join(temporaryFolder(), 'mark');
    const { root, run, worktree } = await bench({ 'a.txt': '' }, { commands: { build: script('') } });
    armed(path.join(root, 'sub'), mark);
    fs.mkdirSync(path.join(root, 'empty'));
    plainGit(path.join(root, 'empty'), 'init', '--quiet');
    for (let look = 0; look < 2; look++) {
      const done = await run('run_project_command', { name: 'build' });
      expect(done).toMatchObject({ outcome: 'ok', output: expect.stringContaining('empty, sub]') });
    }
    expect(worktree.leftOut()).toEqual(['empty', 'sub']);
    expect(fs.existsSync(mark)).toBe(false);
  });

  test('in the place of a tracked file or a submodule is no way around that', async () => {
    const mark = path.join(temporaryFolder(), 'mark');
    const user = makeRepository({ 'a.txt': 'one', 'b.txt': 'two' });
    const head = plainGit(user, 'rev-parse', 'HEAD').trim();
    plainGit(user, 'update-index', '--add', '--cacheinfo', `160000,${head},linked`);
    armed(path.join(user, 'linked'), mark);
    fs.rmSync(path.join(user, 'a.txt'));
    armed(path.join(user, 'a.txt'), mark);
    armed(path.join(user, 'new'), mark);
    fs.rmSync(path.join(user, 'b.txt'));
    fs.mkdirSync(path.join(user, 'b.txt'));
    plainGit(path.join(user, 'b.txt'), 'init', '--quiet');
    const base = await snapshot(await openRepository(user, testGit()));
    await snapshot(await openRepository(user, testGit()));
    expect(fs.existsSync(mark)).toBe(false);
    expect(plainGit(user, 'ls-tree', '-r', base.baseTree).trim()).toBe(`160000 commit ${head}\tlinked`);
    expect(base.notCovered).toContain('nested repositories, not in the run and not undone: a.txt, b.txt, new');
  });
});

describe.skipIf(NOT_CONFINED_HERE !== null || process.platform !== 'linux')('a confined command', () => {
  test('cannot set the kernel', async () => {
    const at = ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/self/oom_score_adj'];
    const text = `const fs = require('fs'); for (const at of ${JSON.stringify(at)}) try { fs.closeSync(fs.openSync(at, 'r+')); console.log('un' + 'locked'); } catch (e) { console.log(e.code); }`;
    const { run } = await bench({ 'a.txt': '' }, { commands: { build: script(text) } });
    const done = await run('run_project_command', { name: 'build' });
    expect(done).toMatchObject({ outcome: 'ok', confinement: CONFINEMENT });
    expect(done.output).not.toContain('unlocked');
  });

  test('reaches no socket outside of the hidden folders, and no secret below XDG_CONFIG_HOME', async () => {
    const home = fs.mkdtempSync(path.join(os.homedir(), '.oe-test-'));
    const socket = path.join(home, 's.sock');
    const server = net.createServer((client) => client.end('reached'));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    try {
      write(home, {
        'xdg/gh/hosts.yml': 'gh secret',
        'xdg/stripe/config.toml': 'stripe secret',
        '.mylogin.cnf': 'my secret',
      });
      const text = `const fs = require('fs');
        for (const at of ['xdg/gh/hosts.yml', 'xdg/stripe/config.toml', '.mylogin.cnf']) try { console.log(fs.readFileSync(${JSON.stringify(home)} + '/' + at, 'utf8')); } catch {}
        const c = require('net').connect(${JSON.stringify(socket)}); c.on('data', (d) => console.log(String(d))); c.on('error', (e) => console.log(e.code));`;
      const environment = { ...testEnvironment(), HOME: home, XDG_CONFIG_HOME: path.join(home, 'xdg') };
      const { run } = await bench({ 'a.txt': '' }, { commands: { build: script(text) }, environment });
      const done = await run('run_project_command', { name: 'build' });
      expect(done).toMatchObject({ outcome: 'ok', confinement: CONFINEMENT });
      expect(done.output).toMatch(/ECONNREFUSED|EACCES|EPERM/);
      expect(done.output).not.toMatch(/reached|secret/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
      fs.rmSync(home, { recursive: true, force: true });
    }
  });

  test('is confined again after one failure, and never run unconfined after that', async () => {
    const folder = temporaryFolder();
    const fake = path.join(folder, 'bwrap');
    const failing = '#!/bin/sh\nexit 1\n';
    fs.writeFileSync(fake, failing, { mode: 0o755 });
    const environment = { ...testEnvironment(), PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}` };
    const { run } = await bench({ 'a.txt': '' }, { commands: { build: script('') }, environment });
    const build = () => run('run_project_command', { name: 'build' });
    expect(await build()).toMatchObject({ outcome: 'ok', confinement: 'not confined' });
    fs.writeFileSync(fake, `#!/bin/sh\nPATH='${process.env.PATH ?? ''}'\nexec bwrap "$@"\n`);
    expect(await build()).toMatchObject({ outcome: 'ok', confinement: CONFINEMENT });
    fs.writeFileSync(fake, failing);
    expect(await build()).toMatchObject({ outcome: 'error', output: expect.stringContaining('could not be confined') });
  });
});

describe('git', () => {
  test('is not taken from the repository that it works on, nor from that for a worktree of it', async () => {
    const root = makeRepository({ 'a/b.txt': '' });
    const mark = path.join(temporaryFolder(), 'mark');
    write(root, { 'node_modules/.bin/git': `#!/bin/sh\ntouch '${mark}'\nexit 1\n` });
    fs.chmodSync(path.join(root, 'node_modules/.bin/git'), 0o755);
    const bin = path.join(root, 'node_modules/.bin');
    const git = createGit({
      environment: { ...testEnvironment(), PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
    });
    await openRepository(path.join(root, 'a'), git);
    await git.run(temporaryFolder(), ['--version']);
    expect(fs.existsSync(mark)).toBe(false);
  });

  test('of a command shows plainly also after options of its own', () => {
    expect(hardenedGit(['--no-pager', 'log', '-1']).args).toEqual([
      '--no-pager',
      'log',
      '--no-ext-diff',
      '--no-textconv',
      '-1',
    ]);
  });
});

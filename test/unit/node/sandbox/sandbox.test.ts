/** What a command of a run can do to the machine: through the toolbox, with the sandbox of this machine. */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { CONFINEMENT, NOT_CONFINED_HERE } from '../../../support/confinement';
import {
  bench,
  benchOn,
  makeRepository,
  plainGit,
  read,
  temporaryFolder,
  testEnvironment,
  write,
} from '../tools/harness';

const script = (text: string) => ({ argv: [process.execPath, '-e', text], source: 'test' });
/** Prints `did` or the error's code of each step, so that one command can try many things. */
const tries = (steps: Readonly<Record<string, string>>): string =>
  `const fs = require('fs'); const said = {};
   for (const [name, step] of Object.entries(${JSON.stringify(steps)})) {
     try { said[name] = String(eval(step) ?? 'did'); } catch (error) { said[name] = error.code ?? error.message; }
   }
   console.log(JSON.stringify(said));`;

async function run(text: string, bench_: Awaited<ReturnType<typeof bench>>) {
  const done = await bench_.run('run_project_command', { name: 'build' });
  const line = done.output.split('\n').find((each) => each.startsWith('{'));
  return { done, said: line === undefined ? null : (JSON.parse(line) as Record<string, string>), text };
}

/** A bench whose build command tries those steps. */
async function trying(
  steps: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = { 'a.txt': 'one\n' },
  options: Parameters<typeof bench>[1] = {},
) {
  const text = tries(steps);
  const made = await bench(files, { ...options, commands: { build: script(text) } });
  return { ...made, ...(await run(text, made)) };
}

/** Whether a program that waits for `go` is there, whoever started it. */
const isWaitingIn = (root: string): boolean =>
  fs.readdirSync('/proc').some((pid) => {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      return words.includes("existsSync('go')") && fs.readlinkSync(`/proc/${pid}/cwd`) === root;
    } catch {
      return false;
    }
  });

describe.skipIf(NOT_CONFINED_HERE !== null)(
  `a confined command (${NOT_CONFINED_HERE ?? 'it is confined here'})`,
  () => {
    test('writes in the work tree and nowhere else', async () => {
      const home = temporaryFolder();
      const outside = path.join(os.homedir(), `oe-outside-${process.pid}`);
      const { said, done, root } = await trying(
        {
          inside: `fs.writeFileSync('b.txt', 'two')`,
          above: `fs.writeFileSync('../b.txt', 'two')`,
          home: `fs.writeFileSync(${JSON.stringify(outside)}, 'two')`,
          system: `fs.writeFileSync('/usr/oe-outside', 'two')`,
          temporary: `fs.writeFileSync(require('os').tmpdir() + '/mine', 'two')`,
        },
        undefined,
        { environment: { ...testEnvironment(), HOME: home } },
      );
      expect(done).toMatchObject({ outcome: 'ok', confinement: CONFINEMENT });
      expect(said).toMatchObject({ inside: 'did', temporary: 'did' });
      expect(read(root, 'b.txt')).toBe('two');
      for (const name of ['home', 'system']) expect(said?.[name]).toMatch(/^(EROFS|EPERM|EACCES)$/);
      expect(fs.existsSync(path.join(path.dirname(root), 'b.txt'))).toBe(false);
      expect(fs.existsSync(outside)).toBe(false);
    });

    test('has no network, not even to a server of this machine', async () => {
      const server = http.createServer((_, response) => response.end('reached'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const text = `
      const ask = (url) => fetch(url).then((r) => r.text(), (error) => error.cause?.code ?? error.message);
      Promise.all([ask('http://127.0.0.1:${port}/'), ask('http://1.1.1.1/')]).then(([local, far]) => console.log(JSON.stringify({ local, far })));`;
      const made = await bench({ 'a.txt': '' }, { commands: { build: script(text) } });
      const { said } = await run(text, made);
      await new Promise((resolve) => server.close(resolve));
      expect(said?.local).toMatch(/ECONNREFUSED|EPERM|EACCES/);
      expect(said?.far).toMatch(/ENETUNREACH|EPERM|EACCES/);
    });

    test('reads no secret of the home folder, none of the store, and nothing of the person’s own work tree', async () => {
      const home = fs.mkdtempSync(path.join(os.homedir(), '.oe-test-home-'));
      const repository = path.join(home, 'repo');
      try {
        write(home, {
          '.ssh/id_ed25519': 'ssh secret',
          '.npmrc': 'npm secret',
          '.config/openexec/policy.yaml': 'policy secret',
          'store/runs/r/journal.jsonl': 'journal secret',
          'plain.txt': 'plain',
        });
        fs.mkdirSync(repository);
        plainGit(repository, 'init', '--quiet', '-b', 'main');
        plainGit(repository, 'config', 'user.name', 'Pat');
        plainGit(repository, 'config', 'user.email', 'pat@example.invalid');
        write(repository, { 'a.txt': 'one\n', '.gitignore': '.env\nnode_modules\n', '.env': 'env secret' });
        write(repository, { 'node_modules/dep/index.js': 'module.exports = "dependency";\n' });
        plainGit(repository, 'add', '--all');
        plainGit(repository, 'commit', '--quiet', '-m', 'first');
        const at = (name: string) => JSON.stringify(path.join(home, name));
        const text = tries({
          ssh: `fs.readFileSync(${at('.ssh/id_ed25519')}, 'utf8')`,
          npm: `fs.readFileSync(${at('.npmrc')}, 'utf8')`,
          policy: `fs.readFileSync(${at('.config/openexec/policy.yaml')}, 'utf8')`,
          store: `fs.readFileSync(${at('store/runs/r/journal.jsonl')}, 'utf8')`,
          env: `fs.readFileSync(${at('repo/.env')}, 'utf8')`,
          plain: `fs.readFileSync(${at('plain.txt')}, 'utf8')`,
          dependency: `require(${at('repo/node_modules/dep')})`,
          copied: `require('dep')`,
          head: `require('child_process').execFileSync('git', ['log', '-1', '--format=%s'], { encoding: 'utf8' }).trim()`,
          own: `fs.readFileSync('a.txt', 'utf8').trim()`,
          write: `fs.writeFileSync(${at('repo/late.txt')}, '')`,
        });
        const environment = { ...testEnvironment(), HOME: home };
        const place = path.join(home, 'store/worktrees/run-1');
        const made = await benchOn(
          repository,
          { environment, hidden: [path.join(home, 'store')], commands: { build: script(text) } },
          place,
        );
        const { said } = await run(text, made);
        expect(JSON.stringify(said)).not.toContain('secret');
        expect(said).toMatchObject({
          plain: 'plain',
          dependency: 'dependency',
          copied: 'dependency',
          own: 'one',
          head: 'first',
        });
        expect(said?.write).toBe('EROFS');
        expect(fs.existsSync(path.join(repository, 'late.txt'))).toBe(false);
      } finally {
        fs.rmSync(home, { recursive: true, force: true });
      }
    });

    test('can neither read what the policy excludes nor change, replace or remove what it protects', async () => {
      const files = {
        '.env': 'KEY=secret\n',
        'config/prod.env': 'KEY=secret\n',
        'config/readme.txt': 'plain\n',
        '.github/workflows/ci.yml': 'on: push\n',
        'src/a.js': '1\n',
      };
      const { said, done, root } = await trying(
        {
          env: `fs.readFileSync('.env', 'utf8')`,
          deep: `fs.readFileSync('config/prod.env', 'utf8')`,
          beside: `fs.readFileSync('config/readme.txt', 'utf8').trim()`,
          remove: `fs.rmSync('.env')`,
          change: `fs.writeFileSync('.github/workflows/ci.yml', 'on: evil')`,
          create: `fs.writeFileSync('.github/workflows/new.yml', 'on: evil')`,
          replace: `(fs.writeFileSync('mine', 'on: evil'), fs.renameSync('mine', '.github/workflows/ci.yml'))`,
          link: `fs.writeFileSync('.git', 'gitdir: /nowhere')`,
          seen: `fs.readFileSync('.github/workflows/ci.yml', 'utf8').trim()`,
          other: `fs.writeFileSync('src/a.js', '2')`,
        },
        files,
        {
          excluded: (file) => (file.endsWith('.env') ? 'secrets' : null),
          protectedBy: (file) => (/\.env$|^\.github\//.test(file) ? 'protected' : null),
        },
      );
      expect(done.outcome).toBe('ok');
      expect(said).toMatchObject({
        env: '',
        deep: '',
        beside: 'plain',
        seen: 'on: push',
        other: 'did',
        remove: 'EBUSY',
      });
      for (const name of ['change', 'create', 'link']) expect(said?.[name], name).toBe('EROFS');
      expect(said?.replace).toMatch(/^(EXDEV|EBUSY|EROFS)$/);
      expect(read(root, '.env')).toBe('KEY=secret\n');
      expect(read(root, '.github/workflows/ci.yml')).toBe('on: push\n');
    });

    test.runIf(process.platform === 'linux')(
      'has no right of root’s, sees no other process and no socket of the system',
      async () => {
        const folder = fs.mkdtempSync('/run/oe-');
        const listener = net.createServer((socket) => socket.end('reached'));
        await new Promise<void>((resolve) => listener.listen(path.join(folder, 'socket'), resolve));
        const { said } = await trying({
          rights: `/^CapEff:\\s*(\\w+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]`,
          processes: `fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).every((pid) => Number(pid) < 50)`,
          socket: `fs.existsSync(${JSON.stringify(path.join(folder, 'socket'))})`,
          shadow: `fs.readFileSync('/etc/shadow', 'utf8')`,
        });
        await new Promise((resolve) => listener.close(resolve));
        fs.rmSync(folder, { recursive: true, force: true });
        expect(said).toEqual({ rights: '0'.repeat(16), processes: 'true', socket: 'false', shadow: '' });
      },
    );

    test.runIf(process.platform === 'linux').each(['it has ended', 'it was cancelled', 'its time is over'])(
      'leaves nothing behind when %s, not even in a session and an environment of its own',
      async (when) => {
        const wait = `setInterval(() => require('fs').existsSync('go') && require('fs').writeFileSync('late', ''), 5); require('fs').writeFileSync('started', '')`;
        const text = `
        const spawn = require('child_process').spawn;
        spawn('setsid', ['env', '-i', process.execPath, '-e', ${JSON.stringify(wait)}], { detached: true, stdio: 'ignore' }).unref();
        setInterval(() => ${when === 'it has ended'} && require('fs').existsSync('started') && process.exit(0), 5);`;
        const stop = new AbortController();
        const limit = when === 'its time is over' ? { commandTimeoutMs: 3000 } : {};
        const { root, run: call } = await bench({ 'a.txt': '' }, { commands: { build: script(text) }, ...limit });
        const running = call('run_project_command', { name: 'build' }, stop.signal);
        await vi.waitUntil(() => fs.existsSync(path.join(root, 'started')), 15_000);
        if (when === 'it was cancelled') stop.abort();
        const outcomes = {
          'it has ended': 'ok',
          'it was cancelled': 'cancelled',
          'its time is over': 'timeout',
        } as const;
        expect(await running).toMatchObject({
          outcome: outcomes[when as keyof typeof outcomes],
          confinement: CONFINEMENT,
        });
        await vi.waitUntil(() => !isWaitingIn(root), 10_000);
        fs.writeFileSync(path.join(root, 'go'), '');
        expect(fs.existsSync(path.join(root, 'late'))).toBe(false);
      },
    );

    test('keeps its exit code, and its own words when it fails', async () => {
      const { run: call } = await bench(
        { 'a.txt': '' },
        { commands: { build: script('console.error("bwrap: no"); process.exit(1)') } },
      );
      const done = await call('run_project_command', { name: 'build' });
      expect(done).toMatchObject({ outcome: 'ok', exitCode: 1, confinement: CONFINEMENT });
      expect(done.output).toContain('bwrap: no\nexit code 1');
    });

    test.runIf(process.platform === 'linux')('is not run at all when it cannot be confined', async () => {
      const text = `require('fs').writeFileSync('ran', '')`;
      const made = await bench({ 'a.txt': '' }, { commands: { build: script(text) }, hidden: ['/proc/self/fd'] });
      const done = await made.run('run_project_command', { name: 'build' });
      expect(done).toMatchObject({ outcome: 'error', exitCode: null, confinement: 'in process' });
      expect(done.output).toMatch(/^the command was not run, because it could not be confined: \S/);
      expect(fs.existsSync(path.join(made.root, 'ran'))).toBe(false);
    });

    test.runIf(process.platform === 'linux')('finds the caches of its tools in a folder that is its own', async () => {
      const { said } = await trying({
        npm: `require('child_process').execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()`,
        fails: `require('child_process').spawnSync('npm', ['view', 'zod'], { encoding: 'utf8' }).stderr.includes('ENOTCACHED')`,
        writes: `fs.mkdirSync(process.env.GOCACHE, { recursive: true }) && 'did'`,
        options: `String(process.env.NODE_OPTIONS ?? process.env.LD_PRELOAD ?? process.env.GIT_DIR ?? process.env.BASH_ENV ?? 'none')`,
      });
      expect(said).toEqual({ npm: '/tmp/npm', fails: 'true', writes: 'did', options: 'none' });
    });
  },
);

test.skipIf(NOT_CONFINED_HERE !== null)(
  'a linked work tree of the person’s hides the main one as well, and git still works',
  async () => {
    const main = makeRepository({ 'a.txt': 'one\n', '.gitignore': '.env\n' });
    fs.writeFileSync(path.join(main, '.env'), 'main secret');
    const linked = path.join(temporaryFolder(), 'linked');
    plainGit(main, 'worktree', 'add', '--quiet', linked, '-b', 'other');
    const text = tries({
      env: `fs.readFileSync(${JSON.stringify(path.join(main, '.env'))}, 'utf8')`,
      head: `require('child_process').execFileSync('git', ['log', '-1', '--format=%s'], { encoding: 'utf8' }).trim()`,
    });
    const made = await benchOn(linked, { commands: { build: script(text) } });
    const { said } = await run(text, made);
    expect(said).toEqual({ env: 'ENOENT', head: 'first' });
  },
);

/**
 * No path whatsoever leads a tool out of the repository or into git's own folder: strings of every kind, on a disk full of
 * hostile links, through the real toolbox, and while the disk is changed underneath it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { readFolder, readOpened, removeFile, replaceFile } from '../../src/node/tools/opened';
import { pathFact } from '../../src/node/tools/paths';
import { namesIn } from '../../src/node/tools/pathText';
import { bench, temporaryFolder, write } from '../unit/node/tools/harness';

const CANARY = 'CANARY-7f3a';
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A folder outside whose files must neither be read nor changed. */
function makeOutside(): string {
  const outside = temporaryFolder();
  write(outside, { 'canary.txt': CANARY, 'dir/canary.txt': CANARY, '.git/config': CANARY, '.env': CANARY });
  return outside;
}

/** Links of every kind in `root`, most of them out of it. */
function addHostileLinks(root: string, outside: string): void {
  write(root, { 'a.txt': 'mine\n', 'sub/b.txt': 'mine\n', '.env': `KEY=${CANARY}\n`, 'sub/.git/config': CANARY });
  const link = (target: string, name: string): void => fs.symlinkSync(target, path.join(root, name));
  link(path.join(outside, 'canary.txt'), 'file');
  link(path.join(outside, 'dir'), 'dir');
  link(outside, 'out');
  link('chain2', 'chain');
  link('sub/chain3', 'chain2');
  link('../out/canary.txt', 'sub/chain3');
  link('loop2', 'loop');
  link('loop', 'loop2');
  link('..', 'up');
  link('/', 'rootfs');
  link(path.join(outside, 'new.txt'), 'dangling');
  link('.git', 'togit');
  link('sub/.git', 'tonested');
  link('sub', 'tosub');
  link('../a.txt', 'sub/toa');
  link('.', 'self');
  fs.linkSync(path.join(outside, 'canary.txt'), path.join(root, 'hard.txt'));
  fs.linkSync(path.join(root, '.env'), path.join(root, 'innocent.txt'));
}

/** Every file below a folder with what would show that it was touched. */
function stateOf(folder: string): unknown[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((name) => {
      const stat = fs.lstatSync(name);
      return [name, stat.ino, stat.mtimeMs, stat.isFile() ? fs.readFileSync(name, 'utf8') : null];
    });
}

const NAMES = [
  ...['a.txt', 'sub', 'b.txt', 'file', 'dir', 'out', 'chain', 'chain2', 'loop', 'up', 'rootfs', 'dangling', 'togit'],
  ...[
    'tonested',
    'tosub',
    'toa',
    'self',
    'hard.txt',
    'innocent.txt',
    'canary.txt',
    'new.txt',
    'config',
    'hooks',
    '.env',
  ],
  ...['..', '.', '', '...', '. .', '.. ', '~', '.git', '.GIT', '.git.', '.git ', 'GIT~1', '.g\u200cit', '.git::$DATA'],
  ...['%2e%2e', '%2e%2e%2f', '%252e', '..%c0%af', '\uFF0E\uFF0E', '\u2025', '..\u2215', 'C:', 'nul', 'a\0', '\ud800'],
  ...['tmp', 'etc', 'passwd', 'proc', 'e\u0301', '\u00e9'],
];

const hostilePath = (outside: string): fc.Arbitrary<string> => {
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
    fc.string({ maxLength: 8, unit: 'binary' }),
  );
  const joined = fc
    .tuple(fc.array(name, { minLength: 1, maxLength: 6 }), fc.constantFrom('/', '/', '/', '//', '/./', '\\'))
    .map(([names, between]) => names.join(between));
  const outward = fc
    .tuple(fc.constantFrom('', '/', '..', '../../../../../..', '/proc/self/root', 'rootfs', 'file:///'), joined)
    .map(([start, rest]) => `${start}${outside}/${rest}`);
  return fc.oneof({ weight: 5, arbitrary: joined }, outward, fc.string({ maxLength: 40, unit: 'binary' }));
};

describe('no path whatsoever', () => {
  test('is more than a fact, is decided by its text twice, or names what is outside', async () => {
    const root = temporaryFolder();
    const outside = makeOutside();
    addHostileLinks(root, outside);
    const before = stateOf(outside);
    await fc.assert(
      fc.asyncProperty(hostilePath(outside), async (asked) => {
        const fact = await pathFact(root, asked);
        expect(fact.asked).toBe(asked);
        expect(fact.inside === null).toBe(fact.problem !== null);
        if (fact.inside === null) return;
        // What was resolved is plain: no link on the way, nothing of git, and looked at again it is itself.
        expect(namesIn(fact.inside).ok || fact.inside === '.').toBe(true);
        expect(fact.inside.split('/').map((part) => part.toLowerCase())).not.toContain('.git');
        const full = path.join(root, fact.inside);
        if (fs.existsSync(full)) expect(fs.realpathSync(full).normalize('NFC')).toBe(full.normalize('NFC'));
        expect((await pathFact(root, fact.inside)).inside).toBe(fact.inside);
        const opened = await readOpened(root, fact.inside, 1000);
        if (opened.ok && fact.inside !== '.env') expect(opened.value.bytes.toString()).not.toContain(CANARY);
      }),
      { numRuns: 3000 },
    );
    expect(stateOf(outside)).toEqual(before);
  });

  test('is read, listed, searched, written or deleted through by a tool', async () => {
    const excluded = (file: string): string | null => (/(^|\/)\.env$/i.test(file) ? 'secrets' : null);
    const { root, user, toolbox, request } = await bench({ 'a.txt': 'mine\n' }, { excluded });
    const outside = makeOutside();
    addHostileLinks(root, outside);
    const own = () => [
      fs.readFileSync(path.join(root, '.git'), 'utf8'),
      fs.readFileSync(path.join(user, '.git/config'), 'utf8'),
    ];
    const before = [
      stateOf(outside),
      own(),
      stateOf(path.join(root, 'sub/.git')),
      stateOf(path.join(user, '.git/hooks')),
    ];
    const call = fc.constantFrom(
      (at: string) => request('read_file', { path: at }),
      (at: string) => request('list_directory', { path: at }),
      (at: string) => request('search', { path: at, query: 'CANARY' }),
      (at: string) => request('write_file', { path: at, content: 'overwritten\n' }),
      (at: string) => request('replace_in_file', { path: at, old: CANARY, new: 'x' }),
      (at: string) => request('delete_file', { path: at }),
      (at: string) => request('apply_patch', { patch: `--- a/${at}\n+++ b/${at}\n@@ -1 +1 @@\n-${CANARY}\n+x\n` }),
      (at: string) => request('apply_patch', { patch: `--- /dev/null\n+++ b/${at}\n@@ -0,0 +1 @@\n+x\n` }),
      (at: string) => request('git_diff', { path: at }),
    );
    await fc.assert(
      fc.asyncProperty(call, hostilePath(outside), async (make, at) => {
        const asked = make(at);
        const { paths } = await toolbox.facts(asked);
        // As if somebody had allowed it without knowing of the other names of a file.
        const facts = { paths: paths.map(({ links: _links, ...fact }) => fact) };
        const { output } = await toolbox.execute(asked, facts, new AbortController().signal);
        expect(output.replaceAll(asked.input, '').replace(/no match for .*/, '')).not.toContain(CANARY);
        for (const name of fs.readdirSync(root)) expect(name.toLowerCase()).not.toMatch(/^\.git.+$/);
      }),
      { numRuns: 150, interruptAfterTimeLimit: 100_000 },
    );
    expect([
      stateOf(outside),
      own(),
      stateOf(path.join(root, 'sub/.git')),
      stateOf(path.join(user, '.git/hooks')),
    ]).toEqual(before);
  }, 240_000);
});

describe('a disk that changes under a call', () => {
  test.each(['read_file', 'write_file', 'replace_in_file', 'delete_file', 'list_directory', 'search', 'apply_patch'])(
    'leads %s nowhere, whatever was swapped after the decision',
    async (tool) => {
      const { root, toolbox, request } = await bench({ 'deep/er/canary.txt': 'mine\n', 'deep/er/other.txt': 'mine\n' });
      const outside = temporaryFolder();
      write(outside, { 'canary.txt': CANARY, 'er/canary.txt': CANARY });
      const before = stateOf(outside);
      const target = tool === 'list_directory' || tool === 'search' ? 'deep/er' : 'deep/er/canary.txt';
      const more: Record<string, unknown> = {
        write_file: { content: 'x' },
        replace_in_file: { old: 'mine', new: 'x' },
        search: { query: 'CANARY' },
      };
      const asked =
        tool === 'apply_patch'
          ? request(tool, { patch: `--- a/${target}\n+++ b/${target}\n@@ -1 +1 @@\n-mine\n+x\n` })
          : request(tool, { path: target, ...(more[tool] ?? {}) });
      const swaps: readonly [string, string][] = [
        ['deep/er/canary.txt', path.join(outside, 'canary.txt')],
        ['deep/er', path.join(outside, 'er')],
        ['deep', outside],
      ];
      for (const [place, target] of swaps) {
        const facts = await toolbox.facts(asked);
        const full = path.join(root, place);
        fs.renameSync(full, `${full}.away`);
        fs.symlinkSync(target, full);
        const { output } = await toolbox.execute(asked, facts, new AbortController().signal);
        expect(output.replace(/no match for .*/, '')).not.toContain(CANARY);
        fs.rmSync(full);
        fs.renameSync(`${full}.away`, full);
      }
      expect(stateOf(outside)).toEqual(before);
      expect(fs.readFileSync(path.join(root, 'deep/er/canary.txt'), 'utf8')).toBe('mine\n');
    },
    120_000,
  );

  test('leads nobody out while another process swaps a folder for a link as fast as it can', async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    write(root, { 'dir/file.txt': 'mine\n' });
    write(outside, { 'file.txt': CANARY, 'outside-only.txt': CANARY });
    const swapper = `const fs = require('fs'); const [at, out] = process.argv.slice(1);
      const attempt = (step) => { try { step(); } catch {} };
      for (let round = 0; ; round++) {
        const away = at + '.away' + round;
        attempt(() => fs.renameSync(at, away)); attempt(() => fs.symlinkSync(out, at));
        attempt(() => fs.lstatSync(at).isSymbolicLink() && fs.unlinkSync(at)); attempt(() => fs.renameSync(away, at));
      }`;
    const child = spawn(process.execPath, ['-e', swapper, path.join(root, 'dir'), outside], { stdio: 'ignore' });
    children.push(child);
    const seen = { read: 0, written: 0, refused: 0 };
    // Until both have been seen often enough: calls that hit the folder, and calls that hit the link or nothing.
    for (let round = 0; round < 20_000 && (seen.read < 20 || seen.written < 20 || seen.refused < 200); round++) {
      const fact = await pathFact(root, 'dir/file.txt');
      if (fact.inside !== null) expect(fact.inside.startsWith('dir')).toBe(true);
      const read = await readOpened(root, 'dir/file.txt', 1000);
      if (read.ok) expect(read.value.bytes.toString()).not.toContain(CANARY);
      const written = await replaceFile(root, 'dir/file.txt', Buffer.from('mine\n'));
      const listed = await readFolder(root, 'dir');
      if (listed.ok) expect(listed.value.map(({ name }) => name)).not.toContain('outside-only.txt');
      if (round % 7 === 0) await removeFile(root, 'dir/file.txt');
      seen.read += read.ok ? 1 : 0;
      seen.written += written.ok ? 1 : 0;
      seen.refused += [read, written, listed].filter(({ ok }) => !ok).length;
      expect(fs.readdirSync(outside)).toEqual(['file.txt', 'outside-only.txt']);
      expect(fs.readFileSync(path.join(outside, 'file.txt'), 'utf8')).toBe(CANARY);
    }
    expect(child.exitCode).toBeNull();
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.read).toBeGreaterThan(0);
  }, 120_000);
});

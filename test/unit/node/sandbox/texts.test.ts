/** What the two sandboxes are told, as text; that it holds is shown by sandbox.test.ts where there is one. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Bounds, boundsOf, type Confined } from '../../../../src/node/sandbox/bounds';
import { bubblewrapFlags } from '../../../../src/node/sandbox/bubblewrap';
import { findSandbox } from '../../../../src/node/sandbox/confine';
import { coverOf } from '../../../../src/node/sandbox/cover';
import { seatbeltProfile } from '../../../../src/node/sandbox/seatbelt';
import { temporaryFolder, write } from '../tools/harness';

const BOUNDS: Bounds = [
  { at: '/home/pat/repo', as: 'hide-folder' },
  { at: '/home/pat/.npmrc', as: 'hide-file' },
  { at: '/home/pat/repo/.git', as: 'read' },
  { at: '/home/pat/repo/store "1"/tree', as: 'write' },
  { at: '/home/pat/repo/store "1"/tree/.github', as: 'keep' },
  { at: '/home/pat/repo/store "1"/tree/.env', as: 'hide-file' },
];

describe('the profile for seatbelt', () => {
  const lines = seatbeltProfile(BOUNDS, '/private/var/t/x').split('\n');

  test('denies whatever it does not name, and names no network', () => {
    expect(lines.slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
    expect(lines.join('\n')).not.toContain('(allow network');
    expect(lines.join('\n')).not.toContain('(allow default)');
  });

  test('allows writes in the work tree and the command’s own folder only', () => {
    const writes = lines.filter((line) => /^\(allow .*file-write/.test(line));
    expect(writes).toEqual([
      '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/dtracehelper") (literal "/dev/ptmx") (regex #"^/dev/fd/"))',
      '(allow file-write* (subpath "/private/var/t/x"))',
      '(allow file-read* file-write* (subpath "/home/pat/repo/store \\"1\\"/tree"))',
    ]);
  });

  test('says the narrower after the wider, for the later counts', () => {
    const at = (text: string): number => lines.findIndex((line) => line.startsWith(text));
    const tree = '(subpath "/home/pat/repo/store \\"1\\"/tree';
    const order = [
      at('(allow file-read*)'),
      at('(deny file-read* file-write* (subpath "/home/pat/repo"))'),
      at('(allow file-read* (subpath "/home/pat/repo/.git"))'),
      at(`(allow file-read* file-write* ${tree}"))`),
      at(`(deny file-write* ${tree}/.github"))`),
      at(`(deny file-read* file-write* ${tree}/.env"))`),
    ];
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
  });

  test('has as many closing brackets as opening ones', () => {
    const text = lines.join('\n').replace(/"(?:\\.|[^"\\])*"/g, '');
    expect(text.split('(').length).toBe(text.split(')').length);
  });
});

describe('what bubblewrap is told', () => {
  const flags = bubblewrapFlags(BOUNDS, ['/tmp', '/run'], '/home/pat/repo/store "1"/tree');
  const text = flags.join(' ');

  test('mounts the machine read only, and only the work tree to write', () => {
    expect(text).toContain('--ro-bind / /');
    expect(flags.filter((flag) => flag === '--bind')).toHaveLength(1);
    expect(text).toContain('--bind /home/pat/repo/store "1"/tree /home/pat/repo/store "1"/tree');
  });

  test('takes the network, other processes and every right away', () => {
    for (const flag of [
      '--unshare-net',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--die-with-parent',
      '--new-session',
    ])
      expect(flags).toContain(flag);
    expect(text).toContain('--cap-drop ALL');
  });

  test('closes what is hidden once the places below it were made, and ends before the command', () => {
    expect(text.indexOf('--remount-ro /home/pat/repo')).toBeGreaterThan(text.indexOf('/tree/.env'));
    expect(flags.at(-1)).toBe('--');
  });
});

describe('the places that stand for files', () => {
  const all = ['a/b/1', 'a/b/2', 'a/c/3', 'd/4', 'e'];
  test.each([
    [['a/b/1', 'a/b/2'], ['a/b']],
    [['a/b/1', 'a/b/2', 'a/c/3'], ['a']],
    [
      ['a/b/1', 'd/4', 'e'],
      ['a/b/1', 'd', 'e'],
    ],
    [[], []],
  ])('%j are %j', (chosen, places) => {
    expect(coverOf(all, new Set(chosen))).toEqual(places);
  });
});

describe('the bounds of a command', () => {
  const bounds = async (home: string | null, change: Partial<Confined> = {}) => {
    const folder = temporaryFolder();
    write(folder, { 'repo/.git/HEAD': '', 'repo/a.txt': '', 'tree/.git': '', 'tree/.env': '', 'tree/x/y': '' });
    const repository = path.join(folder, 'repo');
    const confined: Confined = {
      worktree: path.join(folder, 'tree'),
      repository,
      gitFolder: path.join(repository, '.git'),
      dependencies: ['node_modules'],
      excluded: ['.env', 'gone'],
      kept: ['x', 'link'],
      hidden: [],
      home: home === null ? null : path.join(folder, home),
      program: '/usr/bin/env',
      ...change,
    };
    fs.symlinkSync('x', path.join(confined.worktree, 'link'));
    const places = await boundsOf(confined, []);
    return places
      .filter(({ at }) => at.startsWith(folder))
      .map(({ at, as }) => `${as} ${path.relative(folder, at).replaceAll('\\', '/')}`);
  };

  test('hide the person’s work tree but not its git data, and name only what is there and no link', async () => {
    expect(await bounds(null)).toEqual([
      'hide-folder repo',
      'write tree',
      'read repo/.git',
      'hide-file tree/.env',
      'keep tree/.git',
      'keep tree/x',
    ]);
  });

  test('leave a home folder visible that is a repository itself', async () => {
    expect(await bounds('repo')).not.toContain('hide-folder repo');
    expect(await bounds('repo/home')).not.toContain('hide-folder repo');
  });
});

test.runIf(process.platform === 'linux')(
  'a bubblewrap out of the repository, or one that does not work, is not used',
  async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'bwrap'), '#!/bin/sh\necho "setting up uid map: not permitted" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const inside = await findSandbox({ PATH: folder }, [folder]);
    expect(inside.why).toBe('bubblewrap (bwrap) was not found on PATH');
    const broken = await findSandbox({ PATH: folder }, []);
    expect(broken.why).toBe('bubblewrap does not work here: setting up uid map: not permitted');
  },
);

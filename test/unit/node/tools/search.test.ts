import fs from 'node:fs';
import path from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { describe, expect, test } from 'vitest';
import { bench, plainGit, read, temporaryFolder, write } from './harness';

const excluded = (file: string): string | null => (/(^|\/)\.env|\.pem$|\[x\]\.txt$/.test(file) ? 'no-secrets' : null);
const KEY = `-----BEGIN PRIVATE KEY-----\nneedle${'A'.repeat(60)}\n-----END PRIVATE KEY-----\n`;

const FILES: Record<string, string | Uint8Array> = {
  'src/a.txt': 'one needle\ntwo\nNeedle in capitals\nneedle needle\n',
  'src/ü b.txt': 'a needle\r\nno line end needle',
  'src/.hidden/c.txt': 'needle\n',
  '-dash.txt': 'needle\n',
  '.github/ci.yml': 'needle\n',
  '.env': 'KEY=needle\n',
  'deep/.env.local': 'KEY=needle\n',
  '[x].txt': 'needle in brackets\n',
  'x.txt': 'needle without brackets\n',
  'key.txt': KEY,
  'token.txt': `needle ghp_${'a1B2'.repeat(9)}\n`,
  'binary.bin': Buffer.from('needle\0needle\n'),
  'latin.txt': Buffer.from([...Buffer.from('needle '), 0xfc, 0x0a]),
  'utf16.txt': Buffer.from('\uFEFFneedle\n', 'utf16le'),
  'special.txt': 'a.*b $x "q" \\n (needle|x) --flag\n',
  'long.txt': `needle ${'x'.repeat(1000)}\n`,
  'kept.log': 'needle, ignored by a pattern and tracked all the same\n',
  '.ignore': 'src\n',
  '.rgignore': 'x.txt\n',
};

async function searching(ripgrep: string | null) {
  const made = await bench(FILES, { excluded, ripgrep });
  const { root } = made;
  const outside = temporaryFolder();
  write(outside, { 'theirs.txt': 'needle outside\n' });
  write(root, {
    '.gitignore': 'dist/\n*.log\n',
    'dist/out.js': 'needle\n',
    'other.log': 'needle\n',
    'untracked.txt': 'needle\n',
    'docs/.gitignore': 'draft.md\n',
    'docs/draft.md': 'needle\n',
    'docs/final.md': 'needle\n',
  });
  fs.symlinkSync(path.join(outside, 'theirs.txt'), path.join(root, 'link.txt'));
  fs.symlinkSync(outside, path.join(root, 'folder'));
  fs.linkSync(path.join(root, '.env'), path.join(root, 'innocent.txt'));
  // What was a tracked file is a way out now.
  fs.rmSync(path.join(root, 'kept.log'));
  fs.symlinkSync(path.join(outside, 'theirs.txt'), path.join(root, 'kept.log'));
  return made;
}

const QUERIES: readonly { query: string; path?: string }[] = [
  { query: 'needle' },
  { query: 'needle', path: 'src' },
  { query: 'needle', path: 'src/a.txt' },
  { query: 'needle', path: '-dash.txt' },
  { query: 'needle', path: 'dist' },
  { query: 'needle', path: 'docs' },
  { query: 'needle', path: 'nowhere' },
  { query: 'KEY=' },
  { query: 'outside' },
  { query: 'a.*b $x "q" \\n (needle|x) --flag' },
  { query: '--flag' },
  { query: 'ü' },
  { query: '«private-key»' },
  { query: 'in capitals' },
];

describe('search', () => {
  test('answers the same with ripgrep as with git', async () => {
    const [fast, plain] = [await searching(rgPath), await searching(null)];
    for (const input of QUERIES) {
      const [one, other] = [await fast.run('search', input), await plain.run('search', input)];
      expect({ input, output: one.output, outcome: one.outcome }).toEqual({
        input,
        output: other.output,
        outcome: other.outcome,
      });
    }
  });

  test.each([
    ['ripgrep', rgPath],
    ['git', null],
  ])('by %s shows nothing of what is withheld, ignored, linked or outside', async (_, ripgrep) => {
    const { run } = await searching(ripgrep);
    const { output } = await run('search', { query: 'needle' });
    expect(output.split('\n').map((line) => line.split(': ')[0])).toEqual([
      '-dash.txt:1',
      '.github/ci.yml:1',
      'docs/final.md:1',
      'key.txt:2',
      'latin.txt:1',
      'long.txt:1',
      'special.txt:1',
      'src/.hidden/c.txt:1',
      'src/a.txt:1',
      'src/a.txt:4',
      'src/ü b.txt:1',
      'src/ü b.txt:2',
      'token.txt:1',
      'untracked.txt:1',
      'x.txt:1',
    ]);
    expect(output).not.toMatch(/outside|KEY=|AAAA|ghp_/);
    expect(output).toContain('latin.txt:1: (it cannot be shown)');
  });

  test('by ripgrep finds what is tracked although a pattern ignores it', async () => {
    const { run, root } = await bench({ 'kept.log': 'needle\n', 'b.txt': 'needle\n' }, { ripgrep: rgPath });
    write(root, { '.gitignore': '*.log\n', 'new.log': 'needle\n' });
    expect((await run('search', { query: 'needle' })).output).toBe('b.txt:1: needle\nkept.log:1: needle');
  });

  test('runs the ripgrep that it was given, without settings and without following links', async () => {
    const folder = temporaryFolder();
    const program = path.join(folder, 'rg');
    const said = path.join(folder, 'argv');
    fs.writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\nexec '${rgPath}' "$@"\n`, { mode: 0o755 });
    const { run } = await bench({ 'b.txt': 'needle\n' }, { ripgrep: program });
    expect((await run('search', { query: 'needle' })).output).toBe('b.txt:1: needle');
    const argv = fs.readFileSync(said, 'utf8').split('\n');
    for (const option of ['--no-config', '--no-follow', '--fixed-strings']) expect(argv).toContain(option);
    expect(argv.slice(argv.indexOf('--'), -1)).toEqual(['--', './']);
  });

  test('is done by git when ripgrep cannot be started', async () => {
    const { run } = await bench({ 'b.txt': 'needle\n' }, { ripgrep: path.join(temporaryFolder(), 'rg') });
    expect((await run('search', { query: 'needle' })).output).toBe('b.txt:1: needle');
  });

  test('obeys no settings that the person has for ripgrep', async () => {
    const settings = path.join(temporaryFolder(), 'rc');
    fs.writeFileSync(settings, '--follow\n--no-ignore\n');
    const environment = { ...process.env, HOME: temporaryFolder(), RIPGREP_CONFIG_PATH: settings };
    const { run, root } = await bench(
      { 'b.txt': 'needle\n', '.gitignore': 'dist/\n' },
      { ripgrep: rgPath, environment },
    );
    write(root, { 'dist/x.txt': 'needle\n' });
    expect((await run('search', { query: 'needle' })).output).toBe('b.txt:1: needle');
    expect(read(root, 'dist/x.txt')).toBe('needle\n');
    expect(plainGit(root, 'status', '--porcelain')).toBe('');
  });
});

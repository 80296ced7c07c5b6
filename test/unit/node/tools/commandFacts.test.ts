import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { describe, expect, it } from 'vitest';
import { type CommandLook, commandFacts } from '../../../../src/node/tools/commandFacts';
import { withheldBelow } from '../../../../src/node/tools/readBelow';
import { makeRepository, plainGit, temporaryFolder, testEnvironment, write } from './harness';

const FILES = {
  'README.md': 'x\n',
  'src/a.ts': 'x\n',
  'src/deep/b.js': 'x\n',
  'src/server.key': 'x\n',
  'src/.hidden.key': 'x\n',
  'docs/a.md': 'x\n',
  '.gitignore': 'build\n',
};

const secret = (file: string): string | null => (file.endsWith('.key') ? 'secrets' : null);

const look = (more: Partial<CommandLook> = {}): CommandLook => ({
  commands: {},
  environment: testEnvironment(),
  excluded: secret,
  ...more,
});

/** PATH with ripgrep on it, or without any ripgrep. */
const withRipgrep = () => ({
  ...testEnvironment(),
  PATH: `${path.dirname(rgPath)}${path.delimiter}${process.env.PATH}`,
});

/** What of a line is a target, and the targets that have a problem. */
async function targets(line: string, root: string, more: Partial<CommandLook> = {}) {
  const { paths } = await commandFacts(line, root, look(more));
  for (const fact of paths) expect(fact.needs).toBe('repo_read');
  return paths.map(({ inside, asked }) => inside ?? `! ${asked}`);
}

describe('the operands of a command', () => {
  it('are targets that need to be read, resolved through links', async () => {
    const root = makeRepository(FILES);
    await fs.symlink('src', path.join(root, 'link'));
    await fs.symlink('/etc', path.join(root, 'out'));
    expect(await targets('cat link/a.ts -n README.md', root)).toEqual(['src/a.ts', 'README.md']);
    expect(await targets('cat out/passwd', root)).toEqual(['! out/passwd']);
    expect(await targets('grep -f /etc/passwd README.md', root)).toEqual(['! /etc/passwd', 'README.md']);
    expect(await targets('echo x', root)).toEqual([]);
    expect(await targets('ls; id', root)).toEqual([]);
  });

  it('of a recursive grep bring along every withheld file below, hidden and ignored ones as well', async () => {
    const root = makeRepository(FILES);
    write(root, { 'build/out.key': 'x\n' });
    expect(await targets('grep -r x src', root)).toEqual(['src', 'src/.hidden.key', 'src/server.key']);
    expect(await targets('grep -r x build docs', root)).toEqual(['build', 'docs', 'build/out.key']);
    expect(await targets("grep -r --include='*.ts' x .", root)).toEqual(['.']);
    expect(await targets("grep -r --exclude='*.key' x src", root)).toEqual(['src']);
    expect(await targets('grep -r --exclude-dir=build --exclude-dir=src x', root)).toEqual(['.']);
    expect(await targets('grep -r --exclude-dir=build --exclude-dir=src --exclude-dir=.git x', root)).toEqual(['.']);
  });

  it('are followed through links below only where the program does so', async () => {
    const root = makeRepository(FILES);
    write(root, { 'links/x.md': 'x\n' });
    await fs.symlink('../src', path.join(root, 'links/src'));
    await fs.symlink('/etc', path.join(root, 'links/out'));
    expect(await targets('grep -r x links', root)).toEqual(['links']);
    expect(await targets('grep -R x links', root)).toEqual([
      'links',
      '! links/out',
      'src/.hidden.key',
      'src/server.key',
    ]);
  });

  it('leave out the file that a work tree has in place of the folder of git', async () => {
    const root = makeRepository(FILES);
    const tree = path.join(temporaryFolder(), 'tree');
    plainGit(root, 'worktree', 'add', '--quiet', '--detach', tree);
    await fs.rm(path.join(tree, 'src'), { recursive: true });
    expect(await targets('grep -r x .', tree)).toEqual(['.']);
  });

  it('bring along files with several names; among dependencies those that are a withheld file only', async () => {
    const root = makeRepository({ ...FILES, 'node_modules/.store/one.js': 'x\n', 'docs/b.md': 'x\n' });
    for (const [name, of] of [
      ['docs/c.md', 'docs/b.md'],
      ['node_modules/one.js', 'node_modules/.store/one.js'],
      ['node_modules/two.js', 'src/server.key'],
    ] as const)
      await fs.link(path.join(root, of), path.join(root, name));
    const linked = async (line: string, more: Partial<CommandLook> = {}) => {
      const { paths } = await commandFacts(line, root, look(more));
      return paths.flatMap(({ inside, links }) => (links === undefined ? [] : [inside]));
    };
    expect(await linked('grep -r x docs')).toEqual(['docs/b.md', 'docs/c.md']);
    expect(await linked("grep -r --include='a.*' x docs")).toEqual([]);
    expect(await linked('grep -r x node_modules')).toEqual(['node_modules/two.js']);
    if (!existsSync(rgPath)) return;
    const environment = withRipgrep();
    expect((await linked('rg x docs', { environment })).sort()).toEqual(['docs/b.md', 'docs/c.md']);
    expect(await linked('rg -g "a.*" x docs', { environment })).toEqual([]);
  });

  it('are one target with a problem when there is too much below them', async () => {
    const root = makeRepository(FILES);
    const below = { hidden: true, follow: false, only: [], not: [], notFolders: [] };
    expect(await withheldBelow(root, 'docs', below, secret, 1)).toEqual([]);
    expect(await withheldBelow(root, 'src', below, () => null, 2)).toEqual([
      { asked: 'src', inside: null, problem: expect.stringContaining('more than 2 files'), needs: 'repo_read' },
    ]);
  });
});

describe('ripgrep', () => {
  it.skipIf(!existsSync(rgPath))('is asked itself which files it would search', async () => {
    const root = makeRepository(FILES);
    const environment = withRipgrep();
    write(root, { 'build/out.key': 'x\n' });
    expect(await targets('rg x', root, { environment })).toEqual(['.', 'src/server.key']);
    expect(await targets('rg -uu x src build', root, { environment })).toEqual(
      expect.arrayContaining(['src/.hidden.key', 'src/server.key', 'build/out.key']),
    );
    expect(await targets("rg -g '*.ts' x", root, { environment })).toEqual(['.']);
    expect(await targets('rg -t ts x', root, { environment })).toEqual(['.']);
    expect(await targets("rg -g '.hidden*' x", root, { environment })).toEqual(['.', 'src/.hidden.key']);
    // An ignore file can make a hidden file one that is searched.
    write(root, { '.ignore': '!.hidden.key\n' });
    expect(await targets('rg x', root, { environment })).toContain('src/.hidden.key');
  });

  it.skipIf(!existsSync(rgPath))('is asked with the folder as it was written, and its answers resolved', async () => {
    const root = makeRepository(FILES);
    await fs.symlink('src', path.join(root, 'link'));
    const environment = withRipgrep();
    expect(await targets('rg -g "link/.hidden.key" x link', root, { environment })).toEqual(['src', 'src/.hidden.key']);
    expect(await targets('rg x link/deep', root, { environment })).toEqual(['src/deep']);
    expect(await targets('rg --hidden -g "!*.key" x', root, { environment })).toEqual(['.']);
  });

  it.skipIf(!existsSync(rgPath))('is the one that runs stand in with where none is installed', async () => {
    const root = makeRepository(FILES);
    await fs.mkdir(path.join(temporaryFolder(), 'bin'));
    const environment = { ...testEnvironment(), PATH: temporaryFolder() };
    expect((await commandFacts('rg x', root, look({ environment, ripgrep: rgPath }))).program).toBe('system');
    write(root, { '.ignore': '!.hidden.key\n' });
    expect(await targets('rg x', root, { environment, ripgrep: rgPath })).toContain('src/.hidden.key');
  });

  it('is thought to search what its options do not surely leave out, where it cannot be asked', async () => {
    const root = makeRepository(FILES);
    // git alone is on this PATH.
    const folder = path.join(temporaryFolder(), 'bin');
    await fs.mkdir(folder);
    const environment = { ...testEnvironment(), PATH: folder };
    expect(await targets('rg x', root, { environment })).toEqual(['.', 'src/server.key']);
    expect(await targets('rg --hidden x src', root, { environment })).toEqual([
      'src',
      'src/.hidden.key',
      'src/server.key',
    ]);
    expect(await targets("rg -g '*.ts' x", root, { environment })).toEqual(['.']);
    expect(await targets('rg -t ts x', root, { environment })).toEqual(['.']);
    expect(await targets('rg -t no-such-type x', root, { environment })).toContain('src/.hidden.key');
    expect((await commandFacts('rg x', root, look({ environment }))).program).toBe('missing');
  });
});

describe('git', () => {
  it('is asked itself which files it would show, of the history as well', async () => {
    const root = makeRepository(FILES);
    plainGit(root, 'mv', 'src/server.key', 'src/server.txt');
    plainGit(root, 'commit', '--quiet', '-m', 'second');
    write(root, { 'src/.hidden.key': 'y\n', 'docs/a.md': 'y\n' });
    expect(await targets('git diff', root)).toEqual(['src/.hidden.key']);
    expect(await targets('git diff -- docs', root)).toEqual(['docs']);
    expect(await targets('git diff HEAD~1 HEAD', root)).toEqual(['HEAD', 'src/server.key']);
    expect(await targets('git show', root)).toEqual(['src/server.key']);
    expect(await targets('git show --stat', root)).toEqual([]);
    expect(await targets('git log -p -- src', root)).toEqual([
      'src',
      'src/server.key',
      'src/.hidden.key',
      'src/server.key',
    ]);
    expect(await targets('git log --oneline', root)).toEqual([]);
    expect(await targets('git diff nowhere', root)).toEqual(['nowhere']);
  });

  it('is asked about more than a filter would show, because a renamed file is another one to it', async () => {
    const root = makeRepository({ ...FILES, 'src/server.key': 'one\ntwo\nthree\nfour\n' });
    plainGit(root, 'mv', 'src/server.key', 'src/server.txt');
    write(root, { 'src/server.txt': 'one\ntwo\nthree\nfour\nneedle\n' });
    plainGit(root, 'commit', '--quiet', '-am', 'second');
    write(root, { 'docs/a.md': 'y\n' });
    plainGit(root, 'commit', '--quiet', '-am', 'third');
    for (const line of [
      'log -p --diff-filter=R',
      'log -p --diff-filter=ad',
      'log -p -1 --diff-filter=R',
      'log -p --max-count=1 --diff-filter=M',
      'show -M --diff-filter=R HEAD~1',
      'diff -M --diff-filter=R HEAD~2 HEAD',
      'log -p -S needle',
      'log -p -1 -G needle',
    ])
      expect(await targets(`git ${line}`, root), line).toContain('src/server.key');
    expect(await targets('git log -p -1', root)).toEqual([]);
    expect(await targets('git log -S nowhere', root)).toEqual([]);
  });

  it('is asked about a check of spaces as about the content that it prints', async () => {
    const root = makeRepository(FILES);
    write(root, { 'src/server.key': 'word  \n' });
    expect(await targets('git diff --check', root)).toEqual(['src/server.key']);
    expect(await targets('git diff --check --stat', root)).toEqual(['src/server.key']);
  });

  it('shows content of a revision under the name it has there, wherever a link of today leads', async () => {
    const root = makeRepository(FILES);
    await fs.rm(path.join(root, 'src/server.key'));
    await fs.symlink('a.ts', path.join(root, 'src/server.key'));
    expect(await targets('git show HEAD:src/server.key', root)).toEqual(['src/server.key']);
    expect(await targets('git show HEAD:src//./server.key/', root)).toEqual(['src/server.key']);
    expect(await targets('git show :src/server.key', root)).toEqual(['src/server.key']);
    expect(await targets('git show HEAD:../x', root)).toEqual(['! ../x']);
  });

  it('shows no content that is named by its hash or by a tag of content', async () => {
    const root = makeRepository(FILES);
    const blob = plainGit(root, 'rev-parse', 'HEAD:src/server.key').trim();
    plainGit(root, 'tag', 'to-blob', blob);
    plainGit(root, 'tag', '-a', '-m', 'x', 'to-commit', 'HEAD');
    for (const line of [
      `show ${blob}`,
      `show ${blob.slice(0, 8)}`,
      'show to-blob',
      'show --stat to-blob',
      `diff ${blob} HEAD`,
    ])
      expect(await targets(`git ${line}`, root), line).toContainEqual(expect.stringMatching(/^! /));
    expect(await targets(`git diff ${blob}..to-blob`, root)).toContain(`! ${blob}`);
    expect(await targets('git show --stat to-commit', root)).toEqual(['to-commit']);
  });
});

describe('the program of a command', () => {
  it('is one of the system, of the repository, or missing', async () => {
    const root = makeRepository({ ...FILES, 'bin/tool': '#!/bin/sh\n', 'bin/git': '#!/bin/sh\n' });
    for (const name of ['tool', 'git']) await fs.chmod(path.join(root, 'bin', name), 0o755);
    const environment = { ...testEnvironment(), PATH: `${root}/bin${path.delimiter}${process.env.PATH}` };
    const program = async (line: string) => (await commandFacts(line, root, look({ environment }))).program;
    expect(await program('git status')).toBe('system');
    expect(await program('tool')).toBe('repository');
    expect(await program('./bin/git status')).toBe('repository');
    expect(await program('no-such-program')).toBe('missing');
    const elsewhere = { environment, repository: { root } };
    expect((await commandFacts('tool', temporaryFolder(), look(elsewhere))).program).toBe('repository');
  });
});

/** What a call that broke off, or a command of the run, may have left behind, and what becomes of it on a resume. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Git } from '../../../../src/node/git/git';
import type { Repository } from '../../../../src/node/workspace/repository';
import { restoreWorktree } from '../../../../src/node/workspace/restore';
import { discardResult } from '../../../../src/node/workspace/worktree';
import { benchOn, makeRepository, plainGit, read, stateOf, write } from '../tools/harness';

const FILES = { 'src/a.txt': 'a\n', '.gitignore': 'node_modules/\n*.log\n' };

/** A run's worktree, and what sets it back to the tree it began with (or to another one). */
async function begun(files: Readonly<Record<string, string>> = FILES, prepare: (root: string) => void = () => {}) {
  const root = makeRepository(files);
  write(root, { 'node_modules/dep/index.js': 'dep\n' });
  prepare(root);
  const { repository, base, worktree, place } = await benchOn(root);
  const restore = (tree = base.baseTree, through: Repository = repository) =>
    restoreWorktree(through, { ...place, tree });
  return { root, repository, base, place, worktree, folder: worktree.folder, restore };
}

/** The same git, which also writes down where it was run with what. */
function recorded(git: Git): { git: Git; calls: { cwd: string; args: readonly string[]; own: boolean }[] } {
  const calls: { cwd: string; args: readonly string[]; own: boolean }[] = [];
  const run: Git['run'] = (cwd, args, options) => {
    calls.push({ cwd, args, own: options?.env?.['GIT_DIR'] !== undefined });
    return git.run(cwd, args, options);
  };
  return { git: { ...git, run }, calls };
}

const exists = (folder: string, name: string): boolean => fs.existsSync(path.join(folder, name));

/** The worktree is still the old one if a file that git ignores is still there. */
const MARK = 'node_modules/mark.txt';

describe('a run’s worktree that is taken up again', () => {
  test('is at the tree, with the ignored files as they were left', async () => {
    const { base, worktree, folder, restore } = await begun();
    write(folder, { 'src/b.txt': 'b\n' });
    const tree = await worktree.treeOf();
    write(folder, { 'src/a.txt': 'changed\n', 'new/c.txt': 'c\n', [MARK]: '', 'kept.log': 'log\n' });
    fs.rmSync(path.join(folder, 'src/b.txt'));
    const again = await restore(tree);
    expect(await again.treeOf()).toBe(tree);
    expect([read(folder, 'src/a.txt'), read(folder, 'src/b.txt'), read(folder, 'kept.log')]).toEqual([
      'a\n',
      'b\n',
      'log\n',
    ]);
    expect([exists(folder, MARK), exists(folder, 'new')]).toEqual([true, false]);
    expect(await (await restore()).treeOf()).toBe(base.baseTree);
  });

  test('is made anew when its folder or what git keeps about it is gone or damaged', async () => {
    const { root, base, folder, worktree, restore } = await begun();
    const data = worktree.env['GIT_DIR'] ?? '';
    const damages: (() => void)[] = [
      () => fs.rmSync(folder, { recursive: true }),
      () => fs.rmSync(data, { recursive: true }),
      () => fs.rmSync(path.join(data, 'HEAD')),
      () => fs.writeFileSync(path.join(data, 'commondir'), '/nowhere\n'),
      () => fs.cpSync(data, `${data}-twice`, { recursive: true }),
    ];
    for (const damage of damages) {
      write(folder, { 'src/a.txt': 'changed\n' });
      damage();
      expect(await (await restore()).treeOf()).toBe(base.baseTree);
      expect(read(folder, 'src/a.txt')).toBe('a\n');
      expect(read(folder, 'node_modules/dep/index.js')).toBe('dep\n');
      expect(fs.readdirSync(path.join(root, '.git/worktrees'))).toHaveLength(1);
    }
  });

  test('says so when the tree is not in the repository', async () => {
    const { restore } = await begun();
    await expect(restore('1'.repeat(40))).rejects.toMatchObject({ code: 'git_failed' });
  });
});

describe('a link in a place of ours', () => {
  test('to the person’s repository is removed, and the repository stays as it was', async () => {
    const { root, base, folder, restore } = await begun();
    write(root, { 'precious.txt': 'work', 'src/a.txt': 'uncommitted\n' });
    const before = stateOf(root);
    fs.renameSync(folder, `${folder}.moved`);
    fs.symlinkSync(root, folder);
    const again = await restore();
    expect(again.folder).toBe(folder);
    expect(fs.lstatSync(folder).isDirectory()).toBe(true);
    expect(await again.treeOf()).toBe(base.baseTree);
    expect([read(root, 'precious.txt'), read(root, 'src/a.txt')]).toEqual(['work', 'uncommitted\n']);
    expect(stateOf(root)).toEqual(before);
  });

  test('to another worktree of the person’s is removed, and that worktree stays as it was', async () => {
    const { root, folder, restore, repository, place } = await begun();
    const other = path.join(path.dirname(root), 'other');
    plainGit(root, 'worktree', 'add', '--quiet', '-b', 'mine', other);
    write(other, { 'staged.txt': 's' });
    plainGit(other, 'add', '--all');
    const again = () => fs.symlinkSync(other, folder);
    fs.rmSync(folder, { recursive: true });
    again();
    await restore();
    expect(plainGit(other, 'status', '--porcelain')).toBe('A  staged.txt\n');
    fs.rmSync(folder, { recursive: true });
    again();
    await discardResult(repository, place);
    expect(plainGit(other, 'status', '--porcelain')).toBe('A  staged.txt\n');
    expect(fs.lstatSync(folder, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('is not followed where a folder or the index was either', async () => {
    const { root, base, folder, restore } = await begun();
    const before = stateOf(root);
    fs.rmSync(path.join(folder, 'src'), { recursive: true });
    fs.symlinkSync(path.join(root, 'src'), path.join(folder, 'src'));
    for (const name of ['index', 'index.lock']) {
      fs.rmSync(`${folder}.${name}`, { force: true });
      fs.symlinkSync(path.join(root, '.git/index'), `${folder}.${name}`);
    }
    expect(await (await restore()).treeOf()).toBe(base.baseTree);
    expect(fs.lstatSync(path.join(folder, 'src')).isDirectory()).toBe(true);
    expect(read(root, 'src/a.txt')).toBe('a\n');
    expect(stateOf(root)).toEqual(before);
  });
});

describe('the person’s other worktrees', () => {
  test('keep what git knows of them while they cannot be reached', async () => {
    const { root, folder, place, repository, restore } = await begun();
    const disk = path.join(path.dirname(root), 'usb');
    const mine = path.join(disk, 'mine');
    plainGit(root, 'worktree', 'add', '--quiet', '-b', 'mine', mine);
    write(mine, { 'staged.txt': 's' });
    plainGit(mine, 'add', '--all');
    fs.renameSync(disk, `${disk}-unplugged`);
    fs.rmSync(folder, { recursive: true });
    await restore();
    await discardResult(repository, place);
    fs.renameSync(`${disk}-unplugged`, disk);
    expect(plainGit(mine, 'status', '--porcelain')).toBe('A  staged.txt\n');
  });
});

describe('the .git file in the worktree', () => {
  test('is never asked, and leads to the repository again', async () => {
    const { root, base, worktree, folder, restore } = await begun();
    const evil = path.join(path.dirname(root), 'evil.git');
    const proof = path.join(path.dirname(root), 'proof');
    fs.cpSync(path.join(root, '.git'), evil, { recursive: true });
    plainGit(root, 'config', '-f', path.join(evil, 'config'), 'filter.x.smudge', `touch '${proof}'; cat`);
    plainGit(root, 'config', '-f', path.join(evil, 'config'), 'filter.x.clean', `touch '${proof}'; cat`);
    write(evil, { 'info/attributes': '* filter=x\n' });
    const link = path.join(folder, '.git');
    const right = read(folder, '.git');
    const outside = path.join(path.dirname(root), 'outside');
    fs.writeFileSync(outside, 'mine');
    const attacks: (() => void)[] = [
      () => fs.writeFileSync(link, `gitdir: ${evil}\n`),
      () => fs.symlinkSync(outside, link),
      () => fs.linkSync(outside, link),
      () => fs.cpSync(evil, link, { recursive: true }),
      () => undefined,
    ];
    for (const attack of attacks) {
      fs.rmSync(link, { recursive: true, force: true });
      attack();
      write(folder, { 'src/a.txt': 'changed\n', [MARK]: '' });
      const again = await restore();
      expect(again.env['GIT_DIR']).toBe(worktree.env['GIT_DIR']);
      expect(await again.treeOf()).toBe(base.baseTree);
      expect(fs.lstatSync(link).isFile()).toBe(true);
      expect([read(folder, '.git'), exists(folder, MARK)]).toEqual([right, true]);
    }
    expect([fs.existsSync(proof), fs.readFileSync(outside, 'utf8')]).toEqual([false, 'mine']);
  });

  test('does not matter to a single call of git, and none needs a git younger than ours', async () => {
    const { repository, folder, restore, base } = await begun();
    const { git, calls } = recorded(repository.git);
    await restore(base.baseTree, { ...repository, git });
    fs.rmSync(folder, { recursive: true });
    await restore(base.baseTree, { ...repository, git });
    expect(calls.filter(({ cwd, own }) => cwd === folder && !own)).toEqual([]);
    const asked = calls.map(({ args }) => args.join(' '));
    expect(asked.filter((line) => /worktree (list|prune)|--path-format/.test(line))).toEqual([]);
    expect(asked.some((line) => line.startsWith('read-tree --reset'))).toBe(true);
  });
});

describe('what git does not remove by itself', () => {
  test('such as a nested repository, with or without a commit, goes', async () => {
    const { base, folder, restore } = await begun();
    for (const commit of [false, true]) {
      const sub = path.join(folder, 'sub');
      write(sub, { 'f.txt': 'x' });
      plainGit(sub, 'init', '--quiet');
      plainGit(sub, 'add', '--all');
      if (commit) plainGit(sub, '-c', 'user.name=P', '-c', 'user.email=p@example.invalid', 'commit', '-qm', 's');
      expect(await (await restore()).treeOf()).toBe(base.baseTree);
      expect(exists(folder, 'sub')).toBe(false);
    }
  });

  test.each([
    ['was changed', '.gitignore', 'node_modules/\nevil.js\n', 'evil.js'],
    ['is new', 'src/.gitignore', 'evil.js\n', 'src/evil.js'],
    ['hides itself at the root', '.gitignore', '*\n', 'evil.js'],
    ['hides itself and a folder', 'new/.gitignore', '*\n', 'new/deep/evil.js'],
    ['hides another one', 'new/.gitignore', '*\n', 'new/deep/.gitignore'],
    ['hides itself and waits', 'src/.gitignore', '.gitignore\nlater.js\n', 'src/.gitignore'],
  ])('such as what a .gitignore hides that %s, goes', async (_what, rules, text, hidden) => {
    const { base, folder, restore } = await begun({ 'src/a.txt': 'a\n' });
    write(folder, { [hidden]: 'evil\n', [rules]: text });
    const again = await restore();
    expect([exists(folder, hidden), exists(folder, rules)]).toEqual([false, false]);
    write(folder, { 'src/later.js': 'seen\n' });
    const changed = await again.changes(base.baseTree, await again.treeOf());
    // The dependency folder is not ignored by this repository, and so not in the worktree.
    expect(changed.map((change) => change.path)).toEqual(['src/later.js']);
  });

  test('does not cost the dependencies when it is a tool’s cache that hides itself', async () => {
    const { base, folder, restore } = await begun();
    write(folder, { '.cache/.gitignore': '*\n', '.cache/x': 'x', [MARK]: '' });
    expect(await (await restore()).treeOf()).toBe(base.baseTree);
    expect([exists(folder, '.cache'), exists(folder, MARK)]).toEqual([false, true]);
  });

  test('a .gitignore inside of a dependency is none of that', async () => {
    const { folder, restore } = await begun();
    write(folder, { 'node_modules/dep/.gitignore': '*\n', [MARK]: '' });
    await restore();
    expect([exists(folder, 'node_modules/dep/.gitignore'), exists(folder, MARK)]).toEqual([true, true]);
  });

  test('such as bytes that pass as unchanged under attributes of the unfinished call, goes', async () => {
    const { base, folder, restore } = await begun();
    write(folder, { 'src/a.txt': 'a\r\n', '.gitattributes': '*.txt text\n' });
    // git looks again at a file that is as young as its index; this one is old.
    fs.utimesSync(path.join(folder, 'src/a.txt'), 1_600_000_000, 1_600_000_000);
    expect(await (await restore()).treeOf()).toBe(base.baseTree);
    expect(read(folder, 'src/a.txt')).toBe('a\n');
  });
});

describe('a repository whose content git converts', () => {
  test('is set back although hashing its files again gives another tree', async () => {
    const { root, folder, restore } = await begun({ ...FILES, 'w.txt': 'w\r\n' }, (root) => {
      write(root, { '.gitattributes': 'w.txt text\n' });
      plainGit(root, 'add', '.gitattributes');
      plainGit(root, 'commit', '-qm', 'attributes that the committed file does not follow');
    });
    write(folder, { 'src/a.txt': 'changed\n', [MARK]: '' });
    const tree = plainGit(root, 'rev-parse', 'HEAD^{tree}').trim();
    const again = await restore(tree);
    expect(await again.treeOf()).not.toBe(tree);
    expect([read(folder, 'w.txt'), read(folder, 'src/a.txt'), exists(folder, MARK)]).toEqual(['w\r\n', 'a\n', true]);
  });

  test('is refused in one line when git does not write the same bytes twice', async () => {
    const { folder, restore } = await begun({ ...FILES, '.gitattributes': '*.txt filter=odd\n' }, (root) => {
      plainGit(root, 'config', 'filter.odd.smudge', 'cat; echo $$');
    });
    await expect(restore()).rejects.toMatchObject({
      code: 'git_failed',
      message: expect.stringMatching(/^The run's copy .* cannot be set back to tree [0-9a-f]{40}: [^\n]*$/),
    });
    expect(exists(folder, 'src/a.txt')).toBe(true);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGit } from '../../../../src/node/git/git';
import { openRepository, snapshot } from '../../../../src/node/workspace/repository';
import { createWorktree, discardResult, keepObject } from '../../../../src/node/workspace/worktree';
import { benchOn, makeRepository, plainGit, read, stateOf, temporaryFolder, testGit, write } from '../tools/harness';

describe('opening a folder', () => {
  test('says what is wrong with it and what to do', async () => {
    const empty = temporaryFolder();
    const fresh = temporaryFolder();
    plainGit(fresh, 'init', '--quiet');
    const open = (folder: string) => openRepository(folder, testGit());
    await expect(open(path.join(empty, 'none'))).rejects.toMatchObject({ code: 'no_folder' });
    await expect(open(empty)).rejects.toMatchObject({
      code: 'not_a_repository',
      message: expect.stringContaining('git init'),
    });
    await expect(open(fresh)).rejects.toMatchObject({
      code: 'no_head',
      message: expect.stringContaining('first commit'),
    });
    const without = createGit({ environment: { PATH: '' } });
    await expect(openRepository(fresh, without)).rejects.toMatchObject({ code: 'git_missing' });
  });

  test('below the root stands for the whole repository', async () => {
    const root = makeRepository({ 'src/a.txt': '' });
    expect((await openRepository(path.join(root, 'src'), testGit())).root).toBe(root);
  });
});

describe('a snapshot', () => {
  test('of a clean folder is HEAD', async () => {
    const root = makeRepository({ 'a.txt': 'one\n' });
    const { head, baseCommit, dirty, notCovered } = await snapshot(await openRepository(root, testGit()));
    expect({ head, baseCommit, dirty, notCovered }).toEqual({ head, baseCommit: head, dirty: false, notCovered: [] });
  });

  test('holds tracked and untracked changes, not ignored ones, and touches nothing', async () => {
    const root = makeRepository({ 'a.txt': 'one\n', 'b.txt': 'b\n', 'staged.txt': 's\n', '.gitignore': 'dist/\n' });
    write(root, { 'a.txt': 'two\n', 'new ü.txt': 'new\n', 'staged.txt': 'staged\n', 'dist/x.js': 'x' });
    plainGit(root, 'add', 'staged.txt');
    fs.rmSync(path.join(root, 'b.txt'));
    const before = stateOf(root);
    const repository = await openRepository(root, testGit());
    const taken = await snapshot(repository);
    expect(stateOf(root)).toEqual(before);
    expect(taken).toMatchObject({ dirty: true, head: before.head.trim() });
    expect(taken.notCovered).toEqual(['ignored by git, not in the run and not undone: dist/']);
    const files = plainGit(root, '-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', taken.baseCommit);
    expect(files.trim().split('\n')).toEqual(['.gitignore', 'a.txt', 'new ü.txt', 'staged.txt']);
    expect(plainGit(root, 'show', `${taken.baseCommit}:a.txt`)).toBe('two\n');
    expect(await snapshot(repository)).toEqual(taken);
  });

  test('sees a change of the same length made right after the commit', async () => {
    const root = makeRepository({ 'a.txt': 'one\n' });
    write(root, { 'a.txt': 'two\n' });
    expect((await snapshot(await openRepository(root, testGit()))).dirty).toBe(true);
  });

  test('names submodules, overlooked files and content filters as not covered', async () => {
    const inner = makeRepository({ 'in.txt': '' });
    const root = makeRepository({ 'a.txt': '', 'b.bin': 'x', '.gitattributes': '*.bin filter=mine\n' });
    plainGit(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
    plainGit(root, 'config', 'filter.mine.clean', 'cat');
    plainGit(root, 'update-index', '--assume-unchanged', 'a.txt');
    const { notCovered } = await snapshot(await openRepository(root, testGit()));
    expect(notCovered.map((line) => line.slice(line.lastIndexOf(': ') + 2))).toEqual(['sub', 'a.txt', 'mine']);
  });
});

describe('a worktree', () => {
  test('holds the snapshot, and the person’s HEAD, index and files stay as they were', async () => {
    const root = makeRepository({ 'a.txt': 'one\n' });
    write(root, { 'a.txt': 'two\n', 'new.txt': 'new\n' });
    const before = stateOf(root);
    const { worktree, base } = await benchOn(root);
    expect(read(worktree.folder, 'a.txt')).toBe('two\n');
    expect(read(worktree.folder, 'new.txt')).toBe('new\n');
    expect(await worktree.treeOf()).toBe(base.baseTree);
    expect(stateOf(root).index).toBe(before.index);
    expect({ ...stateOf(root), branches: '' }).toEqual({ ...before, branches: '' });
  });

  test('gets copies of ignored dependencies, through which nothing of the person’s can be written', async () => {
    const root = makeRepository({
      '.gitignore': 'node_modules/\n.venv\n',
      'vendor/kept.txt': 'tracked\n',
      'pkg/index.js': 'mine\n',
    });
    write(root, { 'node_modules/dep/index.js': 'dep\n', '.venv/pyvenv.cfg': 'x\n' });
    fs.symlinkSync(path.join(root, 'pkg'), path.join(root, 'node_modules', 'absolute'));
    fs.symlinkSync('../pkg', path.join(root, 'node_modules', 'relative'));
    const { worktree, base } = await benchOn(root);
    expect(worktree.dependencies).toEqual(['node_modules', '.venv']);
    for (const name of ['dep', 'absolute', 'relative']) {
      fs.writeFileSync(path.join(worktree.folder, 'node_modules', name, 'index.js'), 'written\n');
    }
    expect(read(root, 'pkg/index.js')).toBe('mine\n');
    expect(read(root, 'node_modules/dep/index.js')).toBe('dep\n');
    expect(read(worktree.folder, 'pkg/index.js')).toBe('written\n');
    write(worktree.folder, { 'pkg/index.js': 'mine\n' });
    expect(await worktree.treeOf()).toBe(base.baseTree);
  });

  test('survives with its objects until it is discarded, and then leaves nothing', async () => {
    const root = makeRepository({ 'a.txt': 'one\n' });
    const before = plainGit(root, 'for-each-ref');
    const { worktree, repository, place } = await benchOn(root);
    write(worktree.folder, { 'a.txt': 'changed\n' });
    const tree = await worktree.treeOf();
    await keepObject(repository, 'run-1', 'result', tree);
    plainGit(root, 'gc', '--quiet', '--prune=now');
    expect(plainGit(root, 'show', `${tree}:a.txt`)).toBe('changed\n');
    await discardResult(repository, place);
    expect(plainGit(root, 'for-each-ref')).toBe(before);
    expect(plainGit(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(fs.existsSync(worktree.folder)).toBe(false);
    await discardResult(repository, place);
  });

  test('does not replace a folder that is there', async () => {
    const repository = await openRepository(makeRepository({ 'a.txt': '' }), testGit());
    const folder = temporaryFolder();
    write(folder, { 'mine.txt': 'mine' });
    const { baseCommit } = await snapshot(repository);
    await expect(createWorktree(repository, { run: 'r', folder, commit: baseCommit })).rejects.toMatchObject({
      code: 'git_failed',
    });
    expect(read(folder, 'mine.txt')).toBe('mine');
  });
});

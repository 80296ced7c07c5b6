/** The tree of a run's worktree, asked again and again while the run changes files. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Git } from '../../../../src/node/git/git';
import { openWorktree } from '../../../../src/node/workspace/worktree';
import { benchOn, makeRepository, write } from '../tools/harness';

const FILES = { 'src/a.txt': 'a\n', 'src/b.txt': 'b\n', 'c.sh': 'c\n', '.gitignore': '*.log\n' };

/** A worktree, and what was asked of git in it. */
async function opened() {
  const { repository, base, worktree } = await benchOn(makeRepository(FILES));
  const { folder } = worktree;
  const asked: string[] = [];
  const run: Git['run'] = (cwd, args, options) => {
    asked.push(args[0] ?? '');
    return repository.git.run(cwd, args, options);
  };
  const watched = { ...repository, git: { ...repository.git, run } };
  const again = await openWorktree(watched, { folder, commit: base.baseCommit, dependencies: [] });
  asked.length = 0;
  /** The tree as a git with an index that knows nothing makes it. */
  const plain = (): string => {
    const env = { ...process.env, ...worktree.env, GIT_INDEX_FILE: `${folder}.plain` };
    fs.rmSync(`${folder}.plain`, { force: true });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' }).trim();
    git('add', '--all');
    return git('write-tree');
  };
  return { folder, worktree: again, asked, plain };
}

test('is that of a new index after every change', async () => {
  const { folder, worktree, plain } = await opened();
  const at = (name: string): string => path.join(folder, name);
  const changes: (() => void)[] = [
    () => undefined,
    () => write(folder, { 'src/a.txt': 'A\n' }),
    () => write(folder, { 'src/a.txt': 'a\n' }),
    () => write(folder, { 'new/d.txt': 'd\n', 'kept.log': 'log\n' }),
    () => fs.rmSync(at('src/b.txt')),
    () => fs.chmodSync(at('c.sh'), 0o755),
    () => {
      fs.rmSync(at('src/a.txt'));
      fs.symlinkSync('../c.sh', at('src/a.txt'));
    },
    () => {
      fs.rmSync(at('c.sh'));
      write(folder, { 'c.sh/inside.txt': 'inside\n' });
    },
    () => write(folder, { '.gitignore': '*.log\n*.tmp\n', 'x.tmp': '' }),
    () => fs.rmSync(at('new'), { recursive: true }),
  ];
  const trees = new Set<string>();
  for (const [step, change] of changes.entries()) {
    change();
    const tree = plain();
    trees.add(tree);
    expect([await worktree.treeOf(), await worktree.treeOf(), await worktree.treeOf()], `step ${step}`).toEqual(
      Array(3).fill(tree),
    );
  }
  expect(trees.size).toBeGreaterThan(6);
});

test('is looked up once and no more while nothing changes', async () => {
  const { folder, worktree, asked } = await opened();
  await worktree.treeOf();
  await worktree.treeOf();
  asked.length = 0;
  await worktree.treeOf();
  expect(asked).toEqual(['ls-files']);
  write(folder, { 'src/a.txt': 'A\n' });
  asked.length = 0;
  await worktree.treeOf();
  expect(asked).toEqual(['ls-files', 'add', 'write-tree']);
});

test('is not that of before where somebody has put something else into the index', async () => {
  const { folder, worktree, plain } = await opened();
  await worktree.treeOf();
  await worktree.treeOf();
  write(folder, { 'src/a.txt': 'A\n' });
  const env = { ...process.env, ...worktree.env, GIT_INDEX_FILE: `${folder}.index` };
  execFileSync('git', ['add', '--all'], { cwd: folder, env });
  expect(await worktree.treeOf()).toBe(plain());
});

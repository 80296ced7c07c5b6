import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGit } from '../../../../src/node/git/git';
import { makeRepository, plainGit, temporaryFolder, testEnvironment, testGit, write } from '../tools/harness';

describe('our git', () => {
  test('executes nothing that a repository brings: hooks, fsmonitor, textconv, external diff, pager', async () => {
    const root = makeRepository({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil\n' });
    const trace = path.join(temporaryFolder(), 'ran');
    const evil = path.join(root, '.git', 'evil.sh');
    write(root, {
      '.git/evil.sh': `#!/bin/sh\necho ran >> '${trace}'\n`,
      '.git/hooks/post-checkout': '',
      '.git/hooks/post-index-change': '',
    });
    for (const hook of ['post-checkout', 'post-index-change'])
      fs.copyFileSync(evil, path.join(root, '.git/hooks', hook));
    for (const file of [
      evil,
      path.join(root, '.git/hooks/post-checkout'),
      path.join(root, '.git/hooks/post-index-change'),
    ]) {
      fs.chmodSync(file, 0o755);
    }
    const quoted = `'${evil}'`;
    for (const key of ['core.fsmonitor', 'core.pager', 'diff.external', 'diff.evil.textconv', 'diff.evil.command']) {
      plainGit(root, 'config', key, quoted);
    }
    write(root, { 'a.txt': 'two\n' });
    const git = testGit();
    await git.run(root, ['status', '--porcelain']);
    await git.run(root, ['diff', '--no-ext-diff', '--no-textconv']);
    await git.run(root, ['worktree', 'add', '--detach', path.join(temporaryFolder(), 'w'), 'HEAD']);
    await git.run(root, ['add', '--all']);
    expect(fs.existsSync(trace)).toBe(false);
  });

  test('does not inherit where git is told to look', async () => {
    const root = makeRepository({ 'a.txt': '' });
    const git = createGit({ environment: { ...testEnvironment(), GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere' } });
    expect((await git.run(root, ['ls-files'])).stdout).toBe('a.txt\n');
  });

  test('says what to install when it is missing', async () => {
    const git = createGit({ environment: { PATH: temporaryFolder() } });
    await expect(git.run('/', ['status'])).rejects.toMatchObject({
      code: 'git_missing',
      message: expect.stringContaining('install git'),
    });
  });

  test('fails with one line of git’s own', async () => {
    const failing = testGit().run(makeRepository({}), ['rev-parse', '--verify', 'nothing']);
    await expect(failing).rejects.toMatchObject({
      code: 'git_failed',
      message: 'git rev-parse: fatal: Needed a single revision',
    });
  });

  test('knows its version', async () => {
    expect(await testGit().version()).toMatch(/^\d+\.\d+/);
  });
});

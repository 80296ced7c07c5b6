import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGit } from '../../../../src/node/git/git';
import { fileInTree } from '../../../../src/node/runs/fileInTree';
import type { Runtime } from '../../../../src/node/runs/runtime';
import { makeSampleWorkspace, removeSampleWorkspace } from '../../../support/sample-workspace.mjs';

describe('a file in a tree of a run', () => {
  const folder = makeSampleWorkspace();
  const git = createGit({ environment: process.env });
  let tree = '';

  /** What the run whose record names this root finds at a path. */
  const find = (file: string, root = folder, at = tree): Promise<string | null | undefined> => {
    const store = {
      async *read() {
        yield { type: 'run.started', data: { workspace: { root } } };
      },
    };
    return fileInTree({ store, git } as unknown as Runtime, 'r', { tree: at, path: file });
  };

  beforeAll(() => {
    fs.writeFileSync(path.join(folder, 'large.txt'), 'x'.repeat(2 * 1024 * 1024));
    fs.writeFileSync(path.join(folder, 'bytes.bin'), Buffer.from([1, 0, 2]));
    fs.writeFileSync(path.join(folder, 'odd *[name].txt'), 'odd\n');
    fs.symlinkSync('README.md', path.join(folder, 'link'));
    execFileSync('git', ['add', '--all'], { cwd: folder });
    tree = execFileSync('git', ['write-tree'], { cwd: folder, encoding: 'utf8' }).trim();
    fs.writeFileSync(path.join(folder, 'README.md'), 'changed since\n');
  });
  afterAll(() => removeSampleWorkspace(folder));

  it('is read as the tree has it, not as the folder has it now', async () => {
    expect(await find('README.md')).toMatch(/^# /);
    expect(await find('odd *[name].txt')).toBe('odd\n');
  });

  it('is null where the tree has none', async () => {
    expect(await find('src/none.js')).toBeNull();
    expect(await find('o*')).toBeNull();
  });

  it.each(['large.txt', 'bytes.bin', 'link', 'src', 'src/'])(
    'is not known for %s, which is no text to be shown',
    async (name) => {
      expect(await find(name)).toBeUndefined();
    },
  );

  it('is not known when the repository or the tree is gone', async () => {
    expect(await find('README.md', path.join(folder, 'gone'))).toBeUndefined();
    expect(await find('README.md', folder, '0'.repeat(40))).toBeUndefined();
  });
});

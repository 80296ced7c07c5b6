import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { currentFile } from '../../../../src/node/workspace/current';
import { applyResult } from '../../../../src/node/workspace/result';
import { writeAll } from '../../../../src/node/workspace/writeAll';
import { bench, read, stateOf, temporaryFolder, write } from '../tools/harness';

const LINES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((line) => `${line}\n`).join('');
const FILES = { 'text.txt': LINES, 'gone.txt': 'gone\n', 'run.sh': '#!/bin/sh\n', 'data.bin': Buffer.from([0, 1, 2]) };

/** A repository, a result in its worktree, and how to apply it. */
async function withResult(change: (folder: string) => void) {
  const { user, repository, worktree, base } = await bench(FILES);
  change(worktree.folder);
  const resultTree = await worktree.treeOf();
  return { user, apply: () => applyResult(repository, { baseTree: base.baseTree, resultTree }) };
}

/** Every file of the work tree with its bytes. */
function contents(root: string): Record<string, string> {
  const names = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^\.git(\/|$)/.test(name));
  return Object.fromEntries(
    names
      .filter((name) => fs.statSync(path.join(root, name)).isFile())
      .map((name) => [name, fs.readFileSync(path.join(root, name), 'hex')]),
  );
}

describe('applying a result', () => {
  test('brings every change into an unchanged folder, and leaves HEAD and index alone', async () => {
    const { user, apply } = await withResult((folder) => {
      write(folder, { 'text.txt': 'new\n', 'deep/new ü.txt': 'n\n', 'data.bin': Buffer.from([0, 9]) });
      fs.rmSync(path.join(folder, 'gone.txt'));
      fs.chmodSync(path.join(folder, 'run.sh'), 0o755);
    });
    const before = stateOf(user);
    expect(await apply()).toEqual({
      outcome: 'done',
      files: ['data.bin', 'deep/new ü.txt', 'gone.txt', 'run.sh', 'text.txt'],
      conflicts: [],
      reason: '',
      undo: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(contents(user)).toEqual({
      'data.bin': '0009',
      'deep/new ü.txt': Buffer.from('n\n').toString('hex'),
      'run.sh': Buffer.from('#!/bin/sh\n').toString('hex'),
      'text.txt': Buffer.from('new\n').toString('hex'),
    });
    expect(fs.statSync(path.join(user, 'run.sh')).mode & 0o111).toBe(0o111);
    const { index, head, branch } = stateOf(user);
    expect({ index, head, branch }).toEqual({ index: before.index, head: before.head, branch: before.branch });
    expect(await apply()).toMatchObject({ outcome: 'done', files: [], reason: 'nothing was left to apply' });
  });

  test('merges a text that both sides changed in different places', async () => {
    const { user, apply } = await withResult((folder) => write(folder, { 'text.txt': LINES.replace('b\n', 'B\n') }));
    write(user, { 'text.txt': LINES.replace('g\n', 'G\n') });
    expect(await apply()).toMatchObject({ outcome: 'done', files: ['text.txt'] });
    expect(read(user, 'text.txt')).toBe(LINES.replace('b\n', 'B\n').replace('g\n', 'G\n'));
  });

  test.each([
    ['the same lines', { 'text.txt': 'mine\n' }, 'text.txt: both sides changed the same lines'],
    ['a binary file', { 'data.bin': Buffer.from([0, 7]) }, 'data.bin: both sides changed it and it is not text'],
    [
      'a new file of the same name',
      { 'new.txt': 'mine\n' },
      'new.txt: you and the run created it with different content',
    ],
    ['a file that the run deleted', { 'gone.txt': 'mine\n' }, 'gone.txt: you changed it, the run deleted it'],
    ['a file where the run made a folder', { dir: 'a file\n' }, 'dir/x.txt: dir is a file, not a folder'],
  ])('applies nothing when there is a conflict over %s', async (_what, mine, conflict) => {
    const { user, apply } = await withResult((folder) => {
      write(folder, {
        'text.txt': 'new\n',
        'data.bin': Buffer.from([0, 9]),
        'new.txt': 'theirs\n',
        'dir/x.txt': 'x',
        'a.txt': 'a',
      });
      fs.rmSync(path.join(folder, 'gone.txt'));
    });
    write(user, mine);
    const before = contents(user);
    expect(await apply()).toMatchObject({ outcome: 'refused', files: [], conflicts: [conflict] });
    expect(contents(user)).toEqual(before);
  });

  test('does not write through a folder that became a link', async () => {
    const { user, apply } = await withResult((folder) => write(folder, { 'dir/x.txt': 'x' }));
    const outside = temporaryFolder();
    fs.symlinkSync(outside, path.join(user, 'dir'));
    expect(await apply()).toMatchObject({ outcome: 'refused', conflicts: ['dir/x.txt: the folder dir is a link'] });
    expect(fs.readdirSync(outside)).toEqual([]);
  });

  test('takes a link that stays inside and refuses one that leads out', async () => {
    const good = await withResult((folder) => fs.symlinkSync('../text.txt', path.join(folder, 'link')));
    expect(await good.apply()).toMatchObject({ outcome: 'refused', conflicts: [expect.stringContaining('leads out')] });
    const inside = await withResult((folder) => fs.symlinkSync('text.txt', path.join(folder, 'link')));
    expect(await inside.apply()).toMatchObject({ outcome: 'done' });
    expect(fs.readlinkSync(path.join(inside.user, 'link'))).toBe('text.txt');
  });

  test('puts everything back when a write fails half way', async () => {
    const { repository, user } = await bench(FILES);
    const before = contents(user);
    const current = async (path: string) => ({ path, current: await currentFile(repository, path) });
    const bytes = { kind: 'bytes', bytes: Buffer.from('new\n'), executable: false } as const;
    const written = await writeAll(user, [
      { ...(await current('text.txt')), content: bytes },
      { ...(await current('made/up.txt')), content: bytes },
      { ...(await current('gone.txt')), content: null },
      // What is deleted already cannot be deleted once more: this one fails after the others were done.
      { ...(await current('gone.txt')), content: null },
    ]);
    expect(written).toMatchObject({ ok: false, error: expect.stringContaining('ENOENT') });
    expect(contents(user)).toEqual(before);
    expect(fs.readdirSync(user).sort()).toEqual(['.git', 'data.bin', 'gone.txt', 'run.sh', 'text.txt']);
  });

  test('writes nothing when a file changes after it was looked at', async () => {
    const { repository, user } = await bench(FILES);
    const seen = await currentFile(repository, 'text.txt');
    write(user, { 'text.txt': 'typed just now\n' });
    const content = { kind: 'bytes', bytes: Buffer.from('new\n'), executable: false } as const;
    const written = await writeAll(user, [{ path: 'text.txt', current: seen, content }]);
    expect(written).toEqual({ ok: false, error: 'text.txt changed just now' });
    expect(read(user, 'text.txt')).toBe('typed just now\n');
  });
});

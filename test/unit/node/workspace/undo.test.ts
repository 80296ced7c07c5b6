import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyResult } from '../../../../src/node/workspace/result';
import { undoApply } from '../../../../src/node/workspace/undo';
import { bench, plainGit, read, stateOf, write } from '../tools/harness';

const LINES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((line) => `${line}\n`).join('');
const FILES = { 'text.txt': LINES, 'gone.txt': 'gone\n', 'run.sh': '#!/bin/sh\n', 'data.bin': Buffer.from([0, 1, 2]) };

/** A repository to which a result was applied, and how to undo that. */
async function applied(mine: Readonly<Record<string, string>> = {}, only?: readonly string[]) {
  const { user, repository, worktree, base } = await bench(FILES);
  write(worktree.folder, {
    'text.txt': LINES.replace('b\n', 'B\n'),
    'deep/new ü.txt': 'n\n',
    'data.bin': 'text now\n',
  });
  fs.rmSync(path.join(worktree.folder, 'gone.txt'));
  fs.chmodSync(path.join(worktree.folder, 'run.sh'), 0o755);
  const resultTree = await worktree.treeOf();
  write(user, mine);
  const before = { files: contents(user), state: stateOf(user) };
  const outcome = await applyResult(repository, { baseTree: base.baseTree, resultTree, only });
  const { undo: tree = '', files } = outcome;
  return { user, before, outcome, undo: () => undoApply(repository, { tree, files }) };
}

function contents(root: string): Record<string, string> {
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names
      .filter((name) => !/^\.git([/\\]|$)/.test(name) && fs.statSync(path.join(root, name)).isFile())
      .map((name) => {
        const full = path.join(root, name);
        return [name, `${fs.readFileSync(full, 'hex')} ${fs.statSync(full).mode & 0o111}`];
      }),
  );
}

describe('undoing an apply', () => {
  test('gives every file back as it was, modes, bytes and missing ones alike, and leaves HEAD and index alone', async () => {
    const { user, before, undo } = await applied();
    expect(contents(user)).not.toEqual(before.files);
    expect(await undo()).toMatchObject({
      outcome: 'done',
      files: ['data.bin', 'deep/new ü.txt', 'gone.txt', 'run.sh', 'text.txt'],
    });
    expect(contents(user)).toEqual(before.files);
    expect(fs.existsSync(path.join(user, 'deep'))).toBe(false);
    expect(stateOf(user)).toEqual(before.state);
  });

  test('gives back what the person had changed before a merge', async () => {
    const mine = LINES.replace('g\n', 'G\n');
    const { user, before, undo } = await applied({ 'text.txt': mine });
    expect(read(user, 'text.txt')).toBe(mine.replace('b\n', 'B\n'));
    expect(await undo()).toMatchObject({ outcome: 'done' });
    expect(contents(user)).toEqual(before.files);
  });

  test('is refused as a whole, naming each file that is another one by now', async () => {
    const { user, undo } = await applied();
    write(user, { 'text.txt': 'mine\n', 'gone.txt': 'mine again\n' });
    fs.rmSync(path.join(user, 'data.bin'));
    const now = contents(user);
    expect(await undo()).toEqual({
      outcome: 'refused',
      files: [],
      conflicts: [
        'data.bin: it was deleted since',
        'gone.txt: it was created again since',
        'text.txt: it was changed since',
      ],
      reason: '3 files are not as the apply left them any more; nothing was undone',
    });
    expect(contents(user)).toEqual(now);
  });

  test('leaves a file alone that the person has put back already', async () => {
    const { user, before, undo } = await applied();
    write(user, { 'text.txt': LINES });
    expect(await undo()).toMatchObject({
      outcome: 'done',
      files: ['data.bin', 'deep/new ü.txt', 'gone.txt', 'run.sh'],
    });
    expect(contents(user)).toEqual(before.files);
  });

  test('does not take other line ends for the same file, although git would store them alike', async () => {
    const { user, undo } = await applied();
    plainGit(user, 'config', 'core.autocrlf', 'input');
    const crlf = read(user, 'text.txt').replaceAll('\n', '\r\n');
    write(user, { 'text.txt': crlf });
    expect(await undo()).toMatchObject({ outcome: 'refused', conflicts: ['text.txt: it was changed since'] });
    expect(read(user, 'text.txt')).toBe(crlf);
  });

  test('of an apply by file puts only these back', async () => {
    const { user, before, outcome, undo } = await applied({}, ['text.txt']);
    expect(outcome).toMatchObject({ outcome: 'done', files: ['text.txt'] });
    expect(fs.existsSync(path.join(user, 'gone.txt'))).toBe(true);
    expect(await undo()).toMatchObject({ outcome: 'done', files: ['text.txt'] });
    expect(contents(user)).toEqual(before.files);
  });

  test('is refused for a file whose bytes git would not have given back', async () => {
    const { user, repository, worktree, base } = await bench(FILES);
    write(worktree.folder, { 'text.txt': LINES.replace('b\n', 'B\n') });
    const resultTree = await worktree.treeOf();
    write(user, { '.gitattributes': '*.txt text eol=lf\n', 'text.txt': LINES.replaceAll('\n', '\r\n') });
    const { undo: tree = '', files } = await applyResult(repository, { baseTree: base.baseTree, resultTree });
    expect(files).toEqual(['text.txt']);
    expect(await undoApply(repository, { tree, files })).toMatchObject({
      outcome: 'refused',
      conflicts: ['text.txt: its bytes from before could not be kept'],
    });
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPatch } from '../../../../src/node/tools/patch';
import { bench, read } from './harness';

const FILES = {
  'src/a.js': 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n',
  'src/b.js': 'export const b = 1;\n',
  '.gitignore': 'ignored/\n',
};
const CHANGE = '--- a/src/a.js\n+++ b/src/a.js\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n';
const diff = (a: string, b: string, ...rest: string[]): string =>
  [`diff --git a/${a} b/${b}`, ...rest].map((line) => `${line}\n`).join('');

async function patched(patch: string, files: Record<string, string | Uint8Array> = FILES) {
  const made = await bench(files);
  const before = await made.worktree.treeOf();
  const result = await made.run('apply_patch', { patch });
  return { ...made, result, isChanged: (await made.worktree.treeOf()) !== before };
}

describe('apply_patch', () => {
  test('applies a diff that diff_report wrote: changes, a new file, a deletion', async () => {
    const first = await bench(FILES);
    await first.run('replace_in_file', { path: 'src/a.js', old: 'two', new: 'TWO' });
    await first.run('write_file', { path: 'src/new/c.js', content: 'c\n' });
    await first.run('delete_file', { path: 'src/b.js' });
    const [artifact] = (await first.run('diff_report', {})).events;
    if (artifact?.type !== 'artifact.created') throw new Error('no diff');
    const { result, root, request, toolbox } = await patched(String(artifact.data.content));
    expect(result).toMatchObject({ outcome: 'ok', confinement: 'in process' });
    expect(result.output).toBe('applied 3 hunks to 3 files\nsrc/a.js\nsrc/b.js\nsrc/new/c.js');
    expect(result.events.map(({ data }) => 'path' in data && data.path)).toEqual([
      'src/a.js',
      'src/b.js',
      'src/new/c.js',
    ]);
    expect(read(root, 'src/a.js')).toContain('one\nTWO\nthree');
    expect(read(root, 'src/new/c.js')).toBe('c\n');
    expect(fs.existsSync(path.join(root, 'src/b.js'))).toBe(false);
    const facts = await toolbox.facts(request('apply_patch', { patch: String(artifact.data.content) }));
    expect(facts.paths.map(({ inside }) => inside)).toEqual(['src/a.js', 'src/b.js', 'src/new/c.js']);
  });

  test.each([
    ['names without a/ and b/', CHANGE.replace('a/src', 'src').replace('b/src', 'src')],
    ['names that end with a tab', CHANGE.replace('a/src/a.js', 'a/src/a.js\t').replace('b/src/a.js', 'b/src/a.js\t')],
    ['Windows line ends', CHANGE.replaceAll('\n', '\r\n')],
    ['no line end at its end', CHANGE.trimEnd()],
  ])('takes %s', async (_, patch) => {
    const { result, root } = await patched(patch);
    expect(result).toMatchObject({ outcome: 'ok' });
    expect(read(root, 'src/a.js')).toContain('one\nTWO\nthree');
  });

  test('lets the policy see both sides of a rename', async () => {
    const rename = diff('src/b.js', 'lib/b.js', 'similarity index 100%', 'rename from src/b.js', 'rename to lib/b.js');
    const { result, toolbox, request, root } = await patched(rename);
    const facts = await toolbox.facts(request('apply_patch', { patch: rename }));
    expect(facts.paths.map(({ inside, needs }) => [inside, needs])).toEqual([
      ['src/b.js', 'repo_delete'],
      ['src/b.js', 'repo_read'],
      ['lib/b.js', undefined],
    ]);
    expect(result).toMatchObject({ outcome: 'ok' });
    expect(fs.existsSync(path.join(root, 'src/b.js'))).toBe(false);
    expect(read(root, 'lib/b.js')).toBe(FILES['src/b.js']);
  });

  test('that does not fit changes nothing and names the hunk', async () => {
    const second = '@@ -7,3 +7,3 @@\n seven\n-EIGHT\n+ate\n nine\n';
    const { result, isChanged } = await patched(CHANGE + second);
    expect(result.outcome).toBe('error');
    expect(result.output).toBe(
      'the patch does not apply: hunk 2 of 2 of src/a.js (at line 7) does not fit the file; nothing was changed',
    );
    expect(isChanged).toBe(false);
    const other = `${CHANGE}--- a/src/nowhere.js\n+++ b/src/nowhere.js\n@@ -1 +1 @@\n-x\n+y\n`;
    const half = await patched(other);
    expect(half.result).toMatchObject({ outcome: 'error', output: expect.stringContaining('src/nowhere.js') });
    expect(half.isChanged).toBe(false);
  });

  test.each([
    ['a path outside', CHANGE.replaceAll('src/a.js', '../a.js'), '".." is not allowed'],
    ['an absolute path', CHANGE.replaceAll('src/a.js', '/etc/passwd'), 'absolute'],
    ['git’s own folder', CHANGE.replaceAll('src/a.js', '.git/config'), "git's own folder"],
    ['the new side outside', diff('src/b.js', '../b.js', 'rename from src/b.js', 'rename to ../b.js'), '".."'],
    [
      'a symbolic link',
      diff('x', 'x', 'new file mode 120000', '--- /dev/null', '+++ b/x', '@@ -0,0 +1 @@', '+/etc'),
      'regular file',
    ],
    [
      'a submodule',
      diff('x', 'x', 'index 1111111..2222222 160000', '--- a/x', '+++ b/x', '@@ -1 +1 @@', '-a', '+b'),
      'regular file',
    ],
    ['a mode', diff('src/b.js', 'src/b.js', 'old mode 100644', 'new mode 100755'), 'mode'],
    ['a binary file', diff('x', 'x', 'index 1111111..2222222 100644', 'GIT binary patch', 'literal 3'), 'binary'],
    ['a binary file in words', diff('x', 'x', 'Binary files a/x and b/x differ'), 'binary'],
    ['a time behind the name', CHANGE.replace('a/src/a.js', 'a/src/a.js\t2026-01-01 10:00:00'), 'times'],
    ['a change of what is not there', '--- a/c.js\n+++ b/c.js\n@@ -0,0 +1 @@\n+c\n', 'no such file'],
    ['a quoted name', diff('x', 'x', '--- "a/x\\t"', '+++ "b/x\\t"'), 'quoted'],
    [
      'a rename in case alone',
      diff('src/b.js', 'src/B.js', 'rename from src/b.js', 'rename to src/B.js'),
      'in case alone',
    ],
    ['two names for one file', CHANGE.replace('+++ b/src/a.js', '+++ b/src/b.js'), 'renamed'],
    ['counts that are wrong', CHANGE.replace('-1,3 +1,3', '-1,9 +1,9'), 'numbers of lines'],
    ['words', 'Here is the patch:\n', 'no unified diff'],
    ['words at its end', `${CHANGE}That is all.\n`, 'does not belong'],
    ['mixed prefixes', `${CHANGE}--- src/b.js\n+++ src/b.js\n@@ -1 +1 @@\n-export const b = 1;\n+x\n`, 'prefix'],
    ['a file that git ignores', '--- /dev/null\n+++ b/ignored/x\n@@ -0,0 +1 @@\n+x\n', 'git ignores it'],
  ])('refuses %s', async (_, patch, why) => {
    const { result, isChanged } = await patched(patch);
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining(why) });
    expect(isChanged).toBe(false);
  });

  test('lets the policy decide about a deletion as one', async () => {
    const { toolbox, request, run, root } = await bench(FILES);
    const deletion = '--- a/src/b.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-export const b = 1;\n';
    const { paths } = await toolbox.facts(request('apply_patch', { patch: deletion }));
    expect(paths).toEqual([{ asked: 'src/b.js', inside: 'src/b.js', problem: null, needs: 'repo_delete' }]);
    expect(await run('apply_patch', { patch: deletion })).toMatchObject({ outcome: 'ok' });
    expect(fs.existsSync(path.join(root, 'src/b.js'))).toBe(false);
  });

  test('is not performed on facts that were decided for something else than a deletion', async () => {
    const { toolbox, request, root } = await bench(FILES);
    const asked = request('apply_patch', {
      patch: '--- a/src/b.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-export const b = 1;\n',
    });
    const facts = { paths: [{ asked: 'src/b.js', inside: 'src/b.js', problem: null }] };
    const result = await toolbox.execute(asked, facts, new AbortController().signal);
    expect(result).toMatchObject({ outcome: 'error', events: [] });
    expect(read(root, 'src/b.js')).toBe(FILES['src/b.js']);
  });

  test('deletes nothing by a time before which git takes a file for one that is not there', async () => {
    const { run, root } = await bench(FILES);
    const epoch = '1970-01-01 00:00:00.000000000 +0000';
    const patch = `--- a/src/b.js\n+++ b/src/b.js\t${epoch}\n@@ -1 +0,0 @@\n-export const b = 1;\n`;
    for (const sly of [patch, patch.replace('\t', ' '), patch.replace('\t', ' \t')]) {
      expect(await run('apply_patch', { patch: sly })).toMatchObject({ outcome: 'error' });
    }
    expect(read(root, 'src/b.js')).toBe(FILES['src/b.js']);
  });

  test('never writes through a link', async () => {
    const { root, run } = await bench(FILES);
    fs.rmSync(path.join(root, 'src/b.js'));
    fs.symlinkSync('a.js', path.join(root, 'src/b.js'));
    const patch = '--- a/src/b.js\n+++ b/src/b.js\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n';
    expect(await run('apply_patch', { patch })).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining('link'),
    });
    expect(read(root, 'src/a.js')).toBe(FILES['src/a.js']);
  });

  test('is not begun when the run was cancelled', async () => {
    const { run } = await bench(FILES);
    expect(await run('apply_patch', { patch: CHANGE }, AbortSignal.abort())).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('a patch', () => {
  test('whose content looks like a header touches only what its headers name', () => {
    const sly = '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/secret\n-old\n+++ b/secret\n+new\n';
    const lines = [
      { mark: '-', text: '-- a/secret', ends: true },
      { mark: '-', text: 'old', ends: true },
      { mark: '+', text: '++ b/secret', ends: true },
      { mark: '+', text: 'new', ends: true },
    ];
    const headers = ['--- a/x', '+++ b/x'];
    expect(readPatch(sly)).toEqual({
      ok: true,
      value: { strip: 1, files: [{ before: 'x', after: 'x', headers, hunks: [{ start: 1, lines }] }] },
    });
  });

  test('whose lines were miscounted is refused with the numbers that would be right', () => {
    const read = readPatch(`${CHANGE.replace('-1,3 +1,3', '-1,9 +1,2')}--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n`);
    expect(read).toMatchObject({ ok: false, error: expect.stringContaining('; 3 old and 3 new lines follow it') });
  });

  test('that creates or deletes names one side', () => {
    const both =
      '--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n--- a/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-y\n\\ No newline at end of file\n';
    expect(readPatch(both)).toMatchObject({
      value: {
        files: [
          { before: null, after: 'x' },
          { before: 'y', after: null },
        ],
      },
    });
  });
});

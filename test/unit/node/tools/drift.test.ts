/** apply_patch: tolerant of a file that has moved on since the patch was made, never of where it belongs. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bench, plainGit, read } from './harness';

const NUMBERS = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const patch = (...hunks: string[]): string => `--- a/f.txt\n+++ b/f.txt\n${hunks.join('')}`;

async function patched(before: string | Uint8Array, diff: string, files: Record<string, string> = {}) {
  const { run, root } = await bench({ 'f.txt': before, ...files });
  const result = await run('apply_patch', { patch: diff });
  return { outcome: result.outcome, output: result.output, after: read(root, 'f.txt'), root };
}

describe('a hunk whose lines moved', () => {
  test('is placed where they are, and the answer says so', async () => {
    const hunk = '@@ -5,3 +5,3 @@\n line 12\n-line 13\n+LINE 13\n line 14\n';
    const { output, after } = await patched(text(NUMBERS), patch(hunk));
    expect(output).toBe(
      'applied 1 hunk to 1 file\nf.txt\nf.txt: hunk 1 was placed at line 12, where its lines are; the patch says line 5',
    );
    expect(after).toBe(text(NUMBERS).replace('line 13\n', 'LINE 13\n'));
  });

  test('says nothing of those that are where they should be', async () => {
    const one = '@@ -1,2 +1,3 @@\n line 1\n+new\n line 2\n';
    const two = '@@ -20,2 +21,1 @@\n-line 20\n line 21\n';
    const { output, after } = await patched(text(NUMBERS), patch(one, two));
    expect(output).toBe('applied 2 hunks to 1 file\nf.txt');
    expect(after).toBe(text(['line 1', 'new', ...NUMBERS.slice(1, 19), ...NUMBERS.slice(20)]));
  });

  test('needs no context after it, nor before it', async () => {
    const tail = '@@ -7,2 +7,2 @@\n line 9\n-line 10\n+ten\n';
    const head = '@@ -20,2 +20,2 @@\n-line 22\n+twenty-two\n line 23\n';
    const { after } = await patched(text(NUMBERS), patch(tail, head));
    expect(after).toBe(text(NUMBERS).replace('line 10\n', 'ten\n').replace('line 22\n', 'twenty-two\n'));
  });

  test('is placed where it says when it would fit elsewhere as well', async () => {
    const before = text(['{', 'x', '}', '{', 'x', '}']);
    const { outcome, after } = await patched(before, patch('@@ -4,3 +4,3 @@\n {\n-x\n+y\n }\n'));
    expect(outcome).toBe('ok');
    expect(after).toBe(text(['{', 'x', '}', '{', 'y', '}']));
  });

  test('is refused when it fits in several places and in none of them is said to be', async () => {
    const before = text(['{', 'x', '}', '{', 'x', '}']);
    const { outcome, output, after } = await patched(before, patch('@@ -2,3 +2,3 @@\n {\n-x\n+y\n }\n'));
    expect({ outcome, output }).toEqual({
      outcome: 'error',
      output:
        'the patch does not apply: hunk 1 of 1 of f.txt (at line 2) fits in several places (lines 1, 4); give more lines around the change; nothing was changed',
    });
    expect(after).toBe(before);
  });

  test('is refused behind the hunk after it', async () => {
    const late = '@@ -20,2 +20,2 @@\n line 20\n-line 21\n+late\n';
    const early = '@@ -22,2 +22,2 @@\n line 3\n-line 4\n+early\n';
    const { outcome, output, after } = await patched(text(NUMBERS), patch(late, early));
    expect(outcome).toBe('error');
    expect(output).toContain('hunk 2 of 2 of f.txt (at line 22) does not fit the file');
    expect(after).toBe(text(NUMBERS));
  });

  test('is refused without a line by which its place could be found', async () => {
    const { outcome, output } = await patched(text(NUMBERS), patch('@@ -3,0 +4 @@\n+new\n'));
    expect(outcome).toBe('error');
    expect(output).toContain('names no line of the file');
  });
});

describe('blanks', () => {
  test('at the end of a line of context count for nothing, and stay as the file has them', async () => {
    const { outcome, after } = await patched('a  \nb\nc\t\n', patch('@@ -1,3 +1,3 @@\n a\n-b\n+B\n c  \n'));
    expect(outcome).toBe('ok');
    expect(after).toBe('a  \nB\nc\t\n');
  });

  test('in front of a line of context count', async () => {
    const { outcome } = await patched('  a\nb\n', patch('@@ -1,2 +1,2 @@\n a\n-b\n+B\n'));
    expect(outcome).toBe('error');
  });

  test('of a line that is taken away count', async () => {
    const { outcome } = await patched('a\nb \n', patch('@@ -1,2 +1,2 @@\n a\n-b\n+B\n'));
    expect(outcome).toBe('error');
  });

  test('a place that fits to the blank is taken before others', async () => {
    const before = 'x\na \nb\nx\na\nb\n';
    const { outcome, after } = await patched(before, patch('@@ -9,3 +9,2 @@\n x\n a\n-b\n'));
    expect(outcome).toBe('ok');
    expect(after).toBe('x\na \nb\nx\na\n');
  });
});

describe('line ends', () => {
  test('of Windows stay, by a patch with either', async () => {
    const hunk = '@@ -1,3 +1,4 @@\n a\n-b\n+B\n+new\n c\n';
    for (const diff of [patch(hunk), patch(hunk).replaceAll('\n', '\r\n')]) {
      const { outcome, after } = await patched('a\r\nb\r\nc\r\n', diff);
      expect(outcome).toBe('ok');
      expect(after).toBe('a\r\nB\r\nnew\r\nc\r\n');
    }
  });

  test('of Windows stay where git turns them into plain ones when it commits', async () => {
    const { run, root } = await bench({ '.gitattributes': 'f.txt text eol=crlf\n', 'f.txt': 'a\r\nb\r\nc\r\n' });
    expect(read(root, 'f.txt')).toBe('a\r\nb\r\nc\r\n');
    expect(await run('apply_patch', { patch: patch('@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n') })).toMatchObject({
      outcome: 'ok',
    });
    expect(read(root, 'f.txt')).toBe('a\r\nB\r\nc\r\n');
    expect(plainGit(root, 'ls-files', '--eol', 'f.txt')).toContain('w/crlf');
  });

  test.each([
    [
      'the last line changes and still has none',
      'a\nb',
      '@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+B\n\\ No newline at end of file\n',
      'a\nB',
    ],
    [
      'the last line changes and gets one',
      'a\nb',
      '@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+B\n',
      'a\nB\n',
    ],
    ['the patch does not say that the file has none', 'a\nb', '@@ -1,2 +1,2 @@\n-a\n+A\n b\n', 'A\nb'],
    ['something follows the last line', 'a\nb', '@@ -2 +2,2 @@\n b\n+c\n', 'a\nb\nc\n'],
    ['the last line loses its own', 'a\nb\n', '@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n', 'a\nb'],
    ['the last line goes', 'a\nb', '@@ -1,2 +1 @@\n a\n-b\n', 'a\n'],
  ])('are right at the end of the file when %s', async (_, before, hunk, after) => {
    expect(await patched(before, patch(hunk))).toMatchObject({ outcome: 'ok', after });
  });

  test('cannot be left out in the middle of a file', async () => {
    const hunk = '@@ -1,3 +1,3 @@\n a\n-b\n+B\n\\ No newline at end of file\n c\n';
    expect(await patched('a\nb\nc\n', patch(hunk))).toMatchObject({ outcome: 'error', after: 'a\nb\nc\n' });
  });
});

describe('files', () => {
  test('in any encoding keep their bytes', async () => {
    const { run, root } = await bench({ 'f.txt': Buffer.from([0xfc, 0x0a, 0x62, 0x0a, 0xe0, 0xa0, 0x0a]) });
    expect(await run('apply_patch', { patch: patch('@@ -2 +2 @@\n-b\n+B ü\n') })).toMatchObject({ outcome: 'ok' });
    expect(fs.readFileSync(path.join(root, 'f.txt'))).toEqual(
      Buffer.concat([Buffer.from([0xfc, 0x0a]), Buffer.from('B ü\n'), Buffer.from([0xe0, 0xa0, 0x0a])]),
    );
  });

  test('that are binary are refused', async () => {
    const result = await patched('a\0b\nc\n', patch('@@ -2 +2 @@\n-c\n+d\n'));
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('binary') });
  });

  test('that are empty can be filled', async () => {
    const { outcome, output, after } = await patched('', patch('@@ -0,0 +1,2 @@\n+a\n+b\n'));
    expect({ outcome, output, after }).toMatchObject({ outcome: 'ok', after: 'a\nb\n' });
  });

  test('are deleted only when every line is named', async () => {
    const half = '--- a/f.txt\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n';
    expect(await patched('a\nb\nc\n', half)).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining('not all of its lines'),
      after: 'a\nb\nc\n',
    });
  });

  test('with another name are left alone', async () => {
    const { run, root } = await bench({ 'f.txt': 'a\n' });
    fs.linkSync(path.join(root, 'f.txt'), path.join(root, 'g.txt'));
    const result = await run('apply_patch', { patch: patch('@@ -1 +1 @@\n-a\n+b\n') });
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('hard link') });
    expect(read(root, 'g.txt')).toBe('a\n');
  });

  test('stay as they were, all of them, when one hunk of one of them does not fit', async () => {
    const drifted = '--- a/f.txt\n+++ b/f.txt\n@@ -9 +9 @@\n-line 20\n+x\n';
    const broken = '--- a/g.txt\n+++ b/g.txt\n@@ -1 +1 @@\n-not there\n+x\n';
    const created = '--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+x\n';
    const { outcome, after, root } = await patched(text(NUMBERS), drifted + created + broken, { 'g.txt': 'g\n' });
    expect(outcome).toBe('error');
    expect(after).toBe(text(NUMBERS));
    expect(fs.existsSync(path.join(root, 'new.txt'))).toBe(false);
  });

  test('are renamed and changed in one, drifted as well', async () => {
    const diff = `diff --git a/f.txt b/g.txt\nsimilarity index 90%\nrename from f.txt\nrename to g.txt\n--- a/f.txt\n+++ b/g.txt\n@@ -1,2 +1,2 @@\n line 20\n-line 21\n+x\n`;
    const { run, root } = await bench({ 'f.txt': text(NUMBERS) });
    const { output } = await run('apply_patch', { patch: diff });
    expect(output).toContain('hunk 1 was placed at line 20');
    expect(read(root, 'g.txt')).toBe(text(NUMBERS).replace('line 21\n', 'x\n'));
    expect(fs.existsSync(path.join(root, 'f.txt'))).toBe(false);
  });

  test('with blanks and umlauts in their names are found', async () => {
    const { run, root } = await bench({ 'a ü b.txt': 'a\n' });
    const diff = '--- a/a ü b.txt\t\n+++ b/a ü b.txt\t\n@@ -1 +1 @@\n-a\n+b\n';
    expect(await run('apply_patch', { patch: diff })).toMatchObject({ outcome: 'ok' });
    expect(read(root, 'a ü b.txt')).toBe('b\n');
  });
});

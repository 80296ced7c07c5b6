import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../../src/node/system/sha256';
import { bench, benchOn, makeRepository, read, stateOf, temporaryFolder, write } from './harness';

const FILES = { 'src/a.txt': 'one\ntwo\nthree\n', 'read me.md': 'Ünïcode\n', '.gitignore': 'dist/\n' };

describe('read_file', () => {
  test('gives a file or a range with its place', async () => {
    const { run } = await bench(FILES);
    expect((await run('read_file', { path: 'src/a.txt' })).output).toBe(
      'src/a.txt (lines 1-3 of 3)\none\ntwo\nthree\n',
    );
    expect((await run('read_file', { path: 'src/a.txt', from: 2, to: 2 })).output).toBe(
      'src/a.txt (lines 2-2 of 3)\ntwo\n',
    );
    expect((await run('read_file', { path: 'read me.md' })).output).toContain('Ünïcode');
  });

  test('says what it cut', async () => {
    const { run } = await bench({ 'long.txt': Array.from({ length: 1000 }, (_, at) => `line ${at + 1}\n`).join('') });
    const { output } = await run('read_file', { path: 'long.txt' });
    expect(output).toContain('line 400\n');
    expect(output).not.toContain('line 401\n');
    expect(output).toContain('[cut: lines 401-1000 are not shown');
  });

  test.each([
    ['missing.txt', 'no such file'],
    ['src', 'it is a folder'],
    ['picture.bin', 'binary'],
    ['latin.txt', 'not UTF-8'],
    ['secrets.env', 'withheld from prompts by the rule no-secrets'],
  ])('refuses %s', async (file, why) => {
    const files = {
      ...FILES,
      'picture.bin': Buffer.from([1, 0, 2]),
      'latin.txt': Buffer.from([0x66, 0xfc]),
      'secrets.env': 'K=1',
    };
    const { run } = await bench(files, { excluded: (name) => (name === 'secrets.env' ? 'no-secrets' : null) });
    expect(await run('read_file', { path: file })).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining(why),
    });
  });

  test('does not hang on a pipe', async () => {
    const { run, root } = await bench(FILES);
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(await run('read_file', { path: 'pipe' })).toMatchObject({ outcome: 'error' });
  });
});

describe('list_directory and search', () => {
  test('list names in code-unit order without git’s own', async () => {
    const { run } = await bench({ ...FILES, 'Zebra.txt': '', 'src/B.txt': '' });
    const { output } = await run('list_directory', { path: '.' });
    expect(output.split('\n')).toEqual(['. (4 entries)', '.gitignore', 'Zebra.txt', 'read me.md', 'src/']);
  });

  test('find literal text, sorted, in new files too, but not in what is ignored or withheld', async () => {
    const excluded = (name: string) => (name.endsWith('.env') ? 'no-secrets' : null);
    const { run, root } = await bench({ ...FILES, 'b.txt': 'a*b here\n', 'x.env': 'a*b secret\n' }, { excluded });
    write(root, { 'a new.txt': 'and a*b\n', 'dist/out.txt': 'a*b\n' });
    const { output } = await run('search', { query: 'a*b' });
    expect(output).toBe('a new.txt:1: and a*b\nb.txt:1: a*b here');
    expect((await run('search', { query: 'nowhere' })).output).toBe('no match for "nowhere"');
    expect((await run('search', { query: 'two', path: 'src' })).output).toBe('src/a.txt:2: two');
  });

  test('say how many matches they left out', async () => {
    const { run } = await bench({ 'many.txt': 'hit\n'.repeat(250) });
    expect((await run('search', { query: 'hit' })).output).toContain('[cut: 50 more matches');
  });
});

describe('a change of a file', () => {
  test('is told with the bytes before and after, and with the tree', async () => {
    const { run, blobs, root } = await bench(FILES);
    fs.chmodSync(path.join(root, 'src/a.txt'), 0o755);
    // A change that no call made is told as such, with the next call.
    const noticed = await run('diff_report', {});
    expect(noticed.events[0]).toMatchObject({ type: 'file.changed', data: { how: 'outside of any call' } });
    const result = await run('replace_in_file', { path: 'src/a.txt', old: 'two', new: 'zwei' });
    expect(result).toMatchObject({
      outcome: 'ok',
      confinement: 'in process',
      output: 'replaced 1 passage in src/a.txt (line 2)',
    });
    expect(read(root, 'src/a.txt')).toBe('one\nzwei\nthree\n');
    expect(fs.statSync(path.join(root, 'src/a.txt')).mode & 0o777).toBe(0o755);
    const version = (text: string) => ({ sha256: sha256(text), bytes: text.length, kept: true });
    expect(result.events).toEqual([
      {
        type: 'file.changed',
        data: {
          call: 'c1',
          path: 'src/a.txt',
          before: version('one\ntwo\nthree\n'),
          after: version('one\nzwei\nthree\n'),
          how: 'replace_in_file',
        },
      },
    ]);
    expect(Buffer.from(await blobs.get(sha256('one\nzwei\nthree\n'))).toString()).toBe('one\nzwei\nthree\n');
    expect(result.tree).toMatch(/^[0-9a-f]{40}$/);
  });

  test('can be a new file in new folders, and a deletion', async () => {
    const { run, root } = await bench(FILES);
    const made = await run('write_file', { path: 'deep/er/ü x.txt', content: 'hi\n' });
    expect(made.events).toMatchObject([{ data: { path: 'deep/er/ü x.txt', before: null, how: 'write_file' } }]);
    expect(read(root, 'deep/er/ü x.txt')).toBe('hi\n');
    const gone = await run('delete_file', { path: 'src/a.txt' });
    expect(gone.events).toMatchObject([{ data: { path: 'src/a.txt', after: null, how: 'delete_file' } }]);
    expect(fs.existsSync(path.join(root, 'src/a.txt'))).toBe(false);
    expect(fs.readdirSync(root).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('needs text that occurs exactly once', async () => {
    const { run } = await bench({ 'a.txt': 'x\nx\n', 'crlf.txt': 'a\r\nb\r\n' });
    expect(await run('replace_in_file', { path: 'a.txt', old: 'x', new: 'y' })).toMatchObject({
      outcome: 'error',
      output: expect.stringContaining('occurs 2 times'),
      events: [],
    });
    expect((await run('replace_in_file', { path: 'a.txt', old: 'q', new: 'y' })).output).toContain('occurs 0 times');
  });

  test('keeps Windows line ends when the passage was given with plain ones', async () => {
    const { run, root } = await bench({ 'crlf.txt': 'a\r\nb\r\nc\r\n' });
    await run('replace_in_file', { path: 'crlf.txt', old: 'a\nb\n', new: 'A\nB\n' });
    expect(read(root, 'crlf.txt')).toBe('A\r\nB\r\nc\r\n');
  });

  test('takes dollar signs as they are', async () => {
    const { run, root } = await bench({ 'a.txt': 'x\n' });
    await run('replace_in_file', { path: 'a.txt', old: 'x', new: "$& $1 $'" });
    expect(read(root, 'a.txt')).toBe("$& $1 $'\n");
  });

  test('is refused through a hard link', async () => {
    const { run, root } = await bench(FILES);
    const outside = temporaryFolder();
    write(outside, { 'victim.txt': 'mine\n' });
    fs.linkSync(path.join(outside, 'victim.txt'), path.join(root, 'hard.txt'));
    for (const [tool, input] of [
      ['write_file', { content: 'x' }],
      ['replace_in_file', { old: 'mine', new: 'x' }],
      ['delete_file', {}],
    ] as const) {
      const result = await run(tool, { path: 'hard.txt', ...input });
      expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('hard link') });
    }
    expect(read(outside, 'victim.txt')).toBe('mine\n');
  });

  test('is refused where git ignores it, for it would be part of nothing', async () => {
    const { run, root } = await bench(FILES);
    const result = await run('write_file', { path: 'dist/out.js', content: 'x' });
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('git ignores it') });
    expect(fs.existsSync(path.join(root, 'dist'))).toBe(false);
  });

  test('never reaches the person’s own folder', async () => {
    const user = makeRepository(FILES);
    const before = stateOf(user);
    const { run } = await benchOn(user);
    await run('write_file', { path: 'src/a.txt', content: 'changed\n' });
    expect(read(user, 'src/a.txt')).toBe('one\ntwo\nthree\n');
    expect(stateOf(user)).toEqual(before);
  });

  test('does not begin when the run was cancelled', async () => {
    const { run, root } = await bench(FILES);
    const result = await run('write_file', { path: 'src/a.txt', content: 'x' }, AbortSignal.abort());
    expect(result).toMatchObject({ outcome: 'cancelled', events: [], tree: null });
    expect(read(root, 'src/a.txt')).toBe('one\ntwo\nthree\n');
  });
});

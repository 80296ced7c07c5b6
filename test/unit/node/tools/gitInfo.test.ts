import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitStatus } from '../../../../src/node/tools/gitInfo';
import { bench, benchOn, makeRepository, plainGit, temporaryFolder, write } from './harness';

const excluded = (file: string): string | null => (/(^|\/)\.env$/.test(file) ? 'no-secrets' : null);
const FILES = { 'src/a.txt': 'one\ntwo\n', 'src/b.txt': 'b\n', '.env': 'KEY=1\n', '.gitignore': 'dist/\n' };

describe('git_status', () => {
  test('lists what the run has added, changed and deleted, without what git ignores', async () => {
    const { run, root } = await bench(FILES);
    expect((await run('git_status', {})).output).toBe('nothing differs from the commit that the run started from');
    await run('write_file', { path: 'src/a.txt', content: 'x\n' });
    await run('delete_file', { path: 'src/b.txt' });
    write(root, { 'new file.txt': 'n\n', 'dist/x': 'x', 'odd\nname': 'x' });
    const result = await run('git_status', {});
    expect(result.output.split('\n')).toEqual([
      '4 files differ from the commit that the run started from',
      'A new file.txt',
      'A "odd\\nname"',
      'M src/a.txt',
      'D src/b.txt',
    ]);
    expect(result.tree).toMatch(/^[0-9a-f]{40}$/);
  });

  test('says how many more there are', async () => {
    const changed = { path: 'a.txt', before: null, after: { blob: 'b', mode: '100644' } };
    const worktree = { changes: async () => Array.from({ length: 1003 }, () => changed) };
    const { output } = await gitStatus({
      worktree,
      base: { baseTree: 'one', baseCommit: 'c' },
      tree: 'two',
      excluded: () => null,
    });
    const lines = output.split('\n');
    expect(lines[0]).toBe('1003 files differ from the commit that the run started from');
    expect(lines).toHaveLength(1002);
    expect(lines.at(-1)).toBe('[cut: 3 more files are not shown]');
  });

  test('starts from what the person had not committed yet', async () => {
    const user = makeRepository(FILES);
    write(user, { 'src/a.txt': 'not committed\n' });
    const { run } = await benchOn(user);
    expect((await run('git_status', {})).output).toBe('nothing differs from the commit that the run started from');
  });
});

describe('git_diff', () => {
  test('shows what the run has changed, of everything or below a path', async () => {
    const { run } = await bench(FILES);
    await run('write_file', { path: 'src/a.txt', content: 'one\nTWO\n' });
    await run('write_file', { path: 'c.txt', content: 'c\n' });
    const all = (await run('git_diff', {})).output;
    expect(all).toContain('2 files differ');
    expect(all).toContain('-two\n+TWO');
    expect(all).toContain('+++ b/c.txt');
    const some = (await run('git_diff', { path: 'src' })).output;
    expect(some).toContain('+TWO');
    expect(some).not.toContain('c.txt');
    expect((await run('git_diff', { path: 'src/b.txt' })).output).toBe(
      'src/b.txt: nothing differs from the commit that the run started from',
    );
  });

  test('leaves out what the policy withholds and what holds a private key, and says so', async () => {
    const { run, root } = await bench(FILES, { excluded });
    write(root, {
      '.env': 'KEY=changed\n',
      'src/key.txt': `-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----\n`,
      'src/a.txt': `ghp_${'a1B2'.repeat(9)}\n`,
    });
    const { output } = await run('git_diff', {});
    expect(output).toContain('[not shown: .env: withheld by the rule no-secrets]');
    expect(output).toContain('[not shown: src/key.txt: it holds a private key]');
    expect(output).toContain('+++ b/src/a.txt');
    expect(output).not.toMatch(/KEY=|MIIabc|ghp_a1/);
  });

  test('is bounded, and says what it cut', async () => {
    const { run, root } = await bench(FILES);
    write(root, { 'long.txt': 'a line of some length\n'.repeat(10_000) });
    const long = (await run('git_diff', {})).output;
    expect(long.length).toBeLessThan(70_000);
    expect(long.split('\n').at(-1)).toBe('[cut: the diff is longer; ask for one folder or file with "path"]');
    fs.rmSync(path.join(root, 'long.txt'));
    write(root, Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`n/${at}.txt`, 'x\n'])));
    expect((await run('git_diff', {})).output).toContain('[cut: 30 more files are not shown');
  });

  test('runs no program that the repository or the person has set for diffs', async () => {
    const user = makeRepository({ ...FILES, '.gitattributes': '* diff=evil filter=none\n' });
    const proof = path.join(temporaryFolder(), 'ran');
    const program = `touch '${proof}'; cat`;
    for (const setting of [
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'core.pager',
      'core.fsmonitor',
    ]) {
      plainGit(user, 'config', setting, program);
    }
    const { run } = await benchOn(user);
    await run('write_file', { path: 'src/a.txt', content: 'x\n' });
    expect((await run('git_diff', {})).output).toContain('-one');
    for (const tool of ['git_status', 'git_log']) expect(await run(tool, {})).toMatchObject({ outcome: 'ok' });
    expect(fs.existsSync(proof)).toBe(false);
  });
});

describe('git_log', () => {
  test('lists hash, date, author and subject, the newest first', async () => {
    const user = makeRepository(FILES);
    plainGit(user, 'commit', '--quiet', '--allow-empty', '-m', `second ghp_${'a1B2'.repeat(9)}\n\nbody`);
    write(user, { 'src/b.txt': 'changed\n' });
    plainGit(user, 'commit', '--quiet', '-a', '-m', 'third');
    const { run } = await benchOn(user);
    const rows = (await run('git_log', {})).output.split('\n').map((line) => line.split('  '));
    expect(rows.map(([, , author, subject]) => [author, subject])).toEqual([
      ['Pat', 'third'],
      ['Pat', 'second «github-token»'],
      ['Pat', 'first'],
    ]);
    expect(rows[0]?.[0]).toBe(plainGit(user, 'rev-parse', 'HEAD').trim());
    expect(rows[0]?.[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
    expect((await run('git_log', { count: 1 })).output.split('\n')).toHaveLength(1);
    expect((await run('git_log', { path: 'src/a.txt' })).output).toMatch(/ {2}first$/);
    expect((await run('git_log', { path: 'nowhere' })).output).toBe('nowhere: there are no commits');
  });

  test('does not name the commit of ours that holds what was not committed', async () => {
    const user = makeRepository(FILES);
    write(user, { 'src/a.txt': 'not committed\n' });
    const { run } = await benchOn(user);
    const { output } = await run('git_log', { count: 1 });
    expect(output).toMatch(/ {2}Pat {2}first$/);
    expect(output.split('\n')).toHaveLength(1);
  });

  test('takes no path for an option or a pattern', async () => {
    const { run } = await bench({ ...FILES, '--all': 'x\n' });
    expect((await run('git_log', { path: '--all' })).output).toMatch(/first$/);
    expect((await run('git_log', { path: '*' })).output).toBe('*: there are no commits');
  });
});

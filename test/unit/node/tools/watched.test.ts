import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../../src/node/system/sha256';
import { withoutConfinement } from '../../../support/confinement';
import { bench, plainGit, read } from './harness';

const program = (text: string) => ({ test: { argv: [process.execPath, '-e', text], source: 'test' } });
const changes = (events: readonly { type: string; data: { path?: string; how?: string } }[]) =>
  events.filter(({ type }) => type === 'file.changed').map(({ data }) => `${data.path}: ${data.how}`);

describe('a tree that changes when no call of the run is at work', () => {
  test('is told with the next call', async () => {
    const { run, root } = await bench({ 'a.txt': 'one\n' });
    fs.writeFileSync(path.join(root, 'a.txt'), 'meanwhile\n');
    const result = await run('diff_report', {});
    expect(changes(result.events as never)).toEqual(['a.txt: outside of any call']);
    expect(result.tree).not.toBeNull();
  });

  test('is not committed, for it is not what anybody agreed to', async () => {
    const { run, root, user } = await bench({ 'a.txt': 'one\n' });
    await run('write_file', { path: 'a.txt', content: 'two\n' });
    await run('diff_report', {});
    fs.writeFileSync(path.join(root, 'evil.txt'), 'slipped in\n');
    const result = await run('git_commit', { message: 'x' });
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('nothing was committed') });
    expect(plainGit(user, 'branch', '--list', 'openexec/*')).toBe('');
  });
});

describe.skipIf(process.platform === 'darwin')(
  'a command that changes what the policy protects where nothing confines it',
  () => {
    const protectedBy = (file: string) => (/^(\.env|\.vscode\/)/.test(file) ? 'protected' : null);

    test('fails, and its changes of these files are undone while the others stay', async () => {
      withoutConfinement();
      const text = `const fs = require('fs'); fs.appendFileSync('.env', 'X=1\\n'); fs.mkdirSync('.vscode');
      fs.writeFileSync('.vscode/tasks.json', '{}'); fs.writeFileSync('b.txt', 'b');`;
      const { run, root } = await bench({ '.env': 'A=1\n' }, { protectedBy, commands: program(text) });
      const result = await run('run_project_command', { name: 'test' });
      expect(result).toMatchObject({ outcome: 'error', exitCode: 0 });
      expect(result.output.split('\n')[0]).toBe(
        'the command changed files that the policy protects, which was undone: .env (protected), .vscode/tasks.json (protected)',
      );
      expect(read(root, '.env')).toBe('A=1\n');
      expect(fs.existsSync(path.join(root, '.vscode/tasks.json'))).toBe(false);
      expect(changes(result.events as never)).toEqual(['b.txt: run_project_command']);
    });

    test('cannot lead the undoing out of the worktree through a link', async () => {
      withoutConfinement();
      const outside = fs.mkdtempSync(path.join(fs.realpathSync(process.env.TMPDIR ?? '/tmp'), 'outside-'));
      fs.writeFileSync(path.join(outside, 'tasks.json'), 'mine');
      const text = `require('fs').symlinkSync(${JSON.stringify(outside)}, '.vscode')`;
      const never = (file: string) => (file.startsWith('.vscode') ? 'protected' : null);
      const { run, root } = await bench({ 'a.txt': 'a' }, { protectedBy: never, commands: program(text) });
      expect(await run('run_project_command', { name: 'test' })).toMatchObject({ outcome: 'error' });
      expect(fs.existsSync(path.join(root, '.vscode'))).toBe(false);
      expect(fs.readFileSync(path.join(outside, 'tasks.json'), 'utf8')).toBe('mine');
    });
  },
);

test('a file version that holds what looks like a secret is told by its hash, and its bytes are not kept', async () => {
  const secret = `key = "ghp_${'a1B2'.repeat(9)}"\n`;
  const { run, blobs } = await bench({ 'a.txt': secret });
  const result = await run('write_file', { path: 'a.txt', content: 'clean\n' });
  expect(result.events).toMatchObject([
    { data: { before: { sha256: sha256(secret), kept: false }, after: { sha256: sha256('clean\n'), kept: true } } },
  ]);
  expect([...blobs.stored.keys()]).toEqual([sha256('clean\n')]);
});

test('a work tree that git cannot read any more is an outcome, not the end of the run', async () => {
  const { run, root } = await bench({ 'a.txt': 'a' }, { commands: program('') });
  fs.writeFileSync(`${root}.index.lock`, '');
  const result = await run('run_project_command', { name: 'test' });
  expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('cannot be read') });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFolder, readOpened, removeFile, replaceFile } from '../../../../src/node/tools/opened';
import { pathFact } from '../../../../src/node/tools/paths';
import { bench, read, temporaryFolder, write } from './harness';

const FILES = { 'src/a.txt': 'one\ntwo\nthree\n', 'read me.md': 'Ünïcode\n', '.gitignore': 'dist/\n' };

function foldsCase(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oe-Case-'));
  const folds = fs.existsSync(path.join(path.dirname(folder), path.basename(folder).toLowerCase()));
  fs.rmdirSync(folder);
  return folds;
}

describe('what a path really is', () => {
  test.each([
    ['/etc/passwd', 'absolute'],
    ['../outside', '".."'],
    ['src/../src/a.txt', '".."'],
    ['src\\a.txt', 'forward slashes'],
    ['C:/windows', 'colon'],
    ['src/a.txt:stream', 'colon'],
    ['//server/share', 'absolute'],
    ['src/a\u0000.txt', 'control'],
    ['src/\u202Etxt.a', 'invisible'],
    ['src/a.txt.', 'ends with a dot'],
    ['src /a.txt', 'a space'],
    ['.git/config', "git's own folder"],
    ['sub/.GIT/hooks/pre-commit', "git's own folder"],
    ['GIT~1/config', "git's own folder"],
    ['nul.txt', 'device'],
    ['nul .txt', 'device'],
    ['CONOUT$', 'device'],
    ['com\u00b9', 'device'],
    ['src/...', 'ends with a dot'],
    ['PACKAG~1.JSO', 'short name'],
    ['~/x', '"~"'],
    ['%2e%2e/x', 'encoded'],
    ['..%252fx', 'encoded'],
    ['%c0%ae%c0%ae/x', 'encoded'],
    ['\uFF0E\uFF0E/x', 'looks like a dot'],
    ['\u2026/x', 'looks like a dot'],
    ['..\u2215x', 'looks like a slash'],
    ['C\uFF1A/x', 'looks like a colon'],
    ['.v\u017Fcode/x', 'some systems take'],
    ['.\u00DFh/x', 'some systems take'],
    ['.\uFF47\uFF49\uFF54/x', "git's own folder"],
    ['.g\u200Cit/x', 'invisible'],
    ['a\u3164', 'invisible'],
    ['a\uFE0F', 'invisible'],
    ['a\uFFFD', 'could not be read'],
    ['x'.repeat(256), 'too long'],
    ['a/'.repeat(2100), 'too long'],
  ])('%j is not a path inside the repository', async (asked, why) => {
    const fact = await pathFact(temporaryFolder(), asked);
    expect(fact).toEqual({ asked, inside: null, problem: expect.stringContaining(why) });
  });

  test.each([
    'a..b.txt',
    'src/environment.ts',
    'a b/c d.txt',
    'src/pages/[...slug].tsx',
    'what\u2026now.md',
    'Straße.md',
    '日本語.md',
    '❤\uFE0F.md',
    '100%.md',
    'a%20b.md',
    'backup~',
    'nullable.ts',
    'com10',
    '-rf',
    'look.git/x',
  ])('%j is one', async (asked) => {
    expect(await pathFact(temporaryFolder(), asked)).toEqual({ asked, inside: asked, problem: null });
  });

  test('is asked again by the call itself, whatever facts it is given', async () => {
    const { toolbox, request, root } = await bench(FILES);
    const facts = { paths: [{ asked: '../x', inside: '../x', problem: null }] };
    const asked = request('write_file', { path: '../x', content: 'x' });
    const result = await toolbox.execute(asked, facts, new AbortController().signal);
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('".."') });
    expect(fs.existsSync(path.join(root, '../x'))).toBe(false);
  });

  test('is written the same way however it was asked for', async () => {
    const { toolbox, request } = await bench(FILES);
    const inside = async (asked: string) =>
      (await toolbox.facts(request('read_file', { path: asked }))).paths.map((fact) => fact.inside);
    expect(await inside('./src//a.txt')).toEqual(['src/a.txt']);
    expect(await inside('.')).toEqual(['.']);
    expect(await inside('new/folder/file')).toEqual(['new/folder/file']);
    expect(await inside('cafe\u0301.txt')).toEqual(['caf\u00e9.txt']);
  });

  test('is where its links lead, and outside is nowhere', async () => {
    const { toolbox, request, root } = await bench(FILES);
    const outside = temporaryFolder();
    fs.symlinkSync('src', path.join(root, 'inner'));
    fs.symlinkSync(outside, path.join(root, 'outer'));
    fs.symlinkSync(path.join(outside, 'nothing'), path.join(root, 'dangling'));
    fs.symlinkSync('.git', path.join(root, 'innocent'));
    const fact = async (asked: string) => (await toolbox.facts(request('read_file', { path: asked }))).paths[0];
    expect(await fact('inner/a.txt')).toMatchObject({ inside: 'src/a.txt', problem: null });
    expect(await fact('outer/x/y.txt')).toMatchObject({
      inside: null,
      problem: expect.stringContaining('out of the repository'),
    });
    expect(await fact('dangling')).toMatchObject({ inside: null, problem: expect.stringContaining('leads nowhere') });
    expect(await fact('innocent')).toMatchObject({ inside: null, problem: expect.stringContaining("git's own") });
  });

  test('is what the rules are asked about, in whichever form of Unicode the disk has it', async () => {
    const excluded = (file: string) => (file === 'geh\u00e9im.txt' ? 'secret' : null);
    const { run, root } = await bench({ 'a.txt': 'needle\n' }, { excluded });
    write(root, { 'gehe\u0301im.txt': 'needle\n' });
    expect((await run('search', { query: 'needle' })).output).toBe('a.txt:1: needle');
  });

  // On a disk that tells capitals apart there is nothing to see: the file is another one there.
  test.runIf(foldsCase())('is named as the disk names it, where the disk takes capitals for the same', async () => {
    const root = temporaryFolder();
    write(root, { 'Sub/Name.txt': 'x' });
    expect(await pathFact(root, 'sUB/nAME.TXT')).toMatchObject({ inside: 'Sub/Name.txt' });
  });

  test('is no fact for arguments that do not parse', async () => {
    const { toolbox, request, run } = await bench(FILES);
    expect(await toolbox.facts(request('read_file', { file: 1 }))).toEqual({ paths: [] });
    expect(await run('read_file', { file: 1 })).toMatchObject({ outcome: 'invalid' });
  });
});

describe('a path that is swapped between the check and the use', () => {
  test.each(['write_file', 'replace_in_file', 'delete_file', 'read_file'])('stops %s', async (tool) => {
    const { toolbox, request, root } = await bench(FILES);
    const outside = temporaryFolder();
    write(outside, { 'a.txt': 'one\ntwo\nthree\n' });
    const input = { write_file: { content: 'x' }, replace_in_file: { old: 'two', new: 'x' } }[tool] ?? {};
    const asked = request(tool, { path: 'src/a.txt', ...input });
    const facts = await toolbox.facts(asked);
    fs.rmSync(path.join(root, 'src'), { recursive: true });
    fs.symlinkSync(outside, path.join(root, 'src'));
    const result = await toolbox.execute(asked, facts, new AbortController().signal);
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('src/a.txt') });
    expect(result.output).not.toContain('three');
    expect(read(outside, 'a.txt')).toBe('one\ntwo\nthree\n');
  });

  test('is noticed by what was really opened, when the swap comes after the last look', async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    write(outside, { 'a.txt': 'theirs\n', 'deep/a.txt': 'theirs\n' });
    fs.symlinkSync(outside, path.join(root, 'src'));
    fs.symlinkSync(path.join(outside, 'a.txt'), path.join(root, 'link.txt'));
    for (const file of ['src/a.txt', 'src/deep/a.txt', 'link.txt']) {
      expect(await readOpened(root, file, 1000)).toMatchObject({ ok: false });
      expect(await replaceFile(root, file, Buffer.from('x'))).toMatchObject({ ok: false });
      expect(await removeFile(root, file)).toMatchObject({ ok: false });
    }
    expect(await replaceFile(root, 'src/new/file.txt', Buffer.from('x'))).toMatchObject({ ok: false });
    expect(await readFolder(root, 'src')).toMatchObject({ ok: false });
    expect([read(outside, 'a.txt'), read(outside, 'deep/a.txt')]).toEqual(['theirs\n', 'theirs\n']);
    expect(fs.readdirSync(outside).sort()).toEqual(['a.txt', 'deep']);
  });

  test('is refused when it now leads to another file inside', async () => {
    const { toolbox, request, root } = await bench({ ...FILES, 'secret.txt': 'hidden\n' });
    const asked = request('read_file', { path: 'src/a.txt' });
    const facts = await toolbox.facts(asked);
    fs.rmSync(path.join(root, 'src/a.txt'));
    fs.symlinkSync('../secret.txt', path.join(root, 'src/a.txt'));
    const result = await toolbox.execute(asked, facts, new AbortController().signal);
    expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('leads elsewhere') });
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FoundSymbol } from '../../../../src/core/ports/symbols';
import { outputLimit } from '../../../../src/core/tools/answers';
import { boundedAnswer } from '../../../../src/node/tools/boundedAnswer';
import { pathFact } from '../../../../src/node/tools/paths';
import { bench, temporaryFolder, write } from './harness';

describe('what a tool answers', () => {
  test('is cut to the bound of its contract, and says so', () => {
    const { output } = boundedAnswer('write_file', { outcome: 'ok', output: 'x'.repeat(9000) });
    expect(output.length).toBeLessThanOrEqual(outputLimit('write_file'));
    expect(output).toMatch(/x\n\[cut: 5100 more characters are not shown\]$/);
  });

  test('is never torn in the middle of a character', () => {
    const { output } = boundedAnswer('write_file', { outcome: 'ok', output: `a${'😀'.repeat(5000)}` });
    expect(output).toMatch(/^a(?:😀)+\n\[cut: \d+ more/u);
  });

  test('stays as it is when it fits', () => {
    expect(boundedAnswer('run_command', { outcome: 'timeout', output: 'x', exitCode: 1 })).toEqual({
      outcome: 'timeout',
      output: 'x',
      exitCode: 1,
    });
    expect(boundedAnswer('mcp__a__b', { outcome: 'ok', output: 'y'.repeat(50_000) }).output).toHaveLength(50_000);
  });

  test('that does not fit the contract is a bug, and told as one', () => {
    expect(() => boundedAnswer('read_file', { outcome: 'ok', output: '', exitCode: 0.5 })).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });

  test('is bounded wherever a call is performed', async () => {
    const { run, root } = await bench({ 'a.txt': '' });
    const long = (at: number): string => `${'n'.repeat(240)}${at}`;
    write(root, Object.fromEntries(Array.from({ length: 400 }, (_, at) => [long(at), ''])));
    const { output } = await run('list_directory', { path: '.' });
    expect(output.length).toBeLessThanOrEqual(outputLimit('list_directory'));
    expect(output).toMatch(/\[cut: \d+ more characters are not shown\]$/);
  });
});

describe('a file with more names than one', () => {
  test('is a fact', async () => {
    const root = temporaryFolder();
    write(root, { '.env': 'KEY=1', 'a.txt': 'a' });
    fs.linkSync(path.join(root, '.env'), path.join(root, 'b.txt'));
    fs.mkdirSync(path.join(root, 'folder/in'), { recursive: true });
    expect(await pathFact(root, 'b.txt')).toEqual({ asked: 'b.txt', inside: 'b.txt', problem: null, links: 2 });
    for (const asked of ['a.txt', 'folder', 'nowhere']) expect(await pathFact(root, asked)).not.toHaveProperty('links');
  });

  test('is read when that was known as the call was allowed, and else not', async () => {
    const { toolbox, request, root } = await bench({ '.env': 'KEY=1\n' });
    fs.linkSync(path.join(root, '.env'), path.join(root, 'b.txt'));
    const asked = request('read_file', { path: 'b.txt' });
    const facts = await toolbox.facts(asked);
    const known = await toolbox.execute(asked, facts, new AbortController().signal);
    expect(known).toMatchObject({ outcome: 'ok', output: expect.stringContaining('KEY=1') });
    const unknown = { paths: [{ asked: 'b.txt', inside: 'b.txt', problem: null }] };
    const refused = await toolbox.execute(asked, unknown, new AbortController().signal);
    expect(refused).toMatchObject({ outcome: 'error', output: expect.stringContaining('more names') });
    expect(refused.output).not.toContain('KEY=1');
  });

  test('is not what the model is shown at the start', async () => {
    const { run, root } = await bench({ 'package.json': '{}\n', '.env': 'KEY=1\n' });
    fs.rmSync(path.join(root, 'package.json'));
    fs.linkSync(path.join(root, '.env'), path.join(root, 'package.json'));
    const { events } = await run('build_context', {});
    expect(JSON.stringify(events)).not.toContain('KEY=1');
  });
});

test('a call is not performed when its program lies elsewhere than when it was decided', async () => {
  const { toolbox, request } = await bench({ 'a.txt': '' });
  const asked = request('read_file', { path: 'a.txt' });
  const facts = { ...(await toolbox.facts(asked)), program: 'system' as const };
  const result = await toolbox.execute(asked, facts, new AbortController().signal);
  expect(result).toMatchObject({ outcome: 'error', output: expect.stringContaining('program') });
});

describe('find_symbol', () => {
  const symbol = (name: string, at: string, line = 1): FoundSymbol => ({ name, kind: 'function', path: at, line });
  const finding = (found: readonly FoundSymbol[]) => ({ find: async () => found });
  const files = { 'src/a.ts': 'x', 'src/b.ts': 'x', '.env': 'x', '.gitignore': 'dist/\n' };

  test('says where symbols are, as of the person’s folder', async () => {
    const asked: string[] = [];
    const symbols = {
      find: async (root: string, query: string) => {
        asked.push(root, query);
        return [symbol('sum', 'src/a.ts', 3), symbol('sum\nmany', 'src/b.ts')];
      },
    };
    const { run, user } = await bench(files, { symbols });
    expect((await run('find_symbol', { query: 'sum' })).output).toBe(
      "as of your folder, not of the run's copy:\nsrc/a.ts:3: function sum\nsrc/b.ts:1: function sum many",
    );
    expect(asked).toEqual([user, 'sum']);
  });

  test('names nothing that is outside, withheld, ignored or not part of the copy', async () => {
    const paths = [
      '../x.ts',
      '/etc/passwd',
      'src/../../x',
      '.git/config',
      '.env',
      'dist/out.js',
      'src/gone.ts',
      'C:/x',
    ];
    const excluded = (file: string) => (file === '.env' ? 'no-secrets' : null);
    const symbols = finding(paths.map((at) => symbol('secret', at)));
    const { run, root } = await bench(files, { symbols, excluded });
    write(root, { 'dist/out.js': 'x' });
    expect((await run('find_symbol', { query: 'secret' })).output).toBe('no symbol for "secret"');
  });

  test('is bounded, and says how many it left out', async () => {
    const symbols = finding(Array.from({ length: 130 }, (_, at) => symbol(`f${at}`, 'src/a.ts', at + 1)));
    const { run } = await bench(files, { symbols });
    const lines = (await run('find_symbol', { query: 'f' })).output.split('\n');
    expect(lines).toHaveLength(102);
    expect(lines.at(-1)).toContain('[cut: 30 more symbols');
  });

  test('fails in words where nobody knows symbols, or the editor does not answer', async () => {
    expect(await (await bench(files)).run('find_symbol', { query: 'x' })).toMatchObject({
      outcome: 'error',
      output: 'symbols are only known inside VS Code; use search',
    });
    const symbols = { find: () => Promise.reject(new Error('no provider')) };
    expect(await (await bench(files, { symbols })).run('find_symbol', { query: 'x' })).toMatchObject({
      outcome: 'error',
      output: 'the editor could not say where symbols are: no provider; use search',
    });
  });
});

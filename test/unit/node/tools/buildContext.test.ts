import childProcess, { type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { PathBounds } from '../../../../src/core/events/planParts';
import type { ToolResult } from '../../../../src/core/ports/toolbox';
import { bench, benchOn, makeRepository, plainGit, write } from './harness';

const GRAMMARS = path.resolve(import.meta.dirname, '../../../../node_modules/@vscode/tree-sitter-wasm/wasm');
const run = (task: string) => ({ grammars: GRAMMARS, run: { id: 'r', task } });

function built({ events }: ToolResult) {
  const [context, artifact] = events;
  if (context?.type !== 'context.built' || artifact?.type !== 'artifact.created') throw new Error('events are missing');
  return { ...context.data, content: String(artifact.data.content) };
}

/** A file of many functions, one of which is about something. */
function longFile(about: string, at: number): string {
  const functions = Array.from({ length: 120 }, (_, one) =>
    one === at
      ? `/** Says what it does. */\nexport function ${about}(value: number): number {\n  return value;\n}\n`
      : `export function f${one}(value: number): number {\n  const g${one} = value;\n  return g${one};\n}\n`,
  );
  return functions.join('\n');
}

describe('build_context', () => {
  test('shows of a long file the function that matters, not the file', async () => {
    const { run: call } = await bench({ 'src/long.ts': longFile('roundCents', 60) }, run('roundCents is off by one'));
    const { files, content } = built(await call('build_context', {}));
    expect(files).toHaveLength(1);
    const [from, to] = files[0]?.lines ?? [0, 0];
    expect(to - from).toBeLessThan(12);
    expect(content).toContain('/** Says what it does. */\nexport function roundCents');
    expect(files[0]?.why).toContain('defines `roundCents`');
  });

  test('gives every file whole while all of them fit', async () => {
    const text = `${'// a line\n'.repeat(150)}export const roundCents = 1;\n`;
    const { run: call } = await bench({ 'src/a.ts': text, 'src/b.ts': 'roundCents;\n' }, run('roundCents fails'));
    expect(built(await call('build_context', {})).files.map(({ path, lines }) => [path, lines])).toEqual([
      ['src/a.ts', [1, 151]],
      ['src/b.ts', [1, 1]],
    ]);
  });

  test('follows what was found to what it imports, its tests, and what was changed lately', async () => {
    const user = makeRepository({
      'src/money.ts':
        "// import { x } from './unrelated';\nimport { mode } from './modes';\nexport function roundCents() {\n  return mode;\n}\n",
      'src/modes.ts': 'export const mode = 1;\n',
      'src/unrelated.ts': 'export const x = 1;\n',
      'test/money.test.ts': 'void 0;\n',
    });
    write(user, { 'src/modes.ts': 'export const mode = 2;\n' });
    plainGit(user, 'commit', '--quiet', '--all', '-m', 'second');
    const { run: call } = await benchOn(user, run('Why is roundCents wrong?'));
    expect(built(await call('build_context', {})).files.map(({ path, why }) => [path, why])).toEqual([
      ['src/money.ts', 'defines `roundCents`; BM25 rank 1 for: roundCents'],
      ['test/money.test.ts', 'the tests of src/money.ts'],
      ['src/modes.ts', 'imported by src/money.ts; changed in 1 of the last 1 commits'],
    ]);
  });

  test('sees what was not committed when the run began, and what was written since', async () => {
    const user = makeRepository({ 'a.ts': 'export const a = 1;\n' });
    write(user, { 'src/fresh.ts': 'export const roundCents = 1;\n' });
    const { run: call } = await benchOn(user, run('roundCents is off'));
    expect(built(await call('build_context', {})).files.map(({ path }) => path)).toEqual(['src/fresh.ts']);
    await call('write_file', { path: 'src/later.ts', content: 'roundCents();\n' });
    expect(built(await call('build_context', {})).files.map(({ path }) => path)).toEqual([
      'src/fresh.ts',
      'src/later.ts',
    ]);
  });

  test('takes secrets out of what it shows and counts them', async () => {
    const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const { run: call } = await bench({ 'src/a.ts': `export const roundCents = '${secret}';\n` }, run('roundCents'));
    const result = await call('build_context', {});
    expect(JSON.stringify(result.events)).not.toContain(secret);
    expect(Object.keys(result.found ?? {})).not.toEqual([]);
  });

  test('leaves out a file whose name is a secret, and writes the name nowhere', async () => {
    const names = [`deploy-ghp_${'a1B2'.repeat(9)}.js`, 'notes/jane.roe@bigcorp.com.md'];
    const { run: call } = await bench({
      ...Object.fromEntries(names.map((name) => [name, 'discount\n'])),
      'a.js': 'discount\n',
    });
    const { output, events } = await call('build_context', {});
    for (const name of ['ghp_', 'jane.roe']) expect(JSON.stringify([output, events])).not.toContain(name);
    const unnamed = { path: '(a name that is a secret)', rule: 'secret-name' };
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'context.built',
          data: expect.objectContaining({ withheld: [unnamed, unnamed] }),
        }),
      ]),
    );
  });

  test('of a large repository looks only into what is called like the task or holds its words', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1600 }, (_, at) => [`src/p${at % 40}/m${at}.ts`, `export const value${at} = 'widget';\n`]),
    );
    const files = {
      ...many,
      'src/p7/ledger.ts': 'export const x = 1;\n',
      'lib/deep.ts': 'function roundRefund() {}\n',
    };
    const { run: call } = await bench(files, run('The ledger: roundRefund loses a widget'));
    const first = built(await call('build_context', {}));
    expect(first.files.slice(0, 2).map(({ path }) => path)).toEqual(['lib/deep.ts', 'src/p7/ledger.ts']);
    expect(built(await call('build_context', {}))).toEqual(first);
    await call('write_file', { path: 'src/p9/m9.ts', content: 'roundRefund();\n' });
    expect(built(await call('build_context', {})).files.map(({ path }) => path)).toContain('src/p9/m9.ts');
  });
});

describe('what is outside of the zones, excluded or withheld', () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const one of undo.splice(0)) one();
    syncBuiltinESMExports();
  });

  /** Every path that is opened in this process, and what every child process is told. */
  function watch(): { opened: string[]; told: string[] } {
    const seen = { opened: [] as string[], told: [] as string[] };
    const note = (target: object, name: string, list: string[]) => {
      const before: unknown = Reflect.get(target, name);
      if (typeof before !== 'function') throw new Error(`there is no ${name}`);
      Reflect.set(target, name, (...args: unknown[]) => {
        list.push(JSON.stringify(args.slice(0, 2)));
        const result: unknown = Reflect.apply(before, target, args);
        if (isChild(result)) listen(result, list);
        return result;
      });
      undo.push(() => Reflect.set(target, name, before));
    };
    for (const name of ['open', 'readFile', 'opendir', 'readdir', 'stat', 'lstat']) note(fsPromises, name, seen.opened);
    const plain = [
      'open',
      'openSync',
      'readFile',
      'readFileSync',
      'createReadStream',
      'statSync',
      'lstatSync',
      'readdir',
    ];
    for (const name of plain) note(fs, name, seen.opened);
    for (const name of ['spawn', 'execFile', 'spawnSync', 'execFileSync']) note(childProcess, name, seen.told);
    syncBuiltinESMExports();
    return seen;
  }

  const isChild = (value: unknown): value is ChildProcess => value instanceof EventEmitter && 'stdin' in value;

  function listen({ stdin }: ChildProcess, list: string[]): void {
    if (stdin === null) return;
    const end = stdin.end.bind(stdin);
    Reflect.set(stdin, 'end', (...args: unknown[]) => {
      list.push(String(args[0]));
      return Reflect.apply(end, stdin, args);
    });
  }

  const inside = (at: number): string => `packages/a/src/m${at}.ts`;
  const MANY = Object.fromEntries(Array.from({ length: 1600 }, (_, at) => [inside(at), `export const v${at} = 1;\n`]));
  const FORBIDDEN = {
    'packages/b/roundCents.ts': 'export function roundCents() {} // of b\n',
    'packages/a/dump/roundCents.csv': 'roundCents,1\n',
    'packages/a/.env': 'roundCents=secret\n',
    'secrets/README.md': 'roundCents\n',
  };
  const bounds: PathBounds = { zones: ['packages/a/**'], excluded: ['packages/a/dump/**'] };
  const excluded = (file: string) => (file.endsWith('.env') ? 'no-secrets' : null);

  test.each([
    ['a small repository', {}],
    ['a large one, where git greps', MANY],
  ])('is never opened in %s, by nobody', async (_, more) => {
    const open = { 'packages/a/src/money.ts': "import '../../b/roundCents';\nexport function roundCents() {}\n" };
    const options = { ...run('roundCents in packages/b/roundCents.ts and packages/a/.env is wrong'), excluded };
    const { toolbox, root, request } = await bench({ ...open, ...FORBIDDEN, ...more }, options);
    const blobs = Object.keys(FORBIDDEN).map((file) => plainGit(root, 'rev-parse', `HEAD:${file}`).trim());
    for (const file of Object.keys(FORBIDDEN)) {
      // Whoever opened one of these would wait for a writer that never comes.
      fs.rmSync(path.join(root, file));
      childProcess.execFileSync('mkfifo', [path.join(root, file)]);
    }
    const seen = watch();
    const asked = { ...request('build_context', {}), bounds };
    const result = await toolbox.execute(asked, { paths: [] }, AbortSignal.timeout(20_000));
    expect(result.outcome).toBe('ok');
    expect(built(result).files.map((file) => file.path)).toEqual(['packages/a/src/money.ts']);
    // The watch sees what is allowed, so that it would see the rest as well.
    expect(seen.opened.join('\n')).toContain('money.ts');
    expect(seen.told.join('\n')).toContain('cat-file');
    expect(seen.told.join('\n').includes('"grep"')).toBe(more === MANY);
    for (const file of Object.keys(FORBIDDEN)) expect([...seen.opened, ...seen.told].join('\n')).not.toContain(file);
    for (const blob of blobs) expect(seen.told.join('\n')).not.toContain(blob);
    expect(built(result).withheld).toEqual([
      { path: 'packages/a/.env', rule: 'no-secrets' },
      { path: 'packages/a/dump/roundCents.csv', rule: 'excluded' },
      { path: 'packages/b/roundCents.ts', rule: 'zones' },
      { path: 'secrets/README.md', rule: 'zones' },
    ]);
  });

  test('would be seen by the watch', async () => {
    const { root } = await bench({ 'a.txt': 'x' });
    const seen = watch();
    await fsPromises.readFile(path.join(root, 'a.txt'));
    const child = childProcess.spawn('cat', [], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.end('named to a child');
    await once(child, 'close');
    expect(seen.opened.join('\n')).toContain('a.txt');
    expect(seen.told.join('\n')).toContain('named to a child');
  });
});

import { describe, expect, test } from 'vitest';
import { tokenizeCommand } from '../../../../src/node/workspace/commandLine';
import { projectCommands } from '../../../../src/node/workspace/project';
import { temporaryFolder, write } from '../tools/harness';

async function commandsOf(files: Record<string, string>) {
  const folder = temporaryFolder();
  write(folder, files);
  const found = await projectCommands(folder);
  return Object.fromEntries(Object.entries(found).map(([name, command]) => [name, command?.argv.join(' ')]));
}

const scripts = (values: Record<string, string>, more = {}) => ({
  'package.json': JSON.stringify({ scripts: values, ...more }),
});

describe('project commands', () => {
  test('are what the project file says, and only that', async () => {
    const file = 'version: 1\ncommands:\n  lint: node tools/lint.mjs "a b"\n';
    const folder = temporaryFolder();
    write(folder, { '.openexec/project.yaml': file, ...scripts({ test: 'vitest' }) });
    expect(await projectCommands(folder)).toEqual({
      lint: { argv: ['node', 'tools/lint.mjs', 'a b'], source: '.openexec/project.yaml' },
    });
  });

  test.each([
    [
      'version: 1\ncommands:\n  test: npm test && id\n',
      /^\.openexec\/project\.yaml:3:9 commands\.test: "&" means something to a shell/,
    ],
    ['version: 1\ncommands:\n  deploy: x\n', /^\.openexec\/project\.yaml:\d+:\d+ .*deploy/],
    ['version: 1\ncommands: [\n', /^\.openexec\/project\.yaml:\d+:\d+ /],
    ['version: 2\ncommands: {}\n', /^\.openexec\/project\.yaml:1:10 version/],
  ])('of a broken file are an error with line and column: %j', async (text, message) => {
    const reading = commandsOf({ '.openexec/project.yaml': text });
    await expect(reading).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(message) });
  });

  test.each([
    [
      scripts({ test: 'vitest', lint: 'eslint .', build: 'tsc' }),
      { test: 'npm test', lint: 'npm run lint', build: 'npm run build' },
    ],
    [scripts({ test: 'echo "Error: no test specified" && exit 1' }), {}],
    [{ ...scripts({ test: 'x' }), 'pnpm-lock.yaml': '' }, { test: 'pnpm test' }],
    [{ ...scripts({ test: 'x' }, { packageManager: 'yarn@4.1.0' }), 'package-lock.json': '' }, { test: 'yarn test' }],
    [{ Makefile: 'test: all\n\tgo\nlint := x\nfmt:\n' }, { test: 'make test', format: 'make fmt' }],
    [
      { 'pyproject.toml': '[tool.ruff]\n[project.optional-dependencies]\ndev = ["pytest>=8"]\n' },
      { lint: 'ruff check .', test: 'pytest', format: 'ruff format .' },
    ],
    [
      { 'go.mod': 'module x\n' },
      { lint: 'go vet ./...', test: 'go test ./...', build: 'go build ./...', format: 'gofmt -w .' },
    ],
    [{ 'Cargo.toml': '' }, { lint: 'cargo clippy', test: 'cargo test', build: 'cargo build', format: 'cargo fmt' }],
    [{}, {}],
  ])('are detected: %j', async (files, expected) => {
    expect(await commandsOf(files as Record<string, string>)).toEqual(expected);
  });

  test('of a broken package.json are an error', async () => {
    await expect(commandsOf({ 'package.json': '{' })).rejects.toMatchObject({ code: 'config_invalid' });
  });
});

describe('a command line', () => {
  test('is split into the words that any shell would see', () => {
    expect(tokenizeCommand(`npm  run 'a $b' --x="c d"e --y=1`)).toEqual({
      ok: true,
      value: ['npm', 'run', 'a $b', '--x=c de', '--y=1'],
    });
  });

  test.each([
    'a; b',
    'a && b',
    'a | b',
    'a > b',
    'a < b',
    '(a)',
    'a $b',
    'a `b`',
    'a "$b"',
    'a "`b`"',
    'a \\b',
    'a *',
    'a ?',
    'a [b]',
    'a {b,c}',
    'a ~',
    'a #b',
    '! a',
    'A=1 b',
    'a\nb',
    'a\tb',
    'a\u200bb',
    'a\u00a0b',
    "a 'b",
    '',
    '   ',
    "a ''",
  ])('is refused when it is more than plain words: %j', (line) => {
    expect(tokenizeCommand(line)).toMatchObject({ ok: false });
  });
});

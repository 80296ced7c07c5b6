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
      { lint: 'go vet ./...', test: 'go test -json ./...', build: 'go build ./...', format: 'gofmt -w .' },
    ],
    [{ 'Cargo.toml': '' }, { lint: 'cargo clippy', test: 'cargo test', build: 'cargo build', format: 'cargo fmt' }],
    [
      { 'pyproject.toml': '[tool.ruff]\n[tool.mypy]\n[tool.pytest.ini_options]\n', 'uv.lock': '' },
      {
        lint: 'uv run ruff check .',
        test: 'uv run pytest',
        build: 'uv run mypy .',
        format: 'uv run ruff format .',
      },
    ],
    [
      { 'pyproject.toml': '[tool.poetry.group.dev.dependencies]\npytest = "^8"\nmypy = "*"\n', 'poetry.lock': '' },
      { lint: 'poetry run mypy .', test: 'poetry run pytest' },
    ],
    [
      { 'pytest.ini': '[pytest]\n', 'ruff.toml': '' },
      { lint: 'ruff check .', test: 'pytest', format: 'ruff format .' },
    ],
    [{ 'setup.cfg': '[tool:pytest]\n[mypy]\n' }, { lint: 'mypy .', test: 'pytest' }],
    [{ 'tox.ini': '[tox]\n[flake8]\n' }, { lint: 'flake8' }],
    [{ 'pom.xml': '' }, { test: 'mvn -B -ntp test', build: 'mvn -B -ntp -DskipTests package' }],
    [
      { 'pom.xml': '', mvnw: '' },
      { test: './mvnw -B -ntp test', build: './mvnw -B -ntp -DskipTests package' },
    ],
    [{ 'build.gradle': '' }, { test: 'gradle --console=plain test', build: 'gradle --console=plain assemble' }],
    [
      { 'settings.gradle.kts': '', gradlew: '' },
      { test: './gradlew --console=plain test', build: './gradlew --console=plain assemble' },
    ],
    [
      { 'Money.sln': '' },
      {
        lint: 'dotnet format --verify-no-changes',
        test: 'dotnet test',
        build: 'dotnet build',
        format: 'dotnet format',
      },
    ],
    [{ GNUmakefile: 'lint:\n\tx\n' }, { lint: 'make lint' }],
    [
      { ...scripts({ test: 'echo \\"Error: no test specified\\" && exit 1', lint: 'x' }), 'yarn.lock': '' },
      { lint: 'yarn run lint' },
    ],
    [
      { ...scripts({ lint: 'x' }), Makefile: 'lint:\ntest:\n' },
      { lint: 'npm run lint', test: 'make test' },
    ],
    [{}, {}],
  ])('are detected: %j', async (files, expected) => {
    expect(await commandsOf(files as Record<string, string>)).toEqual(expected);
  });

  test('say where each comes from', async () => {
    const folder = temporaryFolder();
    const files = { 'pyproject.toml': '[tool.ruff]\n', 'uv.lock': '', 'pom.xml': '', Makefile: 'build:\n' };
    write(folder, { ...files, ...scripts({ test: 'x' }) });
    const found = Object.entries(await projectCommands(folder)).map(([name, command]) => [name, command?.source]);
    expect(Object.fromEntries(found)).toEqual({
      test: 'package.json script "test"',
      build: 'Makefile target "build"',
      lint: 'pyproject.toml, uv.lock',
      format: 'pyproject.toml, uv.lock',
    });
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

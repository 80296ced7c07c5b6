/** What is found in a repository about a task, before any model sees it. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskFacts } from '../../../../src/core/events/planParts';
import { refusedBy } from '../../../../src/core/gatekeeper/bounds';
import { globsOf } from '../../../../src/node/gatekeeper/survey/ignoreFile';
import { createSurveyor } from '../../../../src/node/gatekeeper/surveyor';
import { createGit } from '../../../../src/node/git/git';
import { openRepository } from '../../../../src/node/workspace/repository';
import { git, temporaryFolder, writeIn } from '../../../support/cli';

type Files = Readonly<Record<string, string>>;

function folderWith(files: Files): string {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) writeIn(folder, file, content);
  git(folder, 'init', '-q');
  git(folder, 'add', '-A', '-f');
  git(folder, 'commit', '-q', '-m', 'first');
  return folder;
}

async function survey(
  files: Files,
  task: string,
  tree: string | null = 'HEAD',
  excluded: readonly string[] = [],
): Promise<TaskFacts> {
  const repository = await openRepository(folderWith(files), createGit({ environment: process.env }));
  return createSurveyor({ repository, tree, excluded }).survey(task);
}

const named = ({ named: found }: TaskFacts) => Object.fromEntries(found.map(({ text, paths }) => [text, paths]));
const excludes = ({ ignored }: TaskFacts, path: string): boolean =>
  refusedBy({ zones: ['**'], excluded: ignored.map(({ glob }) => glob) }, path) !== null;

const PLAIN = {
  'src/money.ts': 'export function splitCents() {}\n',
  'src/Menu.tsx': 'splitCents();\n',
  'README.md': 'splitCent\n',
};

describe('what a task names', () => {
  it.each<[string, string, string[]]>([
    ['src/money.ts is off', 'src/money.ts', ['src/money.ts']],
    ['look at src/money.ts:12:3.', 'src/money.ts', ['src/money.ts']],
    ['`money.ts` is off', 'money.ts', ['src/money.ts']],
    ['menu.tsx flickers', 'menu.tsx', ['src/Menu.tsx']],
    ['./src/money.ts, please', 'src/money.ts', ['src/money.ts']],
    ['splitCents loses one', 'splitCents', ['src/Menu.tsx', 'src/money.ts']],
  ])('is found: %s', async (task, text, paths) => {
    expect(named(await survey(PLAIN, task))[text]).toEqual(paths);
  });

  it('is not found where it is not, and where it is everywhere', async () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`p${at}/index.ts`, 'x\n']));
    expect((await survey({ ...PLAIN, ...many }, 'index.ts and nothing.ts and noSuchThing')).named).toEqual([]);
  });

  it.each([
    ['src/money.ts', ['src/Menu.tsx']],
    ['SRC/*.{ts,js}', ['src/Menu.tsx']],
    ['**/Menu.tsx', ['src/money.ts']],
    ['src/**', undefined],
    ['src/!(Menu).ts', ['src/Menu.tsx']],
    // What git could not leave out is a reason to open nothing.
    ['src/@(a|(b)).ts', undefined],
  ])('is not looked for in what is excluded: %s', async (glob, paths) => {
    expect(named(await survey(PLAIN, 'splitCents loses one', 'HEAD', [glob])).splitCents).toEqual(paths);
  });

  it('is the same in a tree and in the work tree, and again', async () => {
    const task = 'splitCents in money.ts';
    const facts = await survey(PLAIN, task);
    expect(await survey(PLAIN, task, null)).toEqual(facts);
    expect(await survey(PLAIN, task)).toEqual(facts);
  });
});

it.each(['HEAD', null])('a file whose name is a secret is not named by a survey (%s)', async (tree) => {
  const name = `ghp_${'a1B2'.repeat(9)}.ts`;
  const facts = await survey({ ...PLAIN, [name]: 'x\n' }, `look at ${name}, and at jane.roe@bigcorp.com.md`, tree);
  expect(JSON.stringify(facts)).not.toMatch(/ghp_|jane\.roe/);
});

describe('the packages of a monorepo', () => {
  const json = (name: string, ...uses: string[]): string =>
    JSON.stringify({ name, dependencies: Object.fromEntries(uses.map((one) => [one, '*'])) });
  const npm = {
    'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
    'packages/billing/package.json': json('@x/billing', '@x/money', 'zod'),
    'packages/billing/src/split.ts': 'a\n',
    'packages/money/package.json': json('@x/money'),
    'packages/web/package.json': json('@x/web', '@x/billing'),
    'packages/web/test/fixtures/a/package.json': json('fixture'),
    'scripts/package.json': json('scripts'),
  };
  const billing = { root: 'packages/billing', name: '@x/billing', uses: ['packages/money'] };

  it.each([
    ['a file', 'split.ts loses a cent'],
    ['its name', 'billing loses a cent'],
    ['its whole name', '@x/billing loses a cent'],
  ])('are known by %s, with those that they use', async (_how, task) => {
    const facts = await survey(npm, task);
    expect(facts).toMatchObject({ packageCount: 3, packages: [billing] });
  });

  it.each<[string, Files]>([
    ['pnpm', { ...npm, 'package.json': '{}', 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' }],
    [
      'Cargo',
      {
        'Cargo.toml': '[workspace]\nmembers = ["packages/*"]\n',
        'packages/billing/Cargo.toml':
          '[package]\nname = "@x/billing"\n[dependencies]\nmoney = { path = "../money" }\n',
        'packages/money/Cargo.toml': '[package]\nname = "money"\n',
      },
    ],
    [
      'Gradle',
      {
        'packages/billing/build.gradle.kts': 'implementation(project(":packages:money"))\n',
        'packages/money/build.gradle.kts': '',
      },
    ],
    [
      'Go',
      {
        'packages/billing/go.mod': 'module x.org/billing\nrequire x.org/money v1.0.0\n',
        'packages/money/go.mod': 'module x.org/money\n',
      },
    ],
  ])('of %s', async (_kind, files) => {
    const { packages } = await survey(files, 'billing loses a cent');
    expect(packages.map(({ root, uses }) => ({ root, uses }))).toEqual([
      { root: 'packages/billing', uses: ['packages/money'] },
    ]);
  });

  it('are one where there is no other, whatever a broken manifest says', async () => {
    const facts = await survey({ 'package.json': '{', 'src/a.ts': 'x\n' }, 'a.ts is off');
    expect(facts.packageCount).toBeLessThanOrEqual(1);
  });
});

describe('what never enters a prompt', () => {
  it('is what .openexecignore names, what it takes back excepted', async () => {
    const facts = await survey(
      {
        ...PLAIN,
        '.openexecignore': 'data/\n*.csv\n!keep.csv\n',
        'data/a.txt': 'a\n',
        'x.csv': 'a\n',
        'keep.csv': 'a\n',
      },
      'fix it',
    );
    expect(['data/a.txt', 'x.csv', 'keep.csv', 'src/money.ts'].map((path) => excludes(facts, path))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(facts.ignored).toContainEqual({ glob: '**/data/**/*', from: '.openexecignore' });
  });

  it('is what .gitignore names, tracked or not', async () => {
    const facts = await survey({ ...PLAIN, '.gitignore': 'dist/\n*.log\n', 'dist/a.js': 'a\n' }, 'fix it');
    expect(['dist/a.js', 'dist/b.js', 'app/x.log', 'src/money.ts'].map((path) => excludes(facts, path))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('is data and generated code, and neither lock files nor small data', async () => {
    const big = 'x,y\n'.repeat(300_000);
    const files = {
      ...PLAIN,
      'db/backup-2024.sql': 'a\n',
      'db/schema.sql': 'create table a (b int);\n',
      'export.csv': big,
      'small.csv': 'a,b\n',
      'api/user.pb.go': 'x\n',
      'src/client.ts': '// Code generated by protoc. DO NOT EDIT.\n',
      'docs/how.md': `${'a\n'.repeat(20)}// Code generated by protoc. DO NOT EDIT.\n`,
      'package-lock.json': big,
    };
    const facts = await survey(files, 'fix it');
    expect(Object.keys(files).filter((path) => excludes(facts, path))).toEqual([
      'db/backup-2024.sql',
      'export.csv',
      'api/user.pb.go',
      'src/client.ts',
    ]);
  });

  it.each<[string, string, readonly string[] | null]>([
    ['/dist/', '', ['dist/**/*']],
    ['a/b', 'pkg', ['pkg/a/b', 'pkg/a/b/**']],
    ['*.log', '', ['**/*.log', '**/*.log/**']],
    ['x{y}', '', ['**/x\\{y\\}', '**/x\\{y\\}/**']],
    ['!keep', '', null],
  ])('reads the pattern %s', (line, folder, globs) => {
    expect(globsOf(line, folder)).toEqual(globs);
  });
});

describe('an ignore file', () => {
  const excludedOf = async (files: Files, tree: string | null = 'HEAD') => {
    const facts = await survey(files, 'fix it', tree);
    return (path: string) => excludes(facts, path);
  };

  it('counts to its last pattern, with a byte order mark and whatever folder has the name', async () => {
    const many = Array.from({ length: 600 }, (_, at) => `made-${at}.txt`).join('\n');
    const excluded = await excludedOf({ ...PLAIN, '.openexecignore': `\uFEFFfirst/\n${many}\n*.private\n` });
    expect(['first/a', 'made-599.txt', 'x.private/a.md', 'src/money.ts'].map(excluded)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it.each(['*', '/*'])('excludes everything with %s', async (pattern) => {
    const excluded = await excludedOf({ ...PLAIN, '.openexecignore': `${pattern}\n` });
    expect(['src/money.ts', 'README.md', 'new/one.ts'].map(excluded)).toEqual([true, true, true]);
  });

  it('that was deleted in the work tree keeps nothing out there', async () => {
    const folder = folderWith({ ...PLAIN, '.openexecignore': 'src/\n', '.gitignore': 'out/\n' });
    for (const file of ['.openexecignore', '.gitignore']) fs.rmSync(path.join(folder, file));
    const repository = await openRepository(folder, createGit({ environment: process.env }));
    const facts = await createSurveyor({ repository, tree: null, excluded: [] }).survey('x');
    expect(facts.ignored).toEqual([]);
  });

  it.each(['HEAD', null])('of ours keeps out what it names although git ignores it itself (%s)', async (tree) => {
    const folder = folderWith({ ...PLAIN, '.gitignore': '.openexecignore\nmade/\n', 'a/b/notes.md': 'x\n' });
    writeIn(folder, '.openexecignore', '*.tsx\n');
    writeIn(folder, 'a/.openexecignore', 'notes.md\n');
    writeIn(folder, 'made/.openexecignore', '/src/\n');
    const repository = await openRepository(folder, createGit({ environment: process.env }));
    const facts = await createSurveyor({ repository, tree, excluded: [] }).survey('x');
    const paths = ['src/Menu.tsx', 'a/b/notes.md', 'src/money.ts', 'notes.md'];
    expect(paths.map((file) => excludes(facts, file))).toEqual([true, true, false, false]);
  });

  it.skipIf(process.platform === 'win32')('of ours that git ignores and that is a link is said', async () => {
    const folder = folderWith({ ...PLAIN, '.gitignore': '.openexecignore\n' });
    fs.symlinkSync('README.md', path.join(folder, '.openexecignore'));
    const repository = await openRepository(folder, createGit({ environment: process.env }));
    await expect(createSurveyor({ repository, tree: 'HEAD', excluded: [] }).survey('x')).rejects.toThrow(
      '.openexecignore cannot be gone by',
    );
  });

  it.each(['HEAD', null])(
    'that is too large to read is said, and nothing goes on as if it were empty (%s)',
    async (tree) => {
      const large = 'secret/\n'.repeat(80_000);
      await expect(excludedOf({ ...PLAIN, '.openexecignore': large }, tree)).rejects.toThrow(
        '.openexecignore cannot be gone by: it is larger than 512 KiB',
      );
    },
  );
});

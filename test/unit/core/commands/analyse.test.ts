import { describe, expect, it } from 'vitest';
import { analyseCommand, type PlainCommand } from '../../../../src/core/commands/analyse';
import type { ProjectCommands } from '../../../../src/core/policy/schema';

const COMMANDS: ProjectCommands = {
  test: { argv: ['npm', 'run', 'test'], source: 'package.json' },
  lint: { argv: ['./node_modules/.bin/eslint', '.'], source: '.openexec/project.yaml' },
};

const analyse = (line: string) => analyseCommand(line, COMMANDS);

function plain(line: string): PlainCommand {
  const command = analyse(line);
  if (command.kind === 'refused') throw new Error(`${line}: ${command.why}`);
  return command;
}

const capability = (line: string): string => {
  const command = analyse(line);
  return command.kind === 'plain' ? command.capability : 'refused';
};

const paths = (line: string): string[] => plain(line).operands.map(({ path, deep }) => (deep ? `${path}/**` : path));

describe('a line', () => {
  it('is read as bash reads quotes and harmless escapes', () => {
    expect(plain(`grep -n "foo\\|bar" 'a b'"c"d\\ e`).argv).toEqual(['grep', '-n', 'foo\\|bar', 'a bcd e']);
    expect(plain('rg "x\\$\\"y\\\\" src').argv).toEqual(['rg', 'x$"y\\', 'src']);
    expect(plain('find . \\( -name a \\) ! -name b').argv).toEqual('find . ( -name a ) ! -name b'.split(' '));
    expect(plain('git show HEAD@{1}').argv).toEqual(['git', 'show', 'HEAD@{1}']);
    expect(plain("grep '' README.md").argv).toEqual(['grep', '', 'README.md']);
  });

  it.each([
    ['ls; id', '";" means something to a shell'],
    ['ls "a', 'a quote is not closed'],
    ['X=1 ls', 'does not begin with an assignment'],
    ['time ls', 'does not see one plain command'],
    ['if', 'does not see one plain command'],
    ['export a=b', 'does not see one plain command'],
    ['ls a\\', 'does not end with a backslash'],
    ['C:\\tools\\git.exe status', 'a backslash stands only before a punctuation mark'],
    ['ls \u202e', 'visible characters'],
    ['ls\ufe0f', 'visible characters'],
    ['ls *.ts', 'use plain words'],
    ['grep -rn --include=*.ts x', 'put it in quotes'],
    ['ls --x=a;id', 'use plain words'],
    ['', 'empty'],
    ["'' x", 'no empty words'],
  ])('%j is refused with its reason', (line, why) => {
    expect(analyse(line)).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) });
  });
});

describe('a line that is too long', () => {
  it('is refused unread', () => {
    expect(analyse(`ls ${'a'.repeat(8189)}`).kind).toBe('plain');
    expect(analyse(`ls ${'a'.repeat(8190)}`)).toMatchObject({ why: 'a command has at most 8192 characters' });
  });
});

describe('what a program would read', () => {
  it.each([
    ['cat README.md -n -- -x -', ['README.md', '-x']],
    ['cat', []],
    ['ls', ['.']],
    ['head -n 5 -c3 a', ['a']],
    ['tail -5 a b', ['a', 'b']],
    ['head -n -5 a', ['a']],
    ['grep x a b', ['a', 'b']],
    ['grep -e x a', ['a']],
    ['grep -f a b', ['a', 'b']],
    ['grep -nfa b', ['a', 'b']],
    ['grep --file=a b', ['a', 'b']],
    ['grep -r x', ['./**']],
    ['grep x src -rn', ['src/**']],
    ['grep -d recurse x src', ['src/**']],
    ['grep -e -r a', ['a']],
    ['rg x', ['./**']],
    ['rg x src', ['src/**']],
    ['rg -f a src', ['a', 'src/**']],
    ['rg --files src', ['src']],
    ['rg -e x -A3 src', ['src/**']],
    ['find', ['.']],
    ['find -H a b -name c -newer d -newermt e -neweram f', ['a', 'b', 'd', 'f']],
    ['git show HEAD:./a/b HEAD~1:c :d :2:e', ['a/b', 'c', 'd', 'e']],
    ['git diff HEAD~1 a..b -- c', ['c']],
    ["git diff -- 'a/*.ts' ':!b' ':(top)c'", ['a/', '.']],
    ['git diff README.md', ['README.md']],
    ['git status src', ['src']],
    ['git ls-files -X a b', undefined],
  ])('%s', (line, expected) => {
    if (expected === undefined) expect(paths(line)).toEqual(['a', 'b']);
    else expect(paths(line)).toEqual(expected);
  });

  it('narrows what lies below by simple patterns only', () => {
    const below = (line: string) => plain(line).operands[0]?.below;
    expect(below("grep -r --include='*.ts' x .")).toMatchObject({ only: ['*.ts'], not: [], hidden: true });
    expect(below("grep -r --include='*.[tj]s' x .")).toMatchObject({ only: [] });
    expect(below("grep -r --exclude=a --include='*.ts' x .")).toMatchObject({ only: [], not: [] });
    expect(below('grep -r --exclude=a --exclude-dir=b x .')).toMatchObject({ not: ['a'], notFolders: ['b'] });
    expect(below('grep -R x .')).toMatchObject({ follow: true });
    expect(below('rg x')).toMatchObject({ hidden: false });
    expect(below("rg -g '.env*' x")).toMatchObject({ hidden: true, only: ['.env*'] });
    expect(below("rg -g '!b' x")).toMatchObject({ hidden: false, not: ['b'], notFolders: ['b'] });
    expect(below("rg -g '!b' --iglob B x")).toMatchObject({ hidden: true, not: [] });
    expect(below('rg -t ts -t py x')).toMatchObject({ only: ['*.ts', '*.tsx', '*.cts', '*.mts', '*.py', '*.pyi'] });
    expect(below("rg -t ts -g '*.env' x")).toMatchObject({ only: ['*.env'] });
    expect(below('rg -t ts -t all x')).toMatchObject({ hidden: true, only: [] });
    expect(below("rg -g 'a/*.ts' x")).toMatchObject({ hidden: true, only: [] });
  });

  it('has git asked for the files, and for what its revisions are', () => {
    expect(plain('git log -p -3 --oneline -w -- src').shows).toEqual({
      by: 'git',
      commits: [],
      args: [
        ...['log', '-3', '--format=', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'],
        ...['--name-only', '-z', '--', 'src'],
      ],
    });
    expect(plain('git show --stat HEAD').shows).toEqual({ by: 'git', commits: ['HEAD'], args: null });
    expect(plain('git diff a..b ^c').shows).toMatchObject({ commits: ['a', 'b', 'c'] });
    expect(plain('git log --oneline').shows).toBeUndefined();
    for (const line of ['git log --binary', 'git log --diff-merges=on', 'git log -m', 'git log --cc', 'git log -U3'])
      expect(plain(line).shows).toMatchObject({ args: expect.arrayContaining(['--name-only']) });
    expect(plain('git diff --stat').shows).toBeUndefined();
    expect(plain('git diff --stat -p').shows).toMatchObject({ args: expect.arrayContaining(['--name-only']) });
  });

  it('has git asked for all files of all commits where a filter would pick some by what renames make of them', () => {
    const args = (line: string) => {
      const { shows } = plain(line);
      return shows?.by === 'git' ? shows.args?.slice(0, shows.args.indexOf('--format=')) : undefined;
    };
    expect(args('git log -p -3 --diff-filter=R')).toEqual(['log']);
    expect(args('git log -p -n 3 --skip=1 -S x')).toEqual(['log', '-Sx', '--pickaxe-all']);
    expect(args('git log -p --max-count=3 -Gx')).toEqual(['log', '-Gx', '--pickaxe-all']);
    expect(args('git log --check -3')).toEqual(['log', '-3']);
  });

  it('is not known where git shows content of files that none of its options names', () => {
    for (const line of ['git log -p --follow -- a', 'git show -C -C', 'git diff --find-copies=50% HEAD~1'])
      expect(capability(line)).toBe('exec_other');
    for (const line of ['git log --follow -- a', 'git show --stat -C', 'git diff --name-only -C'])
      expect(capability(line)).toBe('exec_inspect');
  });

  it('has ripgrep asked with the options that choose files', () => {
    expect(plain("rg -ng '*.ts' -C2 --hidden x src").shows).toEqual({
      by: 'rg',
      args: ['--no-config', '--files', '-0', '-g*.ts', '--hidden'],
    });
  });
});

describe('the capability', () => {
  it('is that of the project for a declared command and for its certain spellings', () => {
    for (const line of ['npm run test', 'npm test', 'npm t', 'npm run-script test', './node_modules/.bin/eslint .'])
      expect(capability(line)).toBe('exec_project');
    for (const line of [
      'npm run test x',
      'npm tst',
      'pnpm test',
      './node_modules/.bin/eslint src',
      'npm --silent test',
    ])
      expect(capability(line)).toBe('exec_other');
  });

  it('is never that of inspection for an option that no table knows', () => {
    for (const line of [
      'cat --foo a',
      'grep --recur x',
      'ls --help=x',
      'wc -z a',
      'git log -L1,2:a',
      'find . -foo',
      'rg -nz x',
      'git show --all',
    ])
      expect(capability(line)).toBe('exec_other');
  });

  it('sees the network through wrappers, and not in what only looks like it', () => {
    for (const line of ['nice -n 5 curl x', 'env A=b wget x', 'sh -c "true; curl x"', 'python3.12 -m pip install x'])
      expect(capability(line)).toBe('network');
    expect(capability('xargs grep curl')).toBe('exec_other');
    expect(capability('find . -name curl')).toBe('exec_inspect');
    expect(capability('git log --grep push')).toBe('exec_inspect');
    expect(capability('npm run push')).toBe('exec_other');
  });

  it('is found at once for long lines that repeat what is looked into', () => {
    // Looking into every wrapper inside of every other would not come to an end here.
    for (const line of ['env '.repeat(2000), 'sh -c '.repeat(1300), 'cmd watch '.repeat(800), 'python -m '.repeat(800)])
      expect(capability(line.trim())).toBe('exec_other');
    expect(capability(`sh -c "${'true;'.repeat(20)} curl x"`)).toBe('network');
    expect(capability(`${'env '.repeat(40)}curl x`)).toBe('network');
  });

  it('is known for plain names only', () => {
    for (const line of ['./ls', '/bin/ls', '"ls"', 'LS', 'ls.exe', 'constructor', '__proto__', 'hasOwnProperty -v'])
      expect(capability(line)).toBe('exec_other');
  });

  it('takes an option in place of a value for an option', () => {
    for (const line of ['rg -A --pre=x y', 'head -n -f a', 'git log --author --output=x', 'grep -m -r x'])
      expect(capability(line)).toBe('exec_other');
  });
});

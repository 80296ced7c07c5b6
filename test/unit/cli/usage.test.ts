/** Wrong use: exit code 2, one line on standard error that says what is allowed, nothing on standard output. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  blueprint,
  cli,
  expectRefusal,
  only,
  sampleFolder,
  startCli,
  temporaryFolder,
  writeIn,
} from '../../support/cli';
import { copyRecordedRun } from '../../support/goldenStore';

describe('wrong use of the command line', () => {
  it.each([
    [
      'an unknown verb',
      ['frobnicate'],
      /no verb "frobnicate"; known: run, runs, show, verify, replay, resume, what-if, compare, export, import/,
    ],
    ['a verb that only an object has', ['constructor'], /no verb "constructor"/],
    ['an unknown flag', ['runs', '--frobnicate'], /'--frobnicate'; allowed: --json, --store, --workspace\n/],
    ['a value for a flag that takes none', ['runs', '--json=yes'], /'--json' does not take an argument/],
    ['a flag without its value', ['runs', '--store'], /--store/],
    ['an empty value', ['runs', '--store', ''], /--store is empty/],
    ['an argument too many', ['runs', 'extra'], /no argument besides flags/],
    ['a missing argument', ['show'], /the id of a run/],
    ['a run without a task', ['run', '--blueprint', 'quick_fix'], /--task is missing/],
    ['a run without a blueprint', ['run', '--task', 'x'], /--blueprint is missing/],
    ['an unknown way to approve', ['run', '--approve', 'maybe'], /--approve maybe: allowed are never, ask, all\n/],
    ['an unknown place to apply to', ['run', '--apply', 'x'], /--apply x: allowed are none, worktree, workspace\n/],
    ['an unknown mode of replay', ['replay', 'r', '--mode', 'fast'], /--mode fast: allowed are exact, step\n/],
    ['a number that is none', ['show', 'r', '--from', 'one'], /--from one: a whole number from 0/],
    [
      'an unknown type of event',
      ['show', 'r', '--type', 'x'],
      /--type x: allowed are run\.started, .*result\.finished\n/,
    ],
  ])('refuses %s', async (_what, args, words) => {
    expectRefusal(await cli(args, { cwd: temporaryFolder() }), 2, words);
  });

  it('prints how it is used for nothing at all, which is wrong use, and for --help, which is not', async () => {
    const [nothing, help] = await Promise.all([cli([]), cli(['--help'])]);
    expect([nothing.code, help.code]).toEqual([2, 0]);
    expect(help.stdout).toMatch(/openexec run --workspace DIR/);
    expect(nothing.stdout).toBe(help.stdout);
  });

  it('refuses a store that is not there, and makes nothing of a folder that is none', async () => {
    const folder = temporaryFolder();
    expectRefusal(await cli(['runs', '--workspace', folder]), 2, /no store at .*--store/);
    expectRefusal(await cli(['runs', '--store', folder]), 2, /no store at/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.each(['show', 'verify', 'replay'])(
    'refuses a run that %s cannot find, and an id that would leave the store',
    async (verb) => {
      const root = temporaryFolder();
      copyRecordedRun('v1', root);
      await cli(['runs', '--store', root]);
      expectRefusal(await cli([verb, 'no-such-run', '--store', root]), 2, /no run no-such-run/);
      // What has a path in it is the file of a bundle to `verify`, and nothing to the others.
      const words = verb === 'verify' ? /there is no file .*escape/ : /cannot be the id of a run/;
      expectRefusal(await cli([verb, '../escape', '--store', root]), 2, words);
    },
  );
});

describe('a run that cannot be started', () => {
  const start = (folder: string, ...more: string[]) =>
    cli(['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', 'x', '--json', ...more]);

  it('names a folder that does not exist, and does not make it', async () => {
    const folder = path.join(temporaryFolder(), 'missing');
    expectRefusal(await start(folder), 2, /There is no folder .*missing/);
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('names a folder without git, and leaves it as it was', async () => {
    const folder = temporaryFolder();
    expectRefusal(await start(folder), 2, /is not a git repository\. Run `git init`/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('names a repository without a commit', async () => {
    expectRefusal(await start(sampleFolder({}, { commit: false })), 2, /has no commit yet\. Make a first commit/);
  });

  it('says so when git is not on PATH', async () => {
    const folder = sampleFolder();
    const args = ['run', '--workspace', folder, '--blueprint', 'quick_fix', '--task', 'x'];
    const end = await cli(args, { env: { PATH: temporaryFolder() } });
    expectRefusal(end, 1, /git was not found on PATH; install git/);
    expect(fs.existsSync(path.join(folder, '.openexec/store'))).toBe(false);
  });

  it('names blueprint, policy, provider and recording that are not there, with those there are', async () => {
    const folder = sampleFolder();
    expectRefusal(await start(folder, '--blueprint', 'nope'), 2, /no blueprint "nope"\. Known: .*quick_fix/);
    expectRefusal(await start(folder, '--policy', 'nope'), 2, /no policy "nope"\. Known: read_only, standard, strict/);
    expectRefusal(
      await start(folder, '--model', 'nope:x'),
      2,
      /no model provider "nope".*anthropic, openai, openai-compatible, vscode, recorded/,
    );
    expectRefusal(await start(folder, '--model', 'gpt'), 2, /"gpt" is not of the form provider:name/);
    expectRefusal(await start(folder, '--model', 'recorded:nope'), 2, /recording .*nope\.json does not exist/);
    expectRefusal(await start(folder, '--model', 'openai:x', '--base-url', 'nope'), 2, /The base URL is not a URL/);
    expectRefusal(await start(folder, '--model', 'openai-compatible:x'), 2, /--base-url/);
    expectRefusal(await start(folder, '--task', '   '), 2, /--task is empty/);
    expect(fs.readdirSync(path.join(folder, '.openexec/store/runs'))).toEqual([]);
  });

  it.each([
    ['is not YAML', 'version: 1\nid: [broken\n', /^openexec: \.openexec\/blueprints\/broken\.yaml:\d+:\d+ /],
    [
      'has a member that is none',
      blueprint('broken', { test: { ...only('run_tests'), shell: 'rm -rf /' } }),
      /broken\.yaml:\d+:\d+ .*shell/,
    ],
    [
      'leads to a node that is not there',
      blueprint('broken', { test: { ...only('run_tests'), on_success: 'nowhere' } }),
      /broken\.yaml:\d+:\d+ .*nowhere/,
    ],
  ])('names line and column of a blueprint that %s', async (_what, text, words) => {
    const folder = sampleFolder({ '.openexec/blueprints/broken.yaml': text });
    expectRefusal(await start(folder, '--blueprint', 'broken'), 2, words);
  });

  it('names line and column of a broken policy and of a broken project file', async () => {
    const folder = sampleFolder({ 'policy.yaml': 'version: 1\nid: mine\nrules: none\n' });
    expectRefusal(await start(folder, '--policy', 'policy.yaml'), 2, /policy\.yaml:\d+:\d+ /);
    writeIn(folder, '.openexec/project.yaml', 'version: 1\ncommands:\n  test: node test.mjs | tee log\n');
    expectRefusal(await start(folder), 2, /project\.yaml:3:9 .*"\|" means something to a shell/);
  });

  it('says what to declare when the project has no test command', async () => {
    const folder = sampleFolder({ '.openexec/project.yaml': 'version: 1\ncommands:\n  lint: node tools/lint.mjs\n' });
    expectRefusal(await start(folder), 2, /runs the project's test command .*Declare it in \.openexec\/project\.yaml/);
  });

  it('takes a blueprint file from where the person stands', async () => {
    const here = temporaryFolder();
    writeIn(here, 'broken.yaml', 'version: 1\n');
    const args = ['run', '--workspace', sampleFolder(), '--blueprint', './broken.yaml', '--task', 'x'];
    expectRefusal(await cli(args, { cwd: here }), 2, /broken\.yaml:1:1 /);
  });
});

describe('a reader that leaves early', () => {
  it('is no fault: no trace is printed', async () => {
    const root = temporaryFolder();
    const run = copyRecordedRun('v1', root);
    const { child, end } = startCli(['show', run, '--store', root, '--json']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, stderr } = await end;
    expect(stderr).not.toMatch(/EPIPE|at /);
    expect(code).toBe(0);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { testReportSchema } from '../../../../src/core/reports/report';
import { CONFINEMENT, withoutConfinement } from '../../../support/confinement';
import { bench, benchOn, makeRepository, plainGit, read, temporaryFolder, testEnvironment } from './harness';

const script = (text: string, ...args: string[]) => ({ argv: [process.execPath, '-e', text, ...args], source: 'test' });

describe('a project command', () => {
  test('runs in the worktree; what it says is the same wherever that lies', async () => {
    const say = 'console.log(process.cwd() + "/x.js:1\\r\\n\\u001b[31mred\\u001b[0m"); process.exitCode = 2';
    const { run, root } = await bench({ 'a.txt': '' }, { commands: { lint: script(say) } });
    const result = await run('run_project_command', { name: 'lint' });
    expect(result).toMatchObject({ outcome: 'ok', exitCode: 2, confinement: CONFINEMENT });
    expect(result.output).toBe(`$ ${process.execPath} -e ${say}\n./x.js:1\nred\nexit code 2`);
    expect(result.output).not.toContain(root);
    expect(result.events).toMatchObject([
      {
        type: 'artifact.created',
        data: {
          call: 'c1',
          name: 'lint_report',
          kind: 'report',
          media: 'application/json',
          summary: 'no report of a known tool was found in the output',
        },
      },
      {
        type: 'artifact.created',
        data: {
          call: 'c1',
          name: 'lint_output',
          kind: 'output',
          media: 'text/plain',
          content: result.output,
          summary: 'exit code 2',
        },
      },
    ]);
  });

  test('of tests gives what they say as a typed report', async () => {
    const files = { 'a.test.mjs': 'import { test } from "node:test";\ntest("adds", () => {});\n' };
    const commands = { test: { argv: [process.execPath, '--test', 'a.test.mjs'], source: 'test' } };
    const { run } = await bench(files, { commands });
    const [report, output] = (await run('run_project_command', { name: 'test' })).events;
    if (report?.type !== 'artifact.created' || output?.type !== 'artifact.created') throw new Error('no artifacts');
    expect(testReportSchema.parse(JSON.parse(String(report.data.content)))).toMatchObject({
      tool: 'node:test',
      passed: 1,
      failed: 0,
    });
    expect(report.data.summary).toBe('node:test: 1 passed, 0 failed');
    expect(output.data).toMatchObject({ name: 'test_output', summary: 'exit code 0' });
  });

  const documents = {
    'build.gradle': '',
    'app/build/test-results/test/TEST-old.xml': '<testsuite name="old"><testcase name="stale"/></testsuite>\n',
    'src/x.txt': '',
  };
  const writes = (file: string, text: string) =>
    script(
      `const fs = require("fs"); fs.mkdirSync(require("path").dirname(${JSON.stringify(file)}), { recursive: true });` +
        `fs.writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(text)}); console.log("BUILD SUCCESSFUL in 1s")`,
    );
  const summaryOf = async (files: Record<string, string>, test: ReturnType<typeof script>) => {
    const { run, root } = await bench(files, { commands: { test } });
    const [report] = (await run('run_project_command', { name: 'test' })).events.slice(-2);
    if (report?.type !== 'artifact.created') throw new Error('no report');
    return {
      summary: report.data.summary,
      report: testReportSchema.parse(JSON.parse(String(report.data.content))),
      root,
    };
  };
  const green = '<?xml version="1.0"?>\n<testsuite name="a">\n<testcase classname="A" name="adds"/>\n</testsuite>\n';
  const red = green.replace('name="adds"/>', 'name="adds"><failure message="2 is not 3"/></testcase>');

  test('of tests reads the JUnit documents that it wrote where its output shows no run, and no older ones', async () => {
    expect((await summaryOf(documents, script('console.log("BUILD SUCCESSFUL in 1s")'))).summary).toBe(
      'no test run was found in the output',
    );
    for (const file of ['app/build/test-results/test/TEST-a.xml', 'lib/target/surefire-reports/TEST-a.xml']) {
      expect((await summaryOf(documents, writes(file, green))).summary).toBe('junit: 1 passed, 0 failed');
    }
    const { report } = await summaryOf(documents, writes('app/build/test-results/test/TEST-old.xml', red));
    expect(report).toMatchObject({ passed: 0, failed: 1, failures: [{ name: 'A adds', message: '2 is not 3' }] });
    // Elsewhere, or in a project of another kind, a file is only a file.
    expect((await summaryOf(documents, writes('reports/TEST-a.xml', green))).report.tool).toBeNull();
    const { 'build.gradle': _, ...others } = documents;
    expect((await summaryOf(others, writes('build/test-results/a.xml', green))).report.tool).toBeNull();
  });

  test('of tests takes a document that is not whole, or a link, for no success', async () => {
    const file = 'build/test-results/test/TEST-a.xml';
    expect((await summaryOf(documents, writes(file, green.slice(0, -20)))).report).toMatchObject({
      passed: 0,
      failed: 1,
    });
    const link = `const fs = require("fs"); fs.mkdirSync("build/test-results", { recursive: true });
      fs.writeFileSync("outside.xml", ${JSON.stringify(green)}); fs.symlinkSync("../../outside.xml", "build/test-results/a.xml")`;
    expect((await summaryOf(documents, script(link))).report).toMatchObject({ tool: null, passed: 0 });
  });

  test('of go without the names of tests says what to add', async () => {
    const { summary } = await summaryOf(documents, script('console.log("ok  \\texample.com/a\\t0.003s")'));
    expect(summary).toBe('go test: 0 passed, 0 failed (add -v or -json to the command)');
  });

  test('of a linter gives its findings with paths of the repository', async () => {
    const say = 'console.log(process.cwd() + "/src/a.js:1:7: Unexpected var. [Error/no-var]"); process.exitCode = 1';
    const { run } = await bench({ 'a.txt': '' }, { commands: { lint: script(say) } });
    const [report] = (await run('run_project_command', { name: 'lint' })).events;
    if (report?.type !== 'artifact.created') throw new Error('no report');
    expect(report.data.summary).toBe('eslint: 1 error, 0 warnings');
    expect(JSON.parse(String(report.data.content))).toMatchObject({
      findings: [{ file: 'src/a.js', line: 1, column: 7, rule: 'no-var' }],
    });
  });

  test('that changes files is told on', async () => {
    const change = 'require("fs").writeFileSync("made.txt", "x"); require("fs").rmSync("a.txt")';
    const { run } = await bench({ 'a.txt': 'gone soon\n' }, { commands: { format: script(change) } });
    const { events, tree } = await run('run_project_command', { name: 'format' });
    expect(events.map((event) => [event.type, 'path' in event.data ? event.data.path : null])).toEqual([
      ['file.changed', 'a.txt'],
      ['file.changed', 'made.txt'],
      ['artifact.created', null],
      ['artifact.created', null],
    ]);
    expect(tree).toMatch(/^[0-9a-f]{40}$/);
  });

  test.skipIf(process.platform === 'darwin')(
    'that hides its change behind git’s index is told on all the same',
    async () => {
      // Where it is confined it could not do so in the first place.
      withoutConfinement();
      const hide =
        'require("child_process").execFileSync("git", ["update-index", "--assume-unchanged", "a.txt"]);' +
        'require("fs").writeFileSync("a.txt", "other\\n"); require("fs").writeFileSync(".git", "gitdir: /nowhere\\n")';
      const { run } = await bench({ 'a.txt': 'plain\n' }, { commands: { test: script(hide) } });
      const { events, confinement } = await run('run_project_command', { name: 'test' });
      expect(confinement).toBe('not confined');
      expect(events).toMatchObject([
        { data: { path: 'a.txt' } },
        { data: { name: 'test_report' } },
        { data: { name: 'test_output' } },
      ]);
    },
  );

  test('that is not declared is an answer that says where to declare it', async () => {
    const { run } = await bench({ 'a.txt': '' });
    expect(await run('run_project_command', { name: 'test' })).toMatchObject({
      outcome: 'error',
      output: 'no test command is declared; add one to .openexec/project.yaml',
      events: [],
    });
  });

  test('that is not installed is an answer that says so', async () => {
    const commands = { test: { argv: ['no-such-program-of-ours'], source: 'test' } };
    const { run } = await bench({ 'a.txt': '' }, { commands });
    const result = await run('run_project_command', { name: 'test' });
    expect(result).toMatchObject({ outcome: 'error', exitCode: null });
    expect(result.output).toMatch(/^command not found: no-such-program-of-ours; .*PATH/);
    const [report, output] = result.events;
    expect(report).toMatchObject({ data: { name: 'test_report', summary: 'no test run was found in the output' } });
    expect(output).toMatchObject({ data: { name: 'test_output', content: result.output } });
  });

  test('ends at its time limit and when the run is cancelled', async () => {
    const commands = { test: script('setInterval(() => 0, 1e6)') };
    const { run } = await bench({ 'a.txt': '' }, { commands, commandTimeoutMs: 300 });
    expect(await run('run_project_command', { name: 'test' })).toMatchObject({
      outcome: 'timeout',
      events: [{ data: { name: 'test_report' } }, { data: { name: 'test_output' } }],
    });
    const stop = new AbortController();
    const endless = await bench(
      { 'a.txt': '' },
      { commands: { test: script('require("fs").writeFileSync("on", ""); setInterval(() => 0, 1e6)') } },
    );
    const running = endless.run('run_project_command', { name: 'test' }, stop.signal);
    await expect.poll(() => read(endless.root, 'on'), { timeout: 15_000 }).toBe('');
    stop.abort();
    expect(await running).toMatchObject({ outcome: 'cancelled', confinement: CONFINEMENT });
  });

  test('never sees a key', async () => {
    const environment = {
      ...process.env,
      OPENAI_API_KEY: 'sk-secret',
      ANTHROPIC_API_KEY: 'sk-secret',
      MY_TOKEN: 'sk-secret',
    };
    const commands = { test: script('console.log(JSON.stringify(process.env))') };
    const { run } = await bench({ 'a.txt': '' }, { commands, environment });
    const { output } = await run('run_project_command', { name: 'test' });
    expect(output).toContain('"PATH"');
    expect(output).not.toContain('sk-secret');
  });
});

describe('run_command', () => {
  const commands = { test: { argv: [process.execPath, '--version'], source: 'test' } };

  test('runs a line that is word for word a declared command', async () => {
    const { run } = await bench({ 'a.txt': '' }, { commands });
    const result = await run('run_command', { command: `  "${process.execPath}"   --version ` });
    expect(result).toMatchObject({ outcome: 'ok', exitCode: 0, output: expect.stringContaining(process.version) });
  });

  test('runs any other plain line that was allowed, word by word and without a shell', async () => {
    const { run } = await bench({ 'a.txt': 'one\ntwo\n', "b 'c'.txt": 'three\n' }, { commands });
    const said = await run('run_command', { command: `cat a.txt "b 'c'.txt"` });
    expect(said).toMatchObject({ outcome: 'ok', exitCode: 0, confinement: CONFINEMENT });
    expect(said.output).toBe("$ cat a.txt b 'c'.txt\none\ntwo\nthree\nexit code 0");
    const failed = await run('run_command', { command: 'cat no-such-file' });
    expect(failed).toMatchObject({ outcome: 'ok', exitCode: 1 });
  });

  test('takes no program from the repository, unless it is named by its path there', async () => {
    const user = makeRepository({ 'a.txt': '' });
    const environment = { ...testEnvironment(), PATH: `${user}${path.delimiter}${process.env.PATH}` };
    const { run, root } = await benchOn(user, { environment });
    for (const folder of [root, user]) {
      fs.writeFileSync(path.join(folder, 'our-tool'), '#!/bin/sh\necho from the repository\n', { mode: 0o755 });
    }
    expect(await run('run_command', { command: 'our-tool' })).toMatchObject({
      outcome: 'error',
      exitCode: null,
      output: expect.stringContaining('command not found: our-tool'),
    });
    expect((await run('run_command', { command: './our-tool' })).output).toContain('from the repository');
  });

  test('keeps a long output bounded and says how much of it is missing', async () => {
    const { run } = await bench({ 'a.txt': 'x'.repeat(99).concat('\n').repeat(5000) });
    const { output } = await run('run_command', { command: 'cat a.txt' });
    expect(output.length).toBeLessThan(70_000);
    expect(output).toMatch(/\[cut: 4\d{5} bytes of output are not shown\]/);
  });

  test('runs git with nothing that the repository or a setting could make it execute', async () => {
    const user = makeRepository({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil\n' });
    const evil = path.join(temporaryFolder(), 'evil.sh');
    fs.writeFileSync(evil, '#!/bin/sh\necho EVIL\n', { mode: 0o755 });
    for (const key of ['diff.external', 'diff.evil.textconv', 'diff.evil.command', 'core.fsmonitor', 'core.pager']) {
      plainGit(user, 'config', key, `'${evil}'`);
    }
    withoutConfinement();
    const { run, root } = await benchOn(user);
    fs.writeFileSync(path.join(root, 'a.txt'), 'two\n');
    const said = [];
    for (const command of ['git status', 'git diff', 'git log -p', 'git show'])
      said.push(await run('run_command', { command }));
    expect(said.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(said.map(({ output }) => output).join()).not.toContain('EVIL');
    expect(said[1]?.output).toContain('-one\n+two');
    // The same repository does start them for a git that is not hardened.
    expect(plainGit(root, 'diff')).toContain('EVIL');
  });

  test.each([
    `${process.execPath} --version; id`,
    `${process.execPath} --version\nid`,
    `X=1 ${process.execPath} --version`,
    `${process.execPath} $(id)`,
    'ls | cat',
    'ls > b.txt',
    '',
  ])('refuses %j', async (command) => {
    const { run } = await bench({ 'a.txt': '' }, { commands });
    const said = await run('run_command', { command });
    expect(said).toMatchObject({ exitCode: null, events: [] });
    expect(['error', 'invalid']).toContain(said.outcome);
  });
});

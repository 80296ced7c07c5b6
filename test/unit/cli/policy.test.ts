/** `policy check` and `policy lint`: decisions on the files of a folder as runs make them, and exit codes for programs. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, expectRefusal, git, jsonOf, sampleFolder, temporaryFolder, writeIn } from '../../support/cli';

type Verdict = {
  readonly decision: string;
  readonly rule: string;
  readonly reason: string;
  readonly capability: string;
  readonly snapshot: string;
};
const action = (tool: string, input: object): string => JSON.stringify({ tool, input });
const check = (folder: string, ...more: string[]) =>
  cli(['policy', 'check', '--policy', 'standard', '--workspace', folder, ...more]);
const verdict = async (folder: string, tool: string, input: object, ...more: string[]): Promise<Verdict> =>
  jsonOf<Verdict>(await check(folder, '--json', '--action', action(tool, input), ...more));

describe('policy check', () => {
  it('tells the decision over one action, and what it rests on', async () => {
    const folder = sampleFolder({ '.env': 'KEY=1' });
    const end = await check(folder, '--json', '--action', action('read_file', { path: '.env' }));
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(end)).toEqual({
      decision: 'deny',
      rule: 'secrets-never-read',
      reason: 'Files that hold secrets are never read, written or sent.',
      capability: 'repo_read',
      snapshot: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const people = await check(folder, '--action', action('read_file', { path: 'README.md' }));
    expect(people.stdout).toMatch(/^allow: Reading inside the workspace\.\nrule workspace-read, capability repo_read/);
  });

  it('looks at the files that are there: links that lead out, hard links, and programs of the repository', async () => {
    const folder = sampleFolder({ '.env': 'KEY=1', ls: '#!/bin/sh' });
    const outside = temporaryFolder();
    fs.symlinkSync(outside, path.join(folder, 'out'));
    fs.linkSync(path.join(folder, '.env'), path.join(folder, 'twin'));
    expect(await verdict(folder, 'read_file', { path: 'out/x' })).toMatchObject({ rule: 'inside-the-workspace' });
    expect(await verdict(folder, 'write_file', { path: 'twin', content: '' })).toMatchObject({
      decision: 'deny',
      rule: 'hard-link',
    });
    expect(await verdict(folder, 'run_command', { command: 'ls src' })).toMatchObject({ decision: 'allow' });
    expect(await verdict(folder, 'run_command', { command: './ls src' })).toMatchObject({ decision: 'ask' });
    expect(await verdict(folder, 'run_command', { command: 'cat .env' })).toMatchObject({ rule: 'secrets-never-read' });
  });

  it('knows the commands of the project, the layer of the workspace, and a toolset', async () => {
    const folder = sampleFolder();
    const npm = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { scripts: object };
    expect(npm.scripts).toHaveProperty('test');
    const project = fs.readFileSync(path.join(folder, '.openexec/project.yaml'), 'utf8');
    const test = /test: (.+)/.exec(project)?.[1] ?? '';
    const before = await verdict(folder, 'run_command', { command: test });
    expect(before).toMatchObject({ decision: 'allow', capability: 'exec_project' });
    const rule = '{ id: ours, effect: ask, capabilities: [exec_project], reason: We look at it first. }';
    writeIn(folder, '.openexec/policy.yaml', `version: 1\nid: ours\ndescription: x\nrules:\n  - ${rule}\n`);
    const after = await verdict(folder, 'run_command', { command: test });
    expect(after).toMatchObject({ decision: 'ask', rule: 'ours' });
    expect(after.snapshot).not.toBe(before.snapshot);
    const narrow = await verdict(folder, 'write_file', { path: 'a', content: '' }, '--toolset', 'repo_readonly');
    expect(narrow).toMatchObject({ decision: 'deny', rule: 'toolset' });
  });

  it('takes the layer of the person from their settings', async () => {
    const folder = sampleFolder();
    const config = temporaryFolder();
    const rule = '{ id: mine, effect: deny, capabilities: [repo_read], paths: [README.md], reason: Not this one. }';
    writeIn(config, 'openexec/policy.yaml', `version: 1\nid: me\ndescription: x\nrules:\n  - ${rule}\n`);
    const read = ['--json', '--action', action('read_file', { path: 'README.md' })];
    const args = ['policy', 'check', '--policy', 'standard', '--workspace', folder, ...read];
    expect(jsonOf<Verdict>(await cli(args, { env: { XDG_CONFIG_HOME: config } }))).toMatchObject({ rule: 'mine' });
    writeIn(config, 'openexec/policy.yaml', 'rules: 1\n');
    const broken = await cli(args, { env: { XDG_CONFIG_HOME: config } });
    expectRefusal(broken, 2, /openexec\/policy\.yaml:1:1 version: /);
  });

  it('denies what is no call, and goes on', async () => {
    const folder = sampleFolder();
    expect(await verdict(folder, 'nope', {})).toMatchObject({ decision: 'deny', rule: 'toolset', capability: 'none' });
    expect(await verdict(folder, 'read_file', { path: 3 })).toMatchObject({ decision: 'deny', rule: 'input' });
    expect(await verdict(folder, 'run_command', { command: 'ls | sh' })).toMatchObject({
      decision: 'deny',
      rule: 'one-plain-command',
    });
  });

  it('tells one decision a line for a file of actions, in order, in a folder that is no repository too', async () => {
    const folder = temporaryFolder();
    const lines = Array.from({ length: 300 }, (_, i) => action('read_file', { path: i % 3 === 0 ? '.env' : `f${i}` }));
    writeIn(folder, 'actions.jsonl', `${lines.join('\n')}\n\n`);
    const end = await check(folder, '--actions', path.join(folder, 'actions.jsonl'), '--json');
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const decisions = end.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Verdict).decision);
    expect(decisions).toEqual(lines.map((_, i) => (i % 3 === 0 ? 'deny' : 'allow')));
  });

  it('takes paths from the folder that is named, and the policy of the repository that it lies in', async () => {
    const folder = sampleFolder();
    const deep = path.join(folder, 'deep');
    fs.mkdirSync(path.join(folder, '.openexec'), { recursive: true });
    fs.mkdirSync(deep);
    fs.symlinkSync('/etc/hostname', path.join(deep, 'link'));
    const rule = '{ id: no-notes, effect: deny, capabilities: [repo_read], paths: [notes.txt], reason: Not these. }';
    const layer = `version: 1\nid: ours\ndescription: Ours.\nrules:\n  - ${rule}\n`;
    fs.writeFileSync(path.join(folder, '.openexec', 'policy.yaml'), layer);
    expect(await verdict(deep, 'read_file', { path: 'link' })).toMatchObject({ rule: 'inside-the-workspace' });
    expect(await verdict(deep, 'read_file', { path: 'notes.txt' })).toMatchObject({ rule: 'no-notes' });
  });

  it('changes nothing', async () => {
    const folder = sampleFolder();
    await verdict(folder, 'write_file', { path: 'new.txt', content: 'x' });
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('refuses wrong use in one line', async () => {
    const folder = sampleFolder();
    expectRefusal(await check(folder), 2, /either --action JSON or --actions FILE/);
    expectRefusal(
      await check(folder, '--action', '{'),
      2,
      /^openexec: --action: this is not JSON; an action is JSON as/,
    );
    expectRefusal(await check(folder, '--action', '[]'), 2, /--action: an action is JSON as/);
    writeIn(folder, 'a.jsonl', `${action('read_file', { path: 'a' })}\n{"tool": 1}\n`);
    expectRefusal(
      await check(folder, '--actions', path.join(folder, 'a.jsonl')),
      2,
      /a\.jsonl:2: an action is JSON as/,
    );
    expectRefusal(await check(folder, '--actions', path.join(folder, 'none')), 2, /none cannot be read/);
    expectRefusal(await check(path.join(folder, 'none'), '--action', action('x', {})), 2, /There is no folder/);
    const unknown = await cli(['policy', 'check', '--policy', 'nope', '--action', action('x', {})], { cwd: folder });
    expectRefusal(unknown, 2, /There is no policy "nope"\. Known: read_only, standard, strict/);
    expectRefusal(await cli(['policy']), 2, /that is: check, lint; got nothing/);
  });
});

describe('policy lint', () => {
  type Report = {
    readonly ok: boolean;
    readonly problems: readonly { line: number; column: number; severity: string; message: string }[];
  };
  const lint = (...args: string[]) => cli(['policy', 'lint', ...args]);
  const RULES = {
    good: '{ id: a, effect: allow, capabilities: [repo_read], reason: x }',
    shadowed: '{ id: b, effect: ask, capabilities: [repo_read], paths: [x], reason: x }',
    stricter: '{ id: c, effect: deny, capabilities: [repo_read], paths: [x], reason: x }',
    broken: '{ id: d, effect: allow, capabilities: [repo_reed], reason: x }',
  };
  const file = (...rules: (keyof typeof RULES)[]): string =>
    `version: 1\nid: mine\ndescription: x\nrules:\n${rules.map((name) => `  - ${RULES[name]}\n`).join('')}`;

  it.each(['standard', 'strict', 'read_only'])('finds nothing in the shipped policy %s', async (id) => {
    const end = await lint(id, '--json');
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(end)).toEqual({ ok: true, problems: [] });
  });

  it('warns of a rule that never decides, and fails for an entry that cannot be read', async () => {
    const folder = temporaryFolder();
    writeIn(folder, 'warned.yaml', file('good', 'shadowed', 'stricter'));
    const warned = await lint(path.join(folder, 'warned.yaml'), '--json');
    expect(warned.code).toBe(0);
    expect(jsonOf<Report>(warned)).toEqual({
      ok: true,
      problems: [
        {
          line: 6,
          column: 5,
          severity: 'warning',
          message: 'rule b can never decide anything: whatever it matches, c (deny) decides',
        },
      ],
    });
    writeIn(folder, 'broken.yaml', file('good', 'broken'));
    const broken = await cli(['policy', 'lint', 'broken.yaml'], { cwd: folder });
    expect(broken).toMatchObject({ code: 1, stderr: '' });
    expect(broken.stdout).toMatch(
      /^broken\.yaml:6:\d+ error rules\.1\.capabilities\.0: "repo_reed" is not allowed here/,
    );
  });

  it('knows the file of a workspace as one that only tightens, and a toolset as a toolset', async () => {
    const folder = sampleFolder({ '.openexec/policy.yaml': file('good'), '.openexec/toolsets/a.yaml': file('good') });
    const layer = await cli(['policy', 'lint', '.openexec/policy.yaml'], { cwd: folder });
    expect(layer.stdout).toMatch(/warning rule a allows, which says nothing: this layer can only tighten/);
    const toolset = await cli(['policy', 'lint', '.openexec/toolsets/a.yaml', '--json'], { cwd: folder });
    expect(toolset.code).toBe(1);
    expect(jsonOf<Report>(toolset).problems.map(({ message }) => message)).toContain('tools: is missing');
  });

  it('refuses what is not there', async () => {
    expectRefusal(await lint('nope'), 2, /There is no policy "nope"/);
    expectRefusal(await lint(), 2, /one argument, the file of a policy or toolset/);
  });
});

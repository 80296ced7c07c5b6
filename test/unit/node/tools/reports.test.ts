import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { sha256 } from '../../../../src/node/system/sha256';
import { applyResult } from '../../../../src/node/workspace/result';
import { makeSampleWorkspace, removeSampleWorkspace } from '../../../support/sample-workspace.mjs';
import { bench, benchOn, plainGit, stateOf } from './harness';

const FILES = {
  'package.json': '{ "name": "x" }\n',
  'README.md': '# X\n',
  'src/money.js': 'export function roundCents(value) {\n  return value;\n}\n',
  'src/other.js': 'export const other = 1;\n',
  'test/money.test.js': 'roundCents(1);\n',
  'keys.env': 'roundCents=secret\n',
  'fence.md': '````\nroundCents\n````\n',
};
const excluded = (path: string) => (path.endsWith('.env') ? 'no-secrets' : null);

describe('build_context', () => {
  test('shows what the task is about, each file with its reason, and lists what is withheld', async () => {
    const task = 'roundCents in src/money.js is off by one';
    const { run } = await bench(FILES, { excluded, run: { id: 'r1', task } });
    const result = await run('build_context', {});
    const [built, artifact] = result.events;
    if (built?.type !== 'context.built' || artifact?.type !== 'artifact.created') throw new Error('events are missing');
    expect(built.data.files.map(({ path, why }) => [path, why])).toEqual([
      ['package.json', 'the manifest of the project'],
      ['README.md', 'the README of the project'],
      ['src/money.js', 'the task names src/money.js; defines `roundCents`; its name has "money"'],
      ['test/money.test.js', 'the tests of src/money.js'],
      ['fence.md', 'names `roundCents`; BM25 rank 3 for: roundCents'],
    ]);
    expect(built.data.files[2]).toMatchObject({ lines: [1, 3], bytes: 54, sha256: sha256(FILES['src/money.js']) });
    expect(built.data.withheld).toEqual([{ path: 'keys.env', rule: 'no-secrets' }]);
    expect(artifact.data.content).toContain('### src/money.js (lines 1-3 of 3)');
    expect(artifact.data.content).toContain('`````\n````\nroundCents');
    expect(artifact.data.content).not.toContain('secret');
    expect(artifact.data.content).not.toContain('keys.env');
    expect(result.output).toBe(`5 files, ${built.data.bytes} bytes, 1 withheld`);
  });

  test('stays within its budget and leaves binary files out', async () => {
    const big = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`widget${at}.txt`, 'widget line\n'.repeat(2000)]),
    );
    const { run } = await bench(
      { ...big, 'widget.bin': Buffer.from([0, 1, 2]) },
      { run: { id: 'r', task: 'the widget' } },
    );
    const [built] = (await run('build_context', {})).events;
    if (built?.type !== 'context.built') throw new Error('no context');
    expect(built.data.bytes).toBeLessThanOrEqual(40 * 1024);
    expect(built.data.files.length).toBeGreaterThan(2);
    expect(built.data.files.map(({ path }) => path)).not.toContain('widget.bin');
  });

  test('is the same twice for the sample, byte for byte, and finds the file with the bug', async () => {
    const folder = makeSampleWorkspace();
    try {
      const task = plainGit(folder, 'show', 'HEAD:.openexec/sample-task.txt');
      const withheld = (path: string) => (path.startsWith('config/') ? 'no-secrets' : null);
      const first = await benchOn(folder, { excluded: withheld, run: { id: 'r', task } });
      const events = (await first.run('build_context', {})).events;
      expect((await first.run('build_context', {})).events).toEqual(events);
      expect(events).toMatchObject([
        { data: { withheld: [{ path: 'config/production.env', rule: 'no-secrets' }] } },
        {},
      ]);
      expect(JSON.stringify(events)).not.toContain(first.root);
    } finally {
      removeSampleWorkspace(folder);
    }
  });
});

describe('summarize', () => {
  test('keeps the text as it is', async () => {
    const { run } = await bench(FILES);
    const text = '# Fix the rounding\n\n2 files were changed.\n';
    const { outcome, tree, events } = await run('summarize', { text });
    expect({ outcome, tree }).toEqual({ outcome: 'ok', tree: null });
    const data = { call: 'c1', name: 'summary', kind: 'report', media: 'text/markdown', content: text };
    expect(events).toEqual([{ type: 'artifact.created', data: { ...data, summary: 'Fix the rounding' } }]);
  });
});

describe('evidence_bundle', () => {
  test('tells the name of the file, never where the store lies', async () => {
    const asked: string[] = [];
    const exportEvidence = async (call: string) => {
      asked.push(call);
      return { file: '/home/pat/store/bundles/r-c1.zip', sha256: 'a'.repeat(64), events: 3, head: 'b'.repeat(64) };
    };
    const { run } = await bench(FILES, { exportEvidence });
    const { output, events } = await run('evidence_bundle', {});
    expect(output).toBe('wrote r-c1.zip with 3 events');
    const content = JSON.stringify({ file: 'r-c1.zip', sha256: 'a'.repeat(64), events: 3, head: 'b'.repeat(64) });
    expect(events).toMatchObject([{ data: { name: 'evidence', kind: 'bundle', media: 'application/json', content } }]);
    expect(asked).toEqual(['c1']);
  });

  test('of a record that is not sound is an answer, and a broken disk is not', async () => {
    const failing = (code: 'journal_corrupt' | 'disk_failure') => async () => {
      throw new OpenExecError(code, 'event 3 was changed');
    };
    const corrupt = await bench(FILES, { exportEvidence: failing('journal_corrupt') });
    expect(await corrupt.run('evidence_bundle', {})).toMatchObject({
      outcome: 'error',
      output: 'no bundle was written: event 3 was changed',
      events: [],
    });
    const broken = await bench(FILES, { exportEvidence: failing('disk_failure') });
    await expect(broken.run('evidence_bundle', {})).rejects.toMatchObject({ code: 'disk_failure' });
  });
});

describe('diff_report and git_commit', () => {
  test('names what a command has changed out of the bounds of the run, and shows nothing of it', async () => {
    const { toolbox, request, root } = await bench({ 'api/a.js': 'a\n', 'web/w.js': 'a\n', 'caf\u00e9/c.js': 'a\n' });
    for (const file of ['api/a.js', 'web/w.js', 'caf\u00e9/c.js']) fs.writeFileSync(path.join(root, file), 'canary\n');
    // The other form of the same name in Unicode.
    const bounds = { zones: ['api/**', 'cafe\u0301/**'], excluded: [] };
    const asked = { ...request('diff_report', {}), bounds };
    const { output, events } = await toolbox.execute(asked, { paths: [] }, new AbortController().signal);
    const made = events.flatMap((event) => (event.type === 'artifact.created' ? [event.data.content] : [])).join('');
    expect(output).toContain('web/w.js +1 -1');
    expect(made.match(/canary/g)).toHaveLength(2);
    expect(made).toContain('[withheld: the rule zones keeps it from this run]');
  });

  test('report the same diff whatever the settings of the person', async () => {
    const { run, user } = await bench(FILES);
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.external', '/bin/false'],
      ['color.ui', 'always'],
    ] as const) {
      plainGit(user, 'config', key, value);
    }
    await run('replace_in_file', { path: 'src/money.js', old: 'return value', new: 'return Math.round(value)' });
    const { output, events } = await run('diff_report', {});
    expect(output).toBe('1 file changed, +1 -1 lines\nsrc/money.js +1 -1');
    const [artifact] = events;
    if (artifact?.type !== 'artifact.created') throw new Error('no diff');
    expect(artifact.data.content).toMatch(/^diff --git a\/src\/money\.js b\/src\/money\.js\nindex [0-9a-f]{40}\.\./);
    expect(artifact.data.content).toContain('+  return Math.round(value);');
  });

  test('report what changed since a tree, as a patch where it is given a name', async () => {
    const { run, root } = await bench(FILES);
    const { tree } = await run('write_file', { path: 'first.txt', content: 'first\n' });
    await run('write_file', { path: 'second.txt', content: 'second\n' });
    const { output, events } = await run('diff_report', { since: tree, name: 'fix_patch' });
    expect(output).toBe('1 file changed, +1 -0 lines\nsecond.txt +1 -0');
    expect(events).toMatchObject([{ data: { name: 'fix_patch', kind: 'patch', media: 'text/x-diff' } }]);
    const commit = plainGit(root, 'rev-parse', 'HEAD').trim();
    for (const since of ['HEAD', 'main', commit, 'f'.repeat(40), tree?.slice(0, 12), '--output=x']) {
      expect(await run('diff_report', { since })).toMatchObject({
        outcome: 'error',
        output: expect.stringContaining('is not the hash of a tree'),
      });
    }
    expect(await run('diff_report', { name: '../x' })).toMatchObject({ outcome: 'error' });
  });

  test('commit again on top of the commit that the run has made before, as long as its branch is there', async () => {
    const { run, user, toolbox, request } = await bench(FILES);
    const again = async (message: string, after: { branch: string; commit: string }) => {
      const asked = { ...request('git_commit', { message }), after };
      return toolbox.execute(asked, await toolbox.facts(asked), new AbortController().signal);
    };
    await run('write_file', { path: 'one.txt', content: '1\n' });
    await run('git_commit', { message: 'One' });
    const branch = 'openexec/fix-the-rounding-in-src-money-js-v9x2pq';
    const first = plainGit(user, 'rev-parse', branch).trim();
    expect(await again('Nothing new', { branch, commit: first })).toMatchObject({
      outcome: 'ok',
      output: `nothing was changed since ${first.slice(0, 12)} on ${branch}`,
      events: [{ data: { content: JSON.stringify({ branch, commit: first }) } }],
    });
    await run('write_file', { path: 'two.txt', content: '2\n' });
    expect(await again('Two', { branch, commit: first })).toMatchObject({ outcome: 'ok' });
    expect(plainGit(user, 'log', '--format=%s', `HEAD..${branch}`).trim()).toBe('Two\nOne');
    // Repeated after a break, it finds its own commit.
    expect(await again('Two', { branch, commit: first })).toMatchObject({ outcome: 'ok' });
    expect(plainGit(user, 'log', '--format=%s', `HEAD..${branch}`).trim()).toBe('Two\nOne');
    // What a person has put on the branch meanwhile is not moved away.
    await run('write_file', { path: 'three.txt', content: '3\n' });
    expect(await again('Three', { branch, commit: first })).toMatchObject({ outcome: 'error' });
    expect(plainGit(user, 'log', '--format=%s', `HEAD..${branch}`).trim()).toBe('Two\nOne');
  });

  test('commit the result on a new branch, by the person, and leave everything else alone', async () => {
    const { run, user } = await bench(FILES);
    const before = stateOf(user);
    expect(await run('git_commit', { message: 'nothing' })).toMatchObject({ outcome: 'error' });
    await run('write_file', { path: 'new.txt', content: 'new\n' });
    const result = await run('git_commit', { message: 'Round cents\n\nAs asked.' });
    const branch = 'openexec/fix-the-rounding-in-src-money-js-v9x2pq';
    const commit = plainGit(user, 'rev-parse', branch).trim();
    expect(result.output).toBe(`committed ${commit.slice(0, 12)} on ${branch}`);
    expect(result.events).toMatchObject([{ data: { kind: 'commit', content: JSON.stringify({ branch, commit }) } }]);
    expect(plainGit(user, 'log', '-1', '--format=%an <%ae> %s %P', branch).trim()).toBe(
      `Pat <pat@example.invalid> Round cents ${before.head.trim()}`,
    );
    expect(plainGit(user, 'show', `${branch}:new.txt`)).toBe('new\n');
    const { branches: _new, ...rest } = stateOf(user);
    expect(before).toMatchObject(rest);
    expect(await run('git_commit', { message: 'again' })).toMatchObject({ outcome: 'error' });
    // What a run does that broke off after the commit and repeats it.
    expect(await run('git_commit', { message: 'Round cents\n\nAs asked.' })).toMatchObject({
      outcome: 'ok',
      events: [{ data: { content: JSON.stringify({ branch, commit }) } }],
    });
  });

  test('and the result can be applied to the person’s folder', async () => {
    const { run, user, repository, base } = await bench(FILES);
    const { tree } = await run('write_file', { path: 'src/other.js', content: 'export const other = 2;\n' });
    if (tree === null) throw new Error('no tree');
    const before = stateOf(user);
    const applied = await applyResult(repository, { baseTree: base.baseTree, resultTree: tree });
    expect(applied).toMatchObject({ outcome: 'done', files: ['src/other.js'] });
    const { index, head } = stateOf(user);
    expect({ index, head }).toEqual({ index: before.index, head: before.head });
  });
});

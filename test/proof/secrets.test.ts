/**
 * Canaries: secrets of every kind stand in the task, in files, in what commands print and in what a model says, and no
 * byte of them is in any file of the store. The worktree is the person's own content and is left out.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approver } from '../../src/core/ports/approver';
import { startRun } from '../../src/node/runs/startRun';
import { blueprint, project, sampleFolder } from '../support/cli';
import { collect } from '../support/eventChain';
import { testPorts, testRequest, testRuntime } from '../support/runtime';
import { calls, createScriptedModel, type ScriptedStep, says } from '../support/scriptedModel';
import { type StoreBench, storeBench } from '../support/storeWorker';

/** Put together here, so that no scanner takes this file for a leak. Each place has secrets of its own. */
function secretsFor(place: string): Record<string, string> {
  let made = 0;
  const random = (length: number): string => {
    made += 1;
    const digest = createHash('sha512').update(`${place} ${made}`).digest('base64');
    return `9x${digest.replace(/[^A-Za-z0-9]/g, '')}`.slice(0, length);
  };
  return {
    'private-key': `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${random(64)}\n${random(64)}\n-----END RSA ${'PRIVATE'} KEY-----`,
    'github-token': `gh${'p'}_${random(36)}`,
    'anthropic-key': `sk-${'ant'}-api03-${random(40)}`,
    'openai-key': `sk-${random(48)}`,
    'aws-key': `AK${'IA'}${random(16).toUpperCase()}`,
    'slack-token': `xo${'xb'}-${random(24)}`,
    'google-key': `AI${'za'}${random(35)}`,
    'npm-token': `npm${'_'}${random(36)}`,
    jwt: `ey${'J'}${random(20)}.ey${'J'}${random(24)}.${random(30)}`,
    'url-password': `postgres://app:${random(14)}@db.example.org/app`,
  };
}

const PLACES = ['task', 'file', 'printed', 'replied', 'written', 'argued', 'failed', 'answered'] as const;
type Place = (typeof PLACES)[number];
const CANARIES = Object.fromEntries(PLACES.map((place) => [place, secretsFor(place)])) as Record<
  Place,
  Record<string, string>
>;
const textOf = (place: Place): string => Object.values(CANARIES[place]).join('\n');

/** The part of a secret that must not be found: what is secret about it, without what only says its kind. */
function cores(place: Place): string[] {
  return Object.entries(CANARIES[place]).flatMap(([kind, secret]) => {
    if (kind === 'private-key')
      return secret
        .split('\n')
        .slice(1, -1)
        .map((line) => line.slice(20));
    if (kind === 'url-password') return [secret.slice('postgres://app:'.length, secret.indexOf('@'))];
    return [secret.slice(-14)];
  });
}

/** Every file of a store, worktrees left out, with its bytes; a blob's are unpacked. */
function contents(root: string): [file: string, bytes: Buffer][] {
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => !name.startsWith(`worktrees${path.sep}`) && fs.statSync(path.join(root, name)).isFile())
    .map((name) => {
      const bytes = fs.readFileSync(path.join(root, name));
      return [name, name.startsWith(`blobs${path.sep}`) ? inflateSync(bytes) : bytes];
    });
}

/** Which canary a core belongs to. */
function nameOf(core: string): string {
  const owners = PLACES.flatMap((place) =>
    Object.entries(CANARIES[place]).flatMap(([kind, secret]) => (secret.includes(core) ? `${kind} of ${place}` : [])),
  );
  return owners[0] ?? core;
}

/** `FILE: CANARY` for every place where a byte sequence is found. */
function leaks(root: string, wanted: readonly string[]): string[] {
  return contents(root).flatMap(([file, bytes]) =>
    wanted.filter((core) => bytes.includes(core)).map((core) => `${file}: ${nameOf(core)}`),
  );
}

const MINE = {
  '.openexec/blueprints/mine.yaml': blueprint('mine', {
    context: { type: 'deterministic', action: 'build_context', on_success: 'work', on_failure: 'fail' },
    work: { type: 'agent', goal: 'Do it', max_turns: 20, inputs: ['context'], on_success: 'test', on_failure: 'test' },
    test: { type: 'deterministic', action: 'run_tests', on_success: 'report', on_failure: 'report' },
    report: { type: 'deterministic', action: 'diff_report', on_success: 'agree', on_failure: 'fail' },
    agree: { type: 'deterministic', action: 'request_approval', on_success: 'commit', on_failure: 'fail' },
    commit: { type: 'deterministic', action: 'git_commit', on_success: 'done', on_failure: 'fail' },
  }),
};

let bench: StoreBench;
beforeAll(async () => {
  bench = await storeBench();
});
afterAll(() => bench.dispose());

/** A run with these files and this model; answers its store's root once everything is written. */
async function told(task: string, files: Record<string, string>, steps: readonly ScriptedStep[], reason = '') {
  const folder = sampleFolder({ ...MINE, ...files });
  const root = bench.root();
  const runtime = await testRuntime(bench, root);
  const model = createScriptedModel(steps);
  const approver: Approver = {
    ask: async () => ({ kind: 'resolved', verdict: 'approved', by: 'test', reason }),
  };
  const ports = testPorts({ chooseModel: async () => model, approver: () => approver });
  const handle = await startRun(testRequest(folder, { task }), runtime, ports);
  await handle.done;
  const events = await collect(runtime.store.read(handle.runId));
  await bench.closeAll();
  return { root, events };
}

const commandThatPrints = (text: string, exit = 0): Record<string, string> => ({
  '.openexec/project.yaml': project({ test: 'node tools/print.mjs' }),
  'tools/print.mjs': `process.stdout.write(Buffer.from('${Buffer.from(text).toString('base64')}', 'base64'));
process.exitCode = ${exit};`,
});

describe('a run that meets secrets', () => {
  it('writes no byte of them, wherever they come from', { timeout: 60_000 }, async () => {
    const { root, events } = await told(
      `Mend the discount.\n${textOf('task')}`,
      {
        'src/settings.js': `export const settings = \`\n${textOf('file')}\n\`;\n`,
        ...commandThatPrints(`${'line\n'.repeat(3000)}${textOf('printed')}\n`, 1),
      },
      [
        calls(
          textOf('replied'),
          ['1', 'read_file', { path: 'src/settings.js' }],
          ['2', 'search', { query: 'settings' }],
        ),
        calls('', ['3', 'delete_file', { path: 'src/settings.js' }], ['4', 'run_project_command', { name: 'test' }]),
        { kind: 'failure', code: 'connection', message: `No answer to ${textOf('failed')}`, retryable: true, ms: 1 },
        says(textOf('replied')),
      ],
    );
    // The run is worth looking through only when it came to its end, and read and ran what it was to read and run.
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', data: { outcome: 'done' } });
    const outcomes = events.flatMap((event) => (event.type === 'tool.finished' ? [event.data.outcome] : []));
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThanOrEqual(7);
    const files = contents(root).map(([name]) => name);
    for (const kind of [/journal\.jsonl$/, /run\.sqlite$/, /index\.sqlite$/, /^blobs/]) {
      expect(
        files.some((name) => kind.test(name)),
        String(kind),
      ).toBe(true);
    }
    expect(leaks(root, PLACES.flatMap(cores))).toEqual([]);
    // And the search would have found something: what is no secret is there, in the journal and in a blob.
    expect(leaks(root, ['Mend the discount', '«github-token:1»']).length).toBeGreaterThan(2);
  });

  it.each([
    ['on one line', ' | '],
    ['on lines of their own', '\n'],
    ['after a tab', '\t'],
  ])('writes none that a model writes into a call, %s', { timeout: 60_000 }, async (_how, between) => {
    const text = (place: Place): string => Object.values(CANARIES[place]).join(between);
    const { root, events } = await told('Do it', commandThatPrints('ok'), [
      calls('', ['1', 'write_file', { path: 'src/new.js', content: `start${between}${text('written')}\n` }]),
      calls('', ['2', 'replace_in_file', { path: 'src/index.js', old: 'nothing', new: text('argued') }]),
      says('Done.'),
    ]);
    expect(events.filter(({ type }) => type === 'tool.requested').length).toBeGreaterThan(2);
    expect(leaks(root, PLACES.flatMap(cores))).toEqual([]);
  });

  it('writes none that a person types beside an answer', { timeout: 60_000 }, async () => {
    const { root, events } = await told('Do it', commandThatPrints('ok'), [says('Done.')], textOf('answered'));
    expect(events.map(({ type }) => type)).toContain('approval.resolved');
    expect(leaks(root, cores('answered'))).toEqual([]);
  });

  it('writes no half of one either, where long output is cut', { timeout: 60_000 }, async () => {
    const secret = CANARIES.printed['github-token'] ?? '';
    // Output is kept up to a limit from its start; the secret lies across every place where that could end.
    const steps: ScriptedStep[] = [calls('', ['1', 'run_project_command', { name: 'test' }]), says('Done.')];
    const found: string[] = [];
    for (const before of [32 * 1024 - 20, 64 * 1024 - 20]) {
      const printed = `${'x'.repeat(before - 1)} ${secret} ${'y'.repeat(70_000)}`;
      const { root } = await told('Do it', commandThatPrints(printed), steps);
      found.push(...leaks(root, [secret.slice(0, 14), secret.slice(-14)]));
    }
    expect(found).toEqual([]);
  });

  it('writes no line of a private key of which only a part was asked for', { timeout: 60_000 }, async () => {
    const key = CANARIES.file['private-key'] ?? '';
    const [, line = '', next = ''] = key.split('\n');
    const steps = [
      calls('', ['1', 'read_file', { path: 'src/identity.js', from: 3, to: 3 }]),
      calls('', ['2', 'search', { query: line.slice(0, 12) }]),
      says('Done.'),
    ];
    const { root } = await told(
      'Do it',
      { 'src/identity.js': `export const key = \`\n${key}\n\`;\n`, ...commandThatPrints('ok') },
      steps,
    );
    expect(leaks(root, [line.slice(-14), next.slice(-14)])).toEqual([]);
  });

  it('writes no password of a command that the project declares', { timeout: 60_000 }, async () => {
    const url = CANARIES.argued['url-password'] ?? '';
    const files = {
      ...commandThatPrints('ok'),
      '.openexec/project.yaml': project({ test: `node tools/print.mjs ${url}` }),
    };
    // It would be frozen with the run, word for word; so there is no run.
    await expect(told('Do it', files, [says('Done.')])).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.not.stringContaining(url.slice('postgres://app:'.length, url.indexOf('@'))),
    });
  });
});

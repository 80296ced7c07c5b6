/** `blueprint check`: problems with line and column, the worst case of what has none, and exit codes for programs. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { blueprint, cli, expectRefusal, jsonOf, only, temporaryFolder, writeIn } from '../../support/cli';

type Report = {
  readonly ok: boolean;
  readonly problems: readonly { line: number; column: number; severity: string; message: string }[];
  readonly bound?: { readonly modelCalls: number; readonly tokens: number; readonly costUsd: number | null };
};

const AGENT = { type: 'agent', goal: 'Do it', max_turns: 2, max_call_tokens: 10_000, on_success: 'done' };

function folderWith(nodes: Readonly<Record<string, object>>): string {
  const folder = temporaryFolder();
  writeIn(folder, 'mine.yaml', blueprint('mine', nodes));
  return folder;
}

describe('blueprint check', () => {
  it('takes a file from where the person stands, and tells its worst case for people', async () => {
    const cwd = folderWith({ test: only('run_tests') });
    const end = await cli(['blueprint', 'check', 'mine.yaml'], { cwd });
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toBe('worst case: 0 model calls, 0 tokens, cost not known, 10 min\n');
  });

  it('tells a shipped one by its id as JSON, with the cost at the price of the model', async () => {
    const end = await cli(['blueprint', 'check', 'quick_fix', '--model', 'openai:gpt-5', '--json']);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const report = jsonOf<Report>(end);
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(report.bound?.costUsd).toBeGreaterThan(0);
    const free = jsonOf<Report>(await cli(['blueprint', 'check', 'quick_fix', '--model', 'recorded:x', '--json']));
    expect(free.bound).toEqual({ ...report.bound, costUsd: 0 });
    const unknown = jsonOf<Report>(await cli(['blueprint', 'check', 'quick_fix', '--json']));
    expect(unknown.bound).toEqual({ ...report.bound, costUsd: null });
  });

  it('counts the model that the blueprint names, unless another is named', async () => {
    const cwd = temporaryFolder();
    writeIn(
      cwd,
      'mine.yaml',
      blueprint('mine', { work: AGENT }).replace('"start"', '"model": "openai:gpt-5",\n "start"'),
    );
    const cost = async (...more: string[]) =>
      jsonOf<Report>(await cli(['blueprint', 'check', 'mine.yaml', '--json', ...more], { cwd })).bound?.costUsd;
    expect(await cost()).toBeGreaterThan(0);
    expect(await cost('--model', 'recorded:x')).toBe(0);
    expect(await cost('--model', 'openai-compatible:x')).toBeNull();
  });

  it('tells errors with line and column, and exits with 1', async () => {
    const cwd = folderWith({ test: { ...only('run_tests'), on_success: 'nowhere', goal: 'x' } });
    const end = await cli(['blueprint', 'check', 'mine.yaml'], { cwd });
    expect(end).toMatchObject({ code: 1, stderr: '' });
    expect(end.stdout).toMatch(/^mine\.yaml:\d+:\d+ error nodes\.test: "goal" is for agent nodes; [^\n]*\n$/);
    const report = jsonOf<Report>(await cli(['blueprint', 'check', 'mine.yaml', '--json'], { cwd }));
    expect(report).toEqual({
      ok: false,
      problems: [
        { line: expect.any(Number), column: expect.any(Number), severity: 'error', message: expect.any(String) },
      ],
    });
  });

  it('tells warnings, and exits with 0', async () => {
    const cwd = folderWith({ work: AGENT });
    const end = await cli(['blueprint', 'check', 'mine.yaml'], { cwd });
    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(
      /^mine\.yaml:\d+:\d+ warning nothing checks the work of "work"[^\n]*\nworst case: 6 model calls, 20k tokens, /,
    );
  });

  it('refuses what is too large unread, and what is no text, as problems of the file', async () => {
    const cwd = temporaryFolder();
    writeIn(cwd, 'large.yaml', '');
    fs.truncateSync(path.join(cwd, 'large.yaml'), 10 * 1024 ** 3);
    fs.writeFileSync(path.join(cwd, 'binary.yaml'), Buffer.from([0x61, 0x0a, 0xff]));
    const large = await cli(['blueprint', 'check', 'large.yaml'], { cwd });
    expect([large.code, large.stdout]).toEqual([1, 'large.yaml:1:1 error the file is larger than 256 KiB\n']);
    const binary = await cli(['blueprint', 'check', 'binary.yaml'], { cwd });
    expect([binary.code, binary.stdout]).toEqual([1, 'binary.yaml:2:1 error this is not UTF-8 text\n']);
  });

  it('refuses a blueprint whose worst case nobody can find', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `n${i}`);
    const nodes = ids.map((id, i) => [
      id,
      { ...only('run_tests'), on_success: ids[i + 1] ?? 'done', on_failure: { to: `n${i % 2}`, max: 20 } },
    ]);
    const end = await cli(['blueprint', 'check', 'mine.yaml'], { cwd: folderWith(Object.fromEntries(nodes)) });
    expect(end.code).toBe(1);
    expect(end.stdout).toMatch(
      /^mine\.yaml:9:5 error the counters of the loops through "n0" multiply to more cases than can be checked; [^\n]*\n$/,
    );
  });

  it('warns of a name that is not that of the file, or that of a shipped one', async () => {
    const cwd = temporaryFolder();
    writeIn(cwd, 'yours.yaml', blueprint('mine', { test: only('run_tests') }));
    writeIn(cwd, '.openexec/blueprints/quick_fix.yaml', blueprint('quick_fix', { test: only('run_tests') }));
    const check = (file: string) => cli(['blueprint', 'check', file], { cwd });
    const named = await check('yours.yaml');
    expect([named.code, named.stdout]).toEqual([
      0,
      expect.stringMatching(/^yours\.yaml:3:9 warning the file is called "yours"/),
    ]);
    const shadowed = await check('.openexec/blueprints/quick_fix.yaml');
    expect(shadowed.stdout).toMatch(/:3:9 warning "quick_fix" is a blueprint that ships with OpenExec/);
    expect((await check('quick_fix')).stdout).toMatch(/^worst case: /);
  });

  it.each<[string, string[], RegExp]>([
    ['no verb', [], /blueprint is followed by what to do, and that is: check; got nothing/],
    ['another verb', ['draw'], /that is: check; got "draw"/],
    ['no file', ['check'], /the file of a blueprint or the id of a shipped one is wanted here, got 0/],
    ['a file that is not there', ['check', 'nope.yaml'], /no blueprint "nope\.yaml"\. Known: .*quick_fix/],
    ['an id that is not there', ['check', 'nope'], /no blueprint "nope"\. Known: .*quick_fix/],
    ['a model that is none', ['check', 'quick_fix', '--model', 'gpt'], /"gpt" is not of the form provider:name/],
    ['an unknown flag', ['check', 'quick_fix', '--fast'], /'--fast'; allowed: .*--model/],
  ])('is wrong use with %s', async (_what, args, words) => {
    expectRefusal(await cli(['blueprint', ...args], { cwd: temporaryFolder() }), 2, words);
  });
});

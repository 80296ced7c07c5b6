/** The completion of shells, by asking real ones; zsh and fish where they are installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRAMMAR, SHIPPED, shapes } from '../../../src/cli/grammar';
import { cli, expectRefusal } from '../../support/cli';

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;
const root = path.resolve(__dirname, '../../..');

describe('the completion of the command line', () => {
  let folder: string;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openexec-completion-'));
    for (const shell of ['bash', 'zsh', 'fish'])
      fs.writeFileSync(path.join(folder, `openexec.${shell}`), (await cli(['completion', shell])).stdout);
    fs.mkdirSync(path.join(folder, 'work'));
    fs.writeFileSync(path.join(folder, 'work', 'own.yaml'), '');
  });

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** What bash offers for the last of the words. */
  function inBash(...words: string[]): string[] {
    const script = `source ${folder}/openexec.bash
openexec() { echo '[{"runId": "r-one"}, {"runId": "r-two"}]'; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_openexec; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const told = execFileSync('bash', ['--norc', '-c', script], { cwd: path.join(folder, 'work'), encoding: 'utf8' });
    return told.split('\n').filter((line) => line !== '');
  }

  it('offers verbs, and the second words of those that have some', () => {
    expect(inBash('openexec', 're')).toEqual(['replay', 'resume', 'redact']);
    expect(inBash('openexec', 'policy', '')).toEqual(['check', 'lint']);
  });

  it.each(shapes().map(({ path: verb, flags }) => [verb, Object.keys(flags)] as const))(
    'offers the flags of %s',
    (verb, flags) => {
      expect(inBash('openexec', ...verb.split(' '), '--')).toEqual(flags.map((name) => `--${name}`));
    },
  );

  it('offers the values of a flag: words, what is shipped, files and folders', () => {
    expect(inBash('openexec', 'run', '--approve', 'a')).toEqual(['ask', 'all']);
    expect(inBash('openexec', 'run', '--blueprint', 'quick')).toEqual(['quick_fix']);
    expect(inBash('openexec', 'policy', 'check', '--policy', 'o')).toEqual(['own.yaml']);
    expect(inBash('openexec', 'runs', '--store', '../w')).toEqual(['../work']);
  });

  it('offers runs where one is wanted', () => {
    expect(inBash('openexec', 'replay', 'r-')).toEqual(['r-one', 'r-two']);
    expect(inBash('openexec', 'compare', 'r-one', 'r-t')).toEqual(['r-two']);
  });

  it.skipIf(!has('zsh'))('is understood by zsh', () => {
    const script = `source ${folder}/openexec.zsh; print -r -- $_comps[openexec]`;
    expect(execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8' })).toMatch(/_bash_complete/);
  });

  it.skipIf(!has('fish'))('offers verbs and flags in fish', () => {
    const script = `source ${folder}/openexec.fish; complete -C 'openexec re'; complete -C 'openexec policy check --act'`;
    const told = execFileSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
    expect(told.split('\n').sort()).toEqual(['', '--action', '--actions', 'redact', 'replay', 'resume']);
  });

  it('is refused for a shell that is not known', async () => {
    expectRefusal(await cli(['completion', 'tcsh']), 2, /completion tcsh: allowed are bash, zsh, fish/);
  });
});

describe('the grammar of the command line', () => {
  it('names what is shipped', () => {
    const ids = (of: string): string[] =>
      fs
        .readdirSync(path.join(root, of))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => name.replace('.yaml', ''));
    expect(ids('blueprints')).toEqual([...SHIPPED.blueprint]);
    expect(ids('policies')).toEqual([...SHIPPED.policy]);
  });

  it('is told whole by the usage text', async () => {
    const { stdout } = await cli(['--help']);
    const [, ...parts] = stdout.split(/\n {2}openexec /);
    for (const [verb, { flags }] of Object.entries(GRAMMAR)) {
      const told = parts.filter((part) => part.startsWith(verb.split(' ')[0] ?? verb)).join(' ');
      expect(told, verb).toContain(verb.split(' ').at(-1));
      for (const name of Object.keys(flags)) expect(told, verb).toContain(`--${name}`);
    }
  });
});

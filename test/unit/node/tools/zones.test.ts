/** Names of files outside of the zones, and of those kept out, as the tools tell them. */
import { describe, expect, it } from 'vitest';
import { mayHold, refusedBy } from '../../../../src/core/gatekeeper/bounds';
import { outsideBelow } from '../../../../src/node/tools/outsideBelow';
import { bench, makeRepository } from './harness';

const FILES = {
  'README.md': 'x\n',
  'api/a.ts': 'x\n',
  'web/b.ts': 'x\n',
  'web/keys/k.txt': 'x\n',
  'secret.txt': 'x\n',
};
const BOUNDS = { zones: ['api/**', '*'], excluded: ['secret.txt'] };
const signal = new AbortController().signal;

async function call(tool: string, input: object) {
  const { toolbox } = await bench(FILES);
  const request = { call: 'c1', tool, input: JSON.stringify(input), origin: 'agent', bounds: BOUNDS } as const;
  const facts = await toolbox.facts(request);
  return { facts, result: await toolbox.execute(request, facts, signal) };
}

describe('a zone of the files at the root', () => {
  it.each<[readonly string[], string, boolean]>([
    [['*'], 'web', false],
    [['*'], 'web/keys', false],
    [['api/**'], 'api', true],
    [['api/**'], 'api/deep', true],
    [['a/*/c/**'], 'a/b', true],
    [['a/*/c/**'], 'a/b/d', false],
    [['**/*.ts'], 'web', true],
    [['{api,web}/**'], 'web', true],
  ])('%j may hold something of %s: %s', (zones, folder, expected) => {
    expect(mayHold(zones, folder)).toBe(expected);
  });

  it('shows of a listing what lies in the zones, and counts the rest', async () => {
    const { result } = await call('list_directory', { path: '.' });
    expect(result.output).toBe(
      '. (2 entries)\nREADME.md\napi/\n[left out: 1 kept out of this run]\n[left out: 1 outside of its zones]',
    );
  });

  it.each(['ls -R web', 'find web', 'git ls-files web', 'ls web'])(
    'does not open a folder to a command: %s',
    async (command) => {
      const { facts } = await call('run_command', { command });
      const refused = facts.paths.flatMap(({ inside }) => (inside === null ? [] : [refusedBy(BOUNDS, inside)?.rule]));
      expect(refused).toContain('zones');
    },
  );

  it('lets a command see a folder in the zones, and a file at the root', async () => {
    for (const command of ['ls -R api', 'cat README.md']) {
      const { facts } = await call('run_command', { command });
      expect(facts.paths.map(({ inside }) => inside && refusedBy(BOUNDS, inside))).toEqual([null]);
    }
  });

  it('says nothing of the history of a folder outside', async () => {
    const { result } = await call('git_log', { path: 'web' });
    expect(result).toMatchObject({ outcome: 'error', output: 'web: withheld from prompts by the rule zones' });
  });
});

describe('a file that is kept out', () => {
  it('is refused with what did it and who can change that', () => {
    const reason = refusedBy(BOUNDS, 'secret.txt')?.reason;
    expect(reason).toContain('secret.txt is kept out of this run (secret.txt)');
    expect(reason).toContain('an ignore file');
    expect(reason).toContain('a person can change that');
  });

  it('is the first file outside of a folder that is looked for', async () => {
    const root = makeRepository(FILES);
    expect(await outsideBelow(root, 'web', BOUNDS.zones)).toEqual({ inside: 'web/b.ts', problem: null });
    expect(await outsideBelow(root, 'api', BOUNDS.zones)).toBeNull();
  });
});

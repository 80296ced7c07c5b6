import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../../src/core/kernel/yaml';
import { capabilityOf } from '../../../../src/core/policy/classifyCall';
import { decide, type PolicyRequest, withheldBy } from '../../../../src/core/policy/evaluate';
import {
  CAPABILITIES,
  type Capability,
  policySchema,
  type Rule,
  ruleSchema,
  type Snapshot,
  toolsetSchema,
} from '../../../../src/core/policy/schema';
import { freeze, thaw } from '../../../../src/core/policy/snapshot';
import { sha256 } from '../../../support/engine';

const TOOLS = ['read_file', 'write_file', 'git_commit', 'build_context'];
const snapshotOf = (rules: readonly unknown[], tools = TOOLS): Snapshot => ({
  policy: policySchema.parse({ version: 1, id: 'p', description: '', rules }),
  toolset: toolsetSchema.parse({ version: 1, id: 't', description: '', tools }),
  commands: { test: { argv: ['npm', 'test'], source: 'test' } },
  blueprint: 'b',
  model: 'm',
  gatekeeper: 'g',
});
const at = (inside: string | null, asked = inside ?? '../x') => ({
  asked,
  inside,
  problem: inside === null ? 'leads outside' : null,
});
const rule = (effect: Rule['effect'], more: object = {}) => ({
  id: `r-${effect}`,
  effect,
  capabilities: ['repo_read'],
  reason: 'because',
  ...more,
});
const read = (...paths: (string | null)[]): PolicyRequest => ({
  tool: 'read_file',
  capability: 'repo_read',
  paths: paths.map((p) => at(p)),
});

describe('a deletion by a patch', () => {
  const writes = rule('allow', { capabilities: ['repo_write'] });
  const gone = { asked: 'a', inside: 'a', problem: null, needs: 'repo_delete' };
  const patch: PolicyRequest = { tool: 'apply_patch', capability: 'repo_write', paths: [gone] };
  const decided = (effect: Rule['effect'], more: object = {}, tools = ['apply_patch', 'delete_file']) => {
    const rules = [writes, rule(effect, { id: 'deletes', capabilities: ['repo_delete'], ...more })];
    const { decision, rule: by } = decide(snapshotOf(rules, tools), patch);
    return [decision, decision === 'allow' ? null : by];
  };

  it('is decided as delete_file would have been, also by rules and toolsets that name that tool alone', () => {
    expect(decided('allow')).toEqual(['allow', null]);
    expect(decided('ask')).toEqual(['ask', 'deletes']);
    const also = rule('allow', { id: 'may', capabilities: ['repo_delete'] });
    for (const tools of [['delete_file'], ['apply_patch']]) {
      const denies = rule('deny', { id: 'deletes', capabilities: ['repo_delete'], tools });
      const snapshot = snapshotOf([writes, also, denies], ['apply_patch', 'delete_file']);
      expect(decide(snapshot, patch)).toMatchObject({ decision: 'deny', rule: 'deletes' });
    }
    expect(decided('allow', { paths: ['b'] })).toEqual(['deny', 'default-deny']);
    expect(decided('allow', {}, ['apply_patch'])).toEqual(['deny', 'toolset']);
  });

  it('is asked about once where the patch itself has to be agreed to', () => {
    const asks = rule('ask', { id: 'both', capabilities: ['repo_write', 'repo_delete'] });
    expect(decide(snapshotOf([asks], ['apply_patch', 'delete_file']), patch)).toMatchObject({
      decision: 'ask',
      rule: 'both',
    });
  });
});

describe('a decision', () => {
  it('is no where no rule matches', () => {
    expect(decide(snapshotOf([]), read('a'))).toMatchObject({
      decision: 'deny',
      rule: 'default-deny',
      layer: 'built in',
    });
    expect(decide(snapshotOf([rule('allow', { capabilities: ['repo_write'] })]), read('a')).decision).toBe('deny');
    expect(decide(snapshotOf([rule('allow', { tools: ['write_file'] })]), read('a')).decision).toBe('deny');
    expect(decide(snapshotOf([rule('allow', { paths: ['src/**'] })]), read('lib/a')).decision).toBe('deny');
  });

  it('does not take a rule about paths for a call that names none', () => {
    expect(decide(snapshotOf([rule('allow', { paths: ['**'] })]), read()).decision).toBe('deny');
  });

  it('is the strictest of all rules that match, in whatever order they stand', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['allow', 'ask', 'deny'] as const, { minLength: 1 }), (effects) => {
        const strictest = (['deny', 'ask', 'allow'] as const).find((effect) => effects.includes(effect));
        expect(decide(snapshotOf(effects.map((e) => rule(e))), read('a'))).toMatchObject({
          decision: strictest,
          rule: `r-${strictest}`,
        });
      }),
    );
  });

  it('is as strict as the strictest of its targets asks for', () => {
    const snapshot = snapshotOf([rule('allow'), rule('deny', { paths: ['secret/**'] })]);
    expect(decide(snapshot, read('a', 'secret/b', 'c'))).toMatchObject({ decision: 'deny', rule: 'r-deny' });
    expect(decide(snapshot, read('a', 'c')).decision).toBe('allow');
  });

  it('is no for any target outside of the workspace, whatever is allowed', () => {
    const decision = decide(snapshotOf([rule('allow')]), read('a', null));
    expect(decision).toMatchObject({
      decision: 'deny',
      rule: 'inside-the-workspace',
      reason: expect.stringContaining('leads outside'),
    });
  });

  it('is no for a tool that is not in the toolset', () => {
    const decision = decide(snapshotOf([rule('allow')], ['write_file']), read('a'));
    expect(decision).toMatchObject({ decision: 'deny', rule: 'toolset', reason: expect.stringContaining('read_file') });
  });

  it('sees a sensitive name below a folder whose name holds a line break', () => {
    const snapshot = snapshotOf([rule('allow'), rule('deny', { paths: ['**/.env'] })]);
    for (const target of ['a\nb/.env', 'a\r/.ENV', '\u2028/x/.env'])
      expect(decide(snapshot, read(target)).decision).toBe('deny');
  });

  const rules = fc.array(
    fc.record(
      {
        id: fc.constantFrom('one', 'two', 'three'),
        effect: fc.constantFrom('allow', 'ask', 'deny' as const),
        capabilities: fc.subarray([...CAPABILITIES], { minLength: 1 }),
        paths: fc.array(fc.constantFrom('**', 'src/**', '**/*.ts', '!a', '*'), { minLength: 1, maxLength: 2 }),
        tools: fc.array(fc.constantFrom(...TOOLS, 'other'), { minLength: 1, maxLength: 2 }),
        reason: fc.constant('r'),
      },
      { requiredKeys: ['id', 'effect', 'capabilities', 'reason'] },
    ),
    { maxLength: 6 },
  );
  const request = fc.record({
    tool: fc.oneof(fc.constantFrom(...TOOLS), fc.string()),
    capability: fc.constantFrom(...CAPABILITIES),
    paths: fc.array(
      fc.record({
        asked: fc.string(),
        inside: fc.oneof(fc.constant(null), fc.string(), fc.constantFrom('src/a.ts', 'a')),
        problem: fc.constant(null),
      }),
      { maxLength: 3 },
    ),
  });

  it('is total and always the same, and is never yes unless a rule of the capability says so', () => {
    fc.assert(
      fc.property(rules, request, (some, asked) => {
        const snapshot = snapshotOf(some);
        const decision = decide(snapshot, asked);
        expect(decide(thaw(freeze(snapshot, sha256).content), asked)).toEqual(decision);
        if (decision.decision !== 'allow') return;
        expect(snapshot.toolset.tools).toContain(asked.tool);
        expect(asked.paths.every((p) => p.inside !== null)).toBe(true);
        expect(some.some((r) => r.effect === 'allow' && r.capabilities.includes(asked.capability))).toBe(true);
        expect(
          some.some((r) => r.effect === 'deny' && r.capabilities.includes(asked.capability) && !r.paths && !r.tools),
        ).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never becomes wider when a rule that denies is added', () => {
    const rank = { allow: 0, ask: 1, deny: 2 };
    fc.assert(
      fc.property(rules, rules, request, (some, more, asked) => {
        const denials = more.map((r) => ({ ...r, effect: 'deny' as const }));
        const after = decide(snapshotOf([...some, ...denials]), asked).decision;
        expect(rank[after]).toBeGreaterThanOrEqual(rank[decide(snapshotOf(some), asked).decision]);
      }),
    );
  });
});

describe('a rule', () => {
  it.each(['**/[z-a]', '**/{a', ''])('is refused with the glob "%s", which would match nothing', (glob) => {
    expect(ruleSchema.safeParse(rule('deny', { paths: [glob] })).success).toBe(false);
  });

  it('is refused with an unknown capability, effect or member', () => {
    for (const wrong of [
      { capabilities: ['all'] },
      { effect: 'permit' },
      { path: ['a'] },
      { capabilities: [] },
      { paths: [] },
    ])
      expect(ruleSchema.safeParse({ ...rule('deny'), ...wrong }).success).toBe(false);
  });
});

describe('the shipped policy', () => {
  const file = (name: string) => readFileSync(path.resolve('policies', name), 'utf8');
  const policy = parseYaml(file('standard.yaml'), policySchema);
  const toolset = parseYaml(file('toolsets/coding_backend.yaml'), toolsetSchema);
  const shipped = (): Snapshot => {
    if (!policy.ok || !toolset.ok) throw new Error('the shipped policy does not parse');
    return { ...snapshotOf([]), policy: policy.value.value, toolset: toolset.value.value };
  };
  const decision = (tool: string, capability: Capability, target?: string) =>
    decide(shipped(), { tool, capability, paths: target === undefined ? [] : [at(target)] }).decision;
  const toRead = (target: string) => decision('read_file', 'repo_read', target);
  const toWrite = (target: string) => decision('write_file', 'repo_write', target);
  const toDelete = (target: string) => decision('delete_file', 'repo_delete', target);

  it.each([
    'src/a.js',
    '.',
    'README.md',
    'src/environment.ts',
    '.env.example',
    '.env.sample',
    'env/a.js',
    'keys.ts',
    'src/keyboard.ts',
    '.gitignore',
    'src/git/x.ts',
    'docs/credentials.md',
  ])('lets %s be read and written', (target) => {
    expect([toRead(target), toWrite(target), toDelete(target)]).toEqual(['allow', 'allow', 'allow']);
  });

  it.each([
    ...['.env', '.ENV', '.Env.Local', 'a/b/.env', '.env.production', '.env.example.local', 'config/production.env'],
    ...[
      'config/PRODUCTION.ENV',
      'id_rsa',
      'x/id_ed25519',
      'x/id_rsa.bak',
      'x/id_rsa_work',
      'server.pem',
      'certs/Server.KEY',
      'a.p12',
      'a.pfx',
    ],
    ...[
      '.ssh/config',
      'home/.ssh/known_hosts',
      '.aws/credentials',
      '.npmrc',
      '.netrc',
      '.pypirc',
      'secrets.yaml',
      'config/Credentials.JSON',
    ],
  ])('keeps the secret %s from being read, written, deleted and shown', (target) => {
    expect([toRead(target), toWrite(target), toDelete(target)]).toEqual(['deny', 'deny', 'deny']);
    expect(withheldBy(shipped(), target)).toBe('secrets-never-read');
  });

  it.each([
    '.git',
    '.git/config',
    '.GIT/config',
    'sub/.git/hooks/pre-commit',
    '.openexec/project.yaml',
    '.OpenExec/cassettes/a.json',
  ])('keeps %s from being read and written', (target) => {
    expect([toRead(target), toWrite(target), toDelete(target)]).toEqual(['deny', 'deny', 'deny']);
  });

  it.each([
    '.github/workflows/x.yml',
    '.GitHub/workflows/x.yml',
    '.vscode/settings.json',
    '.idea/a.xml',
    '.devcontainer/devcontainer.json',
    '.husky/pre-commit',
    '.gitlab-ci.yml',
    '.mcp.json',
    'AGENTS.md',
    'claude.md',
    '.gitmodules',
    '.gitattributes',
    'Jenkinsfile',
  ])('lets %s be read, but changed by people only', (target) => {
    expect([toRead(target), toWrite(target), toDelete(target)]).toEqual(['allow', 'deny', 'deny']);
  });

  it.each(['package.json', 'packages/a/package.json', 'Makefile', 'pyproject.toml', 'Cargo.toml', 'go.mod'])(
    'asks before %s is changed',
    (target) => {
      expect([toRead(target), toWrite(target), toDelete(target)]).toEqual(['allow', 'ask', 'ask']);
    },
  );

  it('runs what only looks and the commands of the project, asks before anything else, and reaches nothing', () => {
    expect(decision('run_project_command', 'exec_project')).toBe('allow');
    expect(decision('run_command', 'exec_inspect')).toBe('allow');
    expect(decision('run_command', 'exec_other')).toBe('ask');
    expect(decision('git_commit', 'git_commit')).toBe('ask');
    for (const capability of ['network', 'context_egress'] as const)
      expect(decision('run_command', capability)).toBe('deny');
  });

  it('has an own id for every rule', () => {
    const ids = shipped().policy.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a capability', () => {
  const commands = { test: { argv: ['npm', 'test'], source: 's' } };
  const command = (line: string) => capabilityOf({ tool: 'run_command', input: { command: line } }, commands);

  it('is that of a project command only for exactly the declared line', () => {
    expect(command('npm test')).toBe('exec_project');
    expect(command('  npm test ')).toBe('exec_project');
    for (const line of ['npm test -- --x', 'npm', 'npm  test', 'npm test; ls', 'NPM test', 'npm test\nls', ''])
      expect(command(line)).toBe('exec_other');
  });

  it('is the contract’s for every other tool', () => {
    expect(capabilityOf({ tool: 'write_file', input: { path: 'a', content: '' } }, commands)).toBe('repo_write');
    expect(capabilityOf({ tool: 'delete_file', input: { path: 'a' } }, commands)).toBe('repo_delete');
  });
});

describe('a frozen snapshot', () => {
  const snapshot = snapshotOf([rule('allow', { paths: ['src/**'] })]);

  it('has the same text and hash in whatever order its members were written', () => {
    const turned = Object.fromEntries(Object.entries(snapshot).reverse()) as Snapshot;
    expect(freeze(turned, sha256)).toEqual(freeze(snapshot, sha256));
    expect(freeze(snapshot, sha256).hash).toBe(sha256(freeze(snapshot, sha256).content));
  });

  it('has another hash when anything that decides is another', () => {
    const hash = freeze(snapshot, sha256).hash;
    const others: Snapshot[] = [
      { ...snapshot, model: 'x' },
      { ...snapshot, blueprint: 'x' },
      { ...snapshot, gatekeeper: 'x' },
      { ...snapshot, commands: {} },
      snapshotOf([rule('ask', { paths: ['src/**'] })]),
      snapshotOf([rule('allow', { paths: ['src/**'] })], ['read_file']),
    ];
    expect(others.map((other) => freeze(other, sha256).hash)).not.toContain(hash);
  });

  it('is read back as it was, and refused when it is not one', () => {
    expect(thaw(freeze(snapshot, sha256).content)).toEqual(snapshot);
    for (const text of [
      '',
      '{}',
      'null',
      '{"policy":',
      freeze(snapshot, sha256).content.replace('"allow"', '"permit"'),
    ])
      expect(() => thaw(text)).toThrowError(expect.objectContaining({ code: 'policy_invalid' }));
  });
});

/** Layers, operands, hard links, programs and addresses: what a decision is made of since engine 3. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, protectedBy, withheldBy } from '../../../../src/core/policy/evaluate';
import { requestOf } from '../../../../src/core/policy/request';
import { freeze, thaw } from '../../../../src/core/policy/snapshot';
import { parseCall, TOOLS } from '../../../../src/core/tools/contracts';
import { sha256 } from '../../../support/engine';
import { anyLayer, anyRequest, anySnapshot, at, fetches, layerOf, read, rule, runs, snapshotOf } from './snapshots';

const RANK = { allow: 0, ask: 1, deny: 2 };

describe('layers', () => {
  it('only ever tighten, whatever they say, and wherever they come from', () => {
    fc.assert(
      fc.property(anySnapshot, anyLayer, anyRequest, (snapshot, layer, request) => {
        const layered = { ...snapshot, layers: [...(snapshot.layers ?? []), layer] };
        const before = decide(snapshot, request).decision;
        expect(RANK[decide(layered, request).decision]).toBeGreaterThanOrEqual(RANK[before]);
      }),
      { numRuns: 1000 },
    );
  });

  it('decide the same in every order in which they were read', () => {
    fc.assert(
      fc.property(anySnapshot, anyRequest, (snapshot, request) => {
        const turned = { ...snapshot, ...(snapshot.layers ? { layers: [...snapshot.layers].reverse() } : {}) };
        expect(decide(turned, request).decision).toBe(decide(snapshot, request).decision);
      }),
    );
  });

  it('say who decided: the managed layer before the chosen policy, that before the person and the workspace', () => {
    const all = [layerOf('workspace', [rule('deny')]), layerOf('user', [rule('deny')])];
    const layer = (more: Parameters<typeof layerOf>[]) =>
      decide(snapshotOf([rule('deny')], { layers: [...all, ...more.map((one) => layerOf(...one))] }), read('a')).layer;
    expect(layer([['managed', [rule('deny')]]])).toBe('managed policy managed (/managed.yaml)');
    expect(layer([])).toBe('chosen policy p (a test)');
    expect(decide(snapshotOf([rule('allow')], { layers: all }), read('a')).layer).toBe('user policy user (/user.yaml)');
  });

  it('take nothing that only the person or the workspace allows', () => {
    for (const layer of ['user', 'workspace'] as const) {
      const snapshot = snapshotOf([], { layers: [layerOf(layer, [rule('allow')])] });
      expect(decide(snapshot, read('a'))).toMatchObject({ decision: 'deny', rule: 'default-deny' });
    }
  });

  it('deny what the managed policy does not allow, and name a rule with a reason before one without', () => {
    const silent = snapshotOf([rule('allow')], { layers: [layerOf('managed', [])] });
    expect(decide(silent, read('a'))).toMatchObject({
      decision: 'deny',
      rule: 'default-deny',
      reason: 'no rule of the managed policy managed (/managed.yaml) allows read_file',
    });
    const reasoned = snapshotOf([rule('deny', { id: 'chosen-says-why' })], { layers: [layerOf('managed', [])] });
    expect(decide(reasoned, read('a')).rule).toBe('chosen-says-why');
  });

  it('protect and withhold what any of them denies', () => {
    const closed = rule('deny', { id: 'closed', capabilities: ['repo_read', 'repo_write'], paths: ['x/**'] });
    const open = [rule('allow', { capabilities: ['repo_read', 'repo_write'] })];
    const snapshot = snapshotOf(open, { layers: [layerOf('workspace', [closed])] });
    expect([withheldBy(snapshot, 'x/a'), protectedBy(snapshot, 'x/a')]).toEqual(['closed', 'closed']);
    expect([withheldBy(snapshot, 'y/a'), protectedBy(snapshot, 'y/a')]).toEqual([null, null]);
    const managed = snapshotOf([], { layers: [layerOf('managed', []), layerOf('workspace', [closed])] });
    expect(protectedBy(managed, 'x/a')).toBe('closed');
    expect(protectedBy(managed, 'y/a')).toBe(null);
  });

  it('withhold nothing because the run lacks a tool', () => {
    expect(
      withheldBy(snapshotOf([rule('allow')], { toolset: { version: 1, id: 't', description: '', tools: ['x'] } }), 'a'),
    ).toBe(null);
  });
});

describe('a decision over any request', () => {
  it('is total and always the same, also after it was frozen, and explains nothing away', () => {
    fc.assert(
      fc.property(anySnapshot, anyRequest, (snapshot, request) => {
        const decision = decide(snapshot, request);
        expect(decide(thaw(freeze(snapshot, sha256).content), request)).toEqual(decision);
        if (decision.decision !== 'allow') return;
        expect(request.paths.every(({ inside, links = 1 }) => inside !== null && links === 1)).toBe(true);
        expect(request.command?.kind).not.toBe('refused');
        expect(request.url === undefined || request.url.startsWith('https://')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws and never allows for JSON that is no call', () => {
    const everything = snapshotOf([
      rule('allow', { capabilities: ['repo_read', 'exec_other', 'network', 'exec_inspect'] }),
    ]);
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...Object.keys(TOOLS)), fc.string()), fc.json(), (tool, json) => {
        const parsed = parseCall(tool, json);
        if (!parsed.ok) return;
        const outside = [{ asked: 'x', inside: null, problem: 'outside' }];
        const request = requestOf(parsed.value, { paths: outside }, {});
        expect(decide(everything, request).decision).toBe('deny');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a target with needs of its own', () => {
  const inspects = rule('allow', { id: 'look', capabilities: ['exec_inspect'] });
  const command = (...paths: ReturnType<typeof at>[]) => ({ ...runs('cat a', 'exec_inspect'), paths });

  it('is decided by what it needs, and the call by its own capability as well', () => {
    const snapshot = snapshotOf([inspects, rule('allow'), rule('deny', { id: 'closed', paths: ['x/**'] })]);
    expect(decide(snapshot, command(at('a', { needs: 'repo_read' }))).decision).toBe('allow');
    expect(decide(snapshot, command(at('x/a', { needs: 'repo_read' })))).toMatchObject({
      decision: 'deny',
      rule: 'closed',
    });
    expect(decide(snapshotOf([rule('allow')]), command(at('a', { needs: 'repo_read' }))).decision).toBe('deny');
    expect(decide(snapshotOf([inspects]), command(at('a', { needs: 'repo_read' }))).decision).toBe('deny');
    expect(decide(snapshot, command(at('a', { needs: 'whatever' }))).decision).toBe('deny');
  });
});

describe('what no policy can allow', () => {
  const everything = snapshotOf([
    rule('allow', { capabilities: ['repo_read', 'repo_write', 'exec_other', 'exec_inspect', 'network'], hosts: ['*'] }),
    rule('allow', { id: 'more', capabilities: ['repo_read', 'repo_write', 'exec_other', 'exec_inspect'] }),
  ]);

  it('is a line that is more than one plain command', () => {
    const request = { ...runs('x'), command: { kind: 'refused', why: 'a pipe' } } as const;
    expect(decide(everything, request)).toMatchObject({
      decision: 'deny',
      rule: 'one-plain-command',
      reason: 'a pipe',
    });
  });

  it('is a file with several names: asked about to be read, never changed', () => {
    const linked = [at('a', { links: 2 })];
    expect(decide(everything, { ...read(), paths: linked })).toMatchObject({ decision: 'ask', rule: 'hard-link' });
    const write = { tool: 'write_file', capability: 'repo_write', paths: linked } as const;
    expect(decide(everything, write)).toMatchObject({ decision: 'deny', rule: 'hard-link' });
    const denied = snapshotOf([rule('deny')]);
    expect(decide(denied, { ...read(), paths: linked })).toMatchObject({ decision: 'deny', rule: 'r-deny' });
  });

  it('is a program of the repository that only seems to look', () => {
    const snapshot = snapshotOf([
      rule('allow', { capabilities: ['exec_inspect'] }),
      rule('ask', { capabilities: ['exec_other'] }),
    ]);
    expect(decide(snapshot, runs('ls', 'exec_inspect')).decision).toBe('allow');
    expect(decide(snapshot, { ...runs('ls', 'exec_inspect'), program: 'repository' }).decision).toBe('ask');
  });

  it('is a tool of an MCP server that nobody agreed to, in the toolset or not', () => {
    const call = (tool: string) => ({ tool, capability: 'exec_other', paths: [] }) as const;
    const tool = { server: 'docs', tool: 'find', description: '', inputSchema: '{}', sha256: 's' };
    const agreed = { ...everything, mcp: [{ ...tool, name: 'mcp__docs__find' }] };
    expect(decide(agreed, call('mcp__docs__find')).decision).toBe('allow');
    expect(decide(agreed, call('mcp__docs__drop'))).toMatchObject({ decision: 'deny', rule: 'toolset' });
    expect(decide(everything, call('mcp__docs__find'))).toMatchObject({ decision: 'deny', rule: 'toolset' });
    const other = { ...agreed, toolset: { ...agreed.toolset, tools: ['mcp__web__*'] } };
    expect(decide(other, call('mcp__docs__find'))).toMatchObject({ decision: 'deny', rule: 'toolset' });
  });

  it.each([
    'http://a.example.org/',
    'https://u:p@a.example.org/',
    'https://a.example.org:444/',
    'https://127.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://a.localhost/',
    'https://a.example.org./',
    'https://a.example.org\\@b.example.org/',
    'https://a\u200b.example.org/',
    'a.example.org',
    '',
  ])('is the address %s', (url) => {
    expect(decide(everything, fetches(url))).toMatchObject({ decision: 'deny', rule: 'public-https-address' });
  });
});

describe('a rule about hosts', () => {
  const allows = (hosts: string[] | null, url: string) =>
    decide(
      snapshotOf([rule('allow', { capabilities: ['network'], ...(hosts === null ? {} : { hosts }) })]),
      fetches(url),
    ).decision === 'allow';

  it('opens the hosts that it names, and none when it names none', () => {
    expect(allows(['a.example.org'], 'https://A.example.org/x')).toBe(true);
    expect(allows(['*.example.org'], 'https://a.b.example.org/')).toBe(true);
    expect(allows(['*'], 'https://b.example.net/')).toBe(true);
    expect(allows(null, 'https://a.example.org/')).toBe(false);
    expect(allows(['a.example.org'], 'https://b.example.org/')).toBe(false);
    expect(allows(['*.example.org'], 'https://example.org/')).toBe(false);
    expect(allows(['*.example.org'], 'https://evilexample.org/')).toBe(false);
    expect(allows(['a.example.org'], 'https://a.example.org.evil.net/')).toBe(false);
  });

  it('closes a command whose hosts nobody knows', () => {
    const open = rule('allow', { capabilities: ['network'], tools: ['run_command'] });
    const closed = rule('deny', { id: 'closed', capabilities: ['network'], hosts: ['evil.example.net'] });
    expect(decide(snapshotOf([open]), runs('curl x', 'network')).decision).toBe('allow');
    expect(decide(snapshotOf([open, closed]), runs('curl x', 'network')).rule).toBe('closed');
  });
});

describe('a rule about commands', () => {
  const decides = (effect: 'allow' | 'deny', commands: string[], line: string): boolean => {
    const some = rule(effect, { id: 'named', capabilities: ['exec_other'], commands });
    const rest = effect === 'deny' ? [rule('allow', { capabilities: ['exec_other'] })] : [];
    return decide(snapshotOf([some, ...rest]), runs(line)).rule === 'named';
  };

  it('grants exactly the words that it names, and what comes after them', () => {
    expect(decides('allow', ['make docs'], 'make docs -B')).toBe(true);
    for (const line of [
      'make all',
      'make -f x docs',
      './make docs',
      '/usr/bin/make docs',
      'sudo make docs',
      'MAKE docs',
    ])
      expect(decides('allow', ['make docs'], line)).toBe(false);
  });

  it.each([
    'git push',
    'git push origin main',
    '/usr/bin/git push',
    'GIT.EXE push',
    'git -C . push',
    'git -c a=b --no-pager push',
    'git --git-dir=x push',
    'sudo git push',
    'env A=1 git push',
    'timeout 5 git -C . push',
  ])('forbids %s, whose words lead to those that it names', (line) => {
    expect(decides('deny', ['git push'], line)).toBe(true);
  });

  it('forbids what a shell is given to run', () => {
    const request = { ...runs('sh'), command: { ...runs('sh').command, argv: ['sh', '-c', 'cd x && git push'] } };
    const snapshot = snapshotOf([rule('deny', { id: 'named', capabilities: ['exec_other'], commands: ['git push'] })]);
    expect(decide(snapshot, request as ReturnType<typeof runs>).rule).toBe('named');
  });

  it.each(['git log --grep push', 'git pull', 'echo git push', 'gitpush', 'git'])('leaves %s alone', (line) => {
    expect(decides('deny', ['git push'], line)).toBe(false);
  });

  it('is about the line of a project command as well', () => {
    const commands = { test: { argv: ['npm', 'test'], source: 's' } };
    const toolset = { version: 1 as const, id: 't', description: '', tools: ['run_project_command'] };
    const named = rule('deny', { id: 'named', capabilities: ['exec_project'], commands: ['npm test'] });
    const call = { tool: 'run_project_command', input: { name: 'test' } } as const;
    const request = requestOf(call, { paths: [] }, commands);
    expect(decide(snapshotOf([named], { toolset, commands }), request).rule).toBe('named');
  });
});

describe('a snapshot from before there were layers', () => {
  it('is decided as it was: names of tools are words, and the layer is the policy', () => {
    const { source: _none, ...old } = snapshotOf([rule('allow', { tools: ['read_*'] })]);
    expect(decide(old, read('a'))).toMatchObject({ rule: 'default-deny', reason: 'no rule allows read_file' });
    const { source: _no, ...plain } = snapshotOf([rule('allow')]);
    expect(decide(plain, read('a'))).toEqual({
      decision: 'allow',
      rule: 'r-allow',
      layer: 'policy p',
      reason: 'because',
    });
    const call = { tool: 'run_command', input: { command: 'npm test | tee x' } } as const;
    expect(requestOf(call, { paths: [], program: 'repository' }, {}, 2)).toEqual({
      tool: 'run_command',
      capability: 'exec_other',
      paths: [],
    });
  });
});

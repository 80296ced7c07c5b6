import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyDrift } from '../../../../src/core/policy/drift';
import { matchesAny } from '../../../../src/core/policy/globs';
import { samplesOf } from '../../../../src/core/policy/probes';
import type { Snapshot } from '../../../../src/core/policy/schema';
import { anySnapshot, layerOf, rule, snapshotOf } from './snapshots';

const READS = rule('allow', { id: 'reads' });
const drift = (was: Snapshot, now: Snapshot) => policyDrift(was, now);

describe('drift', () => {
  it('is nothing between a snapshot and itself, and turns round when the two do', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (one, other) => {
        expect(drift(one, one)).toEqual({ wider: [], narrower: [] });
        const there = drift(one, other);
        const back = drift(other, one);
        const words = (changes: typeof there.wider) => changes.map(({ what, was, now }) => `${what} ${was} ${now}`);
        const turned = (changes: typeof there.wider) => changes.map(({ what, was, now }) => `${what} ${now} ${was}`);
        expect(new Set(words(there.wider))).toEqual(new Set(turned(back.narrower)));
        expect(new Set(words(there.narrower))).toEqual(new Set(turned(back.wider)));
      }),
      { numRuns: 60 },
    );
  });

  it('is about what is decided, not about words', () => {
    const was = snapshotOf([READS, rule('deny', { id: 'env', paths: ['**/.env'] })]);
    const now = snapshotOf([rule('deny', { id: 'secrets', paths: ['**/.env'], reason: 'other' }), READS]);
    expect(drift(was, now)).toEqual({ wider: [], narrower: [] });
  });

  it('names the paths that became narrower or wider, and the rule that decides now', () => {
    const was = snapshotOf([READS, rule('deny', { id: 'env', paths: ['**/.env'] })]);
    const now = snapshotOf([READS, rule('ask', { id: 'pay', paths: ['pay/**'] })]);
    expect(drift(was, now)).toEqual({
      wider: [{ what: 'reading **/.env', was: 'deny', now: 'allow', rule: 'reads, chosen policy p (a test)' }],
      narrower: [{ what: 'reading pay/**', was: 'allow', now: 'ask', rule: 'pay, chosen policy p (a test)' }],
    });
  });

  it('sees a layer, a toolset, a project command and a host', () => {
    const rules = [
      READS,
      rule('allow', { id: 'runs', capabilities: ['exec_project'] }),
      rule('ask', { id: 'other', capabilities: ['exec_other'] }),
    ];
    const was = snapshotOf(rules, { commands: { test: { argv: ['npm', 'test'], source: 's' } } });
    const layered = { ...was, layers: [layerOf('user', [rule('deny', { id: 'mine' })])] };
    expect(drift(was, layered).narrower).toContainEqual({
      what: 'the tool read_file',
      was: 'allow',
      now: 'deny',
      rule: 'mine, user policy user (/user.yaml)',
    });
    const fewer = { ...was, toolset: { ...was.toolset, tools: ['write_file'] } };
    expect(drift(was, fewer).narrower.map(({ what }) => what)).toContain('the tool read_file');
    const other = { ...was, commands: { test: { argv: ['node', 'evil.js'], source: 's' } } };
    expect(drift(was, other)).toMatchObject({
      wider: [{ what: 'the command line `node evil.js`', was: 'ask', now: 'allow' }],
      narrower: [{ what: 'the command line `npm test`', was: 'allow', now: 'ask' }],
    });
    const open = snapshotOf([
      ...rules,
      rule('allow', { id: 'docs', capabilities: ['network'], hosts: ['docs.example.org'] }),
    ]);
    expect(drift(was, open).wider).toEqual([
      { what: 'fetching from docs.example.org', was: 'deny', now: 'allow', rule: 'docs, chosen policy p (a test)' },
    ]);
  });

  it('sees a tool of an MCP server that is new, and one that has changed', () => {
    const rules = [rule('allow', { id: 'mcp', capabilities: ['exec_other'], tools: ['mcp__docs__*'] })];
    const tool = (name: string, sha256: string) => ({
      ...{ name: `mcp__docs__${name}`, server: 'docs', tool: name, description: '', inputSchema: '{}', sha256 },
    });
    const was = snapshotOf(rules, { mcp: [tool('find', '1')] });
    const now = snapshotOf(rules, { mcp: [tool('find', '2'), tool('list', '1')] });
    expect(drift(was, now).wider.map(({ what }) => what)).toEqual([
      'the tool mcp__docs__list',
      'the tool mcp__docs__find, which has changed',
    ]);
  });

  it('compares a run from before there were layers by what its engine decided', () => {
    const { source: _none, ...old } = snapshotOf([READS, rule('ask', { id: 'other', capabilities: ['exec_other'] })]);
    expect(drift(old, { ...old, source: 'a test' }).narrower.map(({ what }) => what)).toEqual([
      'the command line `ls`',
      'the command line `git status`',
      'the command line `curl https://www.example.com/`',
    ]);
  });
});

describe('drift of rules that name more than paths', () => {
  const tools = ['apply_patch', 'delete_file', 'list_directory', 'search', 'read_file', 'run_command'];
  const more = { toolset: { version: 1 as const, id: 't', description: '', tools } };
  const all = rule('allow', {
    id: 'all',
    capabilities: ['repo_read', 'repo_write', 'repo_delete', 'exec_other', 'exec_inspect', 'context_egress'],
  });
  it.each([
    [{ capabilities: ['repo_write'], tools: ['apply_patch'], paths: ['db/**'] }, 'writing db/** with apply_patch'],
    [{ tools: ['list_directory', 'search'], paths: ['db/**'] }, 'reading db/** with search'],
    [{ capabilities: ['repo_delete'], tools: ['apply_patch'], paths: ['db/**'] }, 'deleting db/** with apply_patch'],
    [{ capabilities: ['context_egress'], paths: ['db/**'] }, 'sending db/**'],
    [{ commands: ['cat'], paths: ['db/**'] }, 'reading db/** by `cat`'],
    [{ paths: ['db/{1..9}/x'] }, 'db/{1..9}/x, which cannot be compared by samples'],
    [{ paths: ['[[:digit:]]'] }, '[[:digit:]], which cannot be compared by samples'],
  ])('sees %j', (named, what) => {
    const held = snapshotOf([all, rule('deny', { id: 'held', ...named })], more);
    const open = snapshotOf([all], more);
    expect(drift(held, open).wider.map((change) => change.what)).toContain(what);
    expect(drift(open, held).narrower.map((change) => change.what)).toContain(what);
  });

  it('compares project commands word by word', () => {
    const runs = rule('allow', { id: 'runs', capabilities: ['exec_project'] });
    const set = { toolset: { ...more.toolset, tools: ['run_project_command'] } };
    const of = (...argv: string[]) => snapshotOf([runs], { ...set, commands: { test: { argv, source: 's' } } });
    expect(drift(of('npm', 'a b'), of('npm', 'a', 'b')).wider.map(({ what }) => what)).toEqual([
      'the project command test, which was ["npm","a b"] and is ["npm","a","b"]',
    ]);
  });
});

describe('a sample of a glob', () => {
  it.each([
    '**/.env',
    '**/.env.!(example|sample)',
    '**/!(example|*.sample).env',
    '**/id_{rsa,dsa}*',
    '**/.{ssh,aws}/**',
    'src/**/*.ts',
    '*.{a,b}.{c,d}',
    '[abc]?/x',
    '@(a|b)/c',
    'plain',
  ])('is one that %s matches', (glob) => {
    const samples = samplesOf(glob);
    expect(samples.length).toBeGreaterThan(0);
    for (const path of samples) expect(matchesAny([glob], path)).toBe(true);
  });
});

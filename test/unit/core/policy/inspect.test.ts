import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectPolicy, inspectToolset, type PolicyKnown } from '../../../../src/core/policy/inspect';
import { policyJsonSchema, toolsetJsonSchema } from '../../../../src/core/policy/jsonSchema';
import { CAPABILITIES, EFFECTS } from '../../../../src/core/policy/schema';
import { policyOf, rule } from './snapshots';

const shipped = (name: string): string => readFileSync(path.resolve('policies', name), 'utf8');
const text = (...rules: string[]): string =>
  ['version: 1', 'id: mine', 'description: Mine.', rules.length === 0 ? 'rules: []' : 'rules:', ...rules].join('\n');
const said = (rule: string): string => `  - { id: one, reason: because, ${rule} }`;
const READS = '  - { id: reads, reason: because, effect: allow, capabilities: [repo_read] }';
const problems = (content: string, known?: PolicyKnown) =>
  inspectPolicy(content, known).problems.map((one) => `${one.line}:${one.column} ${one.severity} ${one.message}`);
const LAYER: PolicyKnown = { policies: new Map(), complete: false };

describe('a policy file', () => {
  it('is any text, and gives a policy or errors', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
        const { policy, problems } = inspectPolicy(content);
        expect(policy === null).toBe(problems.some(({ severity }) => severity === 'error'));
      }),
    );
  });

  it('is refused as a whole for an entry that cannot be read, with its place and what was meant', () => {
    expect(problems(text(READS, said('effect: permit, capabilities: [repo_read]')))).toEqual([
      expect.stringMatching(/^6:\d+ error rules\.1\.effect: "permit" is not allowed here/),
    ]);
    expect(problems(text(said('effect: deny, capabilities: [repo_read], path: [a]')))).toEqual([
      expect.stringMatching(/^5:\d+ error .*"path" is not known here; did you mean "paths"\?/),
    ]);
    expect(inspectPolicy(text(READS, said('effect: permit, capabilities: [repo_read]'))).policy).toBe(null);
  });

  it('is refused for a tool that does not exist, unless it is of an MCP server', () => {
    const tools = (names: string): string[] =>
      problems(text(READS, said(`effect: ask, capabilities: [repo_read], tools: [${names}]`)));
    expect(tools('read_fil')).toEqual([
      expect.stringMatching(/^6:\d+ error there is no tool "read_fil"; did you mean "read_file"\?/),
    ]);
    expect(tools('read_file, git_*, mcp__docs__find, "mcp__*"')).toEqual([]);
  });

  it('is refused for an example that is wrong, in either way', () => {
    const example = (more: string): string[] =>
      problems(
        text(
          READS,
          said(`effect: ask, capabilities: [repo_read], paths: ['docs/**'], examples: [{ tool: read_file, ${more} }]`),
        ),
      );
    expect(example('input: { path: docs/a.md }')).toEqual([]);
    expect(example('input: { path: src/a.ts }, matches: false')).toEqual([]);
    expect(example('input: { path: src/a.ts }')).toEqual([
      expect.stringMatching(/^6:\d+ error rule one: the rule does not match \{"path":"src\/a.ts"\}$/),
    ]);
    expect(example('input: { path: docs/a.md }, matches: false')).toEqual([expect.stringMatching(/and should not$/)]);
    expect(example('input: { file: a }')).toEqual([expect.stringMatching(/the arguments of read_file do not fit/)]);
  });

  it('checks examples of commands, of what they read, and of addresses', () => {
    const example = (rule: string, tool: string, input: string): string[] =>
      problems(text(READS, said(`${rule}, examples: [{ tool: ${tool}, input: ${input} }]`)));
    expect(
      example(
        "effect: ask, capabilities: [repo_read], paths: ['docs/**']",
        'run_command',
        '{ command: cat docs/a.md }',
      ),
    ).toEqual([]);
    expect(
      example(
        'effect: deny, capabilities: [exec_other], commands: [docker]',
        'run_command',
        '{ command: sudo docker ps }',
      ),
    ).toEqual([]);
    expect(
      example("effect: allow, capabilities: [network], hosts: ['*.a.org']", 'fetch_url', "{ url: 'https://b.a.org/' }"),
    ).toEqual([]);
    expect(
      example("effect: allow, capabilities: [network], hosts: ['*.a.org']", 'fetch_url', "{ url: 'https://a.org/' }"),
    ).toHaveLength(1);
  });

  it('takes the rules of the policy that it extends before its own, and no other policy', () => {
    const base = policyOf([rule('deny', { id: 'base' })], 'standard');
    const known = { policies: new Map([['standard', base]]), complete: true };
    const extending = (name: string): string => text(READS).replace('rules:', `extends: ${name}\nrules:`);
    const { policy } = inspectPolicy(extending('standard'), known);
    expect(policy?.rules.map(({ id }) => id)).toEqual(['base', 'reads']);
    expect(policy).not.toHaveProperty('extends');
    expect(problems(extending('standart'), known)).toEqual([
      '4:10 error "standart" is not a policy that is shipped; did you mean "standard"?',
    ]);
  });
});

describe('a policy file that is not safe to use', () => {
  it.each(['(a+)+b', '@(a)+', '+(+(a))b', '*(a|*b)c', '@(a|@(b|@(c)))', 'a*a*a*a*a*a*a*a*b'])(
    'is refused for %s',
    (glob) => {
      expect(problems(text(READS, said(`effect: deny, capabilities: [repo_read], paths: ['${glob}']`)))).toEqual([
        expect.stringMatching(/^6:\d+ error .*glob/),
      ]);
    },
  );

  it.each(['**/.env.!(example|sample)', '*(a|b)c', '@(a|b)*', '[(]x', '{a,b}/**/*.ts'])(
    'is not refused for %s',
    (glob) => {
      expect(problems(text(READS, said(`effect: deny, capabilities: [repo_read], paths: ['${glob}']`)))).toEqual([]);
    },
  );

  it('is refused for the id of a shipped policy, unless it says the same', () => {
    const known = { policies: new Map([['mine', policyOf([rule('deny')], 'mine')]]), complete: true };
    expect(problems(text(READS), known)).toEqual([expect.stringMatching(/^2:\d+ error "mine" is the id of a policy/)]);
    const same = inspectPolicy(text(READS)).policy;
    if (same === null) throw new Error('it is a policy');
    expect(problems(text(READS), { ...known, policies: new Map([['mine', same]]) })).toEqual([]);
  });
});

describe('the lint of a policy', () => {
  it.each([
    [
      said('effect: allow, capabilities: [repo_read], paths: [a]'),
      said('effect: deny, capabilities: [repo_read]').replace('one', 'two'),
      /two \(deny\) decides/,
    ],
    [
      said("effect: ask, capabilities: [repo_write], paths: ['src/a/**']"),
      said("effect: deny, capabilities: [repo_write, repo_read], paths: ['src/**']").replace('one', 'two'),
      /two \(deny\)/,
    ],
    [
      said('effect: allow, capabilities: [exec_other], commands: [git push]'),
      said('effect: deny, capabilities: [exec_other], commands: [git]').replace('one', 'two'),
      /two \(deny\)/,
    ],
    [
      said('effect: allow, capabilities: [network], hosts: [a.b.org]'),
      said("effect: deny, capabilities: [network], hosts: ['*.b.org']").replace('one', 'two'),
      /two \(deny\)/,
    ],
    [
      said('effect: deny, capabilities: [repo_read], paths: [a]').replace('one', 'two'),
      said('effect: deny, capabilities: [repo_read], paths: [a]'),
      /two \(deny\)/,
    ],
  ])('says that a rule which another takes in can never decide anything', (first, second, words) => {
    const found = problems(text(READS.replace('repo_read', 'ask_person'), first, second));
    expect(found).toEqual([expect.stringMatching(/^\d+:\d+ warning rule one can never decide anything/)]);
    expect(found[0]).toMatch(words);
  });

  it.each([
    [
      said("effect: allow, capabilities: [repo_read], paths: ['a/**']"),
      said("effect: deny, capabilities: [repo_read], paths: ['a/b']").replace('one', 'two'),
    ],
    [
      said('effect: allow, capabilities: [repo_read, repo_write]'),
      said('effect: deny, capabilities: [repo_read]').replace('one', 'two'),
    ],
    [
      said('effect: allow, capabilities: [repo_read]'),
      said('effect: deny, capabilities: [repo_read], tools: [search]').replace('one', 'two'),
    ],
    [
      said('effect: allow, capabilities: [network], hosts: [a.org]'),
      said('effect: allow, capabilities: [network]').replace('one', 'two'),
    ],
  ])('leaves a rule alone that still decides something', (first, second) => {
    expect(problems(text(first, second))).toEqual([]);
  });

  it('says what a rule says to no effect', () => {
    const warning = (rule: string, known?: PolicyKnown): string[] =>
      problems(text(READS.replace('allow', 'ask'), said(rule)), known);
    expect(warning('effect: allow, capabilities: [repo_write]', LAYER)).toEqual([
      '6:5 warning rule one allows, which says nothing: this layer can only tighten',
    ]);
    expect(warning('effect: allow, capabilities: [repo_write], commands: [ls]')[0]).toMatch(/names commands, and none/);
    expect(warning('effect: allow, capabilities: [repo_write], hosts: [a.org]')[0]).toMatch(
      /names hosts, and is not about/,
    );
    expect(warning('effect: allow, capabilities: [exec_project], paths: [a]')[0]).toMatch(
      /names paths, and calls of its/,
    );
    expect(warning('effect: deny, capabilities: [repo_write]').concat(problems(text(READS, READS)))).toEqual([
      '6:11 error rule reads has the id of another rule; decisions name rules by their id',
    ]);
  });

  it('says when a policy allows nothing, or tightens nothing', () => {
    expect(problems(text(said('effect: deny, capabilities: [repo_read]')))).toEqual([
      '4:1 warning the policy allows nothing',
    ]);
    expect(problems(text())).toEqual(['4:1 warning the policy allows nothing']);
    expect(problems(text(READS), LAYER).at(-1)).toBe(
      '5:5 warning rule reads allows, which says nothing: this layer can only tighten',
    );
    expect(problems(text(READS), LAYER)[0]).toBe('4:1 warning the policy tightens nothing');
  });

  it.each(['standard', 'strict', 'read_only'])('finds nothing in the shipped policy %s', (id) => {
    const base = inspectPolicy(shipped('standard.yaml')).policy;
    if (base === null) throw new Error('standard does not parse');
    const { policy, problems } = inspectPolicy(shipped(`${id}.yaml`), {
      policies: new Map([['standard', base]]),
      complete: true,
    });
    expect(problems).toEqual([]);
    expect(policy?.id).toBe(id);
  });
});

describe('a toolset file', () => {
  const set = (tools: string): string => `version: 1\nid: mine\ndescription: Mine.\ntools: [${tools}]\n`;

  it('is refused for a tool that does not exist, and for another name than its file has', () => {
    expect(inspectToolset(set('read_file, "mcp__docs__*"'), 'mine')).toMatchObject({
      toolset: { id: 'mine' },
      problems: [],
    });
    expect(inspectToolset(set('read_files'))).toMatchObject({
      toolset: null,
      problems: [{ line: 4, severity: 'error' }],
    });
    expect(inspectToolset(set('read_file'), 'other').problems).toMatchObject([
      { line: 2, message: '"mine": the file is called other' },
    ]);
  });
});

describe('the JSON schemas', () => {
  type Schema = {
    readonly description?: string;
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly enum?: readonly string[];
    readonly additionalProperties?: boolean;
  };
  const policy = policyJsonSchema() as Schema;
  const rules = policy.properties?.rules?.items;

  it('want what a person must write and nothing that has a default, and know no other member', () => {
    expect(policy.required).toEqual(['version', 'id', 'description', 'rules']);
    expect(rules?.required).toEqual(['id', 'effect', 'capabilities', 'reason']);
    expect(rules?.properties?.examples?.items?.required).toEqual(['tool', 'input']);
    expect([policy.additionalProperties, rules?.additionalProperties]).toEqual([false, false]);
  });

  it('say of every member what it is for, and offer every effect and capability', () => {
    const silent = [policy, rules, toolsetJsonSchema() as Schema].flatMap((schema) =>
      Object.entries(schema?.properties ?? {}).flatMap(([name, { description = '' }]) =>
        description === '' ? [name] : [],
      ),
    );
    expect(silent).toEqual([]);
    expect(rules?.properties?.effect?.enum).toEqual(EFFECTS);
    expect(rules?.properties?.capabilities?.items?.enum).toEqual(CAPABILITIES);
  });
});

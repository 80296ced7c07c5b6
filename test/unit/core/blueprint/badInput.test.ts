/** Whatever a file holds: one clear line for each problem, at its place, in bounded time and memory. */
import { describe, expect, it } from 'vitest';
import { inspectBlueprint } from '../../../../src/core/blueprint/inspect';
import { parseBlueprint } from '../../../../src/core/blueprint/parse';
import { problemLine } from '../../../../src/core/kernel/yaml';

const HEAD = "version: 1\nid: b\ntitle: B\ndescription: ''\ntoolset: coding\nstart: test\nnodes:\n";
const TEST = '  test:\n    type: deterministic\n    action: run_tests\n    on_success: done\n';
const GOOD = HEAD + TEST;
const problems = (text: string): string[] => {
  const parsed = parseBlueprint(text);
  return parsed.ok ? [] : parsed.error.map((problem) => problemLine('b.yaml', problem));
};

describe('a file that is no blueprint', () => {
  it.each<[string, string, string[]]>([
    ['is empty', '', ['b.yaml:1:1 the file is empty']],
    ['is only a comment', '# nothing\n', ['b.yaml:1:1 the file is empty']],
    ['is a text', 'hello\n', ['b.yaml:1:1 Invalid input: expected object, received string']],
    ['is a list', '- a\n', ['b.yaml:1:1 Invalid input: expected object, received array']],
    [
      'is binary',
      'PK\u0003\u0004\u0014\u0000',
      ['b.yaml:1:3 the character U+0003 is not allowed here; is this a text file?'],
    ],
    ['is two documents', `${GOOD}---\n${GOOD}`, [expect.stringMatching(/^b\.yaml:12:1 /)]],
    [
      'holds a tab',
      GOOD.replace('    action', '\taction'),
      [expect.stringMatching(/^b\.yaml:10:1 Tabs are not allowed/), expect.any(String)].slice(0, 1),
    ],
  ])('because it %s is refused', (_what, text, expected) => {
    expect(problems(text).slice(0, expected.length)).toEqual(expected);
  });

  it('is refused unread when it has ten megabytes', () => {
    expect(problems(`${GOOD}#${'x'.repeat(10 * 1024 * 1024)}`)).toEqual(['b.yaml:1:1 the file is larger than 256 KiB']);
  });
});

describe('a blueprint that would grow', () => {
  it('by aliases of aliases is refused', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(6).fill(`*${of}`).join(', ')}]\n`;
    const bomb = `a: &a [x, x, x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;
    expect(problems(bomb + GOOD)).toEqual([expect.stringContaining('expand to more than is allowed')]);
  });

  it('by an alias of what it is part of is refused at the alias', () => {
    const text = GOOD.replace('  test:\n', '  test: &loop\n    inputs: *loop\n');
    expect(problems(text)).toEqual(['b.yaml:9:13 the alias *loop points at what it is part of']);
  });

  it('by its depth is refused where it is too deep', () => {
    const text = GOOD.replace("''", '['.repeat(5000));
    expect(problems(text)).toEqual([expect.stringMatching(/^b\.yaml:4:\d+ it is nested too deep$/)]);
    const list = GOOD.replace("''", `${'['.repeat(40)}${']'.repeat(40)}`);
    expect(problems(list)).toEqual(['b.yaml:4:46 it is nested too deep']);
  });

  it('in problems tells the first hundred', () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `x${i}: 1\n`).join('');
    const lines = problems(GOOD + keys);
    expect(lines).toHaveLength(101);
    expect(lines[100]).toMatch(/ and 4900 more problems$/);
    expect(lines[0]).toBe('b.yaml:12:1 "x0" is not known here');
  });

  it('that only the checks find tells the first hundred as well', () => {
    const inputs = Array.from({ length: 20_000 }, (_, i) => `x${i}`).join(', ');
    const lines = problems(`${GOOD}    inputs: [${inputs}]\n`);
    expect(lines).toHaveLength(101);
    expect(lines[0]).toBe('b.yaml:12:14 no node makes "x0"; made are test_report, test_output');
    expect(lines[100]).toMatch(/ and 19900 more problems$/);
  });
});

describe('a name in a blueprint', () => {
  it('is given once: the second place is told', () => {
    expect(problems(GOOD + TEST)).toEqual(['b.yaml:12:3 "test" is there already; a name is given once']);
    expect(problems(`${GOOD}    on_success: fail\n`)).toEqual([
      'b.yaml:12:5 "on_success" is there already; a name is given once',
    ]);
  });

  it.each(['größe', 'テスト', 'tеst', 'a b', '1', 'A'])('is no %s', (id) => {
    const [line] = problems(GOOD.replace('  test:', `  ${id}:`));
    expect(line).toBe(`b.yaml:8:3 nodes.${id}: an id is lower-case letters, digits and _, and starts with a letter`);
  });

  it('is not __proto__, which would be lost', () => {
    expect(problems(`${GOOD}  __proto__:\n    type: agent\n`)).toEqual(['b.yaml:12:3 "__proto__" is no name']);
  });

  it('with control and direction characters is told on one line', () => {
    const text = GOOD.replace('toolset: coding', 'toolset: "a\\nb"');
    const { problems: found } = inspectBlueprint(text, { toolsets: new Map(), providers: [] });
    expect(found.map((problem) => problemLine('b.yaml', problem))).toEqual(['b.yaml:5:10 there is no toolset "a b"']);
  });

  it('is not that of the blueprint itself', () => {
    expect(problems(GOOD.replace('on_success: done', 'on_success: b'))).toEqual([
      'b.yaml:11:17 "b" is this blueprint itself, and none of its nodes has that name',
    ]);
    expect(problems(GOOD.replace('start: test', 'start: b'))).toEqual([
      'b.yaml:6:8 "b" is this blueprint itself, and none of its nodes has that name',
    ]);
    expect(problems(GOOD.replace('on_success: done', 'on_success: test'))).toEqual([
      'b.yaml:11:17 "test" leads to itself and nothing counts how often; write on_success: { to: test, max: 2 }',
    ]);
  });
});

describe('a value of the wrong type', () => {
  it.each<[string, string, string, string]>([
    [
      'a number for a text',
      "description: ''",
      'description: 3',
      '4:14 description: Invalid input: expected string, received number',
    ],
    [
      'a list for the nodes',
      `nodes:\n${TEST}`,
      'nodes: []\n',
      '7:1 nodes: Invalid input: expected record, received array',
    ],
    [
      'nothing for the nodes',
      `nodes:\n${TEST}`,
      'nodes:\n',
      '7:7 nodes: Invalid input: expected record, received null',
    ],
    ['a text for a node', TEST, '  test: run\n', '8:9 nodes.test: Invalid input: expected object, received string'],
    ['another version', 'version: 1', 'version: 2', '1:10 version: Invalid input: expected 1'],
    ['no version', 'version: 1\n', '', '1:1 version: Invalid input: expected 1'],
    ['no toolset', 'toolset: coding\n', '', '1:1 toolset: is missing: name the tools that a run may use'],
    [
      'a list for a route',
      'on_success: done',
      'on_success: [done]',
      '11:5 nodes.test.on_success: where to go is a node or done, fail or pause; counted, it is { to: NODE, max: 1 to 20 }',
    ],
    [
      'a type that is none',
      'deterministic',
      'shell',
      '9:11 nodes.test.type: a node is deterministic (it has an action) or agent (it has a goal)',
    ],
    [
      'an action that is almost one',
      'run_tests',
      'run_test',
      '10:13 nodes.test.action: "run_test" is not allowed here; did you mean "run_tests"? allowed: build_context, run_lint, run_tests, run_build, run_format, apply_patch, diff_report, request_approval, git_commit, summarize, evidence_bundle',
    ],
    [
      'no action',
      '    action: run_tests\n',
      '',
      '8:3 nodes.test.action: is missing; allowed: build_context, run_lint, run_tests, run_build, run_format, apply_patch, diff_report, request_approval, git_commit, summarize, evidence_bundle',
    ],
    [
      'a member of an agent in another node',
      'action: run_tests',
      'action: run_tests\n    max_turns: 3',
      '11:5 nodes.test: "max_turns" is for agent nodes; this one is of the other kind',
    ],
    [
      'an action in an agent',
      'type: deterministic',
      'type: agent\n    goal: x\n    max_turns: 1',
      '12:5 nodes.test: "action" is for deterministic nodes; an agent node has a goal',
    ],
    [
      'a misspelt limit of the budget',
      'start:',
      'budget: { token: 3 }\nstart:',
      '6:11 budget: "token" is not known here; did you mean "tokens"?',
    ],
  ])('is told: %s', (_what, from, to, expected) => {
    expect(GOOD).toContain(from);
    expect(problems(GOOD.replace(from, to))).toEqual([`b.yaml:${expected}`]);
  });
});

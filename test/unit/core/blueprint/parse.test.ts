import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBlueprint } from '../../../../src/core/blueprint/parse';
import { problemLine } from '../../../../src/core/kernel/yaml';
import { isToolName } from '../../../../src/core/tools/contracts';

const HEAD = `version: 1
id: b
title: B
description: ''
toolset: coding
start: work
nodes:
`;
const WORK = `  work:
    type: agent
    goal: Do it
    max_turns: 3
    on_success: test
    on_failure: fail
`;
const TEST = `  test:
    type: deterministic
    action: run_tests
    on_success: done
    on_failure: { to: work, max: 2 }
`;
const problems = (text: string): string[] => {
  const parsed = parseBlueprint(text);
  return parsed.ok ? [] : parsed.error.map((problem) => problemLine('b.yaml', problem));
};

describe('the shipped blueprints', () => {
  const folder = path.resolve('blueprints');
  it.each(readdirSync(folder))('%s parses, is proven to end and has its toolset', (file) => {
    const parsed = parseBlueprint(readFileSync(path.join(folder, file), 'utf8'));
    expect(parsed.ok ? [] : parsed.error).toEqual([]);
    if (!parsed.ok) return;
    expect(`${parsed.value.id}.yaml`).toBe(file);
    expect(readdirSync(path.resolve('policies/toolsets'))).toContain(`${parsed.value.toolset}.yaml`);
    for (const node of Object.values(parsed.value.nodes))
      if (node.type === 'deterministic' && !node.action.startsWith('run_') && node.action !== 'request_approval')
        expect(isToolName(node.action)).toBe(true);
  });
});

describe('a blueprint', () => {
  it('is accepted with a counted loop, and given its defaults', () => {
    const parsed = parseBlueprint(HEAD + WORK + TEST);
    expect(parsed.ok && parsed.value.nodes.test).toMatchObject({
      retry: 0,
      on_exhausted: 'pause',
      optional: false,
      inputs: [],
    });
  });

  it.each<[string, string, string[]]>([
    [
      'an unknown start',
      (HEAD + WORK + TEST).replace('start: work', 'start: nowhere'),
      ['b.yaml:6:8 start names the node "nowhere", which does not exist'],
    ],
    [
      'a start that is a terminal',
      (HEAD + WORK + TEST).replace('start: work', 'start: done'),
      ['b.yaml:6:8 start names the node "done", which does not exist'],
    ],
    [
      'an unknown target',
      HEAD + WORK + TEST.replace('on_success: done', 'on_success: nowhere'),
      ['b.yaml:17:17 there is no node or terminal "nowhere"'],
    ],
    [
      'an unknown counted target',
      HEAD + WORK + TEST.replace('to: work', 'to: nowhere'),
      ['b.yaml:18:5 there is no node or terminal "nowhere"'],
    ],
    [
      'an unknown way out when exhausted',
      `${HEAD + WORK + TEST}    on_exhausted: nowhere\n`,
      ['b.yaml:19:19 there is no node or terminal "nowhere"'],
    ],
    [
      'a name that every object inherits as a target',
      HEAD + WORK + TEST.replace('on_success: done', 'on_success: constructor'),
      ['b.yaml:17:17 there is no node or terminal "constructor"'],
    ],
    [
      'a node that nothing leads to',
      `${HEAD + WORK + TEST}  alone:\n    type: deterministic\n    action: run_lint\n    on_success: done\n`,
      ['b.yaml:19:3 the node "alone" cannot be reached from the start'],
    ],
    [
      'a loop that nothing counts',
      HEAD + WORK + TEST.replace('{ to: work, max: 2 }', 'work'),
      ['b.yaml:12:5 the loop through "work" has no counted route; give one of its routes a max'].map((line) =>
        line.replace('12:5', '18:17'),
      ),
    ],
    [
      'a node that leads to itself',
      HEAD + WORK.replace('on_failure: fail', 'on_failure: work') + TEST,
      ['b.yaml:13:17 the loop through "work" has no counted route; give one of its routes a max'],
    ],
    [
      'a loop through on_exhausted',
      `${HEAD + WORK + TEST}    on_exhausted: work\n`,
      ['b.yaml:19:19 the loop through "work" has no counted route; give one of its routes a max'],
    ],
    [
      'a reserved id',
      `${HEAD + WORK + TEST}  done:\n    type: deterministic\n    action: run_lint\n    on_success: fail\n`,
      ['b.yaml:19:3 "done" is a terminal and cannot be a node'],
    ],
    [
      'an id of the wrong form',
      `${HEAD + WORK + TEST}  Not-Me:\n    type: deterministic\n    action: run_lint\n    on_success: done\n`,
      ['b.yaml:19:3 nodes.Not-Me: an id is lower-case letters, digits and _, and starts with a letter'],
    ],
    [
      'a misspelt member',
      HEAD + WORK + TEST.replace('on_success', 'on_sucess'),
      [
        expect.stringMatching(/^b.yaml:14:3 nodes.test.on_success: /),
        'b.yaml:17:16 nodes.test: "on_sucess" is not known here',
      ],
    ],
    [
      'a route that may be taken no time',
      HEAD + WORK + TEST.replace('max: 2', 'max: 0'),
      [expect.stringMatching(/^b.yaml:18:34 nodes.test.on_failure.max: Too small/)],
    ],
    [
      'an unknown action',
      HEAD + WORK + TEST.replace('run_tests', 'rm_rf'),
      [expect.stringMatching(/^b.yaml:16:13 nodes.test.action: Invalid option.*"run_tests"/)],
    ],
    [
      'an unknown type',
      HEAD + WORK + TEST.replace('deterministic', 'magic'),
      [expect.stringMatching(/^b.yaml:15:11 nodes.test.type: .*'agent'/)],
    ],
    [
      'an agent without a limit of turns',
      HEAD + WORK.replace('    max_turns: 3\n', '') + TEST,
      [expect.stringMatching(/^b.yaml:8:3 nodes.work.max_turns: .*expected number/)],
    ],
    [
      'a deterministic node with a goal',
      `${HEAD + WORK + TEST}    goal: Do more\n`,
      ['b.yaml:19:11 nodes.test: "goal" is not known here'],
    ],
    ['shell', `${HEAD + WORK + TEST}    run: rm -rf .\n`, ['b.yaml:19:10 nodes.test: "run" is not known here']],
    ['two nodes of one id', HEAD + WORK + TEST + WORK, ['b.yaml:19:3 Map keys must be unique']],
    [
      'no node',
      HEAD.replace('nodes:\n', 'nodes: {}\n'),
      ['b.yaml:6:8 start names the node "work", which does not exist'],
    ],
  ])('is refused for %s, at its line and column', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('tells several problems at once, in the order of the file', () => {
    const text = `${HEAD}${WORK.replace('on_success: test', 'on_success: a1').replace(': fail', ': a2')}`;
    expect(problems(text)).toEqual([
      'b.yaml:12:17 there is no node or terminal "a1"',
      'b.yaml:13:17 there is no node or terminal "a2"',
    ]);
  });

  it('is refused when it is larger than can be read or searched', () => {
    const node = (i: number, next: string) =>
      `  n${i}: { type: deterministic, action: run_lint, on_success: ${next} }\n`;
    const chain = (n: number) =>
      HEAD.replace('work', 'n0') +
      Array.from({ length: n }, (_, i) => node(i, i + 1 < n ? `n${i + 1}` : 'done')).join('');
    expect(problems(chain(100))).toEqual([]);
    expect(problems(chain(101))).toEqual([expect.stringContaining('at most 100 nodes')]);
  });

  it('never throws, whatever the text', () => {
    const pieces = (HEAD + WORK + TEST).split(/(?<=[ \n:{}])/);
    const lines = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 });
    fc.assert(
      fc.property(lines, fc.nat(pieces.length), (noise, at) => {
        const text = [...pieces.slice(0, at), ...noise, ...pieces.slice(at)].join('');
        for (const line of problems(text)) expect(line).toMatch(/^b.yaml:\d+:\d+ [^\n]+$/);
      }),
      { numRuns: 300 },
    );
  });
});

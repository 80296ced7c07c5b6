import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inspectBlueprint } from '../../../../src/core/blueprint/inspect';
import { parseBlueprint } from '../../../../src/core/blueprint/parse';
import { problemLine } from '../../../../src/core/kernel/yaml';
import { toolsetSchema } from '../../../../src/core/policy/schema';

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
  const toolsetFolder = path.resolve('policies/toolsets');
  const toolsets = new Map(
    readdirSync(toolsetFolder).map((file) => {
      const toolset = toolsetSchema.parse(parse(readFileSync(path.join(toolsetFolder, file), 'utf8')));
      return [toolset.id, toolset];
    }),
  );

  it.each(readdirSync(folder))('%s has neither errors nor warnings, and is named as its file is', (file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const { blueprint, problems } = inspectBlueprint(text, { toolsets, providers: ['openai', 'recorded'] });
    expect(problems.map((problem) => problemLine(file, problem))).toEqual([]);
    expect(`${blueprint?.id}.yaml`).toBe(file);
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
      ['b.yaml:6:8 there is no node "nowhere"'],
    ],
    [
      'a start that is a terminal',
      (HEAD + WORK + TEST).replace('start: work', 'start: done'),
      ['b.yaml:6:8 "done" is a terminal; a run starts with a node'],
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
      ['b.yaml:18:17 nothing counts the loop work → test → work; write on_failure: { to: work, max: 2 }'],
    ],
    [
      'a node that leads to itself',
      HEAD + WORK.replace('on_failure: fail', 'on_failure: work') + TEST,
      ['b.yaml:13:17 "work" leads to itself and nothing counts how often; write on_failure: { to: work, max: 2 }'],
    ],
    [
      'a loop through on_exhausted',
      `${HEAD + WORK + TEST}    on_exhausted: work\n`,
      ['b.yaml:19:19 nothing counts the loop work → test → work; on_exhausted cannot be counted, lead it elsewhere'],
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
        'b.yaml:14:3 nodes.test.on_success: is missing: say where to go, a node or done, fail or pause',
        'b.yaml:17:5 nodes.test: "on_sucess" is not known here; did you mean "on_success"?',
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
      [expect.stringMatching(/^b.yaml:16:13 nodes.test.action: "rm_rf" is not allowed here; allowed: .*run_tests, /)],
    ],
    [
      'an unknown type',
      HEAD + WORK + TEST.replace('deterministic', 'magic'),
      ['b.yaml:15:11 nodes.test.type: a node is deterministic (it has an action) or agent (it has a goal)'],
    ],
    [
      'an agent without a limit of turns',
      HEAD + WORK.replace('    max_turns: 3\n', '') + TEST,
      ['b.yaml:8:3 nodes.work.max_turns: is missing: an agent needs a limit of its replies in one visit'],
    ],
    [
      'a deterministic node with a goal',
      `${HEAD + WORK + TEST}    goal: Do more\n`,
      ['b.yaml:19:5 nodes.test: "goal" is for agent nodes; a deterministic node has an action and does just that'],
    ],
    ['shell', `${HEAD + WORK + TEST}    run: rm -rf .\n`, ['b.yaml:19:5 nodes.test: "run" is not known here']],
    ['two nodes of one id', HEAD + WORK + TEST + WORK, ['b.yaml:19:3 "work" is there already; a name is given once']],
    ['no node', HEAD.replace('nodes:\n', 'nodes: {}\n'), ['b.yaml:6:8 there is no node "work"']],
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

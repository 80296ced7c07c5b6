/** Completion in blueprints, also in those that are only half written. `|` stands for the cursor. */
import { describe, expect, test } from 'vitest';
import { blueprintJsonSchema } from '../../../../src/core/blueprint/jsonSchema';
import { ACTIONS } from '../../../../src/core/blueprint/schema';
import { suggestionsAt } from '../../../../src/vscode/blueprints/completion';
import type { Suggestion } from '../../../../src/vscode/yaml/suggest';
import { KNOWN, NODES } from '../../../support/blueprintText';

function at(text: string): Suggestion[] {
  const offset = text.indexOf('|');
  return suggestionsAt(text.slice(0, offset) + text.slice(offset + 1), offset, blueprintJsonSchema(), KNOWN);
}
const labels = (text: string): string[] => at(text).map(({ label }) => label);

describe('keys', () => {
  test('an empty file is offered every key of a blueprint, those that must be there first', () => {
    const all = labels('|');
    expect(all.slice(0, 7).sort()).toEqual(['description', 'id', 'nodes', 'start', 'title', 'toolset', 'version']);
    expect(all.slice(7).sort()).toEqual(['budget', 'model']);
  });

  test('what is there already is not offered again', () => {
    expect(labels('version: 1\nid: a\n|')).not.toContain('id');
  });

  test('a node that names its type is offered the keys of that type alone', () => {
    const agent = labels(`nodes:\n  fix:\n    type: agent\n    |\n`);
    expect(agent).toContain('goal');
    expect(agent).not.toContain('action');
    const fixed = labels(`nodes:\n  fix:\n    type: deterministic\n    a|\n    on_success: done\n`);
    expect(fixed).toContain('action');
    expect(fixed).not.toContain('goal');
    expect(fixed).not.toContain('on_success');
  });

  test('a node without a type is offered the keys of both, and the type', () => {
    expect(labels('nodes:\n  fix:\n    |')).toEqual(expect.arrayContaining(['type', 'goal', 'action']));
  });

  test('a key takes the place of the word that is begun, with a colon only where there is none', () => {
    const [bare] = at('ti|').filter(({ label }) => label === 'title');
    expect(bare).toMatchObject({ snippet: 'title: $0', range: [0, 2] });
    const [colon] = at('ti|: Fix').filter(({ label }) => label === 'title');
    expect(colon).toMatchObject({ snippet: 'title', range: [0, 2] });
  });

  test('a mapping is opened on the line below its key', () => {
    expect(at('b|').find(({ label }) => label === 'budget')?.snippet).toBe('budget:\n  $0');
  });

  test('a counted route in braces is offered its two members', () => {
    expect(labels('nodes:\n  fix:\n    type: agent\n    on_failure: { | }').sort()).toEqual(['max', 'to']);
    expect(labels('nodes:\n  fix:\n    type: agent\n    on_failure: { to: fix, | }')).toEqual(['max']);
  });

  test('a key is documented by the schema, with its limits and its default', () => {
    const turns = at('nodes:\n  fix:\n    type: agent\n    |').find(({ label }) => label === 'max_turns');
    expect(turns?.documentation).toMatch(/From 1 to 100/);
    const retry = at('nodes:\n  fix:\n    type: deterministic\n    |').find(({ label }) => label === 'retry');
    expect(retry?.documentation).toMatch(/Default: `0`/);
  });

  test('where a node can stand, whole nodes are offered', () => {
    const [template] = at('nodes:\n  |').filter(({ label }) => label === 'agent node');
    expect(template?.snippet).toMatch(/type: agent\n {2}goal: >-\n {4}/);
  });
});

describe('values', () => {
  test('an action is one of the actions', () => {
    expect(labels('nodes:\n  fix:\n    type: deterministic\n    action: |\n    on_success: done')).toEqual([
      ...ACTIONS,
    ]);
    expect(labels('nodes:\n  fix:\n    type: deterministic\n    action: run_|')).toEqual([...ACTIONS]);
  });

  test('the type of a node and of a result are the ones there are', () => {
    expect(labels('nodes:\n  fix:\n    type: |')).toEqual(['deterministic', 'agent']);
    expect(labels('nodes:\n  fix:\n    type: agent\n    result:\n      type: |')).toEqual([
      'patch',
      'report',
      'verdict',
    ]);
  });

  test('true and false', () => {
    expect(labels('nodes:\n  fix:\n    type: agent\n    approval: |')).toEqual(['true', 'false']);
  });

  test('a route leads to any other node or to an end', () => {
    expect(labels(`${NODES}    on_success: |\n`)).toEqual(['context', 'implement', 'done', 'fail', 'pause']);
    expect(labels(`${NODES}    on_failure: { to: im|, max: 2 }`)).toEqual([
      ...['context', 'implement', 'done', 'fail', 'pause'],
    ]);
  });

  test('the start is a node, never an end', () => {
    expect(labels(`start: |\n${NODES}`)).toEqual(['context', 'implement', 'test']);
  });

  test('an input is an artifact that some node makes, with its type and its maker', () => {
    const inputs = at(`${NODES}    inputs: [con|]\n`);
    expect(inputs.map(({ label }) => label)).toEqual(['context', 'change', 'test_report', 'test_output']);
    expect(inputs[1]).toMatchObject({ detail: 'artifact: patch', documentation: 'Made by implement\\.' });
    expect(labels(`${NODES}    inputs:\n      - |\n`)).toContain('test_report');
  });

  test('a toolset is one of those there are, for the blueprint and for a node', () => {
    expect(labels('toolset: |')).toEqual(['coding', 'read_only']);
    expect(labels('nodes:\n  fix:\n    type: agent\n    toolset: r|')).toEqual(['coding', 'read_only']);
  });

  test('a model begins with its provider', () => {
    expect(labels('model: |')).toEqual(['openai:', 'recorded:']);
  });

  test('the value that is there is replaced as a whole', () => {
    const text = `${NODES}    on_success: do|ne\n`;
    const [first] = at(text);
    expect(text.replace('|', '').slice(...(first?.range ?? [0, 0]))).toBe('done');
  });
});

describe('where nothing is offered', () => {
  test.each([
    ['a comment', '# a |\nid: x'],
    ['running text', 'description: one two |'],
    ['a block of text', 'nodes:\n  fix:\n    type: agent\n    goal: >-\n      Do |\n    max_turns: 1'],
    ['a free text', 'title: |'],
    ['a member that is not known', 'nonsense:\n  |'],
    ['a file that is larger than any blueprint', `id: |${' '.repeat(300_000)}`],
  ])('%s', (_what, text) => {
    expect(at(text)).toEqual([]);
  });

  test.each([
    [
      'very many nodes',
      `nodes:\n${'  a:\n    type: agent\n    result: {type: patch}\n'.repeat(4000)}  b:\n    inputs: [|]`,
    ],
    ['very deep nesting', `${'['.repeat(50_000)}|`],
    ['aliases of aliases', `a: &a [x, x]\n${'b: &a [*a, *a, *a]\n'.repeat(200)}|`],
  ])('%s are worked through', (_what, text) => {
    expect(Array.isArray(at(text))).toBe(true);
  });

  test('no text makes it throw', () => {
    for (const text of ['{|', '[|', '&a *a|', '? |', '- |', '"|', '%|', '---\n---\n|', '\t|', '&a [*a, |]', ': |']) {
      expect(Array.isArray(at(text)), text).toBe(true);
    }
  });
});

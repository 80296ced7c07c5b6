/** What hovering over a word of a blueprint says. `|` stands for the mouse. */
import { describe, expect, test } from 'vitest';
import { blueprintJsonSchema } from '../../../../src/core/blueprint/jsonSchema';
import { meaningAt } from '../../../../src/vscode/blueprints/hover';
import { KNOWN, NODES } from '../../../support/blueprintText';

function over(text: string): { text: string; word: string } | null {
  const offset = text.indexOf('|');
  const whole = text.slice(0, offset) + text.slice(offset + 1);
  const meaning = meaningAt(whole, offset, blueprintJsonSchema(), KNOWN);
  return meaning === null ? null : { text: meaning.text, word: whole.slice(...meaning.range) };
}

describe('the word under the mouse', () => {
  test('a key is explained by the schema', () => {
    expect(over('nodes:\n  fix:\n    type: agent\n    max_|turns: 5')).toMatchObject({
      word: 'max_turns',
      text: expect.stringMatching(/^\*\*max\\_turns\*\*[\s\S]*From 1 to 100/),
    });
  });

  test('a plain value is explained by its key', () => {
    expect(over('nodes:\n  fix:\n    type: deterministic\n    action: run_|lint')?.text).toMatch(/^\*\*action\*\*/);
  });

  test('the target of a route is the node that it leads to, or an end', () => {
    expect(over(`${NODES}    on_success: imple|ment`)?.text).toBe('**implement** (node: agent)\n\nDo it');
    expect(over(`${NODES}    on_failure: { to: pau|se, max: 1 }`)?.text).toMatch(/waits until a person/);
  });

  test('an input is explained by who makes it', () => {
    expect(over(`${NODES}    inputs: [cha|nge]`)?.text).toMatch(/artifact: patch[\s\S]*Made by implement/);
  });

  test('a toolset lists its tools', () => {
    expect(over('toolset: read|_only')?.text).toMatch(/Tools: read\\_file/);
  });

  test('text of the file is shown as it is, never as markup', () => {
    const text = NODES.replace('title: Do it', 'title: "[x](command:y)"');
    expect(over(`${text}    on_success: imple|ment`)?.text).toContain('\\[x\\]\\(command:y\\)');
  });

  test('nothing is said of a comment, of what is not known, of running text, and of a file that is broken off', () => {
    expect(over('# comm|ent\nid: a')).toBeNull();
    expect(over('nonsense: va|lue')).toBeNull();
    expect(over('nodes:\n  fix:\n    type: agent\n    goal: >-\n      Do |it')).toBeNull();
    expect(over('{|')).toBeNull();
  });
});

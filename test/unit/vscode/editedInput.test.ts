/** The input of a call as a person edits it. */
import { describe, expect, test } from 'vitest';
import { editFormOf, inputOf } from '../../../src/vscode/editedInput';

describe('how an input is edited', () => {
  test('one short text, such as a command, is edited as it is', () => {
    const form = editFormOf('{"command":"npm install left-pad"}');
    expect(form).toEqual({ kind: 'member', name: 'command', text: 'npm install left-pad' });
    expect(inputOf(form, 'npm install "a b"')).toEqual({ ok: true, value: '{"command":"npm install \\"a b\\""}' });
  });

  test('several short members are edited as JSON in a line', () => {
    expect(editFormOf('{ "path": "a.js", "start": 3 }')).toEqual({ kind: 'line', text: '{"path":"a.js","start":3}' });
  });

  test.each([
    ['a long input', JSON.stringify({ path: 'a.js', content: 'x'.repeat(500) })],
    ['a long command', JSON.stringify({ command: 'x'.repeat(500) })],
    ['what is no JSON', '{"command": '],
  ])('%s is edited as a document', (_what, input) => {
    expect(editFormOf(input).kind).toBe('document');
  });

  test('a text of several lines is never squeezed into one as it is', () => {
    expect(editFormOf('{"content":"a\\nb"}')).toEqual({ kind: 'line', text: '{"content":"a\\nb"}' });
  });

  test('a document is laid out for reading, and gives the same input back', () => {
    const input = JSON.stringify({ path: 'a.js', content: 'line\n'.repeat(99) });
    const form = editFormOf(input);
    expect(form.text.split('\n').length).toBeGreaterThan(3);
    expect(inputOf(form, form.text)).toEqual({ ok: true, value: input });
  });
});

describe('what a person wrote', () => {
  const form = { kind: 'document', text: '' } as const;

  test('broken JSON is refused with its place', () => {
    expect(inputOf(form, '{\n  "path": "a",\n  oops\n}')).toEqual({
      ok: false,
      error: 'This is not JSON: look at line 3, column 3.',
    });
  });

  test.each(['', '[1]', '"text"', '7', 'null'])('%j is no input', (text) => {
    expect(inputOf(form, text).ok).toBe(false);
  });
});

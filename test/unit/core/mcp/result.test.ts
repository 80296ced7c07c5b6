import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../../src/core/mcp/result';

const text = (said: string) => ({ type: 'text', text: said });

describe('the answer of a tool', () => {
  it('is its texts, one after another', () => {
    expect(readAnswer({ content: [text('a'), text('b')] })).toEqual({ failed: false, text: 'a\nb' });
    expect(readAnswer({ content: [text('no')], isError: true })).toEqual({ failed: true, text: 'no' });
  });

  it('tells of everything else without passing it on', () => {
    const content = [
      { type: 'audio', data: 'AAAAAAAA', mimeType: 'audio/wav' },
      { type: 'resource_link', uri: 'https://example.org/a', name: 'a' },
      { type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA' } },
      { type: 'resource', resource: { uri: 'file:///c', text: 'inside' } },
      { type: 'hologram' },
      7,
    ];
    expect(readAnswer({ content })?.text.split('\n')).toEqual([
      '[audio, audio/wav, about 6 bytes: not passed on]',
      '[a link to the resource https://example.org/a: not followed]',
      '[the resource file:///b, of no known type: not passed on]',
      '[the resource file:///c]',
      'inside',
      '[a part of the kind "hologram": not passed on]',
      '[a part of the kind "unknown": not passed on]',
    ]);
  });

  it('is the structure when there is no text, and says so when there is nothing', () => {
    expect(readAnswer({ content: [], structuredContent: { a: 1 } })?.text).toBe('{"a":1}');
    expect(readAnswer({ content: [text('b')], structuredContent: { a: 1 } })?.text).toBe('b');
    expect(readAnswer({ content: [] })?.text).toBe('(the tool answered with nothing)');
  });

  it.each([[null], ['text'], [{ content: 'text' }], [{ content: [], isError: 'yes' }]])(
    'is none when it is %j',
    (raw) => {
      expect(readAnswer(raw)).toBeNull();
    },
  );
});

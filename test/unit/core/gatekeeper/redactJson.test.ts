import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainGate } from '../../../../src/core/gatekeeper/gate';
import { withoutTornEnd, withoutTornStart } from '../../../../src/core/gatekeeper/redact';

const redactJson = (text: string): string => plainGate(4).redactJson(text).text;
const redactLines = (text: string): string => plainGate(4).redactLines(text).text;

const TOKEN = `gh${'p'}_${'a1B2'.repeat(9)}`;
const KEY = `-----BEGIN RSA ${'PRIVATE'} KEY-----\nline one\nline two\n-----END RSA ${'PRIVATE'} KEY-----`;

describe('the arguments of a call', () => {
  it.each([
    ['after a line break', `a\n${TOKEN}`],
    ['after a tab', `a\t${TOKEN}`],
    ['by itself', TOKEN],
  ])('lose a token %s, however the JSON is written', (_where, content) => {
    const escaped = JSON.stringify({ content }).replace(/[gh]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
    for (const text of [JSON.stringify({ content }), escaped, JSON.stringify({ deep: [{ [content]: 1 }] })]) {
      expect(JSON.parse(text)).toBeTruthy();
      const cleared = redactJson(text);
      expect(JSON.stringify(JSON.parse(cleared))).not.toContain(TOKEN);
      expect(cleared).toContain('«github-token»');
      expect(redactJson(cleared)).toBe(cleared);
    }
  });

  it('lose a token that is no JSON at all, and one that is hidden by escapes in it', () => {
    expect(redactJson(`{"content": "a\\n${TOKEN}`)).not.toContain(TOKEN);
    expect(redactJson(`{"content": "\\u0067${TOKEN.slice(1)}`)).toContain('«github-token»');
  });

  it('are looked at however deep they are nested', () => {
    const deep = `${'['.repeat(50_000)}"\\u0067${TOKEN.slice(1)}"${']'.repeat(50_000)}`;
    expect(redactJson(deep)).toContain('«github-token»');
  });

  it('are left as they are, byte for byte, when they hold none', () => {
    fc.assert(
      // Letters out of which no name is made that says of its member that it holds a secret, whatever that is.
      fc.property(fc.json({ stringUnit: fc.constantFrom(...'bdfgqé√😀"\\/ \n\t07-_.{}[]') }), (json) => {
        expect(redactJson(json)).toBe(json);
      }),
    );
    // Such a name is found however the rest looks.
    expect(redactJson('[{"":{"PW":9.36047e-319}}]')).toBe('[{"":{"PW":«password»}}]');
    expect(redactJson('{ "b" : 1,\n "a": "\\ud800" }')).toBe('{ "b" : 1,\n "a": "\\ud800" }');
  });
});

describe('a part of a text', () => {
  it('keeps its line numbers when what is secret in it is replaced', () => {
    const lines = redactLines(`first\n${KEY}\nlast ${TOKEN}`).split('\n');
    expect(lines).toEqual(['first', '«private-key»', '', '', '', 'last «github-token»']);
  });

  it('loses what may be the half of a secret at a cut, and little else', () => {
    expect(withoutTornEnd(`some words ${TOKEN.slice(0, 20)}`)).toBe('some words');
    expect(withoutTornStart(`${TOKEN.slice(20)} some words`)).toBe(' some words');
    expect(withoutTornStart(`line two\n-----END RSA ${'PRIVATE'} KEY-----\nafter`)).toBe('\nafter');
    expect(withoutTornStart(`words ${KEY} after`)).toBe(` ${KEY} after`);
    expect(withoutTornEnd('x'.repeat(20_000))).toHaveLength(20_000 - 8192);
    expect(withoutTornStart('x'.repeat(20_000))).toHaveLength(20_000 - 8192);
  });
});

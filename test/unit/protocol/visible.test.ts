import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiddenIn, piecesOf } from '../../../src/protocol/visible';

const codes = (text: string): (string | null)[] => piecesOf(text, false).flatMap(({ code }) => code ?? []);

describe('text as what it is', () => {
  it.each([
    ['\u202E', 'U+202E right-to-left override'],
    ['\u2066', 'U+2066 left-to-right isolate'],
    ['\u200B', 'U+200B zero-width space'],
    ['\u200D', 'U+200D zero-width joiner'],
    ['\uFEFF', 'U+FEFF byte order mark'],
    ['\u00AD', 'U+00AD soft hyphen'],
    ['\u00A0', 'U+00A0 no-break space'],
    ['\u3000', 'U+3000'],
    ['\u2028', 'U+2028 line separator'],
    ['\u3164', 'U+3164'],
    ['\u2800', 'U+2800'],
    ['\u034F', 'U+034F'],
    ['\uFE0F', 'U+FE0F'],
    ['\u{E0041}', 'U+E0041'],
    ['\u{E0101}', 'U+E0101'],
    ['\x1b', 'U+001B escape'],
    ['\x7f', 'U+007F'],
    ['\ud800', 'U+D800'],
    ['\ue000', 'U+E000'],
    ['\r', 'U+000D carriage return'],
    ['\n', 'U+000A line feed'],
  ])('tells %j from the letters around it', (char, code) => {
    expect(piecesOf(`a${char}b`, false)).toEqual([
      { text: 'a', code: null },
      { text: char, code },
      { text: 'b', code: null },
    ]);
  });

  it('leaves letters of every script, marks on them, and symbols alone', () => {
    expect(codes('naïve "été" Ångström עברית عربي 日本語 e\u0301 😀 — a_b.c/$x')).toEqual([]);
  });

  it('leaves line feeds and tabs to a block that draws them', () => {
    expect(piecesOf('a\n\tb', true)).toEqual([{ text: 'a\n\tb', code: null }]);
    expect(hiddenIn('a\n\tb\r\u200b')).toBe(2);
  });

  it('leaves nothing out, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, layout) => {
        expect(
          piecesOf(text, layout)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

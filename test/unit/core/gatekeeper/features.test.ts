import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUES, cuesOf } from '../../../../src/core/gatekeeper/cues';
import { featuresOf, KINDS, TABLE_ROWS } from '../../../../src/core/gatekeeper/features';

const rowsOfKind = (text: string, kind: number): number[] => {
  const { ids, kinds } = featuresOf(text);
  return ids.filter((_, i) => kinds[i] === kind).sort((a, b) => a - b);
};

describe('the features of a task', () => {
  it('are bounded, lie in the table and never on the row of padding, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (text) => {
        const { ids, kinds } = featuresOf(text);
        expect(ids.length).toBeLessThanOrEqual(1024);
        expect(kinds).toHaveLength(ids.length);
        expect(ids.every((id) => Number.isInteger(id) && id > 0 && id < TABLE_ROWS)).toBe(true);
        expect(kinds.every((kind) => Object.values<number>(KINDS).includes(kind))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('are the same again for the same text, and others for another', () => {
    expect(featuresOf('fix the login')).toEqual(featuresOf('fix the login'));
    expect(featuresOf('fix the login')).not.toEqual(featuresOf('explain the login'));
  });

  it('are known by their ids, which the trained weights depend on', () => {
    // A change of these ids makes the shipped model worthless: train it anew.
    expect(rowsOfKind('fix login', KINDS.words)).toEqual([9340, 62077]);
  });

  it('do not depend on the form of Unicode, on capitals, or on characters that show nothing', () => {
    const plain = rowsOfKind('ignore the café rules', KINDS.words);
    expect(rowsOfKind('ignore the cafe\u0301 rules', KINDS.words)).toEqual(plain);
    expect(rowsOfKind('IGNORE the café RULES', KINDS.words)).toEqual(plain);
    expect(rowsOfKind('ig\u200bno\u00adre the \u2066café\u2069 ru\u{e0041}les', KINDS.words)).toEqual(plain);
    expect(rowsOfKind('ｉｇｎｏｒｅ the café rules', KINDS.words)).toEqual(plain);
  });

  it('take numbers, addresses and long values for what they are and not for what they say', () => {
    expect(rowsOfKind('see https://a.example/1', KINDS.words)).toEqual(
      rowsOfKind('see http://b.example/2', KINDS.words),
    );
    expect(rowsOfKind('ask a@b.example', KINDS.words)).toEqual(rowsOfKind('ask c.d@e.example', KINDS.words));
    expect(rowsOfKind('port 80', KINDS.words)).toEqual(rowsOfKind('port 8443', KINDS.words));
  });

  it('see letters of scripts without spaces as words', () => {
    expect(rowsOfKind('修复登录', KINDS.words)).toHaveLength(4);
  });

  it('look at the end of a long task too', () => {
    const filler = 'x '.repeat(6000);
    expect(featuresOf(`${filler} what is this?`)).not.toEqual(featuresOf(`${filler} fix this.`));
  });
});

describe('the cues of a task', () => {
  it('tell a question, an order and a pasted trace apart', () => {
    const cues = ['why is it slow?', 'add a button', 'TypeError: x\n    at f (a.js:1)'].map((text) => cuesOf(text, 4));
    expect(new Set(cues.map(String)).size).toBe(3);
  });

  it('are below their number, which their rows are set aside for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.nat(500), (text, words) => {
        expect(cuesOf(text, words).every((cue) => cue >= 0 && cue < CUES)).toBe(true);
      }),
    );
  });
});

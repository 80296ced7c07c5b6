import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenExecError } from '../../../../src/core/kernel/errors';
import { own } from '../../../../src/core/kernel/own';
import { cut, oneLine } from '../../../../src/core/kernel/text';

describe('text out of other hands', () => {
  it('becomes one bounded line without control characters or half a pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 1200 }), (text) => {
        const line = oneLine(`\u001b[2J\r\n${text}\u2028\u0000`);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.length).toBeLessThanOrEqual(501);
        expect(Buffer.from(line).toString()).toBe(line);
      }),
    );
  });

  it('is cut before a surrogate pair, never through it', () => {
    expect(cut('ab😀', 3)).toBe('ab');
    expect(cut('ab😀', 4)).toBe('ab😀');
  });
});

describe('a member of a record', () => {
  it('is only found when it is its own', () => {
    expect(own<number>({ a: 1 }, 'a')).toBe(1);
    for (const key of ['constructor', 'toString', '__proto__', 'b']) expect(own<number>({ a: 1 }, key)).toBeUndefined();
  });
});

describe('an error', () => {
  it('keeps its code and its cause', () => {
    const cause = new Error('below');
    expect(new OpenExecError('internal', 'above', { cause })).toMatchObject({ code: 'internal', cause });
  });
});

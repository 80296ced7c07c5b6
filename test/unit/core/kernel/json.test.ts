import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, wellFormed } from '../../../../src/core/kernel/json';
import { utf8Length } from '../../../../src/core/kernel/utf8';

/** The same value with the members of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, turned(member)]),
  );
}

describe('canonical JSON', () => {
  it.each([
    [1e21, '1e+21'],
    [1e20, '100000000000000000000'],
    [-0, '0'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [Number('333333333.33333329'), '333333333.3333333'],
    [4.5, '4.5'],
    [2e-3, '0.002'],
    [5e-324, '5e-324'],
    [Number('9007199254740993'), '9007199254740992'],
  ])('writes the number %s as %s', (value, text) => {
    expect(canonicalize(value)).toBe(text);
  });

  it('is the example of RFC 8785 §3.2.2, byte for byte', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalize(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts members by UTF-16 units, so that a surrogate pair stands before U+FB33', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1F600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.keys(JSON.parse(canonicalize(value)) as object)).toHaveLength(7);
    const order = [...canonicalize(value).matchAll(/:(\d)/g)].map((match) => match[1]);
    expect(order.join('')).toBe('2467153');
  });

  it('leaves out members that are undefined and keeps one that is named __proto__', () => {
    expect(canonicalize({ b: undefined, a: 1 })).toBe('{"a":1}');
    expect(canonicalize(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });

  it.each([
    ['NaN', Number.NaN],
    ['an infinity', { a: [Number.NEGATIVE_INFINITY] }],
    ['a high surrogate alone', '\ud800'],
    ['a low surrogate alone', ['\udc00x']],
    ['surrogates in the wrong order', '\udc00\ud800'],
    ['half a pair in a key', { '\ud83d': 1 }],
    ['undefined in a list', [undefined]],
    ['a hole in a list', new Array(2)],
    ['a function', { f: () => 1 }],
    ['a bigint', 1n],
    ['a symbol', Symbol('s')],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalize(value)).toThrowError(expect.objectContaining({ code: 'internal' }));
  });

  it('is stable: reading it and writing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalize(value);
        expect(canonicalize(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives equal values equal text, in whatever order their members were written', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalize(turned(value)) === canonicalize(value)));
  });
});

describe('text that can be stored', () => {
  it('is what a UTF-8 encoder would make of it, and then canonical', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(0xffff), (text, unit) => {
        const raw = `${text}${String.fromCharCode(unit)}${text}`;
        expect(wellFormed(raw)).toBe(Buffer.from(raw, 'utf8').toString('utf8'));
        expect(() => canonicalize(wellFormed(raw))).not.toThrow();
      }),
    );
  });

  it('is measured in the bytes that its encoding takes', () => {
    const units = fc.array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7f0, max: 0xe010 })), { maxLength: 40 });
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(utf8Length(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
      { numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, canonicalizeExactly, isCanonical, wellFormed } from '../../../../src/core/kernel/json';
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

/** Text that is hard to write in the canonical way, and names that objects treat in a way of their own. */
const names = fc.oneof(
  fc.constantFrom('a', 'b', 'hash', '0', '1', '9', '10', '01', '-1', '1e3', '4294967295', '__proto__', 'toJSON', ''),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const texts = fc.oneof(
  fc.constantFrom('"', '\\', '\\ud800', '\u2028', '\u0000', '/', '\u007f', '\ud83d\ude00', '\ud83d', '\n'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const numbers = fc.oneof(fc.constantFrom(0, -0, 1e21, 1e-7, 2 ** 53, 1.5, Number.NaN), fc.double(), fc.integer());
const { value: oddValues } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(texts, numbers, fc.boolean(), fc.constantFrom(null, undefined)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.uniqueArray(fc.tuple(names, tie('value')), { maxLength: 5, selector: ([name]) => name }).map(objectOf),
  ),
}));

/** Not through assignment, which a member named __proto__ would not survive. */
function objectOf(members: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(members);
}

/** What a function does: its value, or the message of what it throws. */
function told(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return (error as Error).message;
  }
}

/** JSON in which numbers, escapes, repeated members and white space are written in many ways. */
const { json: looseJson } = fc.letrec<{ json: string }>((tie) => {
  const number = fc.constantFrom(
    '0',
    '-0',
    '1',
    '10',
    '1.0',
    '1e3',
    '1E3',
    '1e+21',
    '1e21',
    '0.1',
    '123456789012345678',
  );
  const string = fc
    .array(
      fc.constantFrom('a', 'hash', '\\"', '\\\\', '\\/', '\\n', '\\u0041', '\\u00e9', 'é', '\\ud800', '\\ud83d\\ude00'),
    )
    .map((parts) => `"${parts.join('')}"`);
  const name = fc.oneof(fc.constantFrom('"a"', '"b"', '"c"', '"1"', '"10"', '"9"', '"__proto__"'), string);
  const space = fc.oneof({ weight: 20, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\t'));
  const member = fc.tuple(name, space, tie('json')).map(([key, gap, value]) => `${key}:${gap}${value}`);
  return {
    json: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(number, string, fc.constantFrom('true', 'null')),
      fc.tuple(space, fc.array(tie('json'), { maxLength: 3 })).map(([gap, items]) => `[${items.join(`,${gap}`)}]`),
      fc.tuple(space, fc.array(member, { maxLength: 4 })).map(([gap, all]) => `{${all.join(`,${gap}`)}}`),
    ),
  };
});

describe('the fast ways', () => {
  it('write what the letter of the standard wants, of any value, and refuse what it refuses', () => {
    fc.assert(
      fc.property(oddValues, (value) => {
        expect(told(() => canonicalize(value))).toBe(told(() => canonicalizeExactly(value)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['a boxed string', Object('ab')],
    ['a value with a toJSON of its own', { toJSON: () => 1 }],
    ['a list with a name', Object.assign([1], { name: 'x' })],
    [
      'a class',
      new (class Point {
        x = 1;
      })(),
    ],
  ])('write %s alike', (_what, value) => {
    expect(told(() => canonicalize(value))).toBe(told(() => canonicalizeExactly(value)));
  });

  it('tell canonical text from any other as the letter of the standard does', () => {
    let canonical = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          looseJson,
          oddValues.map((value) => told(() => canonicalize(value))),
        ),
        (text) => {
          fc.pre(typeof text === 'string' && told(() => JSON.parse(text)) !== undefined);
          const value = told(() => JSON.parse(String(text)));
          const exactly = told(() => canonicalizeExactly(value) === text);
          if (exactly === true) canonical += 1;
          expect(told(() => isCanonical(String(text), value))).toBe(exactly);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(canonical).toBeGreaterThan(500);
  });

  it('find every near miss of a canonical text', () => {
    const misses: [RegExp, string][] = [
      [/:/, ': '],
      [/,/, ', '],
      [/a/, '\\u0061'],
      [/\//, '\\/'],
      [/(\d)([,}\]])/, '$1.0$2'],
      [/"([^"\\]+)":([^,{}[\]]+)([,}])/, '"$1":$2,"$1":$2$3'],
      [/\{"([^"\\]+)":([^,{}[\]]+),"([^"\\]+)":([^,{}[\]]+)/, '{"$3":$4,"$1":$2'],
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'x'), fc.jsonValue(), { minKeys: 2 }), (value) => {
        const text = canonicalize(value);
        for (const [what, other] of misses) {
          const near = text.replace(what, other);
          const parsed = told(() => JSON.parse(near));
          if (near === text || typeof parsed !== 'object') continue;
          expect(isCanonical(near, parsed), near).toBe(canonicalizeExactly(parsed) === near);
        }
        expect(isCanonical(text, JSON.parse(text))).toBe(true);
      }),
    );
  });
});

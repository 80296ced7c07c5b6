import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { parseYaml, problemLine } from '../../../../src/core/kernel/yaml';
import { badKeys } from '../../../../src/core/kernel/yamlTraps';

const anything = z.unknown();
const problems = (text: string, schema: z.ZodType = anything) => {
  const parsed = parseYaml(text, schema);
  return parsed.ok ? [] : parsed.error.map((problem) => problemLine('f', problem));
};

describe('YAML at the boundary', () => {
  it('is read after the core schema: no merge keys, no dates, no yes and no', () => {
    const parsed = parseYaml('base: &b { x: 1 }\nm: { <<: *b }\nwhen: 2026-01-01\nanswer: yes\n', anything);
    expect(parsed).toMatchObject({
      ok: true,
      value: { value: { m: { '<<': { x: 1 } }, when: '2026-01-01', answer: 'yes' } },
    });
  });

  it.each([
    ['an open bracket', 'a: 1\nb: [1, 2\n', /^f:[23]:\d+ /],
    ['a duplicate key', 'a: 1\nb:\n  c: 1\n  c: 2\n', /^f:4:3 "c" is there already; a name is given once$/],
    ['a tab as indentation', 'a:\n\tb: 1\n', /^f:2:1 Tabs are not allowed/],
    ['a second document', 'a: 1\n---\nb: 2\n', /^f:2:1 /],
    ['an alias without an anchor', 'a: 1\nb: *x\n', /^f:2:4 there is no anchor &x before this alias$/],
    [
      'an alias inside its own anchor',
      'a:\n  b: &x\n    c: *x\n',
      /^f:3:8 the alias \*x points at what it is part of$/,
    ],
  ])('names the place of %s', (_what, text, line) => {
    expect(problems(text)[0]).toMatch(line);
  });

  const schema = z.strictObject({
    a: z.number(),
    list: z.array(z.strictObject({ n: z.number() })).default([]),
    ids: z.record(z.string().regex(/^[a-z]+$/, 'lower-case letters only'), z.number()).default({}),
  });

  it.each([
    ['a wrong value', 'a: x\n', ['f:1:4 a: Invalid input: expected number, received string']],
    [
      'a wrong value in a list',
      'a: 1\nlist:\n  - n: 1\n  - n: x\n',
      ['f:4:8 list.1.n: Invalid input: expected number, received string'],
    ],
    [
      'every unknown key',
      'a: 1\nlist:\n  - n: 1\n    m: 2\nzzz: 1\n',
      ['f:4:5 list.0: "m" is not known here', 'f:5:1 "zzz" is not known here'],
    ],
    ['a key of the wrong form', 'a: 1\nids:\n  ok: 1\n  B-x: 2\n', ['f:4:8 ids.B-x: lower-case letters only']],
    ['a missing member, at what should hold it', 'a: 1\nlist:\n  - {}\n', ['f:3:5 list.0.n: is missing']],
    ['an empty file', '', ['f:1:1 the file is empty']],
  ])('names the place of %s', (_what, text, expected) => {
    expect(problems(text, schema)).toEqual(expected);
  });

  it('tells all problems in the order in which one reads the file', () => {
    const lines = problems('zzz: 1\na: x\nyyy: 2\n', schema).map((line) => Number(line.split(':')[1]));
    expect(lines).toEqual([1, 2, 3]);
  });

  it('locates a mapping at its key', () => {
    const parsed = parseYaml('a:\n  b:\n    c: 1\n', anything);
    expect(parsed.ok && parsed.value.locate(['a', 'b'])).toEqual({ line: 2, column: 3 });
    expect(parsed.ok && parsed.value.locate(['a', 'b', 'c'])).toEqual({ line: 3, column: 8 });
    expect(parsed.ok && parsed.value.locate(['a', 'b', 'nowhere'])).toEqual({ line: 2, column: 3 });
  });

  it('refuses what expands: a billion laughs, very many aliases', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(6).fill(`*${of}`).join(',')}]\n`;
    const laughs = `a: &a [ha,ha,ha]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;
    expect(problems(laughs)).toEqual([expect.stringContaining('expand to more than is allowed')]);
    expect(problems(`a: &a 1\nb: [${Array(60).fill('*a').join(',')}]\n`)).toEqual([
      expect.stringMatching(/^f:2:\d+ there are more than 50 aliases$/),
    ]);
  });

  it.each(['[', '{a: ', '- ', '? '])('refuses endless nesting of "%s" with one line', (opening) => {
    expect(problems(opening.repeat(20_000))).toEqual([expect.stringMatching(/^f:1:\d+ it is nested too deep$/)]);
  });

  it('refuses nesting that the parser lets pass and that nobody writes, where it begins to be too deep', () => {
    const nested = (levels: number) => `a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`;
    expect(problems(nested(31))).toEqual([]);
    expect(problems(nested(40))).toEqual(['f:1:36 it is nested too deep']);
    const keys = `${'? '.repeat(40)}a\n`;
    expect(problems(keys)).toEqual([expect.stringMatching(/^f:1:\d+ it is nested too deep$/)]);
  });

  it.each([
    ['a zero byte', 'a: 1\nb: \u0000\n', 'f:2:4 the character U+0000 is not allowed here; is this a text file?'],
    ['a bell', 'a: "\u0007"\n', 'f:1:5 the character U+0007 is not allowed here; is this a text file?'],
    ['half a surrogate pair', 'a: \ud800\n', 'f:1:4 the character U+D800 is not allowed here; is this a text file?'],
  ])('refuses %s at its place', (_what, text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  it('tells a hundred problems of a file that has very many, and how many more there are', () => {
    const keys = (n: number) => Array.from({ length: n }, (_, i) => `k${i}: 1\n`).join('');
    const unknown = problems(keys(20_000), z.strictObject({ a: z.number() }));
    expect(unknown).toHaveLength(101);
    expect(unknown.at(-1)).toMatch(/^f:\d+:\d+ and \d+ more problems$/);
    const wrong = problems(keys(20_000), z.record(z.string(), z.string()));
    expect(wrong).toHaveLength(101);
    expect(wrong.at(-1)).toMatch(/ and 19900 more problems$/);
    expect(problems(`${keys(200)}${keys(200)}`)).toHaveLength(101);
  });

  it('looks at each key once for those that are there twice', () => {
    const document = parseDocument(`{${Array.from({ length: 2000 }, (_, i) => `k${i}`).join(',')},k7}`, {
      uniqueKeys: false,
    });
    let looks = 0;
    visit(document, {
      Pair(_key, { key }) {
        if (!isScalar(key)) return;
        const { value } = key;
        const get = () => {
          looks += 1;
          return value;
        };
        Object.defineProperty(key, 'value', { get });
      },
    });
    expect(badKeys(document)).toEqual([{ offset: 10891, message: '"k7" is there already; a name is given once' }]);
    expect(looks).toBe(2001);
  });

  it('takes a number and the same as text for one key', () => {
    expect(problems('1: a\n"1": b\n')).toEqual(['f:2:1 "1" is there already; a name is given once']);
    expect(problems('a: 1\nids:\n  7: 1\n', schema)).toEqual(['f:3:6 ids.7: lower-case letters only']);
    expect(problems('__proto__: { a: 1 }\n')).toEqual(['f:1:1 "__proto__" is no name']);
  });

  it('refuses a file that is too large, unread', () => {
    expect(problems(`a: ${'x'.repeat(256 * 1024)}`)).toEqual(['f:1:1 the file is larger than 256 KiB']);
  });

  it('never throws, and every problem is one line with a place', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'a',
        ': ',
        '\n',
        '  ',
        '- ',
        '&x ',
        '*x',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '|\n',
        '\t',
        '!!t ',
        '%',
        '---\n',
        '? ',
        '#',
        '\u0000',
        '\ud800',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        for (const line of problems(parts.join(''), schema)) expect(line).toMatch(/^f:[1-9]\d*:[1-9]\d* [^\n]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});

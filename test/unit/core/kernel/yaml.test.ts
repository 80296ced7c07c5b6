import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseYaml, problemLine } from '../../../../src/core/kernel/yaml';

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
    ['a duplicate key', 'a: 1\nb:\n  c: 1\n  c: 2\n', /^f:4:3 Map keys must be unique$/],
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
      ['f:4:8 list.0: "m" is not known here', 'f:5:6 "zzz" is not known here'],
    ],
    ['a key of the wrong form', 'a: 1\nids:\n  ok: 1\n  B-x: 2\n', ['f:4:8 ids.B-x: lower-case letters only']],
    [
      'a missing member, at what should hold it',
      'a: 1\nlist:\n  - {}\n',
      ['f:3:5 list.0.n: Invalid input: expected number, received undefined'],
    ],
    ['an empty file', '', ['f:1:1 Invalid input: expected object, received null']],
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
    expect(problems(opening.repeat(20_000))).toEqual(['f:1:1 it is nested too deep']);
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

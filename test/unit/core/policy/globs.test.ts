/** Many globs at once say of every path what they say one by one. */
import fs from 'node:fs';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { matchesAny } from '../../../../src/core/policy/globs';

/** What `matchesAny` has to agree with. */
const matchesOneByOne = (globs: readonly string[], path: string): boolean =>
  globs.some((one) => picomatch(one.normalize('NFC'), { dot: true, nocase: true, flags: 'is' })(path.normalize('NFC')));

const NAMES = [
  'a',
  'B',
  '.env',
  '.env.local',
  'x.pem',
  '.pem',
  'x.tar.gz',
  'id_rsa',
  'web',
  'Web',
  'é',
  'K',
  'ς',
  '..',
  '.',
];
const name = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.string({
    unit: fc.constantFrom('a', 'b', '.', 'É', '*', '[', ']', '(', '!', ' ', '\\', '\n'),
    minLength: 1,
    maxLength: 5,
  }),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const part = fc.constantFrom(
  ...NAMES,
  ...[
    '*',
    '**',
    '*.pem',
    '*.tar.gz',
    '.*',
    '*.',
    'web',
    'a\\*',
    '\\[x\\]',
    '{a,b}',
    '*.{pem,key}',
    '.{git,env}',
    '{a,b',
    'a?',
    '[ab]',
  ],
  ...['!(a)', '.env.!(local|b)', '+(a|b)', '?(a)b', '*(a).pem', '@(a|web)', '{*.pem,a}', '{a..c}', '{a,{b,c}}'],
);
const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('globs matched together', () => {
  it('match what they match one by one', () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 6 }), fc.array(path, { minLength: 1, maxLength: 8 }), (globs, paths) => {
        for (const one of paths) expect([one, matchesAny(globs, one)]).toEqual([one, matchesOneByOne(globs, one)]);
      }),
      { numRuns: 800 },
    );
  });

  it('match what those of the shipped policies match one by one', () => {
    const globs = ['standard', 'strict', 'read_only'].flatMap((id) =>
      [...fs.readFileSync(`policies/${id}.yaml`, 'utf8').matchAll(/'([^'\n]*\*[^'\n]*)'/g)].map(
        ([, found = '']) => found,
      ),
    );
    expect(globs.length).toBeGreaterThan(50);
    const words = [...new Set(globs.join('/').split(/[^\w.-]+/))].filter((word) => word !== '');
    const likely = fc.array(fc.oneof(name, fc.constantFrom(...words)), { minLength: 1, maxLength: 4 });
    const joined = likely.chain((parts) => fc.constantFrom(parts.join('/'), parts.join('.'), parts.join('')));
    fc.assert(
      fc.property(joined, (one) => {
        expect([one, matchesAny(globs, one)]).toEqual([one, matchesOneByOne(globs, one)]);
      }),
      { numRuns: 800 },
    );
  });
});

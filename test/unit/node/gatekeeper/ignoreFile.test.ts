/** Ignore files in the globs of policies: gitignore's own rules decide what they mean. */
import fc from 'fast-check';
import ignore from 'ignore';
import { describe, expect, it } from 'vitest';
import { matchesAny } from '../../../../src/core/policy/globs';
import { globsOf, patternsIn, takesBack } from '../../../../src/node/gatekeeper/survey/ignoreFile';

const hits = (content: string, path: string): boolean =>
  matchesAny(
    patternsIn(content).flatMap((pattern) => globsOf(pattern, '') ?? []),
    path,
  );

describe('the patterns of an ignore file', () => {
  it.each<[string, string, boolean]>([
    ['*.private', 'notes.private/plan.md', true],
    ['*.private', 'a/b.private', true],
    ['*', 'src/a.ts', true],
    ['*', 'README.md', true],
    ['/*', 'src/a.ts', true],
    ['*/', 'src/a.ts', true],
    ['*/', 'README.md', false],
    ['build/', 'build', false],
    ['build/', 'x/build/a.js', true],
    ['/build', 'x/build/a.js', false],
    ['a/b', 'x/a/b', false],
    ['a/*', 'a/b/c', true],
    ['a/**', 'a', false],
    ['\uFEFFsecret.txt', 'secret.txt', true],
    ['one\r\ntwo\r\n', 'two', true],
    ['with space \n', 'with space', true],
    ['.*', '.hidden/a', true],
    ['x{y}', 'x{y}', true],
  ])('%j of %s: %s', (content, path, expected) => {
    expect(hits(content, path)).toBe(expected);
    expect(ignore().add(content.replace('\uFEFF', '')).ignores(path)).toBe(expected);
  });

  it('hit what gitignore hits', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'a.log', '.a', 'x.private');
    const glob = fc.constantFrom(
      'a',
      'b',
      '.a',
      '*',
      '**',
      '*.log',
      'a*',
      '*b',
      '?',
      '[ab]',
      '[!a]',
      'x.*',
      '.*',
      'a**',
    );
    const pattern = fc
      .tuple(fc.constantFrom('', '/'), fc.array(glob, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/'))
      .map(([first, parts, last]) => `${first}${parts.join('/')}${last}`)
      // Of these git and the package say different things.
      .filter((one) => !one.endsWith('**/') && !one.includes('**/**'));
    const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(pattern, path, (one, file) => {
        expect([one, file, hits(one, file)]).toEqual([one, file, ignore().add(one).ignores(file)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('take back where one begins with an exclamation mark, and not where that is meant as it is', () => {
    expect([takesBack('a\n!b'), takesBack('\uFEFF!b'), takesBack('a\n\\!b')]).toEqual([true, true, false]);
    expect(globsOf('\\!b', '')).toEqual(['**/\\!b', '**/\\!b/**']);
  });
});

import { describe, expect, test } from 'vitest';
import { byContent, byName, fuse, named } from '../../../../src/core/retrieval/candidates';
import { queryOf, termsOf } from '../../../../src/core/retrieval/terms';
import { testFinder } from '../../../../src/core/retrieval/testFiles';
import { byCodeUnit, stemOf, tokenCounts, tokensOf } from '../../../../src/core/retrieval/tokens';

describe('words', () => {
  test('of names are taken apart at capitals and underscores and meet the words of comments', () => {
    expect(tokensOf('parseHTTPAmount // rounding')).toEqual(['parsehttpamount', 'parse', 'http', 'amount', 'round']);
    expect(tokensOf('round_cents')).toEqual(['round_cent', 'round', 'cent']);
    expect(tokensOf('pyöristys 12345 x')).toEqual(['pyöristy']);
  });

  test('of one form count up to five times', () => {
    expect(tokenCounts(`${'cent '.repeat(9)}Cents`)).toEqual(new Map([['cent', 6]]));
  });

  test.each([
    ['entries', 'entry'],
    ['formatting', 'format'],
    ['formatted', 'format'],
    ['calls', 'call'],
    ['class', 'class'],
    ['status', 'status'],
    ['string', 'string'],
    ['need', 'need'],
  ])('%s is compared as %s', (word, stem) => {
    expect(stemOf(word)).toBe(stem);
  });
});

describe('the terms of a task', () => {
  test('are its names first, then its words, without what every task says', () => {
    const { contents, paths } = termsOf('Please fix the rounding in src/money.js, see roundCents');
    expect(contents.map(({ text }) => text)).toEqual(['roundCents', 'rounding', 'money']);
    expect([...paths]).toEqual(['src/money.js']);
  });

  test('hold nothing of what stands in place of a secret', () => {
    expect([...queryOf(termsOf('use «github-token:1» for the upload')).keys()]).toEqual(['upload']);
  });
});

describe('candidates', () => {
  test('weigh a rare name above a common word', () => {
    const hits = new Map([
      ['parseinvoice', ['c.js']],
      ['lose', ['a.js']],
      ['line', ['a.js', 'b.js', 'c.js', 'd.js']],
    ]);
    const found = byContent(termsOf('parseInvoice loses lines'), hits, 4);
    expect(found.slice(0, 2)).toMatchObject([
      { path: 'c.js', why: 'names `parseInvoice`' },
      { path: 'a.js', why: 'has the word "loses"' },
    ]);
  });

  test('are found by their path, their name and their folder', () => {
    const files = ['lib/cart/total.go', 'lib/x/cartTotals.go', 'main.go'];
    expect(named(files, termsOf('total.go is wrong'))).toMatchObject([{ path: 'lib/cart/total.go' }]);
    expect(byName(files, termsOf('the cart'))).toMatchObject([
      { path: 'lib/x/cartTotals.go', why: 'its name has "cart"' },
      { path: 'lib/cart/total.go', why: 'its folder has "cart"' },
    ]);
  });

  test('that several views put high come first, and equal ones by their path in code units', () => {
    const one = (path: string) => ({ path, why: `${path} here` });
    const fused = fuse([
      { weight: 1, ranked: [one('b'), one('both')] },
      { weight: 1, ranked: [one('ä'), { path: 'both', why: 'there' }] },
      { weight: 1, ranked: [one('Z')] },
    ]);
    expect(fused.map(({ path }) => path)).toEqual(['both', 'Z', 'b', 'ä']);
    expect(fused[0]?.why).toBe('both here; there');
    expect(['ä', 'b', 'Z'].sort(byCodeUnit)).toEqual(['Z', 'b', 'ä']);
  });
});

describe('the tests of a file', () => {
  test.each([
    ['src/money.js', 'test/money.test.js'],
    ['a/cart.go', 'a/cart_test.go'],
    ['app/user.py', 'tests/test_user.py'],
    ['src/Cart.java', 'test/CartTest.java'],
    ['lib/cart.rb', 'spec/cart_spec.rb'],
  ])('%s are %s', (source, test) => {
    expect(testFinder([source, test, 'src/other.test.js'])(source)).toEqual([test]);
  });

  test('are those that lie nearest, of several with the same name', () => {
    const tests = ['packages/a/test/index.test.ts', 'packages/b/test/index.test.ts'];
    expect(testFinder(tests)('packages/b/src/index.ts')).toEqual(['packages/b/test/index.test.ts']);
  });
});

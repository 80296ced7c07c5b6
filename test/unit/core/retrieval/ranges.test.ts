import { describe, expect, test } from 'vitest';
import { paragraphs, rangesOf } from '../../../../src/core/retrieval/ranges';

const hit = (line: number, word = 'cent', worth = 1) => [line, new Map([[word, worth]])] as const;

describe('the ranges of a file', () => {
  const blocks = [
    { name: 'Cart', from: 1, to: 400 },
    { name: 'add', from: 50, to: 60 },
    { name: 'total', from: 200, to: 230 },
  ];

  test('are the functions that hold what is looked for, with some lines around them', () => {
    expect(rangesOf(500, blocks, new Map([hit(55), hit(210)]), 120)).toEqual([
      [47, 63],
      [197, 233],
    ]);
  });

  test('are the lines nearby where no block is small enough', () => {
    expect(rangesOf(500, blocks, new Map([hit(300)]), 120)).toEqual([[285, 315]]);
  });

  test('prefer what tells more, and leave out what tells little beside it', () => {
    const found = rangesOf(500, blocks, new Map([hit(55), hit(201, 'voucher', 9), hit(210)]), 120);
    expect(found).toEqual([[197, 233]]);
  });

  test('stay within the limit of lines, and within the file', () => {
    const hits = new Map(Array.from({ length: 50 }, (_, at) => hit(10 * at + 1)));
    const found = rangesOf(500, [], hits, 60);
    expect(found.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBeLessThanOrEqual(60);
    expect(found[0]?.[0]).toBe(1);
  });

  test('are its beginning where nothing speaks for any line', () => {
    expect(rangesOf(500, blocks, new Map(), 120)).toEqual([[1, 40]]);
    expect(rangesOf(0, [], new Map(), 120)).toEqual([]);
  });

  test('of a text in a language that nobody knows are what blank lines part', () => {
    expect(paragraphs(['a', 'b', '', '', 'c'])).toEqual([
      { name: '', from: 1, to: 2 },
      { name: '', from: 5, to: 5 },
    ]);
  });
});

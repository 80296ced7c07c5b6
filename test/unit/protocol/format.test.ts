import { describe, expect, it } from 'vitest';
import { formatBytes, formatCost, formatCount, formatDuration, oneLine } from '../../../src/protocol/format';

describe('formats for people', () => {
  it('counts with the right form of the noun', () => {
    expect([0, 1, 1200].map((n) => formatCount(n, 'file'))).toEqual(['0 files', '1 file', '1,200 files']);
    expect(formatCount(2, 'reply', 'replies')).toBe('2 replies');
  });

  it('gives sizes in steps of 1,024', () => {
    expect([512, 1536, 20_480, 5_242_880].map(formatBytes)).toEqual(['512 B', '1.5 KB', '20 KB', '5 MB']);
  });

  it('gives durations in the unit that is read', () => {
    const times = [0, 999, 4_210, 59_960, 60_000, 185_000, 3_600_000, 7_440_000];
    expect(times.map(formatDuration)).toEqual([
      '0 ms',
      '999 ms',
      '4.2 s',
      '1 min',
      '1 min',
      '3 min 5 s',
      '1 h',
      '2 h 4 min',
    ]);
  });

  it('never shows an unknown cost as nothing', () => {
    expect([null, 0, 0.0012, 1.5].map(formatCost)).toEqual(['unknown', '$0', '$0.0012', '$1.50']);
  });

  it('squeezes text into one line of the given length', () => {
    expect(oneLine('  a\n\tb  ')).toBe('a b');
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });
});

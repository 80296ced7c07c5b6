import { describe, expect, it } from 'vitest';
import { diffLines, isDiff } from '../../../src/protocol/diff';
import { prettyJson } from '../../../webview-ui/src/details/text';
import { clock, utc } from '../../../webview-ui/src/time';

const DIFF = [
  '--- a/x.sql',
  '+++ b/x.sql',
  '@@ -1,3 +1,2 @@',
  ' select 1',
  '--- a comment',
  '-+++ b',
  '+x',
  '\\ No newline at end of file',
];

describe('recorded text', () => {
  it('is a diff only with the heads of one', () => {
    expect(isDiff(DIFF.join('\n'))).toBe(true);
    expect(isDiff('diff --git a/x b/x\nBinary files differ\n')).toBe(true);
    expect(isDiff('- one\n+ two\n--- three')).toBe(false);
  });

  it('has its diff lines told apart by their hunk, not by their looks', () => {
    expect(diffLines(DIFF.join('\n')).map((line) => line.kind)).toEqual([
      'head',
      'head',
      'hunk',
      'same',
      'minus',
      'minus',
      'plus',
      'head',
    ]);
  });

  it('begins a new head after the last line of a hunk', () => {
    const two = '@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+c\n';
    expect(diffLines(two).map((line) => line.kind)).toEqual(['hunk', 'minus', 'plus', 'head', 'head', 'hunk', 'plus']);
  });

  it('is set out when it is JSON and left alone when it is not', () => {
    expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyJson('{ not json')).toBe('{ not json');
    expect(prettyJson('12')).toBe('12');
  });
});

describe('times', () => {
  it('count from the start of the run', () => {
    const start = '2026-01-31T12:00:00.000Z';
    expect(clock(start, '2026-01-31T12:00:04.900Z')).toBe('0:04');
    expect(clock(start, '2026-01-31T13:02:03.000Z')).toBe('1:02:03');
    expect(clock(start, '2026-01-31T11:59:00.000Z')).toBe('0:00');
  });

  it('are shown as recorded, in UTC', () => {
    expect(utc('2026-01-31T12:00:00.007Z')).toBe('2026-01-31 12:00:00.007 UTC');
  });
});

/** What is asked in the chat, by plain words, and what of it may become Markdown. */
import { describe, expect, test } from 'vitest';
import { plain } from '../../../../src/vscode/chat/markdown';
import { looksLikeName, looksLikeRun, namedIn, questionOf } from '../../../../src/vscode/chat/words';

describe('a text without a command', () => {
  test.each([
    ['why was this denied?', 'why'],
    ['Explain the last denial', 'why'],
    ['which rule blocked write_file', 'why'],
    ['Why is that not allowed', 'why'],
    ['status', 'status'],
    ['what is running', 'status'],
    ['status of my runs', 'status'],
    ['any pending approvals?', 'status'],
    ['show my runs', 'runs'],
    ['what was the last run', 'runs'],
  ])('%j asks for %s', (text, question) => {
    expect(questionOf(text)).toBe(question);
  });

  test.each([
    '',
    'hello',
    'Fix the status bar',
    'please add a list of runs',
    'start it',
    'why',
    'denied',
    'a statement',
  ])('%j is no question of these, and starts nothing', (text) => {
    expect(questionOf(text)).toBeNull();
  });
});

describe('what a question names', () => {
  test.each([
    ['why was event 42 denied', 42],
    ['why was #7 denied?', 7],
    [' 12 ', 12],
    ['why were 3 calls denied', null],
    ['event 42-b', null],
    ['#12345678901', null],
    ['', null],
  ])('in %j is the event %j', (text, seq) => {
    expect(namedIn(text).seq).toBe(seq);
  });

  test('are its words without quotes and marks, paths kept whole', () => {
    expect(namedIn('Why was "write_file" (of `.env`, src/Pay.ts) denied?').words).toEqual([
      ...['why', 'was', 'write_file', 'of', '.env', 'src/pay.ts', 'denied'],
    ]);
  });

  test('is told from the words of a sentence', () => {
    expect(['write_file', '.env', 'src/pay.ts', 'a.b'].filter(looksLikeName)).toHaveLength(4);
    expect(['denied', 'call', 'was', '', '42'].filter(looksLikeName)).toEqual([]);
    expect(looksLikeRun('20260131-120000-ab12cd')).toBe(true);
    expect(looksLikeRun('20260131-120000')).toBe(false);
  });
});

describe('a text out of other hands', () => {
  test('becomes no link, image, code, list, entity or icon', () => {
    const text = '![x](command:evil) <b> `code` https://evil.example &#8238; $(gear) 1. **b** a@b.c www.evil.example';
    const shown = plain(text);
    expect(shown.replace(/\\(.)/g, '$1')).toBe(text);
    expect(shown.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
  });

  test('is on one line, cut, and shows what would not be seen', () => {
    expect(plain('one\n\n# two')).toBe('one \\# two');
    expect(plain('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(plain('a\u202Eb')).toContain('right\\-to\\-left override');
  });
});

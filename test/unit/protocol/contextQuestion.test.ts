/** The question what of a repository may be sent. */
import { describe, expect, it } from 'vitest';
import {
  askedFiles,
  contextQuestionOf,
  leftOutProblem,
  remaining,
  sendLabel,
} from '../../../src/protocol/contextQuestion';
import { CONTEXT } from '../../support/boundedRun';

const files = askedFiles(CONTEXT);

describe('the files that would be sent', () => {
  it('are each told once, with all their ranges, their bytes together and every reason', () => {
    expect(files.map(({ path }) => path)).toHaveLength(4);
    expect(files[1]).toEqual({
      path: 'packages/api/src/session.ts',
      lines: 'lines 12–40, 96–131',
      bytes: 2_408,
      why: 'defines renewSession; calls renewSession',
    });
  });

  it('are counted without those that are left out', () => {
    expect(remaining(files, new Set())).toEqual({ files: 4, bytes: 8_236 });
    expect(remaining(files, new Set(['packages/api/src/session.ts']))).toEqual({ files: 3, bytes: 5_828 });
    expect([0, 1, 12].map(sendLabel)).toEqual(['Go On Without Files', 'Send 1 File', 'Send 12 Files']);
  });

  it.each([
    ['no JSON', 'the plan'],
    ['another object', '{"path":"a.ts"}'],
    ['a range that is none', JSON.stringify({ ...CONTEXT, files: [{ ...CONTEXT.files[0], lines: [1] }] })],
    ['a file without a name', JSON.stringify({ ...CONTEXT, files: [{ ...CONTEXT.files[0], path: '' }] })],
    ['a member too many', JSON.stringify({ ...CONTEXT, html: '<b>' })],
  ])('are not read out of %s', (_what, detail) => {
    expect(contextQuestionOf(detail)).toBeNull();
  });
});

describe('leaving files out', () => {
  it('is possible for files that were asked about', () => {
    expect(leftOutProblem(CONTEXT, ['packages/api/src/session.ts'])).toBeNull();
  });

  it.each([
    ['a file that was not asked about', CONTEXT, ['packages/api/src/other.ts'], /other\.ts is not among those/],
    ['every file', CONTEXT, files.map(({ path }) => path), /Every file is left out/],
    ['anything, of another question', null, ['packages/api/src/session.ts'], /not about files that are sent/],
  ])('is refused for %s', (_what, question, leftOut, why) => {
    expect(leftOutProblem(question, leftOut)).toMatch(why);
  });
});

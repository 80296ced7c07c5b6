import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../../src/core/kernel/nearest';

const WORDS = ['run_lint', 'run_tests', 'run_build', 'git_commit', 'done'];

describe('what a misspelt word was meant to be', () => {
  it.each([
    ['a letter too few', 'run_test', 'run_tests'],
    ['a letter too many', 'run_tessts', 'run_tests'],
    ['another letter', 'git-commit', 'git_commit'],
    ['two letters swapped', 'rnu_lint', 'run_lint'],
    ['capitals', 'Done', 'done'],
  ])('is found with %s', (_what, word, meant) => {
    expect(nearest(word, WORDS)).toBe(meant);
  });

  it('is nothing when no candidate is near, or the word is no word', () => {
    expect(nearest('rm_rf', WORDS)).toBeNull();
    expect(nearest('', WORDS)).toBeNull();
    expect(nearest('run_tests'.repeat(100_000), WORDS)).toBeNull();
  });

  it('is the nearest, and the first of equals', () => {
    expect(nearest('aab', ['aac', 'aad'])).toBe('aac');
    expect(nearest('run_lint', ['run_link', 'run_lint'])).toBe('run_lint');
    expect(didYouMean('dnoe', WORDS)).toBe('; did you mean "done"?');
    expect(didYouMean('x-ray', WORDS)).toBe('');
  });
});

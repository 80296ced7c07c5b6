import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChangedFiles,
  countChanged,
  type FileMoment,
  firstChanged,
  withChange,
} from '../../../../src/core/events/changedFiles';
import { sha } from '../../../support/runWriter';

const version = (text: string | null) => (text === null ? null : { sha256: sha(text), bytes: text.length, kept: true });
const change = (path: string, before: string | null, after: string | null): FileMoment => ({
  path,
  before: version(before),
  after: version(after),
  how: 'write_file',
});

const content = fc.constantFrom(null, 'one', 'two', 'three');
const path = fc.stringMatching(/^[a-d]{1,3}$/);

describe('the files that a run has touched', () => {
  it('are what a plain list of first and last contents says, after every change', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, content), { maxLength: 120 }), fc.nat({ max: 12 }), (writes, limit) => {
        const now = new Map<string, string | null>();
        let files: ChangedFiles = null;
        for (const [at, text] of writes) {
          files = withChange(files, change(at, now.get(at) ?? null, text));
          now.set(at, text);
        }
        const expected = [...now].filter(([, text]) => text !== null).sort(([a], [b]) => (a < b ? -1 : 1));
        expect(firstChanged(files, limit)).toEqual(
          expected.slice(0, limit).map(([at, text]) => change(at, null, text)),
        );
        expect(countChanged(files)).toBe(expected.length);
      }),
    );
  });

  it('keep the content that each had before its first change', () => {
    const files = [
      change('a', 'one', 'two'),
      change('b', 'x', 'y'),
      change('a', 'two', 'three'),
      change('b', 'y', 'x'),
    ];
    expect(firstChanged(files.reduce<ChangedFiles>(withChange, null), 9)).toEqual([change('a', 'one', 'three')]);
  });

  it.each([
    ['as they come', (i: number) => i],
    ['backwards', (i: number) => 5_000 - i],
    ['to and fro', (i: number) => (i % 2 === 0 ? i : 5_000 - i)],
  ])('are never far from the root, in whatever order paths arrive: %s', (_what, place) => {
    let files: ChangedFiles = null;
    for (let i = 0; i < 5_000; i += 1) files = withChange(files, change(String(place(i)).padStart(5, '0'), null, 'x'));
    // The bound of AVL trees: 1.44 · log2(n + 2).
    expect(files?.height).toBeLessThanOrEqual(Math.floor(1.4405 * Math.log2(5_002)));
  });

  it('leave what was there before as it was', () => {
    const before = withChange(withChange(null, change('b', null, 'x')), change('a', null, 'x'));
    withChange(before, change('a', 'x', null));
    expect(firstChanged(before, 9).map((file) => file.path)).toEqual(['a', 'b']);
  });
});

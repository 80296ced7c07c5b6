import { expect, test } from 'vitest';
import { sha256Schema } from '../../../../src/core/kernel/hash';
import { pathsOf, resultChanges } from '../../../../src/vscode/results/changes';

const hash = (digit: string) => sha256Schema.parse(digit.repeat(64));
const file = (path: string, before: string | null, after: string | null) => ({
  path,
  before: before === null ? null : hash(before),
  after: after === null ? null : hash(after),
});

test('added, deleted, changed and renamed files are told apart, and what is as it was is no change', () => {
  const touched = [
    file('a-new.js', null, '1'),
    file('gone.js', '2', null),
    file('moved/here.js', null, '3'),
    file('old-place.js', '3', null),
    file('same.js', '4', '4'),
    file('text.js', '5', '6'),
  ];
  expect(resultChanges({ touched })).toEqual([
    { kind: 'added', path: 'a-new.js', from: null },
    { kind: 'deleted', path: 'gone.js', from: null },
    { kind: 'renamed', path: 'moved/here.js', from: 'old-place.js' },
    { kind: 'changed', path: 'text.js', from: null },
  ]);
});

test('a file that was copied twice and deleted is renamed once', () => {
  const touched = [file('a.js', null, '1'), file('b.js', null, '1'), file('c.js', '1', null)];
  const changes = resultChanges({ touched });
  expect(changes.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['renamed a.js', 'added b.js']);
  expect(changes.flatMap(pathsOf)).toEqual(['c.js', 'a.js', 'b.js']);
});

/** The files of a moment as a tree: its rows, its keys, its markup. */
import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { FileMoment } from '../../../src/protocol/events';
import { changeSign } from '../../../webview-ui/src/moment/changeSign';
import { FileTree } from '../../../webview-ui/src/moment/FileTree';
import { closedFolders, type TreeRow, treeRows } from '../../../webview-ui/src/moment/tree';
import { treeStep } from '../../../webview-ui/src/moment/treeKeys';
import { FILES } from '../../support/detailScenes';

const NONE: ReadonlySet<string> = new Set();
const version = { sha256: '0'.repeat(64), bytes: 10, kept: true };
const changed = (...paths: string[]): FileMoment[] =>
  paths.map((path) => ({ path, before: version, after: version, how: 'write_file' }));
const drawn = (rows: readonly TreeRow[]): string[] =>
  rows.map((row) => `${'  '.repeat(row.level - 1)}${row.name}${row.kind === 'folder' ? ` (${row.files})` : ''}`);

describe('the tree of files', () => {
  it('has folders before files, and folders in one row of which each holds nothing but the next', () => {
    expect(drawn(treeRows(FILES, NONE))).toEqual([
      'docs (1)',
      '  rounding.md',
      'packages/money (3)',
      '  src (2)',
      '    internal (1)',
      '      cents.js',
      '    allocate.js',
      '  test (1)',
      '    allocate.test.js',
      'package.json',
    ]);
  });

  it('says of each row where it stands among those of its folder', () => {
    const places = treeRows(FILES, NONE).map(({ place, of }) => `${place}/${of}`);
    expect(places).toEqual(['1/3', '1/1', '2/3', '1/2', '1/2', '1/1', '2/2', '2/2', '1/1', '3/3']);
  });

  it('shows nothing of a closed folder', () => {
    expect(drawn(treeRows(FILES, new Set(['packages/money/', 'docs/'])))).toEqual([
      'docs (1)',
      'packages/money (3)',
      'package.json',
    ]);
  });

  it('tells a file from a folder that has taken its place', () => {
    const rows = treeRows(changed('lib', 'lib/index.js'), NONE);
    expect(drawn(rows)).toEqual(['lib (1)', '  index.js', 'lib']);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
  });

  it('has every file once, whatever the paths are, and no row twice', () => {
    const part = fc.constantFrom('a', 'b', 'c', '', '..', 'constructor');
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), (paths) => {
        const rows = treeRows(changed(...paths), NONE);
        const files = rows.flatMap((row) => (row.kind === 'file' ? [row.file.path] : []));
        expect(files.toSorted()).toEqual(paths.toSorted());
        for (const [at, row] of rows.entries()) {
          expect(row.level).toBeLessThanOrEqual((rows[at - 1]?.level ?? 0) + 1);
          expect(row.place).toBeLessThanOrEqual(row.of);
        }
      }),
    );
  });

  it('begins with the inner folders closed when many files changed, and keeps what a person turned', () => {
    const many = changed(...Array.from({ length: 61 }, (_, at) => `src/part-${at % 3}/file-${at}.ts`));
    const rows = (turned: ReadonlySet<string>) => drawn(treeRows(many, closedFolders(many, turned)));
    expect(rows(NONE)).toEqual(['src (61)', '  part-0 (21)', '  part-1 (20)', '  part-2 (20)']);
    expect(rows(new Set(['src/part-1/']))).toHaveLength(24);
    expect(rows(new Set(['src/']))).toEqual(['src (61)']);
    expect(closedFolders(FILES, new Set(['docs/']))).toEqual(new Set(['docs/']));
  });
});

describe('the keys of the tree', () => {
  const rows = treeRows(FILES, new Set(['docs/']));
  const place = (name: string) => rows.findIndex((row) => row.name === name);
  const led = (key: string, from: string) => {
    const step = treeStep(key, place(from), rows);
    return step?.kind === 'go' ? rows[step.to]?.name : step;
  };

  it('walk the rows, and lead to the ends', () => {
    expect(led('ArrowDown', 'docs')).toBe('packages/money');
    expect(led('ArrowUp', 'src')).toBe('packages/money');
    expect([led('Home', 'src'), led('End', 'src')]).toEqual(['docs', 'package.json']);
    expect([led('ArrowUp', 'docs'), led('ArrowDown', 'package.json')]).toEqual([{ kind: 'stay' }, { kind: 'stay' }]);
  });

  it('open and close folders, and lead into and out of them', () => {
    expect(led('ArrowRight', 'docs')).toEqual({ kind: 'fold', key: 'docs/' });
    expect(led('ArrowRight', 'src')).toBe('internal');
    expect(led('ArrowLeft', 'src')).toEqual({ kind: 'fold', key: 'packages/money/src/' });
    expect(led('ArrowLeft', 'cents.js')).toBe('internal');
    expect(led('ArrowLeft', 'allocate.js')).toBe('src');
    expect([led('ArrowLeft', 'docs'), led('ArrowRight', 'cents.js')]).toEqual([{ kind: 'stay' }, { kind: 'stay' }]);
    expect(led('Enter', 'src')).toEqual({ kind: 'fold', key: 'packages/money/src/' });
  });

  it('open a file with Enter and Space, and leave every other key to the timeline', () => {
    const open = { kind: 'open', path: 'packages/money/src/internal/cents.js' };
    expect([led('Enter', 'cents.js'), led(' ', 'cents.js')]).toEqual([open, open]);
    expect([led('/', 'docs'), led('Tab', 'docs'), treeStep('Enter', 99, rows)]).toEqual([null, null, null]);
  });
});

describe('the tree as markup', () => {
  const html = renderToStaticMarkup(<FileTree files={FILES} seq={30} onOpenDiff={() => {}} />);

  it('is one stop of the tab key with rows that say where they are', () => {
    expect(html).toMatch(
      /role="tree" aria-label="[^"]+" tabindex="0" aria-activedescendant="([^"]+)"><div role="treeitem" id="\1"/,
    );
    expect(html).toMatch(/aria-level="2" aria-posinset="1" aria-setsize="1" aria-selected="false"[^>]*rounding\.md/);
    expect(html.match(/aria-expanded="true"/g)).toHaveLength(5);
  });

  it('says in letters and words what happened to each file', () => {
    expect(html).toMatch(/>A<\/span><span class="only-read-aloud">added <\/span><span class="tree-name">rounding\.md</);
    expect(html).toMatch(
      />D<\/span><span class="only-read-aloud">deleted <\/span><span class="tree-name is-gone">cents\.js</,
    );
    expect(changeSign({ before: version, after: version })).toEqual({ letter: 'M', word: 'modified' });
  });
});

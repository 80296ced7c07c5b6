/** Zones as a person chooses them. */
import { describe, expect, test } from 'vitest';
import { refusedBy } from '../../../../src/core/gatekeeper/bounds';
import { globsIn, globsProblem, widerThan, widerZones, zoneChoices } from '../../../../src/vscode/zones/zones';

describe('the zones to choose among', () => {
  test('are what is proposed, the packages, the folders at the root and everything, each once', () => {
    const parts = { packages: ['packages/api', 'packages/web'], folders: ['docs', 'packages'] };
    expect(zoneChoices(['packages/api/**'], parts)).toEqual([
      { zone: 'packages/api/**', from: 'proposed' },
      { zone: 'packages/web/**', from: 'package' },
      { zone: 'docs/**', from: 'folder' },
      { zone: 'packages/**', from: 'folder' },
      { zone: '**', from: 'everything' },
    ]);
  });

  test('match a folder whose name means something in a glob, and no other', () => {
    const [zone = ''] = zoneChoices([], { packages: ['app/[id]'], folders: [] }).map((choice) => choice.zone);
    const bounds = { zones: [zone], excluded: [] };
    expect(refusedBy(bounds, 'app/[id]/page.ts')).toBeNull();
    expect(refusedBy(bounds, 'app/i/page.ts')).toMatchObject({ rule: 'zones' });
  });
});

describe('zones beside those that are proposed', () => {
  test.each([
    [['packages/api/**'], ['packages/api/src/**', 'packages/api/a.ts'], []],
    [['packages/api/**'], ['packages/**', '**', 'packages/apiary/**'], ['packages/**', '**', 'packages/apiary/**']],
    [['**'], ['anything/**'], []],
    [['src/*.ts'], ['src/*.ts', 'src/a.ts'], ['src/a.ts']],
    [['src/**'], ['src/../etc/**'], ['src/../etc/**']],
  ])('are wider than %j, of %j: %j', (proposed, zones, wider) => {
    expect(widerThan(proposed, zones)).toEqual(wider);
  });
});

describe('globs that a person writes', () => {
  test('are separated by commas or lines, each once; a folder stands for all below it, a comma in braces for itself', () => {
    expect(globsIn(' packages/web, ./docs/ ,docs/\n src/{a,b}.ts, README.md,')).toEqual([
      'packages/web/**',
      'docs/**',
      'src/{a,b}.ts',
      'README.md',
    ]);
  });

  test('of a file without a dot in its name match that file', () => {
    expect(refusedBy({ zones: globsIn('build/Makefile'), excluded: [] }, 'build/Makefile')).toBeNull();
  });

  test.each(['/etc/**', 'C:/x', '~/x', '../other/**', 'src/../../x'])('are refused as %s', (text) => {
    expect(globsProblem(`src/**, ${text}`)).toMatch(/root of the repository|leads out of the repository/);
  });

  test('are taken when they stay in the repository', () => {
    expect(globsProblem('src/**, docs/*.md')).toBeNull();
    expect(globsProblem('')).toBeNull();
  });
});

describe('what lets a refused call through', () => {
  const file = { path: 'packages/web/src/view.ts', isFolder: false, inPackage: 'packages/web' };

  test('is its package, then its folder, then just the file', () => {
    expect(widerZones([file])).toEqual([
      { zones: ['packages/web/**'], what: 'the package' },
      { zones: ['packages/web/src/**'], what: 'the folder' },
      { zones: ['packages/web/src/view.ts'], what: 'just what was asked for' },
    ]);
  });

  test('is never more than one of the same', () => {
    const folder = { path: 'packages/web', isFolder: true, inPackage: 'packages/web' };
    expect(widerZones([folder])).toEqual([{ zones: ['packages/web/**'], what: 'the package' }]);
  });

  test('is not the whole repository for a file at its root', () => {
    expect(widerZones([{ path: 'README.md', isFolder: false, inPackage: '' }])).toEqual([
      { zones: ['README.md'], what: 'just what was asked for' },
    ]);
  });

  test('is the whole repository only where that was asked for', () => {
    expect(widerZones([{ path: '.', isFolder: true, inPackage: '' }])).toEqual([
      { zones: ['**'], what: 'the whole repository' },
    ]);
  });

  test.each([[file], [{ ...file, path: 'a/[x].ts', inPackage: '' }]])('really lets it through: %j', (place) => {
    for (const { zones } of widerZones([place])) expect(refusedBy({ zones, excluded: [] }, place.path)).toBeNull();
  });
});

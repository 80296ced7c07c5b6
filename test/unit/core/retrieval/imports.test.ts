import { describe, expect, test } from 'vitest';
import { indexOf, resolveImport } from '../../../../src/core/retrieval/imports';
import { importsIn, languageOf } from '../../../../src/core/retrieval/languages';

/** What a file imports, by its lines, as files of a repository. */
function targets(path: string, text: string, files: readonly string[]): string[] {
  const language = languageOf(path);
  if (language === null) throw new Error(`nobody knows ${path}`);
  const index = indexOf([path, ...files]);
  return importsIn(language, text).flatMap(({ from }) => resolveImport(language, path, from, index));
}

describe('an import', () => {
  test.each([
    ['src/a.ts', "import { b } from './b';", 'src/b.ts'],
    ['src/a.ts', "import b from '../lib/b.js';", 'lib/b.ts'],
    ['src/a.ts', "export * from './b';", 'src/b/index.ts'],
    ['src/a.js', "const b = require('./b');", 'src/b.cjs'],
    ['src/a.js', "const b = await import('./b.mjs');", 'src/b.mjs'],
    ['packages/x/a.ts', "import '@acme/money';", 'packages/money/src/index.ts'],
    ['app/a.py', 'from .models import User', 'app/models.py'],
    ['app/a.py', 'from app.models import User', 'src/app/models.py'],
    ['app/a.py', 'import app.models', 'app/models/__init__.py'],
    ['cmd/a.go', 'import (\n\t"fmt"\n\tm "example.com/x/internal/money"\n)', 'internal/money/money.go'],
    ['A.java', 'import com.acme.Money;', 'src/main/java/com/acme/Money.java'],
    ['src/lib.rs', 'mod money;', 'src/money.rs'],
    ['src/cart/a.rs', 'use crate::money::{Cents, Round};', 'src/money/mod.rs'],
    ['src/a.c', '#include "money.h"', 'include/money.h'],
    ['src/A.cs', 'using Acme.Shop.Money;', 'src/Shop/Money/Cents.cs'],
    ['lib/a.rb', "require_relative './money'", 'lib/money.rb'],
    ['lib/a.rb', "require 'shop/money'", 'lib/shop/money.rb'],
    ['src/A.php', 'use Acme\\Shop\\Money;', 'src/Shop/Money.php'],
  ])('of %s, %j, leads to %s', (path, text, target) => {
    const manifest = 'packages/money/package.json';
    expect(targets(path, text, [target, manifest, 'zzz/unrelated.txt'])).toEqual([target]);
  });

  test('of what is outside of the repository leads to nothing', () => {
    expect(
      targets('src/a.ts', "import fs from 'node:fs'; import x from '../../../etc/passwd';", ['etc/passwd']),
    ).toEqual([]);
  });

  test('leads to three files at most, of a folder of many', () => {
    const files = Array.from({ length: 9 }, (_, at) => `pkg/money/f${at}.go`);
    expect(targets('a.go', 'import "example.com/pkg/money"', files)).toHaveLength(3);
  });
});

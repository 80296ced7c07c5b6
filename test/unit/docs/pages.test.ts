/** The pages that `npm run docs` writes are what it would write today. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES } from '../../../.scripts/docs/pages';

const ROOT = path.resolve(import.meta.dirname, '../../..');

describe('the pages made from the schemas', () => {
  it.each(PAGES.map((page) => page(ROOT)).map((page) => [page.path, page.text] as const))(
    '%s is up to date',
    (name, text) => {
      const written = fs.readFileSync(path.join(ROOT, name), 'utf8');
      expect(written === text, `${name} is not up to date: npm run docs writes it anew`).toBe(true);
    },
  );
});

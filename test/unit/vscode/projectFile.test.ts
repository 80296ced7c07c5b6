/** The project file that is offered for editing. */

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectFileText } from '../../../src/vscode/projectFile';

describe('the project file as it is offered', () => {
  test('holds each command as it was found, with where that was', () => {
    const lines = [
      { name: 'lint', line: 'ruff check .', source: 'pyproject.toml' },
      { name: 'test', line: `node --test "a: b" '#c'`, source: 'package.json script "test"' },
    ];
    const text = projectFileText(lines);
    expect(parse(text)).toEqual({ version: 1, commands: { lint: lines[0]?.line, test: lines[1]?.line } });
    expect(text).toContain('# found in package.json script "test"\n  test:');
  });

  test('a long command stays on its line', () => {
    const line = `npm run ${'word '.repeat(40)}end`;
    expect(projectFileText([{ name: 'test', line, source: 'x' }])).toContain(`  test: ${line}\n`);
  });

  test('what was found in a file with a line break in its name stays a comment', () => {
    const text = projectFileText([{ name: 'test', line: 'npm test', source: 'a\nversion: 2' }]);
    expect(parse(text)).toEqual({ version: 1, commands: { test: 'npm test' } });
  });

  test('without any it is a file that can be read, with an example in a comment', () => {
    expect(parse(projectFileText([]))).toEqual({ version: 1, commands: {} });
    expect(projectFileText([])).toMatch(/# +test: npm test/);
  });
});

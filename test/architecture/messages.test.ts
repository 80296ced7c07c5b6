/** What models, repositories and servers write comes to a notification through one module, which makes no link of it. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.resolve(__dirname, '../../src');
const ONE_WAY = path.join('vscode', 'messages.ts');
const SHOWS = /\bshow(?:Information|Warning|Error)Message\b|\bsetStatusBarMessage\b/;
const TRUSTS = /\b(?:isTrusted|supportHtml|supportThemeIcons)\s*[=:]/;

const files = fs
  .readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: fs.readFileSync(path.join(source, name), 'utf8') }));
const that = (pattern: RegExp): string[] => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

test('only one module shows notifications', () => {
  expect(that(SHOWS)).toEqual([ONE_WAY]);
});

test('no Markdown of ours may run commands, hold HTML or draw icons', () => {
  expect(that(TRUSTS)).toEqual([]);
});

/** The settings that package.json declares are those that the code reads. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json';

const SOURCE = path.resolve(import.meta.dirname, '../../../src');
const SECTION = "getConfiguration('openexec')";

const files = fs
  .readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => fs.readFileSync(path.join(SOURCE, name), 'utf8'));
const declared = Object.keys(packageJson.contributes.configuration.properties);
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);

/** What is read in the files that open this section of the settings: by VS Code's `get`, or by `read` of settings.ts. */
const read = files
  .filter((text) => text.includes(SECTION))
  .flatMap((text) => all(text, /(?:\.get|\bread)\('([\w.]+)'\)/g))
  .map((name) => `openexec.${name}`);
/** Names in what people are told about a setting. */
const told = files.flatMap((text) => all(text, /[Ss]etting (openexec\.[A-Za-z.]*[A-Za-z])/g));

describe('the settings', () => {
  it.each(declared)('%s is read by the code', (name) => {
    expect(read).toContain(name);
  });

  it('that are read or told of are all declared', () => {
    expect(read.length).toBeGreaterThan(0);
    expect([...read, ...told].filter((name) => !declared.includes(name))).toEqual([]);
  });
});

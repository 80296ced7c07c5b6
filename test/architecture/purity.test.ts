/** The lint rules that keep core pure, and promises waited for, catch what they are for. */
import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = path.resolve(__dirname, '../..');
const eslint = new ESLint({ cwd: root, overrideConfigFile: path.join(root, '.config/eslint.config.mjs') });
/** A file that is there: typed rules need one that belongs to the project. Only its name is used, not its text. */
const IN_CORE = 'src/core/kernel/result.ts';
const OUTSIDE_CORE = 'src/cli/main.ts';

async function rulesBroken(text: string, file: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

describe('core is pure', () => {
  test.each([
    ['the clock', 'export const t = Date.now();', 'no-restricted-properties'],
    ['the clock, through a date', 'export const t = new Date();', 'no-restricted-syntax'],
    ['the clock, as text', 'export const t = Date();', 'no-restricted-syntax'],
    ['randomness', 'export const r = Math.random();', 'no-restricted-properties'],
    ['the network', "export const r = () => fetch('http://127.0.0.1');", 'no-restricted-globals'],
    ['the environment', 'export const home = process.env.HOME;', 'no-restricted-globals'],
    ['timers', 'export const t = () => setTimeout(() => 1, 1);', 'no-restricted-globals'],
    ['a way round the names', 'export const t = globalThis.Date;', 'no-restricted-globals'],
  ])('%s is refused in core', async (_what, text, rule) => {
    expect(await rulesBroken(text, IN_CORE)).toEqual([rule]);
  });

  test('a date made from a given instant is allowed in core', async () => {
    expect(await rulesBroken('export const text = (ms: number) => new Date(ms).toISOString();', IN_CORE)).toEqual([]);
  });

  test('the clock is allowed outside core', async () => {
    expect(await rulesBroken('export const t = Date.now();', OUTSIDE_CORE)).toEqual([]);
  });
});

describe('promises are waited for', () => {
  test('a promise nobody waits for is refused', async () => {
    const text = 'async function f(): Promise<void> {}\nexport function g(): void { f(); }';
    expect(await rulesBroken(text, OUTSIDE_CORE)).toEqual(['@typescript-eslint/no-floating-promises']);
  });

  test('a promise where a plain value is meant is refused', async () => {
    const text =
      'async function f(): Promise<boolean> { return false; }\nexport const g = () => { if (f()) return 1; return 2; };';
    expect(await rulesBroken(text, OUTSIDE_CORE)).toEqual(['@typescript-eslint/no-misused-promises']);
  });
});

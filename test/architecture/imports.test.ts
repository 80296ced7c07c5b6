/** The import rules hold in the real tree, and each of them catches a planted violation. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(__dirname, '../..');
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const config = path.join(root, '.config/dependency-cruiser.cjs');

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** Cruises the folders of a tree; says `rule: file` for every violation. */
function cruise(tree: string, folders: readonly string[]): { modules: number; violations: string[] } {
  const args = [cruiser, '--config', config, '--output-type', 'json', ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (stdout === '') throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as Cruise;
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`).sort(),
  };
}

/** One file per planted violation: the rule that must catch it, where it is, what it says. */
const PLANTED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['core-is-pure', 'src/core/policy/reads.ts', "import fs from 'node:fs'; export const read = fs.readFileSync;"],
  [
    'core-is-pure',
    'src/core/policy/packs.ts',
    "import { createElement } from 'react'; export const p = createElement;",
  ],
  ['core-is-pure', 'src/core/run/types.ts', "import type { Shell } from '../../node/shell'; export type S = Shell;"],
  [
    'core-foundations-are-leaves',
    'src/core/kernel/up.ts',
    "import { step } from '../run/step'; export const s = step;",
  ],
  [
    'only-run-composes-core-features',
    'src/core/replay/up.ts',
    "import { step } from '../run/step'; export const s = step;",
  ],
  ['protocol-is-thin', 'src/protocol/fat.ts', "import { step } from '../core/run/step'; export const s = step;"],
  [
    'webview-sees-only-protocol',
    'webview-ui/src/deep.ts',
    "import { ok } from '../../src/core/kernel/ok'; export const o = ok;",
  ],
  ['webview-runs-in-a-browser', 'webview-ui/src/os.ts', "import os from 'node:os'; export const eol = os.EOL;"],
  [
    'vscode-api-stays-in-vscode',
    'src/node/window.ts',
    "import * as vscode from 'vscode'; export const w = vscode.window;",
  ],
  ['adapters-do-not-meet', 'src/vscode/shell.ts', "import { shell } from '../node/shell'; export const s = shell;"],
  [
    'adapters-know-no-composition-root',
    'src/node/cli.ts',
    "import { verbs } from '../cli/verbs'; export const v = verbs;",
  ],
  ['command-line-has-no-window', 'src/cli/view.ts', "import { u } from '../vscode/ui'; export const v = u;"],
  ['model-providers-are-islands', 'src/node/models/b/m.ts', "import { a } from '../a/m'; export const b = a;"],
  [
    'only-extension-imports-compose',
    'src/cli/root.ts',
    "import { compose } from '../compose'; export const c = compose;",
  ],
  [
    'only-compose-imports-its-parts',
    'src/cli/parts.ts',
    "import { runs } from '../windowRuns'; export const r = runs;",
  ],
  [
    'nothing-imports-extension',
    'src/vscode/root.ts',
    "import { activate } from '../extension'; export const a = activate;",
  ],
  ['no-circular', 'src/core/tools/a.ts', "import { b } from './b'; export const a = () => b;"],
  ['no-src-to-test', 'src/node/twin.ts', "import { twin } from '../../test/support/twin'; export const t = twin;"],
  ['no-unresolvable', 'src/node/lost.ts', "import { gone } from './gone'; export const g = gone;"],
];

/** Code that keeps every rule, and that the planted files import. */
const CLEAN: Readonly<Record<string, string>> = {
  'tsconfig.json': '{ "compilerOptions": { "module": "ESNext", "moduleResolution": "bundler", "target": "ES2023" } }',
  'src/core/kernel/ok.ts': "import { z } from 'zod'; export const ok = z.string();",
  'src/core/policy/globs.ts': "import picomatch from 'picomatch'; export const match = picomatch('*');",
  'src/core/run/step.ts': "import { ok } from '../kernel/ok'; export const step = () => ok;",
  'src/protocol/views.ts': "import { ok } from '../core/kernel/ok'; export const views = ok;",
  'src/node/shell.ts':
    "import { step } from '../core/run/step'; export interface Shell { x: 1 } export const shell = step;",
  'src/node/models/a/m.ts': "import { s } from '../shared/s'; export const a = s;",
  'src/node/models/shared/s.ts': 'export const s = 1;',
  'src/vscode/ui.ts':
    "import * as vscode from 'vscode'; import { views } from '../protocol/views'; export const u = [vscode.window, views];",
  'src/cli/verbs.ts': "import { shell } from '../node/shell'; export const verbs = { shell };",
  'src/windowRuns.ts': "import { shell } from './node/shell'; export const runs = shell;",
  'src/compose.ts':
    "import { u } from './vscode/ui'; import { runs } from './windowRuns'; export const compose = [u, runs];",
  'src/extension.ts': "import { compose } from './compose'; export const activate = () => compose;",
  'webview-ui/src/main.tsx':
    "import { views } from '../../src/protocol/views'; import { useState } from 'react'; export const m = [views, useState];",
  'test/support/twin.ts': "import { step } from '../../src/core/run/step'; export const twin = step;",
};

describe('import rules', () => {
  const folders = ['src', 'webview-ui', 'test'];
  let tree = '';

  beforeAll(() => {
    // Inside the repository, so that packages resolve to this folder's node_modules.
    fs.mkdirSync(path.join(root, 'out'), { recursive: true });
    tree = fs.mkdtempSync(path.join(root, 'out/planted-'));
    plant(CLEAN);
  });
  afterAll(() => fs.rmSync(tree, { recursive: true, force: true }));

  function plant(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      fs.writeFileSync(path.join(tree, file), `${text}\n`);
    }
  }

  test('the real tree is seen, and keeps them', () => {
    const { modules, violations } = cruise(root, ['src', 'webview-ui', 'test/unit', 'test/host/suite', 'test/support']);
    expect(modules).toBeGreaterThan(0);
    expect(violations).toEqual([]);
  });

  test('a tree that keeps them has no violation', () => {
    const { modules, violations } = cruise(tree, folders);
    expect(modules).toBeGreaterThanOrEqual(Object.keys(CLEAN).length - 1);
    expect(violations).toEqual([]);
  });

  test('each planted violation is caught, by its rule', () => {
    plant({ 'src/core/tools/b.ts': "import { a } from './a'; export const b = () => a;" });
    plant(Object.fromEntries(PLANTED.map(([, file, text]) => [file, text])));
    const { violations } = cruise(tree, folders);
    const missed = PLANTED.map(([rule, file]) => `${rule}: ${file}`).filter((wanted) => !violations.includes(wanted));
    expect(missed).toEqual([]);
  });

  test('every rule has a planted violation', () => {
    const { forbidden } = require(config) as { forbidden: readonly { readonly name: string }[] };
    const planted = new Set(PLANTED.map(([rule]) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });
});

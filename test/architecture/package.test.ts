/** The packed extension holds what runs, and nothing else. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(__dirname, '../..');
const RUNS =
  /^(dist\/[\w-]+\.(js|wasm)|dist\/blueprint\.schema\.json|dist\/webview\/[\w.-]+|(blueprints|policies|media)\/.+)$/;
const TELLS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];

function packed(): string[] {
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const { stdout, stderr, status } = spawnSync(process.execPath, [vsce, 'ls', '--no-dependencies'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((file) => file !== '');
}

test('only the bundles, the shipped blueprints and policies, media and the four texts are packed', () => {
  const files = packed();
  expect(files.filter((file) => !RUNS.test(file) && !TELLS.includes(file))).toEqual([]);
  for (const needed of [
    ...TELLS,
    'dist/blueprint.schema.json',
    'dist/extension.js',
    'dist/store-worker.js',
    'dist/sql-wasm.wasm',
    'dist/webview/main.js',
  ]) {
    expect(files).toContain(needed);
  }
});

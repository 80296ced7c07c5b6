/** The packed extension holds what runs, and nothing else. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = path.resolve(__dirname, '../..');
const RUNS =
  /^(dist\/[\w-]+\.(js|wasm)|dist\/grammars\/tree-sitter(-[\w-]+)?\.wasm|dist\/(blueprint|policy|toolset)\.schema\.json|dist\/THIRD_PARTY_NOTICES\.txt|dist\/webview\/[\w.-]+|(blueprints|policies|media)\/.+)$/;
const TELLS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'package.nls.json'];

function packed(): string[] {
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const { stdout, stderr, status } = spawnSync(process.execPath, [vsce, 'ls', '--no-dependencies'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((file) => file !== '');
}

test('only the bundles, the shipped blueprints and policies, media and the texts that tell of it are packed', () => {
  const files = packed();
  expect(files.filter((file) => !RUNS.test(file) && !TELLS.includes(file))).toEqual([]);
  for (const needed of [
    ...TELLS,
    'dist/blueprint.schema.json',
    'dist/policy.schema.json',
    'dist/toolset.schema.json',
    'dist/THIRD_PARTY_NOTICES.txt',
    'dist/extension.js',
    'dist/mcp-sdk.js',
    'dist/anthropic.js',
    'dist/openai.js',
    'dist/tokens.js',
    'dist/undici.js',
    'dist/store-worker.js',
    'dist/sql-wasm.wasm',
    'dist/gatekeeper-worker.js',
    'dist/ort-wasm-simd.wasm',
    'dist/grammars/tree-sitter.wasm',
    'media/gatekeeper/config.json',
    'media/gatekeeper/labels.json',
    'media/gatekeeper/onnx/model_quantized.onnx',
    'dist/webview/main.js',
  ]) {
    expect(files).toContain(needed);
  }
});

test('the licences of all that is bundled are packed', () => {
  const notices = fs.readFileSync(path.join(root, 'dist/THIRD_PARTY_NOTICES.txt'), 'utf8');
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')));
  for (const [name, version] of Object.entries(dependencies)) expect(notices).toContain(`\n${name} ${version} (`);
  for (const title of notices.matchAll(/^=+\n(.*)\n=+\n\n(.*)/gm))
    expect([title[1], title[2] !== '']).toEqual([title[1], true]);
});

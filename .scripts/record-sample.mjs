/**
 * `npm run record:sample`: plays the sample's stories against the real engine and tools and writes the cassettes, or only
 * those of the blueprints that are named. Needed after every change of what a model sees: prompts, goals, tools, context,
 * reports, the sample's own files.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';

const outfile = path.join(root, 'out/record-sample.mjs');
mkdirSync(path.join(root, 'test/fixtures/sample-repo/.openexec/cassettes'), { recursive: true });
// sample-workspace.mjs finds the fixture from its own place, so it stays a module of its own.
await build({
  entryPoints: [path.join(root, 'test/support/recordSample.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
  // CommonJS packages inside the bundle call require.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  // The runtime of tree-sitter finds its own files from its own place.
  external: ['@vscode/tree-sitter-wasm'],
  plugins: [
    {
      name: 'keep-sample-workspace',
      setup({ onResolve }) {
        onResolve({ filter: /sample-workspace\.mjs$/ }, () => ({
          path: path.join(root, 'test/support/sample-workspace.mjs'),
          external: true,
        }));
      },
    },
  ],
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
rmSync(outfile);
process.exit(status ?? 1);

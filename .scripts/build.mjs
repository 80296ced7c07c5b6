#!/usr/bin/env node
/**
 * Bundles what ships: dist/extension.js, dist/cli.js, dist/store-worker.js, dist/webview/main.{js,css} and sql.js's wasm file;
 * writes dist/blueprint.schema.json, the schema of blueprints for YAML editors. blueprints/ and policies/ ship as they are. A warning of esbuild is an error here: it usually means a broken bundle.
 * `--metafile` also writes out/meta/<bundle>.json, for esbuild's bundle analyser.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';

const dist = path.join(root, 'dist');
const withMetafile = process.argv.includes('--metafile');

const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  metafile: withMetafile,
  sourcemap: false,
  tsconfig: path.join(root, 'tsconfig.json'),
};
const onNode = { ...common, platform: 'node', format: 'cjs', target: 'node20', legalComments: 'eof' };

const bundles = [
  {
    ...onNode,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    // VS Code logs an error for every extension that merely looks for a browser's navigator, as zod does.
    define: { navigator: 'undefined' },
  },
  { ...onNode, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  { ...onNode, entryPoints: ['src/node/store/worker/main.ts'], outfile: 'dist/store-worker.js' },
  {
    ...common,
    entryPoints: { main: 'webview-ui/src/main.tsx' },
    outdir: 'dist/webview',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    define: { 'process.env.NODE_ENV': '"production"' },
  },
];

/** The bundles under dist/; the packed .vsix there is left alone, for packing replaces it whole. */
const PRODUCTS = [
  'extension.js',
  'cli.js',
  'store-worker.js',
  'webview/main.js',
  'webview/main.css',
  'sql-wasm.wasm',
  'blueprint.schema.json',
];

async function main() {
  fs.rmSync(path.join(dist, 'webview'), { recursive: true, force: true });
  for (const product of PRODUCTS) fs.rmSync(path.join(dist, product), { force: true });
  const results = await Promise.all(bundles.map((options) => build(options)));
  if (results.some((result) => result.warnings.length > 0)) throw new Error('esbuild gave warnings (above)');
  fs.copyFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), path.join(dist, 'sql-wasm.wasm'));
  fs.chmodSync(path.join(dist, 'cli.js'), 0o755);
  fs.writeFileSync(path.join(dist, 'blueprint.schema.json'), await blueprintSchema());
  const missing = PRODUCTS.filter((product) => !fs.existsSync(path.join(dist, product)));
  if (missing.length > 0) throw new Error(`the build did not make ${missing.join(', ')}`);
  if (withMetafile) writeMetafiles(results);
  const sizes = PRODUCTS.map((p) => `${p} ${Math.ceil(fs.statSync(path.join(dist, p)).size / 1024)} kB`);
  console.log(`built dist: ${sizes.join(', ')}`);
}

/** The JSON schema as the source makes it: bundled, evaluated, and written down. */
async function blueprintSchema() {
  const { outputFiles } = await build({
    ...common,
    metafile: false,
    entryPoints: ['src/core/blueprint/jsonSchema.ts'],
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { blueprintJsonSchema } = await import(`data:text/javascript;base64,${code}`);
  return `${JSON.stringify(blueprintJsonSchema(), null, 2)}\n`;
}

function writeMetafiles(results) {
  const folder = path.join(root, 'out/meta');
  fs.mkdirSync(folder, { recursive: true });
  for (const [i, result] of results.entries()) {
    const name = path.basename(bundles[i].outfile ?? bundles[i].outdir, '.js');
    fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(result.metafile));
  }
}

main().catch((error) => {
  // esbuild has printed its own messages with file and line; anything else is said here.
  if (error.errors === undefined) console.error(`build: ${error.message}`);
  else console.error(`build: ${error.errors.length} error(s) above`);
  process.exit(1);
});

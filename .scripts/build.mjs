#!/usr/bin/env node
/**
 * Bundles what ships: dist/extension.js, dist/cli.js, dist/store-worker.js, dist/gatekeeper-worker.js, dist/mcp-sdk.js, dist/otel.js, dist/{anthropic,openai,tokens,undici}.js, dist/webview/main.{js,css} and the wasm files of sql.js, onnxruntime and tree-sitter;
 * writes dist/{blueprint,policy,toolset}.schema.json, the schemas of these files for YAML editors. blueprints/ and policies/ ship as they are. A warning of esbuild is an error here: it usually means a broken bundle.
 * `--metafile` also writes out/meta/<bundle>.json, for esbuild's bundle analyser.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { noticesOf } from './lib/notices.mjs';
import { onOnnxruntime, WASM } from './lib/onnxruntime.mjs';
import { root } from './lib/paths.mjs';
import { onTreeSitter } from './lib/tree-sitter.mjs';
import { onlyEnglish } from './lib/zod-locales.mjs';

const dist = path.join(root, 'dist');
const withMetafile = process.argv.includes('--metafile');

const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  metafile: true,
  sourcemap: false,
  tsconfig: path.join(root, 'tsconfig.json'),
};
const onNode = { ...common, platform: 'node', format: 'cjs', target: 'node20', legalComments: 'eof' };

/** The MCP SDK and OpenTelemetry lie beside the bundles, which load them only when there is a server to speak with. */
const SDKS = { './sdk': 'mcp-sdk', './otel': 'otel' };
const sdkApart = {
  name: 'sdk-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[.]\/(sdk|otel)$/ }, ({ kind, path: name }) =>
      kind === 'dynamic-import' ? { path: `./${SDKS[name]}.js`, external: true } : null,
    ),
};
/** What requests to models go over lies beside the bundles as well: a window that asks no model does not even read it. */
const MODEL_PACKAGES = {
  '@anthropic-ai/sdk': 'anthropic',
  openai: 'openai',
  undici: 'undici',
  'gpt-tokenizer/encoding/o200k_base': 'tokens',
};
const modelPackagesApart = {
  name: 'model-packages-apart',
  setup: ({ onResolve }) =>
    onResolve(
      { filter: /^(@anthropic-ai\/sdk|openai|undici|gpt-tokenizer\/encoding\/o200k_base)$/ },
      ({ kind, path: name }) =>
        kind === 'dynamic-import' ? { path: `./${MODEL_PACKAGES[name]}.js`, external: true } : null,
    ),
};
/** As a require: the extension host does not let a bundle import. */
const loadsSdk = {
  plugins: [sdkApart, modelPackagesApart, onTreeSitter, onlyEnglish],
  supported: { 'dynamic-import': false },
};

const bundles = [
  {
    ...onNode,
    ...loadsSdk,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    // VS Code logs an error for every extension that merely looks for a browser's navigator, as zod does.
    define: { navigator: 'undefined' },
  },
  {
    ...onNode,
    ...loadsSdk,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  { ...onNode, entryPoints: ['src/node/mcp/sdk.ts'], outfile: 'dist/mcp-sdk.js' },
  { ...onNode, entryPoints: ['src/node/traces/otel.ts'], outfile: 'dist/otel.js', minify: true },
  ...Object.entries(MODEL_PACKAGES).map(([name, file]) => ({
    ...onNode,
    stdin: { contents: `module.exports = require('${name}');`, resolveDir: root },
    outfile: `dist/${file}.js`,
  })),
  { ...onNode, entryPoints: ['src/node/store/worker/main.ts'], outfile: 'dist/store-worker.js' },
  {
    ...onNode,
    ...onOnnxruntime,
    entryPoints: ['src/node/gatekeeper/worker/main.ts'],
    outfile: 'dist/gatekeeper-worker.js',
  },
  {
    ...common,
    plugins: [onlyEnglish],
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

/** The grammars of tree-sitter that come with it, one for each language of src/core/retrieval/languages.ts. */
const GRAMMARS = [
  'tree-sitter.wasm',
  ...'javascript typescript tsx python go java rust cpp c-sharp ruby php'
    .split(' ')
    .map((language) => `tree-sitter-${language}.wasm`),
];

const NOTICES = 'THIRD_PARTY_NOTICES.txt';

/** The bundles under dist/; the packed .vsix there is left alone, for packing replaces it whole. */
const PRODUCTS = [
  'extension.js',
  'cli.js',
  'store-worker.js',
  'gatekeeper-worker.js',
  'mcp-sdk.js',
  'otel.js',
  ...Object.values(MODEL_PACKAGES).map((file) => `${file}.js`),
  'webview/main.js',
  'webview/main.css',
  'sql-wasm.wasm',
  WASM.name,
  ...GRAMMARS.map((name) => `grammars/${name}`),
  'blueprint.schema.json',
  'policy.schema.json',
  'toolset.schema.json',
];

/** What makes the JSON schema of each file that people write. */
const SCHEMAS = [
  ['blueprint', 'src/core/blueprint/jsonSchema.ts', 'blueprintJsonSchema'],
  ['policy', 'src/core/policy/jsonSchema.ts', 'policyJsonSchema'],
  ['toolset', 'src/core/policy/jsonSchema.ts', 'toolsetJsonSchema'],
];

async function main() {
  fs.rmSync(path.join(dist, 'webview'), { recursive: true, force: true });
  for (const product of PRODUCTS) fs.rmSync(path.join(dist, product), { force: true });
  const results = await Promise.all(bundles.map((options) => build(options)));
  if (results.some((result) => result.warnings.length > 0)) throw new Error('esbuild gave warnings (above)');
  fs.copyFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), path.join(dist, 'sql-wasm.wasm'));
  fs.mkdirSync(path.join(dist, 'grammars'), { recursive: true });
  for (const name of GRAMMARS)
    fs.copyFileSync(
      path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm', name),
      path.join(dist, 'grammars', name),
    );
  fs.copyFileSync(WASM.from, path.join(dist, WASM.name));
  fs.chmodSync(path.join(dist, 'cli.js'), 0o755);
  for (const [what, source, name] of SCHEMAS)
    fs.writeFileSync(path.join(dist, `${what}.schema.json`), await schemaText(source, name));
  const missing = PRODUCTS.filter((product) => !fs.existsSync(path.join(dist, product)));
  if (missing.length > 0) throw new Error(`the build did not make ${missing.join(', ')}`);
  if (withMetafile) writeMetafiles(results);
  fs.writeFileSync(path.join(dist, NOTICES), noticesOf(results.map(({ metafile }) => metafile)));
  const sizes = PRODUCTS.map((p) => `${p} ${Math.ceil(fs.statSync(path.join(dist, p)).size / 1024)} kB`);
  console.log(`built dist: ${sizes.join(', ')}`);
}

/** A JSON schema as the source makes it: bundled, evaluated, and written down. */
async function schemaText(source, name) {
  const { outputFiles } = await build({
    ...common,
    metafile: false,
    entryPoints: [source],
    platform: 'node',
    format: 'esm',
    write: false,
    // picomatch asks for node's path through a require of its own.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(process.execPath);" },
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const made = await import(`data:text/javascript;base64,${code}`);
  return `${JSON.stringify(made[name](), null, 2)}\n`;
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

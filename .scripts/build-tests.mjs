#!/usr/bin/env node
/** Bundles the mocha suite that runs inside the extension host: test/host/suite/*.ts to out/test/host/*.js (CommonJS). */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';

const suite = path.join(root, 'test/host/suite');
const outdir = path.join(root, 'out/test/host');

fs.rmSync(outdir, { recursive: true, force: true });
const entryPoints = fs
  .readdirSync(suite)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => path.join(suite, name));
try {
  const result = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', '@vscode/test-electron'],
    logLevel: 'warning',
    tsconfig: path.join(root, 'tsconfig.json'),
  });
  if (result.warnings.length > 0) throw new Error('esbuild gave warnings (above)');
  console.log(`built out/test/host: ${entryPoints.length} files`);
} catch (error) {
  console.error(`build-tests: ${error.errors === undefined ? error.message : `${error.errors.length} error(s) above`}`);
  process.exit(1);
}

#!/usr/bin/env node
/** Packs dist/openexec.vsix from what is built. The bundles hold every dependency, so none is packed; .vscodeignore says what is. */
import fs from 'node:fs';
import path from 'node:path';
import { root, vsixPath } from './lib/paths.mjs';
import { tool } from './lib/run.mjs';

if (!fs.existsSync(path.join(root, 'dist/extension.js'))) {
  console.error('package: dist/extension.js is missing; run `npm run build` first');
  process.exit(1);
}
fs.rmSync(vsixPath, { force: true });
const { code, output } = await tool('@vscode/vsce', 'vsce', ['package', '--no-dependencies', '--out', vsixPath], {
  quiet: true,
});
if (code === 0) console.log(`packed dist/openexec.vsix, ${Math.ceil(fs.statSync(vsixPath).size / 1024)} kB`);
else console.error(output);
process.exit(code);

#!/usr/bin/env node
/** `npm run eval:gatekeeper`: measures the gatekeeper's local model and its rules (.gatekeeper/eval). */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { runBundled } from './lib/bundled.mjs';
import { onOnnxruntime, WASM } from './lib/onnxruntime.mjs';
import { root } from './lib/paths.mjs';

/** The model's worker as it ships, with its wasm beside it. */
async function withWorker(folder) {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/node/gatekeeper/worker/main.ts'],
    outfile: path.join(folder, 'gatekeeper-worker.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    ...onOnnxruntime,
  });
  fs.copyFileSync(WASM.from, path.join(folder, WASM.name));
}

process.exitCode = await runBundled('.gatekeeper/eval/main.ts', [root, ...process.argv.slice(2)], withWorker);

#!/usr/bin/env node
/**
 * `npm run bench`: measures store, verification, replay, decisions, the local model, the timeline and the extension in its host (test/bench) and prints the table; exits with 1 when a limit is
 * broken. `--write` puts the table into test/bench/README.md. Figures mean something on a machine that does nothing else.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { extensionRows } from '../test/bench/extension.mjs';
import { THEMES } from '../test/support/themes.mjs';
import { ensureBrowser } from './lib/browser.mjs';
import { hostNode } from './lib/host-node.mjs';
import { onOnnxruntime, WASM } from './lib/onnxruntime.mjs';
import { root } from './lib/paths.mjs';

const readme = path.join(root, 'test/bench/README.md');
const sqliteNode = hostNode();
if (sqliteNode === null) {
  console.error('bench: node:sqlite needs Node 22 or newer; run `npm test` once, or set HOST_NODE to one');
  process.exit(1);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openexec-bench-'));
try {
  const rows = [...(await measure()), ...(await measureWebview()), ...(await extensionRows())];
  const table = tableOf(rows);
  console.log(table);
  if (process.argv.includes('--write')) {
    const text = fs.readFileSync(readme, 'utf8');
    fs.writeFileSync(readme, text.replace(/(<!-- table -->\n)[\s\S]*(\n<!-- \/table -->)/, `$1\n${table}$2`));
  }
  process.exitCode = rows.every((row) => row.kept) ? 0 : 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const bundle = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', absWorkingDir: root };
  const program = path.join(folder, 'bench.mjs');
  const worker = path.join(folder, 'store-worker.js');
  // A bundle of modules has no `require` and no `__filename`, which some of the packages in it ask for.
  const banner = {
    js:
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" +
      'const __filename = process.argv[1];',
  };
  await build({ ...bundle, entryPoints: ['test/bench/bench.ts'], outfile: program, format: 'esm', banner });
  await build({ ...bundle, entryPoints: ['src/node/store/worker/main.ts'], outfile: worker, format: 'cjs' });
  const gatekeeper = {
    entryPoints: ['src/node/gatekeeper/worker/main.ts'],
    outfile: path.join(folder, 'gatekeeper-worker.js'),
  };
  await build({ ...bundle, ...onOnnxruntime, ...gatekeeper, format: 'cjs' });
  fs.copyFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm'));
  fs.copyFileSync(WASM.from, path.join(folder, WASM.name));
  const args = ['--expose-gc', program, folder, worker, sqliteNode, path.join(root, 'test/bench/sqlitePeer.mjs')];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('bench: the measurement failed (see above)');
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** The timeline in a browser, beside Playwright's trace viewer; what is measured is what ships. */
async function measureWebview() {
  const browser = await ensureBrowser();
  spawnSync(process.execPath, [path.join(root, '.scripts/build.mjs')], { stdio: 'inherit' });
  const bundle = { bundle: true, logLevel: 'warning', absWorkingDir: root };
  const page = path.join(folder, 'page.js');
  const program = path.join(folder, 'rows.mjs');
  await build({ ...bundle, entryPoints: ['test/bench/webview/page.ts'], outfile: page, format: 'iife' });
  await build({
    ...bundle,
    platform: 'node',
    format: 'esm',
    entryPoints: ['test/bench/webview/rows.ts'],
    outfile: program,
  });
  const { status, stdout } = spawnSync(process.execPath, [program, root, page, THEMES.dark], {
    encoding: 'utf8',
    env: { ...process.env, CHROMIUM: browser },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('bench: the measurement of the timeline failed (see above)');
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

function tableOf(rows) {
  const cpus = os.cpus();
  const load = os.loadavg().map((value) => value.toFixed(1));
  const peer = spawnSync(sqliteNode, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return [
    '| what | measured | limit | kept |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.what} | ${row.measured} | ${row.limit} | ${row.kept ? 'yes' : '**no**'} |`),
    '',
    `${new Date().toISOString().slice(0, 10)}, ${os.platform()} ${os.arch()}, ${cpus.length} × ${cpus[0]?.model ?? 'unknown'}, Node ` +
      `${process.versions.node} (node:sqlite: Node ${peer.slice(1)}); load average at the end ${load.join(', ')}.`,
    '',
  ].join('\n');
}

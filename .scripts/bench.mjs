#!/usr/bin/env node
/**
 * `npm run bench`: measures store, verification and replay (test/bench) and prints the table; exits with 1 when a limit is
 * broken. `--write` puts the table into test/bench/README.md. Figures mean something on a machine that does nothing else.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { hostNode } from './lib/host-node.mjs';
import { root } from './lib/paths.mjs';

const readme = path.join(root, 'test/bench/README.md');
const sqliteNode = hostNode();
if (sqliteNode === null) {
  console.error('bench: node:sqlite needs Node 22 or newer; run `npm test` once, or set HOST_NODE to one');
  process.exit(1);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openexec-bench-'));
try {
  const rows = await measure();
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
  // A bundle of modules has no `require`, which some of the packages in it ask for.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ ...bundle, entryPoints: ['test/bench/bench.ts'], outfile: program, format: 'esm', banner });
  await build({ ...bundle, entryPoints: ['src/node/store/worker/main.ts'], outfile: worker, format: 'cjs' });
  fs.copyFileSync(path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm'));
  const args = ['--expose-gc', program, folder, worker, sqliteNode, path.join(root, 'test/bench/sqlitePeer.mjs')];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('bench: the measurement failed (see above)');
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

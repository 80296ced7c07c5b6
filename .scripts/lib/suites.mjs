/**
 * The test suites, in the order `npm test` runs them. Each is given the tools of this machine (`{ browser }`, a path or null),
 * prints as it goes, and returns its tally.
 */
import fs from 'node:fs';
import path from 'node:path';
import { makeSampleWorkspace, removeSampleWorkspace } from '../../test/support/sample-workspace.mjs';
import { hostNode } from './host-node.mjs';
import { hostDir, reportsDir, root } from './paths.mjs';
import { build, buildHostSuite, pack } from './product.mjs';
import { run, tool } from './run.mjs';
import { declaredIn, ofMocha, ofVitest, step, sum } from './tally.mjs';

/** Each is one test: it passes when its program is content. */
const CHECKS = [
  ['format and lint', () => tool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])],
  [
    'promises and purity',
    () => tool('eslint', 'eslint', ['--config', '.config/eslint.config.mjs', '--max-warnings', '0', '.']),
  ],
  ['types', () => tool('typescript', 'tsc', ['--noEmit', '-p', '.'])],
  ['import rules', importRules],
  ['dead code', () => tool('knip', 'knip', ['--config', '.config/knip.jsonc', '--no-progress'])],
  [
    'code only tests call',
    () => tool('knip', 'knip', ['--config', '.config/knip.jsonc', '--no-progress', '--production']),
  ],
];

async function statics() {
  const tallies = [];
  for (const [name, check] of CHECKS) {
    const { code } = await check();
    console.log(`${code === 0 ? 'ok' : 'FAILED'} ${name}`);
    tallies.push(step(code === 0));
  }
  return sum(tallies);
}

/** dependency-cruiser says it is content with a tree in which it saw nothing, as with a TypeScript it does not know. */
async function importRules() {
  const args = ['--config', '.config/dependency-cruiser.cjs', 'src', 'webview-ui', 'test'];
  const result = await tool('dependency-cruiser', 'depcruise', args, { capture: true });
  const modules = Number(/(\d+) modules/.exec(result.output)?.[1] ?? 0);
  if (modules > 0) return result;
  console.error('dependency-cruiser saw no modules at all');
  return { ...result, code: 1 };
}

async function unit() {
  return vitest('unit', 'test/vitest.config.ts');
}

/** The proofs of test/proof with many more cases; takes the better part of an hour. OPENEXEC_SEED draws other ones. */
async function long() {
  return vitest('long', 'test/vitest.config.ts', { OPENEXEC_LONG: '1' }, ['test/proof/']);
}

async function host({ browser }) {
  if (hostNode() === null || browser === null) return skipped('host', path.join(hostDir, 'suite'));
  if (!(await buildHostSuite())) return step(false);
  const report = fresh('host');
  const env = { OPENEXEC_MOCHA_REPORT: report, CHROMIUM: browser };
  const { code } = await run(process.execPath, [path.join(hostDir, 'run-suite.mjs')], { cwd: root, env });
  return ofMocha(report, code);
}

async function endToEnd({ browser }) {
  const folder = path.join(root, 'test/e2e');
  if (hostNode() === null || browser === null) return skipped('e2e', folder);
  if (!(await pack())) return step(false);
  return vitest('e2e', 'test/e2e/vitest.config.ts', { CHROMIUM: browser });
}

/** The mocha suite under a desktop VS Code: an installed one (VSCODE_EXECUTABLE), or one that is downloaded. */
async function electron() {
  if (!(await buildHostSuite())) return step(false);
  const report = fresh('electron');
  const workspace = makeSampleWorkspace();
  const program = path.join(root, 'out/test/host/runElectron.js');
  const { code } = await run(process.execPath, [program, workspace], {
    cwd: root,
    env: { OPENEXEC_MOCHA_REPORT: report },
  });
  removeSampleWorkspace(workspace);
  return ofMocha(report, code);
}

/** The suites by name. `long` and `electron` run only when they are asked for: one takes long, one may download a VS Code. */
export const SUITES = {
  build: async () => step(await build()),
  static: statics,
  unit,
  long,
  host,
  e2e: endToEnd,
  electron,
};
export const DEFAULT_SUITES = ['build', 'static', 'unit', 'host', 'e2e'];

async function vitest(name, config, env = {}, only = []) {
  const report = fresh(name);
  const args = [
    'run',
    ...only,
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  // Vite warns that a .ts configuration is not loaded as an ES module; here it need not be.
  const { code } = await tool('vitest', 'vitest', args, { env: { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', ...env } });
  return ofVitest(report, code);
}

function fresh(name) {
  fs.mkdirSync(reportsDir, { recursive: true });
  const report = path.join(reportsDir, `${name}.json`);
  fs.rmSync(report, { force: true });
  return report;
}

function skipped(name, folder) {
  const count = declaredIn(folder);
  const why = hostNode() === null ? 'no Node that can run the VS Code server' : 'no browser';
  console.log(`SKIPPED ${count} ${name} tests: ${why}`);
  return { passed: 0, failed: 0, skipped: count };
}

#!/usr/bin/env node
/**
 * `npm run demo`: the sample run without a window. Installs and builds what is missing, runs the quick_fix blueprint on a fresh
 * copy of the sample project with the recorded model, then verifies the record and replays it. Fails when one of them does.
 */
import fs from 'node:fs';
import path from 'node:path';
import { makeSampleWorkspace, removeSampleWorkspace } from '../test/support/sample-workspace.mjs';
import { checkTools, ensureRoot, fail } from './lib/install.mjs';
import { cliPath } from './lib/paths.mjs';
import { build } from './lib/product.mjs';
import { run } from './lib/run.mjs';

checkTools();
await ensureRoot();
if (!(await build())) fail('the command line could not be built (above)');

const workspace = makeSampleWorkspace();
process.on('exit', () => removeSampleWorkspace(workspace)); // however it ends
process.exit(await demo());

/** The exit code of the first verb that fails, else 0. */
async function demo() {
  const task = fs.readFileSync(path.join(workspace, '.openexec/sample-task.txt'), 'utf8').trim();
  const settings = ['--model', 'recorded:sample', '--approve', 'all', '--apply', 'worktree'];
  const ran = await openexec('run', '--workspace', workspace, '--blueprint', 'quick_fix', '--task', task, ...settings);
  if (ran !== 0) return ran;
  const runId = await onlyRun();
  for (const verb of ['verify', 'replay']) {
    const code = await openexec(verb, runId);
    if (code !== 0) return code;
  }
  return 0;
}

async function openexec(...args) {
  const shown = args.map((arg) => (/[^\w:./-]/.test(arg) ? JSON.stringify(arg) : arg));
  console.log(`\n$ openexec ${shown.join(' ')}`);
  const { code } = await run(process.execPath, [cliPath, ...args], { cwd: workspace });
  return code;
}

async function onlyRun() {
  const listed = await run(process.execPath, [cliPath, 'runs', '--json'], { cwd: workspace, quiet: true });
  if (listed.code !== 0) fail(`the runs could not be listed:\n${listed.output}`);
  return JSON.parse(listed.stdout)[0].runId;
}

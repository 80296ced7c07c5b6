#!/usr/bin/env node
/**
 * `npm run record:run`: plays the sample with the recorded model and writes the evidence bundle that ships with the extension,
 * media/sample-run.zip (“Open Sample Run”). Needed when the engine or the events change in a way that people should see.
 */
import fs from 'node:fs';
import path from 'node:path';
import { makeSampleWorkspace, removeSampleWorkspace } from '../test/support/sample-workspace.mjs';
import { checkTools, ensureRoot, fail } from './lib/install.mjs';
import { cliPath, root } from './lib/paths.mjs';
import { build } from './lib/product.mjs';
import { run } from './lib/run.mjs';

checkTools();
await ensureRoot();
if (!(await build())) fail('the command line could not be built (above)');

const workspace = makeSampleWorkspace();
process.on('exit', () => removeSampleWorkspace(workspace)); // however it ends
const task = fs.readFileSync(path.join(workspace, '.openexec/sample-task.txt'), 'utf8').trim();
const settings = ['--model', 'recorded:sample', '--approve', 'all', '--apply', 'worktree'];
await openexec('run', '--workspace', workspace, '--blueprint', 'quick_fix', '--task', task, ...settings);
const [runId = ''] = fs.readdirSync(path.join(workspace, '.openexec/store/runs'));
const file = path.join(root, 'media/sample-run.zip');
fs.rmSync(file, { force: true });
await openexec('export', runId, '--out', file);
await openexec('verify', file);

async function openexec(...args) {
  const { code } = await run(process.execPath, [cliPath, ...args], { cwd: workspace });
  if (code !== 0) fail(`openexec ${args[0]} ended with ${code} (above)`);
}

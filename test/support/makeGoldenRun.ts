/**
 * Makes what test/replay and test/golden compare with, out of one real run of the sample through dist/cli.js:
 *
 *   node .scripts/build.mjs
 *   npx esbuild test/support/makeGoldenRun.ts --bundle --platform=node --format=cjs --outfile=out/makeGoldenRun.cjs
 *   node out/makeGoldenRun.cjs text        writes test/golden/sample-run.txt, after a change that was meant
 *   node out/makeGoldenRun.cjs record v2   keeps the run as test/replay/recorded/v2, once for each version of the engine
 *
 * A version that is kept already is never written again: that old runs replay is the very thing that is tested.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunEvent } from '../../src/core/events/schema';
import { goldenText } from './goldenText';

/** The script is run from the root of the repository. */
const ROOT = process.cwd();
const SAMPLE = path.join(ROOT, 'test/fixtures/sample-repo');

async function main([what, version = '']: readonly string[]): Promise<void> {
  const target = path.join(ROOT, 'test/replay/recorded', version);
  if (what !== 'text' && (what !== 'record' || !/^v\d+$/.test(version))) throw new Error('say: text, or record vN');
  if (what === 'record' && fs.existsSync(target)) throw new Error(`${target} is kept already`);
  // Loaded by path, for it finds the fixture from its own place.
  const { makeSampleWorkspace, removeSampleWorkspace } = (await import(
    path.join(ROOT, 'test/support/sample-workspace.mjs')
  )) as typeof import('./sample-workspace.mjs');
  const workspace = makeSampleWorkspace();
  const store = fs.mkdtempSync(path.join(os.tmpdir(), 'openexec-golden-'));
  try {
    const run = runSample(workspace, store);
    const journal = path.join(store, 'runs', run, 'journal.jsonl');
    if (what === 'text') {
      const lines = fs.readFileSync(journal, 'utf8').trimEnd().split('\n');
      const events = lines.map((line) => JSON.parse(line) as RunEvent);
      fs.writeFileSync(path.join(ROOT, 'test/golden/sample-run.txt'), goldenText(events));
      return;
    }
    fs.mkdirSync(target, { recursive: true });
    fs.copyFileSync(journal, path.join(target, 'journal.jsonl'));
    fs.cpSync(path.join(store, 'blobs'), path.join(target, 'blobs'), { recursive: true });
  } finally {
    removeSampleWorkspace(workspace);
    fs.rmSync(store, { recursive: true, force: true });
  }
}

function runSample(workspace: string, store: string): string {
  const task = fs.readFileSync(path.join(SAMPLE, '.openexec/sample-task.txt'), 'utf8').trim();
  const args = ['run', '--workspace', workspace, '--store', store, '--blueprint', 'quick_fix', '--task', task];
  const cli = path.join(ROOT, 'dist/cli.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, ...args, '--approve', 'all', '--apply', 'none', '--json'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the sample run failed:\n${stderr}`);
  return (JSON.parse(stdout) as { runId: string }).runId;
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`makeGoldenRun: ${error.message}`);
  process.exitCode = 1;
});

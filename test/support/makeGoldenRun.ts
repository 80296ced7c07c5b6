/**
 * Makes what test/replay and test/golden compare with, out of one real run of the sample through dist/cli.js:
 *
 *   node .scripts/build.mjs
 *   npx esbuild test/support/makeGoldenRun.ts --bundle --platform=node --format=cjs --outfile=out/makeGoldenRun.cjs
 *   node out/makeGoldenRun.cjs text        writes test/golden/sample-run.txt, after a change that was meant
 *   node out/makeGoldenRun.cjs record v3   keeps a run that is killed and resumed on its way as test/replay/recorded/v3,
 *                                          once for each version of the engine
 *
 * A version that is kept already is never written again: that old runs replay is the very thing that is tested.
 */
import { spawn, spawnSync } from 'node:child_process';
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
    const run = what === 'record' ? await killedAndResumed(workspace, store) : runSample(workspace, store);
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

function argumentsFor(workspace: string, store: string): string[] {
  const task = fs.readFileSync(path.join(SAMPLE, '.openexec/sample-task.txt'), 'utf8').trim();
  const args = ['run', '--workspace', workspace, '--store', store, '--blueprint', 'quick_fix', '--task', task];
  return [path.join(ROOT, 'dist/cli.js'), ...args, '--approve', 'all', '--apply', 'none', '--json'];
}

function runToEnd(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the sample run failed:\n${stderr}`);
  return (JSON.parse(stdout) as { runId: string }).runId;
}

const runSample = (workspace: string, store: string): string => runToEnd(argumentsFor(workspace, store));

/** Lines of progress after which the run is killed: in the middle of the work. */
const KILLED_AFTER = 30;

async function killedAndResumed(workspace: string, store: string): Promise<string> {
  const child = spawn(process.execPath, argumentsFor(workspace, store), { stdio: ['ignore', 'ignore', 'pipe'] });
  let lines = 0;
  child.stderr.on('data', (piece: Buffer) => {
    lines += piece.toString('utf8').split('\n').length - 1;
    if (lines >= KILLED_AFTER) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  const [run = ''] = fs.readdirSync(path.join(store, 'runs'));
  const resume = ['resume', run, '--workspace', workspace, '--store', store, '--in-doubt', 'repeat'];
  return runToEnd([path.join(ROOT, 'dist/cli.js'), ...resume, '--approve', 'all', '--apply', 'none', '--json']);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`makeGoldenRun: ${error.message}`);
  process.exitCode = 1;
});

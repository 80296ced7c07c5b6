/** The command line as people run it: dist/cli.js in a process of its own, on copies of the sample. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/core/events/schema';
import { makeSampleWorkspace, removeSampleWorkspace, type SampleWorkspaceOptions } from './sample-workspace.mjs';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const CLI = path.join(REPOSITORY, 'dist/cli.js');

/** The task that the sample's recording answers. */
export const SAMPLE_TASK = fs
  .readFileSync(path.join(REPOSITORY, 'test/fixtures/sample-repo/.openexec/sample-task.txt'), 'utf8')
  .trim();

export type CliEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CliOptions = {
  readonly cwd?: string;
  /** Added to, and put over, the little that is passed on of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for node itself. */
  readonly node?: readonly string[];
};

/** Starts the command line without a terminal; `end` resolves when it has ended and its output is complete. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): { child: ChildProcess; end: Promise<CliEnd> } {
  const { PATH = '', HOME = '', TMPDIR = os.tmpdir() } = process.env;
  const child = spawn(process.execPath, [...(options.node ?? []), CLI, ...args], {
    cwd: options.cwd ?? os.tmpdir(),
    env: { PATH, HOME, TMPDIR, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const problems: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => problems.push(piece));
  const end = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const [stdout, stderr] = [out, problems].map((pieces) => Buffer.concat(pieces).toString('utf8'));
      resolve({ code, signal, stdout: stdout ?? '', stderr: stderr ?? '' });
    });
  });
  return { child, end };
}

/** Runs the command line to its end. */
export const cli = (args: readonly string[], options: CliOptions = {}): Promise<CliEnd> => startCli(args, options).end;

/** The one JSON document on standard output; fails when there is anything else. */
export function jsonOf<T = Record<string, unknown>>({ stdout, stderr }: CliEnd): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`standard output is not one JSON document:\n${stdout.slice(0, 400)}\n${stderr.slice(-2000)}`);
  }
}

/** Expects a refusal: the exit code, nothing on standard output, one line on standard error that says the words. */
export function expectRefusal(end: CliEnd, code: number, words: RegExp): void {
  expect({ code: end.code, stdout: end.stdout }, end.stderr).toEqual({ code, stdout: '' });
  expect(end.stderr).toMatch(/^openexec: [^\n]+\n$/);
  expect(end.stderr).toMatch(words);
}

/** A new folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oe-cli-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A copy of the sample that is gone after the test, with more or other files in its work tree. */
export function sampleFolder(files: Readonly<Record<string, string>> = {}, options?: SampleWorkspaceOptions): string {
  const folder = makeSampleWorkspace(options);
  onTestFinished(() => removeSampleWorkspace(folder));
  for (const [name, text] of Object.entries(files)) writeIn(folder, name, text);
  return folder;
}

/** Writes a file below a folder, its folders too. */
export function writeIn(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** A blueprint file's text out of its nodes, the first of which is the start. */
export function blueprint(id: string, nodes: Readonly<Record<string, object>>): string {
  const [start] = Object.keys(nodes);
  const whole = { version: 1, id, title: id, description: 'For a test.', toolset: 'coding_backend', start, nodes };
  return JSON.stringify(whole, null, 2);
}

/** A node that ends the run, well or badly. */
export const only = (action: string): object => ({
  type: 'deterministic',
  action,
  on_success: 'done',
  on_failure: 'fail',
});

/** The project file with the given commands. */
export const project = (commands: Readonly<Record<string, string>>): string => JSON.stringify({ version: 1, commands });

/** What a test command is to print, as JavaScript: a run of one test that passes. Without a run the node would fail. */
export const ONE_TEST_PASSES = "\nconsole.log('TAP version 13\\nok 1 - it works\\n1..1');\n";

/** The events of a run as its journal holds them, before its space; of the only run of the store when none is named. */
export function journalOf(store: string, run?: string): RunEvent[] {
  const [text = ''] = fs.readFileSync(journalFileOf(store, run), 'utf8').split('\0');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** The file of a run's journal. */
export function journalFileOf(store: string, run: string = onlyRunOf(store)): string {
  return path.join(store, 'runs', run, 'journal.jsonl');
}

/** The id of the one run of a store. */
export function onlyRunOf(store: string): string {
  const runs = fs.readdirSync(path.join(store, 'runs'));
  expect(runs).toHaveLength(1);
  return runs[0] ?? '';
}

/** Where a run of a folder is stored unless `--store` says otherwise. */
export const defaultStore = (folder: string): string => path.join(folder, '.openexec/store');

export type FolderState = { readonly head: string; readonly index: string; readonly files: Record<string, string> };

/** What a run may not touch: where HEAD is, the index byte for byte, every file but those of the store. */
export function stateOf(folder: string): FolderState {
  const head = fs.readFileSync(path.join(folder, '.git/HEAD'), 'utf8');
  const files: Record<string, string> = {};
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/^(\.git|\.openexec[/\\]store)([/\\]|$)/.test(name)) continue;
    const file = path.join(folder, name);
    if (fs.statSync(file).isFile()) files[name.replaceAll('\\', '/')] = digest(file);
  }
  return { head: head + git(folder, 'rev-parse', 'HEAD'), index: digest(path.join(folder, '.git/index')), files };
}

const digest = (file: string): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

/** What git says, without writing the index as a side effect. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    encoding: 'utf8',
  }).trim();
}

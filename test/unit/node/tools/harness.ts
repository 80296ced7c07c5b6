/** A throw-away repository, a worktree of it and a toolbox, for the tests of the Node adapters. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { plainGate } from '../../../../src/core/gatekeeper/gate';
import type { Snapshot } from '../../../../src/core/policy/schema';
import type { Blobs } from '../../../../src/core/ports/eventLog';
import type { CallRequest, ToolResult } from '../../../../src/core/ports/toolbox';
import { createGit, type Git } from '../../../../src/node/git/git';
import { sha256 } from '../../../../src/node/system/sha256';
import type { ToolboxOptions } from '../../../../src/node/tools/context';
import { createToolbox } from '../../../../src/node/tools/toolbox';
import { openRepository, snapshot } from '../../../../src/node/workspace/repository';
import { createWorktree } from '../../../../src/node/workspace/worktree';

const EMPTY = process.platform === 'win32' ? 'NUL' : '/dev/null';
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** An empty folder with a blank in its name, removed after the test. */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oe test ')));
  folders.push(folder);
  return folder;
}

/** The real git, run as a person would, without the settings of whoever runs the tests. */
export function plainGit(cwd: string, ...args: string[]): string {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_CONFIG_GLOBAL: EMPTY, GIT_CONFIG_NOSYSTEM: '1' };
  for (const key of Object.keys(env)) if (/^GIT_(DIR|WORK_TREE|INDEX_FILE)$/.test(key)) delete env[key];
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

export function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), content);
  }
}

/** A repository with one commit of the given files. */
export function makeRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = path.join(temporaryFolder(), 'repo ü');
  fs.mkdirSync(root);
  plainGit(root, 'init', '--quiet', '-b', 'main');
  plainGit(root, 'config', 'user.name', 'Pat');
  plainGit(root, 'config', 'user.email', 'pat@example.invalid');
  write(root, files);
  plainGit(root, 'add', '--all');
  plainGit(root, 'commit', '--quiet', '--allow-empty', '-m', 'first');
  return root;
}

/** What must stay as it was: HEAD, the index's bytes, branches, and what git says about the files. */
export function stateOf(root: string) {
  const index = fs.readFileSync(path.join(root, '.git/index')).toString('base64');
  return {
    index,
    head: plainGit(root, 'rev-parse', 'HEAD'),
    branch: fs.readFileSync(path.join(root, '.git/HEAD'), 'utf8'),
    branches: plainGit(root, 'branch', '--list', '--all'),
    status: plainGit(root, '--no-optional-locks', 'status', '--porcelain', '--ignored'),
  };
}

/** Settings of the person's own are kept out: their folder is an empty one. */
export const testEnvironment = () => ({ ...process.env, HOME: temporaryFolder(), XDG_CONFIG_HOME: undefined });

export const testGit = (): Git => createGit({ environment: testEnvironment() });

export function memoryBlobs(): Blobs & { readonly stored: Map<string, Uint8Array> } {
  const stored = new Map<string, Uint8Array>();
  return {
    stored,
    async put(bytes, media) {
      const blob = sha256(bytes);
      stored.set(blob, bytes);
      return { blob, bytes: bytes.length, media };
    },
    async get(address) {
      const bytes = stored.get(address);
      if (bytes === undefined) throw new Error(`no blob ${address}`);
      return bytes;
    },
  };
}

/** A snapshot that nothing is allowed by; the tools do not decide. */
const SNAPSHOT: Snapshot = {
  policy: { version: 1, id: 'none', description: '', rules: [] },
  toolset: { version: 1, id: 'none', description: '', tools: ['read_file'] },
  commands: {},
  blueprint: '',
  model: '',
  gatekeeper: '',
};

/** The servers of a run that has none. */
const NO_SERVERS: ToolboxOptions['mcp'] = {
  connection: async () => ({ ok: false, error: { kind: 'error', message: 'the run has no such server' } }),
  end: async () => undefined,
  close: async () => undefined,
};

type Options = Partial<Omit<ToolboxOptions, 'worktree' | 'repository' | 'base'>>;

/** A worktree of a fresh repository with those files, and its toolbox. */
export async function bench(files: Readonly<Record<string, string | Uint8Array>>, options: Options = {}) {
  return benchOn(makeRepository(files), options);
}

export async function benchOn(user: string, options: Options = {}, folder = path.join(temporaryFolder(), 'tree')) {
  const repository = await openRepository(user, testGit());
  const base = await snapshot(repository);
  const place = { run: 'run-1', folder, commit: base.baseCommit };
  const worktree = await createWorktree(repository, place);
  const blobs = memoryBlobs();
  let ticks = 0;
  const toolbox = createToolbox({
    worktree,
    repository,
    base,
    tree: base.baseTree,
    blobs,
    hash: sha256,
    commands: {},
    snapshot: SNAPSHOT,
    symbols: null,
    ripgrep: null,
    mcp: NO_SERVERS,
    gate: plainGate(4),
    excluded: () => null,
    protectedBy: () => null,
    environment: testEnvironment(),
    run: { id: '01ABCDEFGH-k3v9x2pq', task: 'Fix the rounding in src/money.js' },
    monotonic: () => ticks++,
    now: () => '2026-01-02T03:04:05.000Z',
    exportEvidence: async () => ({
      file: '/store/bundles/r-c1.zip',
      sha256: 'a'.repeat(64),
      events: 3,
      head: 'b'.repeat(64),
    }),
    ...options,
  });
  const request = (tool: string, input: unknown): CallRequest => ({
    call: 'c1',
    tool,
    input: JSON.stringify(input),
    origin: 'agent',
  });
  const run = async (tool: string, input: unknown, signal = new AbortController().signal): Promise<ToolResult> => {
    const asked = request(tool, input);
    return toolbox.execute(asked, await toolbox.facts(asked), signal);
  };
  return { user, repository, base, worktree, root: worktree.folder, toolbox, blobs, request, run, place };
}

export const read = (root: string, name: string): string => fs.readFileSync(path.join(root, name), 'utf8');

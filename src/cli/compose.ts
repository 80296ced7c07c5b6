/** The command line's composition root: the same core and adapters as the extension, without VS Code. */
import { existsSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import packageJson from '../../package.json';
import { messageOf, OpenExecError } from '../core/kernel/errors';
import { createGit } from '../node/git/git';
import { type McpFiles, mcpFilesBeside } from '../node/mcp/places';
import { policyFiles } from '../node/policy/places';
import { recoverRuns } from '../node/runs/recoverRuns';
import { type Runtime, systemRuntime } from '../node/runs/runtime';
import { openStore } from '../node/store/store';
import { refuseTrackedStore } from '../node/store/trackedStore';
import { diskFailure, makeFolder } from '../node/system/durable';
import { openRepository } from '../node/workspace/repository';
import { type Flags, text } from './flags';

/** The bundle lies in `dist/`, the shipped blueprints and policies beside it. */
export const ROOT = path.resolve(__dirname, '..');

/** The folder that a verb works on. */
export const workspaceOf = (flags: Flags): string => path.resolve(text(flags, 'workspace') ?? '.');

/** A file named on the command line is meant from where the person stands; failing that, from the workspace. */
export function idOrFile(value: string): string {
  const here = path.resolve(value);
  return /[./\\]/.test(value) && existsSync(here) ? here : value;
}

/** The files about MCP servers of whoever runs the command line. */
export const mcpFiles = (): McpFiles => mcpFilesBeside(policyFiles(process.platform, process.env, os.homedir()).user);

/** The bundle of the store's worker. */
export const WORKER = path.join(__dirname, 'store-worker.js');

/** Where the store is that the flags name. */
export const rootOf = (flags: Flags): string =>
  path.resolve(text(flags, 'store') ?? path.join(workspaceOf(flags), '.openexec', 'store'));

/** True when the flags name a store that is there. */
export async function hasStore(flags: Flags): Promise<boolean> {
  const runs = await stat(path.join(rootOf(flags), 'runs')).catch(() => null);
  return runs?.isDirectory() === true;
}

/**
 * Opens the store that the flags name. `create` says whether a missing one is wrong use, is made for runs of a repository,
 * or is made anywhere for runs that are imported. Throws `usage` and what `openRepository` and `openStore` throw; nothing is
 * made when it throws.
 */
export async function openRuntime(flags: Flags, create: 'create' | 'existing' | 'import'): Promise<Runtime> {
  const workspace = workspaceOf(flags);
  const root = rootOf(flags);
  const git = createGit({ environment: process.env });
  if (create === 'existing' && !(await hasStore(flags))) {
    // A folder that is no store is not made one by looking at it.
    throw new OpenExecError('usage', `there is no store at ${root}; name one with --store, or start a run first`);
  }
  await refuseTrackedStore(root, git);
  if (create !== 'existing') {
    // Before the store is made: it would otherwise bring the very folder into being that was misspelt.
    if (create === 'create') await openRepository(workspace, git);
    else await refuseMissingFolder(workspace);
    await makeStore(root);
  }
  const store = await openStore({
    root,
    workerPath: WORKER,
    log: (line) => process.stderr.write(`openexec: ${line}\n`),
  });
  return systemRuntime({ store, assets: ROOT, version: packageJson.version, mcp: mcpFiles() });
}

async function refuseMissingFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw new OpenExecError('usage', `there is no folder ${folder}`);
}

/** A new store inside a work tree must not show up as a change of it; a folder that holds anything keeps its own rules. */
async function makeStore(root: string): Promise<void> {
  await makeFolder(root);
  if ((await readdir(root)).length > 0) return;
  const rules = path.join(root, '.gitignore');
  await writeFile(rules, '*\n').catch((error: unknown) => {
    throw diskFailure('the file', rules, error);
  });
}

/** Marks the runs of the store whose process is gone; where that cannot be written, it is said and the verb goes on. */
export async function markInterrupted(runtime: Runtime): Promise<void> {
  try {
    await recoverRuns(runtime);
  } catch (error) {
    process.stderr.write(`openexec: runs that broke off could not be marked: ${messageOf(error)}\n`);
  }
}

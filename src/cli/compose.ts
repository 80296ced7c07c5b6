/** The command line's composition root: the same core and adapters as the extension, without VS Code. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import packageJson from '../../package.json';
import { OpenExecError } from '../core/kernel/errors';
import { createGit } from '../node/git/git';
import type { Runtime } from '../node/runs/runtime';
import { openStore } from '../node/store/store';
import { monotonic, systemClock, systemEntropy } from '../node/system/time';
import { type Flags, text } from './flags';

/** The bundle lies in `dist/`, the shipped blueprints and policies beside it. */
const ROOT = path.resolve(__dirname, '..');

/** The folder that a verb works on. */
export const workspaceOf = (flags: Flags): string => path.resolve(text(flags, 'workspace') ?? '.');

/** Opens the store that the flags name. `create` says whether a missing one is made or is wrong use. */
export async function openRuntime(flags: Flags, create: 'create' | 'existing'): Promise<Runtime> {
  const root = path.resolve(text(flags, 'store') ?? path.join(workspaceOf(flags), '.openexec', 'store'));
  const exists = (await stat(root).catch(() => null))?.isDirectory() === true;
  if (!exists && create === 'existing') {
    throw new OpenExecError('usage', `there is no store at ${root}; name one with --store, or start a run first`);
  }
  await keepOutOfGit(root);
  const store = await openStore({
    root,
    workerPath: path.join(__dirname, 'store-worker.js'),
    log: (line) => process.stderr.write(`openexec: ${line}\n`),
  });
  return {
    store,
    git: createGit({ environment: process.env }),
    clock: systemClock,
    entropy: systemEntropy,
    monotonic,
    environment: process.env,
    assets: ROOT,
    version: packageJson.version,
  };
}

/** A store inside a work tree must not show up as a change of it. */
async function keepOutOfGit(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
}

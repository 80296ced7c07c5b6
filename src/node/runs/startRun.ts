/** Starting a run: from a request to a session that works in a worktree of its own. */
import path from 'node:path';
import { runSession } from '../../core/run/session';
import { createWorktree } from '../workspace/worktree';
import { driveRun, type RunHandle, type RunPorts } from './driveRun';
import { prepareRun, type RunRequest } from './prepareRun';
import type { Runtime } from './runtime';

export type { RunHandle, RunPorts } from './driveRun';

/** Where the worktree of a run lies. */
export const worktreeFolder = (root: string, runId: string): string => path.join(root, 'worktrees', runId);

/** Starts a run. Rejects, with one clear line and nothing recorded, when it cannot be prepared. */
export async function startRun(request: RunRequest, runtime: Runtime, ports: RunPorts): Promise<RunHandle> {
  const { first, repository, base, frozen, model, gate } = await prepareRun(request, runtime, ports);
  const runId = runtime.entropy.runId();
  const writer = await runtime.store.create(runId);
  const folder = worktreeFolder(runtime.store.root, runId);
  const task = typeof first.data.task === 'string' ? first.data.task : '';
  const prepared = {
    ...{ repository, base, frozen, model, gate, task },
    tree: base.baseTree,
    openWorktree: () => createWorktree(repository, { run: runId, folder, commit: base.baseCommit }),
  };
  return driveRun(prepared, writer, runtime, ports, (session, signal) => runSession(runId, first, session, signal));
}

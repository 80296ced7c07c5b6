/** What becomes of a run's result: applied to the person's work tree, or discarded. Both are recorded. */

import { rm } from 'node:fs/promises';
import type { EventBody } from '../../core/events/schema';
import { isHalted, type RunSummary } from '../../core/events/summary';
import { OpenExecError } from '../../core/kernel/errors';
import type { RunStore } from '../store/store';
import { openRepository, type Repository } from '../workspace/repository';
import { type ApplyOutcome, applyResult } from '../workspace/result';
import { discardResult } from '../workspace/worktree';
import { appendBody } from './appendBody';
import type { Runtime } from './runtime';
import { worktreeFolder } from './startRun';

export type Settlement = {
  readonly runId: string;
  readonly action: 'apply' | 'discard';
  readonly by: string;
};

/** The root of the repository that a run works on. Throws `run_unknown`. */
export async function rootOf(store: RunStore, runId: string): Promise<string> {
  for await (const event of store.read(runId, { from: 0, to: 0 })) {
    if (event.type === 'run.started') return event.data.workspace.root;
  }
  throw new OpenExecError('run_unknown', `The run ${runId} does not say which folder it worked on.`);
}

/**
 * Applies or discards, in the folder that the run worked on. Applying is all or nothing and touches neither HEAD nor the index. Throws `run_active` while the
 * run goes on, `run_locked` when another window has it.
 */
export async function settleResult(settlement: Settlement, runtime: Runtime): Promise<ApplyOutcome> {
  const { runId, action, by } = settlement;
  const { store } = runtime;
  refuse(await store.summary(runId), action);
  const repository = await repositoryFor(settlement, runtime);
  const writer = await store.continue(runId);
  try {
    // Looked at again with the lock held: another window may have settled or resumed it in the meantime.
    const summary = await store.summary(runId);
    refuse(summary, action);
    await appendBody(writer, { type: 'result.requested', data: { action, by } }, runtime);
    const folder = worktreeFolder(store.root, runId);
    const { files, conflicts, reason, outcome } = await settle(action, summary, repository, folder);
    const body: EventBody = { type: 'result.finished', data: { action, outcome, files, conflicts, reason } };
    await appendBody(writer, body, runtime);
    return { outcome, files, conflicts, reason };
  } finally {
    await writer.close();
  }
}

function refuse({ runId, status, result }: RunSummary, action: Settlement['action']): void {
  if (status === 'running' || status === 'waiting') {
    throw new OpenExecError('run_active', `The run ${runId} has not ended. Cancel it first, or wait for its end.`);
  }
  if (result === 'discarded') throw new OpenExecError('usage', `The result of the run ${runId} has been discarded.`);
  if (action === 'apply' && isHalted(status)) {
    throw new OpenExecError('usage', `The run ${runId} is ${status} and has no result yet. Resume it, or discard it.`);
  }
}

/** The repository that the run worked on; null when it is gone and the result is only to be discarded. */
async function repositoryFor({ runId, action }: Settlement, { store, git }: Runtime): Promise<Repository | null> {
  const root = await rootOf(store, runId);
  if (action === 'apply') return openRepository(root, git);
  return openRepository(root, git).catch(() => null);
}

async function settle(
  action: Settlement['action'],
  { runId, baseTree, tree }: RunSummary,
  repository: Repository | null,
  folder: string,
): Promise<ApplyOutcome> {
  if (action === 'apply' && repository !== null) {
    return applyResult(repository, { baseTree, resultTree: tree ?? baseTree });
  }
  if (repository !== null) await discardResult(repository, { run: runId, folder });
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  return { outcome: 'done', files: [], conflicts: [], reason: '' };
}

/** What becomes of a run's result: applied to the person's work tree, undone there, committed on a branch, or discarded. All of it is recorded. */

import { rm } from 'node:fs/promises';
import type { ResultAction } from '../../core/events/parts';
import type { EventBody } from '../../core/events/schema';
import { isHalted, type RunSummary } from '../../core/events/summary';
import { assertNever } from '../../core/kernel/assertNever';
import { OpenExecError } from '../../core/kernel/errors';
import type { RunStore } from '../store/store';
import { openRepository, type Repository } from '../workspace/repository';
import { type ApplyOutcome, applyResult } from '../workspace/result';
import { undoApply } from '../workspace/undo';
import { discardResult, keepObject } from '../workspace/worktree';
import { appendBody } from './appendBody';
import { type BranchCommit, type CommitOutcome, commitOnBranch } from './commitOnBranch';
import type { Runtime } from './runtime';
import { appliesStanding } from './standingApplies';
import { worktreeFolder } from './startRun';

export type SettleAction =
  /** `only` names the files that are applied; all of them when it is not there. */
  | { readonly action: 'apply'; readonly only?: readonly string[] | undefined }
  | { readonly action: 'discard' }
  | { readonly action: 'undo' }
  | { readonly action: 'commit'; readonly commit: Omit<BranchCommit, 'at'> };

export type Settlement = SettleAction & { readonly runId: string; readonly by: string };

/** What came of it; the members of one action only are there for that action. */
export type SettleOutcome = ApplyOutcome & Pick<CommitOutcome, 'branch' | 'commit'> & { readonly left?: number };

/** The root of the repository that a run works on. Throws `run_unknown`. */
export async function rootOf(store: RunStore, runId: string): Promise<string> {
  for await (const event of store.read(runId, { from: 0, to: 0 })) {
    if (event.type === 'run.started') return event.data.workspace.root;
  }
  throw new OpenExecError('run_unknown', `The run ${runId} does not say which folder it worked on.`);
}

/**
 * Does it in the repository that the run worked on. Applying and undoing are all or nothing; neither HEAD nor the index is
 * touched. Throws `run_active` while the run goes on, `run_locked` when another window has it.
 */
export async function settleResult(settlement: Settlement, runtime: Runtime): Promise<SettleOutcome> {
  const { runId, action, by } = settlement;
  const { store } = runtime;
  refuse(await store.summary(runId), action);
  const repository = await repositoryFor(settlement, runtime);
  const writer = await store.continue(runId);
  try {
    // Looked at again with the lock held: another window may have settled or resumed it in the meantime.
    const summary = await store.summary(runId);
    refuse(summary, action);
    const only = settlement.action === 'apply' && settlement.only !== undefined ? { only: [...settlement.only] } : {};
    await appendBody(writer, { type: 'result.requested', data: { action, by, ...only } }, runtime);
    const { mergeable, ...outcome } = await settle(settlement, summary, repository, runtime);
    const body: EventBody = { type: 'result.finished', data: { action, ...outcome } };
    await appendBody(writer, body, runtime);
    return mergeable === undefined ? outcome : { ...outcome, mergeable };
  } finally {
    await writer.close();
  }
}

function refuse({ runId, status, result }: RunSummary, action: ResultAction): void {
  if (status === 'running' || status === 'waiting') {
    throw new OpenExecError('run_active', `The run ${runId} has not ended. Cancel it first, or wait for its end.`);
  }
  if (result === 'discarded') throw new OpenExecError('usage', `The result of the run ${runId} has been discarded.`);
  if (action !== 'discard' && isHalted(status)) {
    throw new OpenExecError('usage', `The run ${runId} is ${status} and has no result yet. Resume it, or discard it.`);
  }
}

/** The repository that the run worked on; null when it is gone and the result is only to be discarded. */
async function repositoryFor({ runId, action }: Settlement, { store, git }: Runtime): Promise<Repository | null> {
  const root = await rootOf(store, runId);
  if (action !== 'discard') return openRepository(root, git);
  return openRepository(root, git).catch(() => null);
}

async function settle(
  settlement: Settlement,
  summary: RunSummary,
  repository: Repository | null,
  { store, clock }: Runtime,
): Promise<SettleOutcome> {
  const { runId, baseTree, tree } = summary;
  if (settlement.action === 'discard') return discard(runId, repository, worktreeFolder(store.root, runId));
  if (repository === null) throw new OpenExecError('no_folder', `The repository of the run ${runId} is gone.`);
  switch (settlement.action) {
    case 'apply': {
      const applied = await applyResult(repository, { baseTree, resultTree: tree ?? baseTree, only: settlement.only });
      if (applied.undo !== undefined) await keepObject(repository, runId, `apply-${summary.events}`, applied.undo);
      return applied;
    }
    case 'undo':
      return undo(runId, repository, store);
    case 'commit':
      return commitOnBranch(repository, summary, { ...settlement.commit, at: clock.now() });
    default:
      return assertNever(settlement);
  }
}

/** Takes the last apply that stands back; those before it still stand, and can be undone one after the other. */
async function undo(runId: string, repository: Repository, store: RunStore): Promise<SettleOutcome> {
  const standing = await appliesStanding(store, runId);
  const last = standing.at(-1);
  const none = { files: [], conflicts: [] };
  if (last === undefined) return { outcome: 'refused', ...none, reason: 'there is no apply to be undone' };
  if (last.undo === undefined) {
    const reason = 'it was applied by a version of OpenExec that did not keep how the files were before';
    return { outcome: 'refused', ...none, reason };
  }
  const undone = await undoApply(repository, { tree: last.undo, files: last.files });
  return undone.outcome === 'done' ? { ...undone, left: standing.length - 1 } : undone;
}

async function discard(runId: string, repository: Repository | null, folder: string): Promise<SettleOutcome> {
  if (repository !== null) await discardResult(repository, { run: runId, folder });
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  return { outcome: 'done', files: [], conflicts: [], reason: '' };
}

/** What becomes of a run's result: applied to the person's work tree, or discarded. Both are recorded. */

import type { EventBody } from '../../core/events/schema';
import { foldSummary, type RunSummary } from '../../core/events/summary';
import { OpenExecError } from '../../core/kernel/errors';
import type { RunStore } from '../store/store';
import { openRepository } from '../workspace/repository';
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

/** The summary of one run, folded from its journal. Throws `run_unknown`. */
export async function summaryOf(store: RunStore, runId: string): Promise<RunSummary> {
  let summary: RunSummary | null = null;
  for await (const event of store.read(runId)) summary = foldSummary(summary, event);
  if (!summary) throw new OpenExecError('run_unknown', `The run ${runId} has no events.`);
  return summary;
}

async function rootOf(store: RunStore, runId: string): Promise<string> {
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
  const summary = await summaryOf(runtime.store, runId);
  if (summary.status === 'running' || summary.status === 'waiting') {
    throw new OpenExecError('run_active', `The run ${runId} has not ended. Cancel it first, or wait for its end.`);
  }
  if (summary.result === 'discarded') {
    throw new OpenExecError('usage', `The result of the run ${runId} has been discarded.`);
  }
  const repository = await openRepository(await rootOf(runtime.store, runId), runtime.git);
  const writer = await runtime.store.continue(runId);
  try {
    await appendBody(writer, { type: 'result.requested', data: { action, by } }, runtime);
    const outcome = action === 'apply' ? await apply() : await discard();
    const { files, conflicts, reason } = outcome;
    const body: EventBody = {
      type: 'result.finished',
      data: { action, outcome: outcome.outcome, files, conflicts, reason },
    };
    await appendBody(writer, body, runtime);
    return outcome;
  } finally {
    await writer.close();
  }

  function apply(): Promise<ApplyOutcome> {
    return applyResult(repository, { baseTree: summary.baseTree, resultTree: summary.tree ?? summary.baseTree });
  }

  async function discard(): Promise<ApplyOutcome> {
    await discardResult(repository, { run: runId, folder: worktreeFolder(runtime.store.root, runId) });
    return { outcome: 'done', files: [], conflicts: [], reason: '' };
  }
}

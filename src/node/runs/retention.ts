/**
 * Retention: runs that ended long ago are deleted, with what they left on the disk. Off unless a person set a number of days.
 * A run that may still be gone on with is never deleted, however old it is.
 */
import { rm } from 'node:fs/promises';
import { isEnded } from '../../core/events/summary';
import { isOpenExecError } from '../../core/kernel/errors';
import type { ListedRun } from '../store/store';
import { openRepository } from '../workspace/repository';
import { discardResult } from '../workspace/worktree';
import type { Runtime } from './runtime';
import { worktreeFolder } from './startRun';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Deletes the runs of the store that ended more than `days` days before `now` (ISO 8601), imported ones that were imported
 * before that; answers their ids. `days` of 0 or less deletes nothing. A run that another window holds is left alone.
 */
export async function applyRetention(runtime: Runtime, days: number, now: string): Promise<string[]> {
  if (!(days > 0)) return [];
  const before = Date.parse(now) - days * DAY_MS;
  const removed: string[] = [];
  for (const run of await runtime.store.summaries()) {
    if (run.root !== runtime.store.root) continue;
    const over = await overSince(run, runtime);
    if (over === null || !(Date.parse(over) < before)) continue;
    const reason = `it ended more than ${days} days before`;
    if (await remove(run, { reason, at: now }, runtime)) removed.push(run.runId);
  }
  return removed;
}

/** Since when nothing more can happen in a run; null as long as something can. */
async function overSince(run: ListedRun, { store }: Runtime): Promise<string | null> {
  // An origin that cannot be read says nothing about when; such a run stays.
  if (run.imported) return (await store.originOf(run.runId).catch(() => null))?.at ?? null;
  return isEnded(run.status) && run.status !== 'interrupted' ? run.endedAt : null;
}

async function remove({ runId, imported }: ListedRun, why: { reason: string; at: string }, runtime: Runtime) {
  const { store } = runtime;
  const repository = imported ? null : await repositoryOf(runId, runtime).catch(() => null);
  try {
    await store.remove(runId, why);
  } catch (error) {
    if (isOpenExecError(error, 'run_locked')) return false;
    throw error;
  }
  if (imported) return true;
  const folder = worktreeFolder(store.root, runId);
  // What is left of the copy is no part of the record, and must not keep the other runs from their turn.
  if (repository !== null) await discardResult(repository, { run: runId, folder }).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  await rm(`${folder}.index`, { force: true }).catch(() => undefined);
  return true;
}

/** The repository that the run worked in; null when it is gone or none any more. */
async function repositoryOf(runId: string, { store, git }: Runtime) {
  for await (const event of store.read(runId, { from: 0, to: 0 })) {
    if (event.type !== 'run.started') return null;
    return openRepository(event.data.workspace.root, git).catch(() => null);
  }
  return null;
}

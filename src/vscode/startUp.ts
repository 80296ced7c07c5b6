/** What a person should know when the store opens: at most one notification of each kind, with a way on. */
import * as vscode from 'vscode';
import { messageOf } from '../core/kernel/errors';
import { formatCount, oneLine } from '../protocol/format';
import type { KeptHeads } from './keptHeads';
import { info, warn } from './messages';
import { retentionDays } from './settings';

/** A store, as far as it is looked through when it opens. */
type OpenedStore = {
  readonly root: string;
  /** Those of other windows on the same folder as well. */
  summaries(): Promise<readonly (StoredRun & { readonly root: string })[]>;
  deletions(): Promise<readonly { readonly runId: string; readonly deletedAt: string }[]>;
};
type StoredRun = { readonly runId: string; readonly task: string };
type Keeping = { readonly heads: KeptHeads; readonly log: vscode.LogOutputChannel };

/** Tells of runs that broke off, and of runs whose end is known and whose record is gone. Does not wait for the person. */
export async function lookForRuns(
  store: OpenedStore,
  brokenOff: readonly string[],
  { heads, log }: Keeping,
): Promise<void> {
  for (const runId of brokenOff) log.warn(`The run ${runId} broke off and is marked as interrupted.`);
  const failed = (error: unknown): void => log.error(messageOf(error));
  const runs = await store.summaries();
  tellBrokenOff(runs.filter(({ runId }) => brokenOff.includes(runId))).catch(failed);
  const present = runs.filter(({ root }) => root === store.root).map(({ runId }) => runId);
  const deleted = new Map((await store.deletions()).map(({ runId, deletedAt }) => [runId, deletedAt]));
  tellMissing(heads, { root: store.root, present, deleted }, log).catch(failed);
}

/** Deletes what has been kept long enough, as the person has set it, and tells of it. `remove` answers what it deleted. */
export async function retain(
  { root }: OpenedStore,
  remove: (days: number) => Promise<readonly string[]>,
  changed: () => void,
  { heads, log }: Keeping,
): Promise<void> {
  const days = retentionDays((line) => log.warn(line));
  if (days === 0) return;
  const gone = await remove(days);
  for (const runId of gone) await heads.forget(root, runId);
  tellDeleted(gone, days, log).catch((error: unknown) => log.error(messageOf(error)));
  if (gone.length > 0) changed();
}

/** Runs whose process ended before they did. */
async function tellBrokenOff(runs: readonly StoredRun[]): Promise<void> {
  const [first] = runs;
  if (!first) return;
  if (runs.length > 1) {
    const text = `OpenExec: ${runs.length} runs broke off when their window or process ended. Each can be resumed or discarded.`;
    const picked = await warn(text, 'Show Runs');
    if (picked) await vscode.commands.executeCommand('openexec.runs.focus');
    return;
  }
  const text = `OpenExec: 1 run broke off when its window or process ended: "${oneLine(first.task, 60)}"`;
  const picked = await warn(text, ...Object.keys(WAYS_ON));
  const command = picked === undefined ? undefined : WAYS_ON[picked];
  if (command) await vscode.commands.executeCommand(command, first.runId);
}

const WAYS_ON: Readonly<Record<string, string>> = {
  Resume: 'openexec.resumeRun',
  'Show Timeline': 'openexec.openTimeline',
  'Discard…': 'openexec.discardResult',
};

/** What is in a store, and what was deleted from it on record: ids of runs. */
type Present = {
  readonly root: string;
  readonly present: readonly string[];
  /** When each was deleted, as the store's own record says. */
  readonly deleted: ReadonlyMap<string, string>;
};

/** Runs whose end this editor knows, and whose record is not there any more though nobody deleted it through OpenExec. */
async function tellMissing(heads: KeptHeads, store: Present, log: vscode.LogOutputChannel): Promise<void> {
  const { all, news, deleted } = await heads.missing(store.root, new Set(store.present), store.deleted);
  await tellDeletedElsewhere(deleted, store.deleted, log);
  for (const runId of all) log.warn(`The record of run ${runId} is gone or cannot be read; no deletion was recorded.`);
  const [first] = news;
  if (first === undefined) return;
  const which = news.length === 1 ? `the run ${first}` : `${news.length} runs (first: ${first})`;
  const text = `OpenExec: the record of ${which} is gone, and no deletion was recorded.`;
  if (await warn(text, 'Show Log')) log.show();
}

/** This window deleted nothing; that somebody did is what the store itself says, and a person has to know. */
async function tellDeletedElsewhere(
  runIds: readonly string[],
  deletions: ReadonlyMap<string, string>,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const [first] = runIds;
  if (first === undefined) return;
  for (const runId of runIds) log.warn(`The run ${runId} was deleted at ${deletions.get(runId)}, says its store.`);
  const which = runIds.length === 1 ? `the run ${first} was` : `${runIds.length} runs were`;
  const text = `OpenExec: ${which} deleted, says the store, and not by this window.`;
  if (await warn(text, 'Show Log')) log.show();
}

/** What retention deleted. */
async function tellDeleted(runIds: readonly string[], days: number, log: vscode.LogOutputChannel): Promise<void> {
  if (runIds.length === 0) return;
  for (const runId of runIds) log.info(`The run ${runId} was deleted: it ended more than ${days} days ago.`);
  const runs = `${formatCount(runIds.length, 'run')} that ended more than ${formatCount(days, 'day')} ago`;
  const why = `${runIds.length === 1 ? 'was' : 'were'} deleted, as openexec.retention.days says. The deletion is recorded.`;
  const picked = await info(`OpenExec: ${runs} ${why}`, 'Show Log', 'Open Settings');
  if (picked === 'Show Log') log.show();
  if (picked === 'Open Settings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'openexec.retention.days');
  }
}

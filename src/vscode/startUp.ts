/** What a person should know when the store opens: at most one notification of each kind, with a way on. */
import * as vscode from 'vscode';
import { formatCount, oneLine } from '../protocol/format';
import type { KeptHeads } from './keptHeads';
import type { ListedRun } from './runs';

/** Runs whose process ended before they did. */
export async function tellBrokenOff(runs: readonly ListedRun[]): Promise<void> {
  const [first] = runs;
  if (!first) return;
  if (runs.length > 1) {
    const text = `OpenExec: ${runs.length} runs broke off when their window or process ended. Each can be resumed or discarded.`;
    const picked = await vscode.window.showWarningMessage(text, 'Show Runs');
    if (picked) await vscode.commands.executeCommand('openexec.runs.focus');
    return;
  }
  const text = `OpenExec: 1 run broke off when its window or process ended: "${oneLine(first.task, 60)}"`;
  const picked = await vscode.window.showWarningMessage(text, ...Object.keys(WAYS_ON));
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
export async function tellMissing(heads: KeptHeads, store: Present, log: vscode.LogOutputChannel): Promise<void> {
  const { all, news, deleted } = await heads.missing(store.root, new Set(store.present), store.deleted);
  await tellDeletedElsewhere(deleted, store.deleted, log);
  for (const runId of all) log.warn(`The record of run ${runId} is gone or cannot be read; no deletion was recorded.`);
  const [first] = news;
  if (first === undefined) return;
  const which = news.length === 1 ? `the run ${first}` : `${news.length} runs (first: ${first})`;
  const text = `OpenExec: the record of ${which} is gone, and no deletion was recorded.`;
  if (await vscode.window.showWarningMessage(text, 'Show Log')) log.show();
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
  if (await vscode.window.showWarningMessage(text, 'Show Log')) log.show();
}

/** What retention deleted. */
export async function tellDeleted(
  runIds: readonly string[],
  days: number,
  log: vscode.LogOutputChannel,
): Promise<void> {
  if (runIds.length === 0) return;
  for (const runId of runIds) log.info(`The run ${runId} was deleted: it ended more than ${days} days ago.`);
  const runs = `${formatCount(runIds.length, 'run')} that ended more than ${formatCount(days, 'day')} ago`;
  const why = `${runIds.length === 1 ? 'was' : 'were'} deleted, as openexec.retention.days says. The deletion is recorded.`;
  const picked = await vscode.window.showInformationMessage(`OpenExec: ${runs} ${why}`, 'Show Log', 'Open Settings');
  if (picked === 'Show Log') log.show();
  if (picked === 'Open Settings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'openexec.retention.days');
  }
}

import * as vscode from 'vscode';
import { oneLine } from '../../protocol/format';
import { exactLine } from '../exactText';
import { info } from '../messages';
import { type ResultChange, resultChanges } from '../results/changes';
import { sideText, sideUri } from '../results/texts';
import { hasChanges, type Runs } from '../runs';
import type { Command } from './context';
import { pickRun } from './pickRun';

const TITLE = 40;
const NAMED = 5;

type Resource = [label: vscode.Uri, left: vscode.Uri | undefined, right: vscode.Uri | undefined];

/**
 * "Review Changes": all that a run changed, file by file in VS Code's multi-diff editor, the start on the left and the run's
 * result on the right. Files that are no text are named, not shown.
 */
export const reviewChanges: Command = async ({ runs }, run) => {
  const none = vscode.l10n.t('no run has changed a file yet.');
  const runId = await pickRun(runs, run, vscode.l10n.t('Review Changes'), hasChanges, none);
  if (runId === undefined) return;
  const summary = await runs.summary(runId);
  const shown: Resource[] = [];
  const others: string[] = [];
  for (const change of resultChanges(summary)) {
    const resource = await resourceOf(runs, runId, change);
    if (resource === null) others.push(change.path);
    else shown.push(resource);
  }
  if (shown.length > 0) {
    const title = vscode.l10n.t('Changes of the run: {0}', exactLine(oneLine(summary.task, TITLE)));
    await vscode.commands.executeCommand('vscode.changes', title, shown);
  }
  if (others.length > 0) void info(notShown(others));
  else if (shown.length === 0) void info(vscode.l10n.t('OpenExec: this run changed no file.'));
};

/** Null when one of its sides cannot be shown. */
async function resourceOf(runs: Runs, runId: string, { path, from, kind }: ResultChange): Promise<Resource | null> {
  const old = from ?? path;
  const left = kind === 'added' ? null : await sideText(runs, runId, 'before', old);
  const right = kind === 'deleted' ? null : await sideText(runs, runId, 'after', path);
  if (left === undefined || right === undefined) return null;
  const uri = (side: 'before' | 'after', at: string) => sideUri(runId, side, at);
  return [
    uri('after', path),
    left === null ? undefined : uri('before', old),
    right === null ? undefined : uri('after', path),
  ];
}

function notShown(paths: readonly string[]): string {
  const more = paths.length > NAMED ? vscode.l10n.t(' and {0} more', paths.length - NAMED) : '';
  const names = `${paths.slice(0, NAMED).map(exactLine).join(', ')}${more}`;
  return vscode.l10n.t('OpenExec: changed and not shown, for they are no text, large, or not kept: {0}', names);
}

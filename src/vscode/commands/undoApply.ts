import * as vscode from 'vscode';
import { formatCount } from '../../protocol/format';
import { info, warn } from '../messages';
import { canUndo } from '../runs';
import type { Command } from './context';
import { pickRun } from './pickRun';

const NAMED = 5;

/** "Undo Apply": gives the files of the last apply back as they were, where they still are what the apply made of them. */
export const undoApply: Command = async ({ runs }, run) => {
  const none = vscode.l10n.t('no apply can be undone.');
  const runId = await pickRun(runs, run, vscode.l10n.t('Undo Apply'), canUndo, none);
  if (runId === undefined) return;
  const { outcome, files, conflicts, reason } = await runs.settle(runId, { action: 'undo' });
  if (outcome === 'refused') {
    const detail = conflicts.length === 0 ? '' : ` (${conflicts.slice(0, NAMED).join('; ')})`;
    void warn(vscode.l10n.t('OpenExec: not undone: {0}', `${reason}${detail}`));
    return;
  }
  const count = formatCount(files.length, 'file');
  void info(vscode.l10n.t('OpenExec: undone: {0} as before the apply. HEAD and index are as they were.', count));
};

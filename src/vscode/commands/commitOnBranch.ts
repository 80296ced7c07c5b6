import * as vscode from 'vscode';
import { textOf } from '../../core/events/payload';
import { oneLine } from '../../protocol/format';
import { exactLine } from '../exactText';
import { info, warn } from '../messages';
import { hasResult, type ListedRun, type Runs, type Settled } from '../runs';
import type { Command } from './context';
import { later } from './later';
import { pickRun } from './pickRun';

const SUBJECT = 72;

/**
 * "Commit on a Branch…": the result as one commit on a new branch, on top of what the run started from. The branch that is
 * checked out, index and files stay as they are.
 */
export const commitOnBranch: Command = async (context, run) => {
  const { runs } = context;
  const title = vscode.l10n.t('Commit on a Branch');
  const none = vscode.l10n.t('no run has a result that can be committed.');
  const runId = await pickRun(runs, run, title, isOffered, none);
  if (runId === undefined) return;
  const branch = await askLine(title, vscode.l10n.t('Name of the new branch'), branchOf(runId));
  if (branch === undefined) return;
  const task = await taskOf(runs, runId);
  const proposed = oneLine(task, SUBJECT);
  const subject = await askLine(title, vscode.l10n.t('First line of the commit message'), proposed);
  if (subject === undefined) return;
  // What does not fit on the first line follows it in full.
  const message = task.trim() === proposed ? subject : `${subject}\n\n${task.trim()}`;
  const settled = await runs.settle(runId, { action: 'commit', commit: { branch, message } });
  later(context, tell(runId, branch, settled));
};

async function tell(runId: string, branch: string, { outcome, reason }: Settled): Promise<void> {
  if (outcome === 'done') {
    const copy = vscode.l10n.t('Copy Branch Name');
    const where = vscode.l10n.t('OpenExec: committed on the branch {0}. Your folder is as it was.', exactLine(branch));
    if ((await info(where, copy)) === copy) await vscode.env.clipboard.writeText(branch);
    return;
  }
  const again = vscode.l10n.t('Try Again');
  const picked = await warn(vscode.l10n.t('OpenExec: not committed: {0}', reason), again);
  if (picked === again) await vscode.commands.executeCommand('openexec.commitOnBranch', runId);
}

const isOffered = (run: ListedRun): boolean => !run.readOnly && hasResult(run);

/** Run ids end at random; the last characters tell runs apart. */
const branchOf = (runId: string): string => `openexec/${runId.toLowerCase().slice(-6).replace(/^-+/, '')}`;

async function taskOf(runs: Runs, runId: string): Promise<string> {
  const started = await runs.event(runId, 0);
  return started.type === 'run.started' ? textOf(started.data.task) : '';
}

async function askLine(title: string, prompt: string, value: string): Promise<string | undefined> {
  const line = await vscode.window.showInputBox({
    ...{ title, prompt, value, ignoreFocusOut: true },
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Write something here, or press Escape.') : null),
  });
  return line?.trim();
}

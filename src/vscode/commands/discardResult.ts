import * as vscode from 'vscode';
import { type Command, runIdOf } from './context';

/** Gives up a run's result after a question; its record stays. */
export const discardResult: Command = async ({ runs }, run) => {
  const runId = runIdOf(run);
  const { branch } = await runs.summary(runId);
  const kept = branch ? ` The branch ${branch} stays.` : '';
  const detail = `The run's copy of the folder is deleted; its record stays.${kept}`;
  const picked = await vscode.window.showWarningMessage(
    'Discard the result of this run?',
    { modal: true, detail },
    'Discard',
  );
  if (picked !== 'Discard') return;
  await runs.settle(runId, 'discard');
  void vscode.window.showInformationMessage('OpenExec: the result was discarded; the record of the run is kept.');
};

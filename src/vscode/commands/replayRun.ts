import * as vscode from 'vscode';
import { type Command, runIdOf } from './context';

/** Replays a run exactly, without any model call, and says whether it came out the same. */
export const replayRun: Command = async ({ runs, panels }, run) => {
  const runId = runIdOf(run);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'OpenExec: replaying the run',
  };
  const verdict = await vscode.window.withProgress(options, () => runs.replay(runId));
  if (verdict.identical) {
    const open = verdict.ended ? '' : ' The record stops before the end of the run.';
    const text = `OpenExec: the replay is identical: ${verdict.events} events, hash for hash. No model was called.${open}`;
    void vscode.window.showInformationMessage(text);
    return;
  }
  const seq = verdict.divergence?.seq ?? 0;
  const where = verdict.divergence?.path ? ` in ${verdict.divergence.path}` : '';
  const picked = await vscode.window.showWarningMessage(
    `OpenExec: the replay diverges at event ${seq}${where}.`,
    'Show in Timeline',
  );
  if (picked) await panels.open(runId, seq);
};

import * as vscode from 'vscode';
import { type Command, runIdOf } from './context';

/** Verifies the record of a run: chain, blobs, order, schema. */
export const verifyRun: Command = async ({ runs, panels }, run) => {
  const runId = runIdOf(run);
  const report = await runs.verify(runId);
  if (report.ok) {
    const not = report.notChecked.length > 0 ? ` Not checked: ${report.notChecked.join('; ')}.` : '';
    void vscode.window.showInformationMessage(
      `OpenExec: the record is sound: ${report.events} events, ${report.blobs} blobs.${not}`,
    );
    return;
  }
  const { seq = 0, problem = 'unknown' } = report.firstBad ?? {};
  const picked = await vscode.window.showErrorMessage(
    `OpenExec: the record is not sound: event ${seq}: ${problem}`,
    'Show in Timeline',
  );
  if (picked) await panels.open(runId, seq);
};

import * as vscode from 'vscode';
import { isSteered, type Runs } from '../runs';
import { lookOf } from '../statusWords';
import { type Command, runIdOf } from './context';

/** "Pause Run": stops a run of this window after what is under way; called without one, asks which. */
export const pauseRun: Command = async ({ runs }, run) => {
  const runId = run === undefined ? await pickActive(runs) : runIdOf(run);
  if (runId !== undefined) runs.pause(runId);
};

/** The one run that goes on here; undefined when there is none, or when the person backs out. */
async function pickActive(runs: Runs): Promise<string | undefined> {
  const active = (await runs.list()).filter(isSteered);
  const [first] = active;
  if (first === undefined) {
    void vscode.window.showInformationMessage('OpenExec: no run goes on in this window.');
    return undefined;
  }
  if (active.length === 1) return first.runId;
  const items = active.map(({ runId, task, status }) => ({ label: task, description: lookOf(status).word, runId }));
  return (await vscode.window.showQuickPick(items, { title: 'Pause Run', placeHolder: 'Which run?' }))?.runId;
}

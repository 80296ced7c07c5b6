import * as vscode from 'vscode';
import { labelText } from '../exactText';
import { info } from '../messages';
import { isSteered, type Runs } from '../runs';
import { lookOf } from '../statusWords';

/** The one run that goes on here, else the one that the person chooses; undefined when there is none, or they back out. */
export async function pickActive(runs: Runs, title: string): Promise<string | undefined> {
  const active = (await runs.list()).filter(isSteered);
  const [first] = active;
  if (first === undefined) {
    void info('OpenExec: no run goes on in this window.');
    return undefined;
  }
  if (active.length === 1) return first.runId;
  const items = active.map(({ runId, task, status }) => ({
    label: labelText(task),
    description: lookOf(status).word,
    runId,
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Which run?' }))?.runId;
}

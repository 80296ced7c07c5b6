import * as vscode from 'vscode';
import { pickFolder } from '../folder';
import { askForRun } from '../startFlow';
import type { Command } from './context';
import { follow } from './follow';

/** "Start Blueprint Run": two questions, then a run with progress that can be cancelled. */
export const startRun: Command = async (context) => {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const choice = await askForRun(await context.runs.defaults(folder), context.memory);
  if (!choice) return;
  const started = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'OpenExec: preparing the run' },
    () => context.runs.start({ folder, ...choice }),
  );
  await vscode.commands.executeCommand('openexec.runs.focus');
  await context.panels.open(started.runId);
  void follow(started, context);
};

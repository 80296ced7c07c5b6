import path from 'node:path';
import * as vscode from 'vscode';
import { pickFolder } from '../folder';
import { askForRun } from '../startFlow';
import type { Command } from './context';
import { follow } from './follow';

/** "Start Blueprint Run": a few questions, then a run with progress that can be cancelled. `uri` names a blueprint's file. */
export const startRun: Command = async (context, uri) => {
  const { runs, memory } = context;
  const file = uri instanceof vscode.Uri ? await savedFile(uri) : undefined;
  const folder = await pickFolder(file);
  if (folder === undefined) return;
  const choice = await askForRun({
    defaults: await runs.defaults(folder),
    memory,
    blueprint: file,
    preview: (chosen) => runs.preview({ folder, ...chosen }),
  });
  if (!choice) return;
  const started = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'OpenExec: preparing the run' },
    () => runs.start({ folder, ...choice }),
  );
  await vscode.commands.executeCommand('openexec.runs.focus');
  await context.panels.open(started.runId);
  void follow(started, context);
};

/** A run goes by what is on the disk, and the person means what they see. */
async function savedFile(uri: vscode.Uri): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  return path.normalize(uri.fsPath);
}

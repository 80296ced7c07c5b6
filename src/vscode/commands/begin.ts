import * as vscode from 'vscode';
import type { RunRequest, Seen } from '../runs';
import type { CommandContext } from './context';
import { follow } from './follow';

/** Starts a run that a person has agreed to, shows it, and follows it to its end. Resolves once it goes on. */
export async function begin(context: CommandContext, request: RunRequest & Seen): Promise<void> {
  const started = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'OpenExec: preparing the run' },
    () => context.runs.start(request),
  );
  await vscode.commands.executeCommand('openexec.runs.focus');
  await context.panels.open(started.runId);
  void follow(started, context);
}

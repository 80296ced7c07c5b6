import * as vscode from 'vscode';
import { pickFolder } from '../folder';
import { showProblem } from '../problems';
import type { StartedRun } from '../runs';
import { askForRun } from '../startFlow';
import type { Command, CommandContext } from './context';

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

/** The progress notification of a run, from its start to its end. */
async function follow({ runId, model, done }: StartedRun, { runs, log }: CommandContext): Promise<void> {
  const what = model.provider === 'recorded' ? 'recorded model, no live calls' : `${model.provider}:${model.name}`;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `OpenExec run (${what})`,
    cancellable: true,
  };
  try {
    await vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => runs.cancel(runId));
      const following = runs.onDidAppend((event) => {
        if (event.run === runId && event.type === 'node.started') progress.report({ message: event.node ?? '' });
      });
      await done.finally(() => following.dispose());
    });
  } catch (error) {
    await showProblem(error, log);
  }
}

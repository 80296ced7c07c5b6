import * as vscode from 'vscode';
import { notificationText } from '../messages';
import { showProblem } from '../problems';
import type { StartedRun } from '../runs';
import type { CommandContext } from './context';

/** The progress notification of a run, from its start or its resumption to its end. */
export async function follow({ runId, model, done }: StartedRun, { runs, log }: CommandContext): Promise<void> {
  const what = model.provider === 'recorded' ? 'recorded model, no live calls' : `${model.provider}:${model.name}`;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: notificationText(`OpenExec run (${what})`),
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

/** Long work with a progress notification that really cancels it. */
import * as vscode from 'vscode';
import { isOpenExecError } from '../core/kernel/errors';
import type { Progress } from '../core/ports/progress';
import { info } from './messages';

/** A notification is redrawn this often at most, however often the work tells where it is. */
const REDRAW_MS = 100;

/** Runs the work; undefined when the person cancelled it, which is then said. */
export async function longWork<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `OpenExec: ${title}`,
    cancellable: true,
  };
  try {
    return await vscode.window.withProgress(options, async (notification, token) => {
      const control = new AbortController();
      token.onCancellationRequested(() => control.abort());
      return work({ signal: control.signal, onProgress: reporter(notification) });
    });
  } catch (error) {
    if (!isOpenExecError(error, 'cancelled')) throw error;
    void info(`OpenExec: ${title}: cancelled.`);
    return undefined;
  }
}

function reporter(notification: vscode.Progress<{ message?: string; increment?: number }>) {
  let percent = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  return (done: number, total: number | null): void => {
    const now = performance.now();
    // As long as the total is not known, the moving bar says as much as can be said.
    if (total === null || total === 0 || now - drawn < REDRAW_MS) return;
    drawn = now;
    const reached = Math.min(100, Math.floor((100 * done) / total));
    notification.report({ message: `${reached} %`, increment: Math.max(0, reached - percent) });
    percent = Math.max(percent, reached);
  };
}

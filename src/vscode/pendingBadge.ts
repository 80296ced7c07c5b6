/** How much waits for the person, as a number on the icon of OpenExec; and whether the palette has something to review. */
import * as vscode from 'vscode';
import { formatCount } from '../protocol/format';
import type { Approvals } from './approvals';

/** What carries the badge. */
type Badged = Pick<vscode.TreeView<unknown>, 'badge'>;

/** Keeps the badge and the context key `openexec.pending` as they should be. */
export function showPending(view: Badged, approvals: Approvals): vscode.Disposable {
  const show = (): void => {
    const value = approvals.pending().length;
    // With undefined in place of a number, VS Code takes the badge away.
    view.badge =
      value === 0
        ? undefined
        : { value, tooltip: `${formatCount(value, 'approval')} ${value === 1 ? 'waits' : 'wait'} for you` };
    void vscode.commands.executeCommand('setContext', 'openexec.pending', value > 0);
  };
  return approvals.onDidChange(show);
}

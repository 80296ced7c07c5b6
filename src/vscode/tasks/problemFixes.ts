/**
 * "Fix with OpenExec" among the quick fixes of every problem in a file of the workspace.
 *
 * VS Code has no activation event for code actions, and a window in which nobody uses OpenExec is not to pay for it whenever a file
 * of some language is opened: the quick fix is there once OpenExec is in use in the window.
 */
import * as vscode from 'vscode';
import { oneLine } from '../../protocol/format';
import { foundProblem, isForRuns } from './fixProblem';

const MOST = 3;
const TITLE = 60;

export class ProblemFixes implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #registered = vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });

  provideCodeActions(
    { uri }: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    // Where no run may start, none is offered.
    if (!vscode.workspace.isTrusted || vscode.workspace.getWorkspaceFolder(uri) === undefined) return [];
    const found = diagnostics.filter(isForRuns).slice(0, MOST);
    return found.map((diagnostic) => actionOf(uri, diagnostic, found.length > 1));
  }

  dispose(): void {
    this.#registered.dispose();
  }
}

function actionOf(uri: vscode.Uri, diagnostic: vscode.Diagnostic, isOneOfSeveral: boolean): vscode.CodeAction {
  const title = isOneOfSeveral
    ? vscode.l10n.t('Fix with OpenExec: {0}', oneLine(diagnostic.message, TITLE))
    : vscode.l10n.t('Fix with OpenExec');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = { command: 'openexec.fixProblem', title, arguments: [foundProblem(uri, diagnostic)] };
  return action;
}

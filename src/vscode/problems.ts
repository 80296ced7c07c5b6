/** Errors as people see them: what happened and why in one line, the next step as a button. */
import * as vscode from 'vscode';
import { type ErrorCode, isOpenExecError, messageOf } from '../core/kernel/errors';
import { fail } from './messages';

type NextStep = { readonly label: string; readonly command: string; readonly args?: readonly unknown[] };

const NEXT: Partial<Record<ErrorCode, readonly NextStep[]>> = {
  no_folder: [{ label: 'Open Folder…', command: 'vscode.openFolder' }],
  untrusted: [{ label: 'Manage Workspace Trust', command: 'workbench.trust.manage' }],
  not_a_repository: [{ label: 'Initialize Repository', command: 'git.init' }],
  no_head: [{ label: 'Open Source Control', command: 'workbench.view.scm' }],
  model_unconfigured: [
    { label: 'Choose Model…', command: 'openexec.chooseModel' },
    { label: 'Set API Key…', command: 'openexec.setApiKey' },
    { label: 'Open Settings', command: 'workbench.action.openSettings', args: ['openexec.model'] },
  ],
};

/** Shows an error with its next steps; `log` gets the whole of it. Resolves once the person has answered. */
export async function showProblem(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  log.error(error instanceof Error ? error : String(error));
  const steps = isOpenExecError(error) ? (NEXT[error.code] ?? []) : [];
  const labels = [...steps.map(({ label }) => label), 'Show Log'];
  const picked = await fail(`OpenExec: ${messageOf(error)}`, ...labels);
  if (picked === 'Show Log') return log.show();
  const step = steps.find(({ label }) => label === picked);
  if (step) await vscode.commands.executeCommand(step.command, ...(step.args ?? []));
}

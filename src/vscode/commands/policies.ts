import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import { openOwnPolicy } from '../openPolicy';
import { driftText } from '../policies/driftText';
import { type Command, runIdOf } from './context';

/** "Show Policy Drift": what today's policy decides otherwise than the one that the run was started with. */
export const showDrift: Command = async ({ runs, documents }, run) => {
  const runId = runIdOf(run);
  const drift = await runs.drift(runId);
  const { task } = await runs.summary(runId);
  await documents.show(runId, 'Policy drift.md', driftText(drift, task));
};

/** Opens the person's own policy, begun for them when there is none. */
export const openUserPolicy: Command = async ({ runs }) => {
  const { user } = runs.policyFiles(null);
  if (user === null) {
    throw new OpenExecError('usage', 'There is no folder of yours for settings. Set HOME, or XDG_CONFIG_HOME.');
  }
  await openOwnPolicy(user, 'user');
};

/** Opens the policy of the workspace, begun when there is none. */
export const openWorkspacePolicy: Command = async ({ runs }) => {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const folder =
    folders.length < 2 ? folders[0] : await vscode.window.showWorkspaceFolderPick({ placeHolder: 'Whose policy?' });
  if (folders.length > 1 && folder === undefined) return;
  const { workspace } = runs.policyFiles(folder?.uri.fsPath ?? null);
  if (workspace === null) throw new OpenExecError('no_folder', 'No folder is open, so there is no workspace policy.');
  await openOwnPolicy(workspace, 'workspace');
};

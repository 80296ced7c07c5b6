import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import type { Command } from '../commands/context';
import { startGiven } from '../commands/startRun';

/** "Start Run with This Task": the questions go on with what was written in a document for a task. */
export const startWithTask: Command = async (context, given) => {
  const { taskDocuments } = context;
  const document =
    given instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(given)
      : vscode.window.activeTextEditor?.document;
  const task = document === undefined ? null : taskDocuments.read(document);
  if (document === undefined || task === null) {
    const how = vscode.l10n.t('Start a run and choose "Write in an Editor" at the question what is to be done.');
    throw new OpenExecError('usage', `${vscode.l10n.t('This is no document for a task.')} ${how}`);
  }
  if (task === '')
    throw new OpenExecError('usage', vscode.l10n.t('The task is empty. Say in a sentence what is to be done.'));
  if (!taskDocuments.hand(document.uri, task)) await startGiven(context, { task });
};

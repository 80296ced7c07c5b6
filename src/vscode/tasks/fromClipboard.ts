import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import type { Command } from '../commands/context';
import { startGiven } from '../commands/startRun';
import { writtenTask } from './taskText';

/** "Start Run from Clipboard": the text that was copied, such as that of an issue, is the task. */
export const startFromClipboard: Command = async (context) => {
  const task = writtenTask(await vscode.env.clipboard.readText());
  if (task === '') {
    const how = vscode.l10n.t('Copy what is to be done, such as the text of an issue, and try again.');
    throw new OpenExecError('usage', `${vscode.l10n.t('The clipboard holds no text.')} ${how}`);
  }
  await startGiven(context, { task });
};

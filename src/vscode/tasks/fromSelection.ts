import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import type { Command } from '../commands/context';
import { startGiven } from '../commands/startRun';
import { nearOf, onDisk, placeOf } from './place';
import { placeText, selectionText } from './taskText';

/** "Start Run with Selection": asks what is to be done with the selected lines, which go with the task. */
export const startFromSelection: Command = async (context) => {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty)
    throw new OpenExecError('usage', vscode.l10n.t('Nothing is selected. Select the lines that the task is about.'));
  const { document, selection } = editor;
  await onDisk(document);
  const { start, end } = selection;
  // A selection of whole lines ends at the beginning of the line after them.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const at = placeOf(document.uri, start.line, last);
  const text = selectionText(at, document.getText(selection));
  await startGiven(context, { about: { name: placeText(at), text }, ...nearOf(document.uri) });
};

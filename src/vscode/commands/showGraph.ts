import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import { labelText } from '../exactText';
import type { Command } from './context';

/** Shows the graph of a blueprint file, or asks for one of those there are. */
export const showGraph: Command = async ({ runs, graphs }, file) => {
  if (file instanceof vscode.Uri) return graphs.open(file);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (folder === undefined) {
    throw new OpenExecError('no_folder', 'No folder is open. Open one, and its blueprints can be chosen from.');
  }
  const { blueprints } = await runs.defaults(folder.uri.fsPath);
  const items = blueprints.map(({ id, title, description, file }) => ({
    ...{ label: labelText(title), description: id, detail: labelText(description), file },
  }));
  const options = { title: 'Show Graph of Blueprint', placeHolder: 'Which blueprint?', matchOnDescription: true };
  const picked = await vscode.window.showQuickPick(items, options);
  if (picked) graphs.open(vscode.Uri.file(picked.file));
};

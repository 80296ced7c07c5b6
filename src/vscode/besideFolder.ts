import * as vscode from 'vscode';

/** Where a save dialog begins: beside the folder and not in it, where the file would be part of the next run's tree. */
export function besideFolder(name: string): { defaultUri?: vscode.Uri } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, '..', name) };
}

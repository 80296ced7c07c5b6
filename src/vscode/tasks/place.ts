/** Where something is, as a task says it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import type { Place } from './taskText';

/** Lines of a file by its path in its folder, counted from 1; of a file that lies in no folder only its name is told. */
export function placeOf(uri: vscode.Uri, first: number, last: number): Place {
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const named = inside ? vscode.workspace.asRelativePath(uri, false) : path.basename(uri.fsPath);
  return { path: named.replaceAll('\\', '/'), from: first + 1, to: last + 1 };
}

/** The file, where it is one on the disk, by which the folder of a run is found. */
export const nearOf = (uri: vscode.Uri | undefined): { readonly near?: string } =>
  uri?.scheme === 'file' ? { near: uri.fsPath } : {};

/**
 * A run works on what is on the disk, and the person means what they see: saves a document that has changes. Throws `usage` for one
 * that is no file.
 */
export async function onDisk(document: vscode.TextDocument): Promise<void> {
  if (document.uri.scheme !== 'file')
    throw new OpenExecError('usage', vscode.l10n.t('This is no file of a folder. Open one, and try again.'));
  if (document.isDirty) await document.save();
}

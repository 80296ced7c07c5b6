/** The folder that a run works on, or one clear reason why there is none. */
import * as vscode from 'vscode';
import { OpenExecError } from '../core/kernel/errors';

/** Throws `untrusted` in restricted mode. */
export function requireTrust(to: 'start' | 'resume'): void {
  if (vscode.workspace.isTrusted) return;
  const why = 'Runs are disabled in restricted mode, because a run executes commands that this folder declares.';
  throw new OpenExecError('untrusted', `${why} Trust the folder to ${to} one.`);
}

/**
 * The folder that a file lies in; else asks when there are several. Undefined when the person backs out. Throws
 * `no_folder` or `untrusted`.
 */
export async function pickFolder(file?: string): Promise<string | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  const [first] = folders;
  if (!first) {
    const virtual = (vscode.workspace.workspaceFolders ?? []).length > 0;
    const what = virtual ? 'This folder is virtual, and runs need files and git on disk.' : 'No folder is open.';
    throw new OpenExecError('no_folder', `${what} Open a folder that is a git repository, then start the run again.`);
  }
  requireTrust('start');
  if (folders.length === 1) return first.uri.fsPath;
  const around = file === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  if (around !== undefined) return around.uri.fsPath;
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Start Blueprint Run',
    placeHolder: 'Which folder?',
  });
  return picked?.folder.uri.fsPath;
}

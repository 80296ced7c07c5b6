import type * as vscode from 'vscode';
import { compose, type Extension } from './compose';

let extension: Extension | undefined;

/** Called by VS Code at the first use of a command or a view. */
export function activate(context: vscode.ExtensionContext): Extension['api'] {
  extension = compose(context);
  return extension.api;
}

/** Called when the window closes: runs under way are ended without an event and open as interrupted next time. */
export async function deactivate(): Promise<void> {
  await extension?.close();
}

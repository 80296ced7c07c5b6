import * as vscode from 'vscode';
import { storeKey } from '../keys';
import type { Command } from './context';

/** Stores the key of the OpenAI-compatible provider in secret storage. */
export const setApiKey: Command = async ({ secrets }) => {
  const key = await vscode.window.showInputBox({
    title: 'API key for the OpenAI-compatible provider',
    prompt: 'Kept in the secret storage of VS Code. Leave it empty to remove the stored key.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  await storeKey(secrets, key.trim());
  void vscode.window.showInformationMessage(
    key.trim() === '' ? 'OpenExec: the API key was removed.' : 'OpenExec: the API key was stored.',
  );
};

/** API keys: in VS Code's secret storage, and nowhere else. */
import type * as vscode from 'vscode';

const KEY = 'openexec.key.openai';

/** The key for the OpenAI-compatible provider; undefined when none is stored. */
export const readKey = async (secrets: vscode.SecretStorage): Promise<string | undefined> => secrets.get(KEY);

/** Stores a key; an empty one removes what was stored. */
export async function storeKey(secrets: vscode.SecretStorage, key: string): Promise<void> {
  await (key === '' ? secrets.delete(KEY) : secrets.store(KEY, key));
}

/** Keys: in VS Code's secret storage, and nowhere else. */
import type * as vscode from 'vscode';

const KEY = 'openexec.key.openai';
const SIGNING_KEY = 'openexec.key.signing';

/** The key for the OpenAI-compatible provider; undefined when none is stored. */
export const readKey = async (secrets: vscode.SecretStorage): Promise<string | undefined> => secrets.get(KEY);

/** Stores a key; an empty one removes what was stored. */
export async function storeKey(secrets: vscode.SecretStorage, key: string): Promise<void> {
  await (key === '' ? secrets.delete(KEY) : secrets.store(KEY, key));
}

/** The private key that signs evidence bundles, PKCS8 PEM; undefined when there is none. */
export const readSigningKey = async (secrets: vscode.SecretStorage): Promise<string | undefined> =>
  secrets.get(SIGNING_KEY);

/** Stores a signing key in the place of the one there is. */
export const storeSigningKey = async (secrets: vscode.SecretStorage, key: string): Promise<void> =>
  secrets.store(SIGNING_KEY, key);

/**
 * Keys: in VS Code's secret storage, and nowhere else. Each provider has one of its own, each header of a configured server
 * that holds a secret as well.
 */
import type * as vscode from 'vscode';
import { z } from 'zod';

/** What a secret is for: the key of a provider or server, or one of its headers. */
export type KeyFor = { readonly provider: string; readonly header?: string };

const SIGNING_KEY = 'openexec.key.signing';
/** The names of all keys that were ever stored: secret storage cannot be listed. */
const NAMES = 'openexec.keys';
const names = z.array(z.string());

/** Trimmed; undefined when none is stored. */
export async function readKey(
  secrets: vscode.SecretStorage,
  { provider, header }: KeyFor,
): Promise<string | undefined> {
  await storedNames(secrets);
  return (await secrets.get(nameOf({ provider, ...(header === undefined ? {} : { header }) })))?.trim() || undefined;
}

/** Stores a key; an empty one removes what was stored. */
export async function storeKey(secrets: vscode.SecretStorage, of: KeyFor, key: string): Promise<void> {
  const name = nameOf(of);
  const others = (await storedNames(secrets)).filter((other) => other !== name);
  const value = key.trim();
  // The name first: a key that is there must be known, so that nothing of it is ever recorded or sent.
  if (value !== '') await secrets.store(NAMES, JSON.stringify([...others, name]));
  await (value === '' ? secrets.delete(name) : secrets.store(name, value));
  if (value === '') await secrets.store(NAMES, JSON.stringify(others));
}

/** Every key that is stored, also of servers that are configured no more. */
export async function allKeys(secrets: vscode.SecretStorage): Promise<string[]> {
  const values = await Promise.all((await storedNames(secrets)).map((name) => secrets.get(name)));
  return values.filter((value) => value !== undefined);
}

/** The private key that signs evidence bundles, PKCS8 PEM; undefined when there is none. */
export const readSigningKey = async (secrets: vscode.SecretStorage): Promise<string | undefined> =>
  secrets.get(SIGNING_KEY);

/** Stores a signing key in the place of the one there is. */
export const storeSigningKey = async (secrets: vscode.SecretStorage, key: string): Promise<void> =>
  secrets.store(SIGNING_KEY, key);

/** No two secrets share a name: a server that is called `signing` must not be sent the key that signs. */
function nameOf({ provider, header }: KeyFor): string {
  if (header !== undefined) return `openexec.header.${provider}.${header.toLowerCase()}`;
  return provider === 'signing' ? 'openexec.key.server.signing' : `openexec.key.${provider}`;
}

/** Until 0.2 there was one key, for OpenAI and for the compatible server; both keep it. */
async function storedNames(secrets: vscode.SecretStorage): Promise<readonly string[]> {
  const known = parsedNames(await secrets.get(NAMES));
  if (known !== null) return known;
  const [openai, compatible] = [nameOf({ provider: 'openai' }), nameOf({ provider: 'openai-compatible' })];
  const one = await secrets.get(openai);
  if (one !== undefined && (await secrets.get(compatible)) === undefined) await secrets.store(compatible, one);
  const found = one === undefined ? [] : [openai, compatible];
  await secrets.store(NAMES, JSON.stringify(found));
  return found;
}

function parsedNames(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  try {
    return names.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Where keys and headers are on the command line, and how a person is told to set them. */
import { type ModelSettings, NO_SETTINGS } from '../../core/models/settings';
import type { Environment } from '../system/environment';

/** Keys by the provider, values of headers by the server and the header's name; undefined where none is set. */
export type ModelSecrets = {
  readonly keys: (provider: string) => Promise<string | undefined>;
  readonly headers: (server: string, name: string) => Promise<string | undefined>;
};

const KEYS: Readonly<Record<string, string>> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  'openai-compatible': 'OPENEXEC_KEY_OPENAI_COMPATIBLE',
};

const capitals = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** The environment variable of a provider's key. */
export const keyVariable = (provider: string): string =>
  Object.hasOwn(KEYS, provider) ? (KEYS[provider] ?? '') : `OPENEXEC_KEY_${capitals(provider)}`;

/** The environment variable of a header's value. */
export const headerVariable = (server: string, name: string): string =>
  `OPENEXEC_HEADER_${capitals(server)}_${capitals(name)}`;

/** Ends a sentence that says what to set. */
export const howToSet = (variable: string): string =>
  `with the command "OpenExec: Set API Key…", or in ${variable} for the command line`;

/** The keys and headers that are in an environment; what is empty or blank is not set. */
export function environmentSecrets(environment: Environment): ModelSecrets {
  const read = async (variable: string): Promise<string | undefined> => environment[variable]?.trim() || undefined;
  return {
    keys: (provider) => read(keyVariable(provider)),
    headers: (server, name) => read(headerVariable(server, name)),
  };
}

/** Every key and header that is set for these settings: nothing of them may leave, whatever a run is asked to do. */
export async function allSecrets(secrets: ModelSecrets, settings: ModelSettings = NO_SETTINGS): Promise<string[]> {
  const wanted = [...new Set([...Object.keys(KEYS), ...settings.servers.keys()])].map((id) => secrets.keys(id));
  for (const [id, server] of settings.servers) {
    if (server.ok) wanted.push(...server.value.headers.map((name) => secrets.headers(id, name)));
  }
  return [...new Set((await Promise.all(wanted)).filter((value) => value !== undefined))];
}

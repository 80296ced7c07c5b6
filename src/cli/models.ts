/** Models on the command line: flags, the files that OPENEXEC_MODELS, OPENEXEC_PRICES and OPENEXEC_TIMEOUTS name, keys out of the environment. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, OpenExecError } from '../core/kernel/errors';
import { parseModelSettings } from '../core/models/settings';
import { allSecrets, environmentSecrets } from '../node/models/secretNames';
import type { ModelSetup } from '../node/models/select';
import { type Flags, text } from './flags';
import { visible } from './visible';

/** What is set up, and every secret of it, of which no run may tell. */
export type CliModels = { readonly setup: ModelSetup; readonly secrets: readonly string[] };

/**
 * Reads what is set up for models; entries that are wrong are said on standard error, and refuse when they are chosen. No
 * file of a workspace is looked at. Throws `config_invalid` for a file that cannot be read.
 */
export async function cliModels(flags: Flags): Promise<CliModels> {
  const settings = parseModelSettings(
    await jsonIn('OPENEXEC_MODELS'),
    await jsonIn('OPENEXEC_PRICES'),
    await jsonIn('OPENEXEC_TIMEOUTS'),
  );
  for (const problem of settings.problems) process.stderr.write(`openexec: ${visible(problem)}\n`);
  const secrets = environmentSecrets(process.env);
  const setup: ModelSetup = {
    baseUrl: text(flags, 'base-url'),
    settings,
    ...secrets,
    proxy: { kind: 'environment' },
    vscode: null,
  };
  return { setup, secrets: await allSecrets(secrets, settings) };
}

/** The JSON of the file that a variable names; undefined when it names none. */
async function jsonIn(variable: string): Promise<unknown> {
  const file = process.env[variable]?.trim();
  if (!file) return undefined;
  const wanted = `${variable} names the file ${path.resolve(file)}, which`;
  const content = await readFile(path.resolve(file), 'utf8').catch((cause: unknown) => {
    throw new OpenExecError('config_invalid', `${wanted} cannot be read: ${messageOf(cause)}`, { cause });
  });
  try {
    return JSON.parse(content);
  } catch {
    // What is wrong with it is not repeated: its text would be.
    throw new OpenExecError('config_invalid', `${wanted} is not JSON. Write an object in it, as in docs/models.md.`);
  }
}

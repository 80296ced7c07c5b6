/** Settings, parsed at the boundary: a value of the wrong type counts as not set, and is said once in the log. */
import path from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { OpenExecError } from '../core/kernel/errors';
import { type ModelSettings, parseModelSettings } from '../core/models/settings';

const text = z.string().transform((value) => value.trim());
const days = z.number().int().min(0);

export type Settings = {
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  /** `openexec.models` and `openexec.prices`. */
  readonly settings: ModelSettings;
};

const STANDARD = 'standard';
const POLICY_ID = /^[a-z][a-z0-9_-]*$/;

/**
 * `openexec.policy`: the id of a shipped policy, or the absolute path of a file. Throws `config_invalid` for anything else: a
 * run must not start under another policy than the one that was meant.
 */
export function policySetting(): string {
  const parsed = text.safeParse(vscode.workspace.getConfiguration('openexec').get('policy') ?? STANDARD);
  const value = parsed.success ? parsed.data : null;
  if (value === '') return STANDARD;
  if (value !== null && (POLICY_ID.test(value) || path.isAbsolute(value))) return value;
  const what = `The setting openexec.policy (${value ?? 'not a text'}) names no policy`;
  throw new OpenExecError('config_invalid', `${what}. Give the id of a shipped one, or the absolute path of a file.`);
}

/**
 * `openexec.gatekeeper.model`: the absolute path of a folder with a local model, or empty for the shipped one. Throws
 * `config_invalid` for anything else: what is recorded of a run must be the model that was meant.
 */
export function gatekeeperModel(): string {
  const parsed = text.safeParse(vscode.workspace.getConfiguration('openexec').get('gatekeeper.model') ?? '');
  if (parsed.success && (parsed.data === '' || path.isAbsolute(parsed.data))) return parsed.data;
  const what = `The setting openexec.gatekeeper.model (${parsed.success ? parsed.data : 'not a text'}) names no folder`;
  throw new OpenExecError(
    'config_invalid',
    `${what}. Give its absolute path, or leave it empty for the shipped model.`,
  );
}

/** After how many days an ended run is deleted; 0 for never, which is also what a value that makes no sense counts as. */
export function retentionDays(log: (line: string) => void): number {
  const parsed = days.safeParse(vscode.workspace.getConfiguration('openexec').get('retention.days') ?? 0);
  if (parsed.success) return parsed.data;
  log('The setting openexec.retention.days is not a whole number of days and was ignored: nothing is deleted.');
  return 0;
}

/** `openexec.chat.shareRuns`: whether the models of a chat may read what is recorded of runs. Anything but `true` is no. */
export const sharesRuns = (): boolean => vscode.workspace.getConfiguration('openexec').get('chat.shareRuns') === true;

/** What models are chosen by; undefined where nothing is set. What is wrong in it is said in the log. */
export function readSettings(log: (line: string) => void): Settings {
  const read = (name: string): string | undefined => {
    const parsed = text.safeParse(vscode.workspace.getConfiguration('openexec').get(name) ?? '');
    if (parsed.success) return parsed.data === '' ? undefined : parsed.data;
    log(`The setting openexec.${name} is not a text and was ignored.`);
    return undefined;
  };
  const openexec = vscode.workspace.getConfiguration('openexec');
  const settings = parseModelSettings(openexec.get('models'), openexec.get('prices'), openexec.get('timeouts'));
  for (const problem of settings.problems) log(problem);
  return { model: read('model'), baseUrl: read('baseUrl'), settings };
}

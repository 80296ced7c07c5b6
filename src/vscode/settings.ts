/** Settings, parsed at the boundary: a value of the wrong type counts as not set, and is said once in the log. */
import * as vscode from 'vscode';
import { z } from 'zod';

const text = z.string().transform((value) => value.trim());
const days = z.number().int().min(0);

export type Settings = { readonly model: string | undefined; readonly baseUrl: string | undefined };

/** After how many days an ended run is deleted; 0 for never, which is also what a value that makes no sense counts as. */
export function retentionDays(log: (line: string) => void): number {
  const parsed = days.safeParse(vscode.workspace.getConfiguration('openexec').get('retention.days') ?? 0);
  if (parsed.success) return parsed.data;
  log('The setting openexec.retention.days is not a whole number of days and was ignored: nothing is deleted.');
  return 0;
}

/** `openexec.model` and `openexec.baseUrl`; undefined where nothing is set. */
export function readSettings(log: (line: string) => void): Settings {
  const read = (name: string): string | undefined => {
    const parsed = text.safeParse(vscode.workspace.getConfiguration('openexec').get(name) ?? '');
    if (parsed.success) return parsed.data === '' ? undefined : parsed.data;
    log(`The setting openexec.${name} is not a text and was ignored.`);
    return undefined;
  };
  return { model: read('model'), baseUrl: read('baseUrl') };
}

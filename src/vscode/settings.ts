/** Settings, parsed at the boundary: a value of the wrong type counts as not set, and is said once in the log. */
import * as vscode from 'vscode';
import { z } from 'zod';

const text = z.string().transform((value) => value.trim());

export type Settings = { readonly model: string | undefined; readonly baseUrl: string | undefined };

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

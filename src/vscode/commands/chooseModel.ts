import * as vscode from 'vscode';
import { info } from '../messages';
import type { ModelChoices } from '../models/models';
import { goOn, pickModel, type Wanted } from '../models/pickModel';
import type { Command } from './context';

const SET_KEY = 'Set API Key…';
const TEST = 'Test Connection';

/** "Choose Model…": what can be chosen and what is known of it; the choice is the workspace's default. */
export const chooseModel: Command = async ({ models }) => {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? null;
  const choices = await models.choices(folder);
  const wanted = await pickModel(choices, models);
  if (wanted === undefined) return;
  if (wanted.kind !== 'model') return goOn(wanted);
  await keep(wanted.spec, choices);
  await tell(wanted);
};

/**
 * The workspace's setting, or the user's where no folder is open. Nothing is written where the model would be used anyway: a
 * settings file changes the folder, and a recording answers only for the folder that it was made of.
 */
async function keep(spec: string, { otherwise }: ModelChoices): Promise<void> {
  const settings = vscode.workspace.getConfiguration('openexec');
  const set = settings.inspect<string>('model');
  const { Global, Workspace } = vscode.ConfigurationTarget;
  if ((vscode.workspace.workspaceFolders ?? []).length === 0)
    return void (await settings.update('model', spec, Global));
  const usual = set?.globalValue?.trim() || otherwise;
  if (usual !== spec) await settings.update('model', spec, Workspace);
  else if (set?.workspaceValue !== undefined) await settings.update('model', undefined, Workspace);
}

async function tell({ spec, row }: Extract<Wanted, { kind: 'model' }>): Promise<void> {
  const missing = row?.keyMissing === true;
  const what = `OpenExec: new runs of this workspace use ${spec}.`;
  const key = missing ? ` It needs a key for ${row.destination}, and none is set.` : '';
  const picked = await info(
    `${what}${key}`,
    ...(missing ? [SET_KEY] : []),
    ...(row?.provider === 'recorded' ? [] : [TEST]),
  );
  if (picked === SET_KEY) await vscode.commands.executeCommand('openexec.setApiKey', row?.provider);
  if (picked === TEST) await vscode.commands.executeCommand('openexec.testModel');
}

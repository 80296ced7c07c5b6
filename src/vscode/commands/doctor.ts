import * as vscode from 'vscode';
import { exactLine } from '../exactText';
import { longWork } from '../longWork';
import type { Check } from '../runs';
import type { Command } from './context';

/** "Check Setup": what is found of all that a run needs here, as a document; asks no model anything. */
export const doctor: Command = async ({ runs, documents }) => {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? null;
  const checks = await longWork('checking the setup', () => runs.doctor(folder));
  if (checks !== undefined) await documents.show('setup', 'Setup.md', setupText(checks));
};

/** What stands against a run comes first. */
function setupText(checks: readonly Check[]): string {
  const wrong = checks.filter(({ ok }) => !ok);
  const line = ({ name, ok, detail }: Check) =>
    `- ${ok ? 'ok' : '**not ok**'} **${exactLine(name)}**: ${exactLine(detail)}`;
  const lead = wrong.length === 0 ? 'Everything that a run needs is there.' : 'Some of what a run needs is missing.';
  return ['# Setup', '', lead, '', ...wrong.map(line), ...checks.filter(({ ok }) => ok).map(line), ''].join('\n');
}

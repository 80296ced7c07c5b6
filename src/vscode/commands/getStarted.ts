import * as vscode from 'vscode';
import type { Command } from './context';

/** Publisher, name and walkthrough, as package.json has them. */
const WALKTHROUGH = 'openexec.openexec#start';

/** "Get Started": the walkthrough, from a first look at a recorded run to the evidence of one's own. */
export const getStarted: Command = async () => {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false);
};

/** Commands by their ids. A handler that rejects ends in one clear message with a next step. */
import * as vscode from 'vscode';
import { showProblem } from '../problems';
import { applyResult } from './applyResult';
import { cancelRun } from './cancelRun';
import type { Command, CommandContext } from './context';
import { createSigningKey } from './createSigningKey';
import { discardResult } from './discardResult';
import { exportEvidence } from './exportEvidence';
import { importEvidence } from './importEvidence';
import { openTimeline } from './openTimeline';
import { pauseRun } from './pauseRun';
import { rebuildIndex } from './rebuildIndex';
import { replayNode, replayRun } from './replayRun';
import { resumeRun } from './resumeRun';
import { setApiKey } from './setApiKey';
import { showGraph } from './showGraph';
import { startRun } from './startRun';
import { verifyRun } from './verifyRun';

const COMMANDS: Readonly<Record<string, Command>> = {
  'openexec.startRun': startRun,
  'openexec.openTimeline': openTimeline,
  'openexec.showBlueprintGraph': showGraph,
  'openexec.pauseRun': pauseRun,
  'openexec.cancelRun': cancelRun,
  'openexec.applyResult': applyResult,
  'openexec.discardResult': discardResult,
  'openexec.resumeRun': resumeRun,
  'openexec.replayRun': replayRun,
  'openexec.replayNode': replayNode,
  'openexec.verifyRun': verifyRun,
  'openexec.exportEvidence': exportEvidence,
  'openexec.importEvidence': importEvidence,
  'openexec.rebuildIndex': rebuildIndex,
  'openexec.createSigningKey': createSigningKey,
  'openexec.setApiKey': setApiKey,
};

/** Registers every command. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await command(context, ...args);
      } catch (error) {
        void showProblem(error, context.log);
      }
    }),
  );
}

/**
 * Conflicts of an apply in VS Code's merge editor: the start as the base, the person's text and the run's on either side,
 * and the person's own file below as what is made of them. Nothing is written before the person saves; git's index is not
 * touched.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { OpenExecError } from '../../core/kernel/errors';
import { exactLine } from '../exactText';
import { info, warn } from '../messages';
import type { Runs } from '../runs';
import { type ResultTexts, sideText, sideUri } from './texts';

/** VS Code's own git extension opens its merge editors with it; there is no public way. */
const MERGE_EDITOR = '_open.mergeEditor';

type Desk = { readonly runs: Runs; readonly resultTexts: ResultTexts };

/** Opens one editor for each path; where VS Code has no merge editor, the difference between the file and the result. */
export async function openMergeEditors(desk: Desk, runId: string, paths: readonly string[]): Promise<void> {
  const started = await desk.runs.event(runId, 0);
  if (started.type !== 'run.started') throw new OpenExecError('event_invalid', 'The run does not say where it began.');
  const root = vscode.Uri.file(started.data.workspace.root);
  const merges = (await vscode.commands.getCommands(false)).includes(MERGE_EDITOR);
  const others: string[] = [];
  for (const file of paths) {
    const output = vscode.Uri.joinPath(root, file);
    // A file without a text on one side has no lines to be merged.
    const sides = await Promise.all([
      sideText(desk.runs, runId, 'before', file),
      sideText(desk.runs, runId, 'after', file),
      textOf(output),
    ]);
    const mine = sides[2];
    if (mine === null || sides.includes(undefined)) others.push(file);
    else if (merges) await openMerge(runId, file, output, desk.resultTexts.keepMine(runId, file, mine));
    else await openDifference(runId, file, output);
  }
  if (others.length > 0) {
    const names = others.map(exactLine).join(', ');
    void warn(vscode.l10n.t('OpenExec: cannot be merged here, for a side is no text or is not kept: {0}', names));
  }
  if (others.length < paths.length) {
    void info(
      vscode.l10n.t('OpenExec: accept what you want of each side and save. Nothing is changed until you save.'),
    );
  }
}

async function openMerge(runId: string, file: string, output: vscode.Uri, mine: vscode.Uri): Promise<void> {
  const run = vscode.l10n.t('Result of the Run');
  await vscode.commands.executeCommand(MERGE_EDITOR, {
    base: sideUri(runId, 'before', file),
    input1: { uri: mine, title: vscode.l10n.t('Yours'), description: vscode.l10n.t('as it is in your folder') },
    input2: { uri: sideUri(runId, 'after', file), title: run, description: exactLine(runId) },
    output,
  });
}

async function openDifference(runId: string, file: string, output: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t('{0} (result ↔ yours)', exactLine(path.posix.basename(file)));
  await vscode.commands.executeCommand('vscode.diff', sideUri(runId, 'after', file), output, title, { preview: false });
}

/** The text as the person sees it, changes that are not saved included; null when there is none. */
async function textOf(uri: vscode.Uri): Promise<string | null> {
  try {
    return (await vscode.workspace.openTextDocument(uri)).getText();
  } catch {
    return null;
  }
}

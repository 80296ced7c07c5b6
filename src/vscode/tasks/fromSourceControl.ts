import * as vscode from 'vscode';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import type { Command } from '../commands/context';
import { startGiven } from '../commands/startRun';
import { nearOf } from './place';
import { writtenTask } from './taskText';

/** What is used of the interface of VS Code's extension for git, which it calls its version 1. */
type GitRepository = { readonly rootUri: vscode.Uri; readonly inputBox: { readonly value: string } };
type GitExtension = { getAPI(version: 1): { readonly repositories: readonly GitRepository[] } };

/** A menu of Source Control hands over which repository it belongs to. */
const shownOn = z.looseObject({ rootUri: z.looseObject({ fsPath: z.string() }) });

/** "Start Run from Source Control": what is written in the box for the commit message is the task. */
export const startFromSourceControl: Command = async (context, given) => {
  const root = shownOn.safeParse(given).data?.rootUri.fsPath;
  const all = await repositories();
  const here = root === undefined ? all : all.filter(({ rootUri }) => rootUri.fsPath === root);
  const written = here.find(({ inputBox }) => inputBox.value.trim() !== '');
  if (written === undefined) {
    const how = vscode.l10n.t('Write there what is to be done, or paste the text of an issue, and try again.');
    throw new OpenExecError('usage', `${vscode.l10n.t('The message box of Source Control is empty.')} ${how}`);
  }
  await startGiven(context, { task: writtenTask(written.inputBox.value), ...nearOf(written.rootUri) });
};

/** Throws `usage` where VS Code's extension for git is turned off. */
async function repositories(): Promise<readonly GitRepository[]> {
  try {
    const git = await vscode.extensions.getExtension<GitExtension>('vscode.git')?.activate();
    if (git !== undefined) return git.getAPI(1).repositories;
  } catch (cause) {
    throw new OpenExecError('usage', turnedOff(), { cause });
  }
  throw new OpenExecError('usage', turnedOff());
}

const turnedOff = (): string =>
  vscode.l10n.t(
    'The Git extension of VS Code is turned off, so that its message box cannot be read. Turn it on, or copy the text and start the run from the clipboard.',
  );

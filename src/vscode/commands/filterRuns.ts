import * as vscode from 'vscode';
import type { Command } from './context';

/** "Filter Runs…": lists only runs of which all words of a text are said; an empty text lists all again. */
export const filterRuns: Command = async ({ arranging }) => {
  const text = await vscode.window.showInputBox({
    title: 'Filter Runs',
    prompt: 'Words of the task, the state, the blueprint, the model or the branch',
    placeHolder: 'failed invoices',
    value: arranging.filter,
  });
  if (text !== undefined) arranging.filterBy(text);
};

/** "Clear Filter": lists all runs again. */
export const clearRunsFilter: Command = async ({ arranging }) => arranging.filterBy('');

/** The question what is to be done, with the ways to the last tasks and to an editor for several lines. */
import * as vscode from 'vscode';
import { notificationText } from '../messages';
import { inBox, linesOf, outOfBox } from './box';

type Question = {
  readonly title: string;
  readonly totalSteps: number;
  /** What is filled in. */
  readonly task: string;
  /** What the person is told below the box. */
  readonly prompt: string;
  /** What the task is about where it does not say so itself, such as the lines that are selected. */
  readonly about: string | null;
};

/** The task as it stands, and what the person wants to do with it. */
export type TaskAnswer = { readonly does: 'go' | 'history' | 'write'; readonly task: string };

/** Undefined when the person backs out. */
export function askTask({ title, totalSteps, task, prompt, about }: Question): Promise<TaskAnswer | undefined> {
  const input = Object.assign(vscode.window.createInputBox(), { title, step: 1, totalSteps });
  const history = { iconPath: new vscode.ThemeIcon('history'), tooltip: vscode.l10n.t('History') };
  const write = { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Write in an Editor') };
  input.buttons = [history, write];
  input.ignoreFocusOut = true;
  input.value = inBox(task);
  input.placeholder =
    about === null
      ? vscode.l10n.t('What is to be done? One or two sentences.')
      : vscode.l10n.t('What is to be done with {0}?', about);
  input.prompt = notificationText(linesOf(task) > 1 ? `${severalLines(linesOf(task))} ${prompt}` : prompt);
  return new Promise((resolve) => {
    const answer = (does: TaskAnswer['does']): void => {
      resolve({ does, task: outOfBox(input.value, task) });
      input.hide();
    };
    input.onDidAccept(() => {
      if (input.value.trim() === '') input.validationMessage = vscode.l10n.t('Say in a sentence what is to be done.');
      else answer('go');
    });
    input.onDidTriggerButton((button) => answer(button === history ? 'history' : 'write'));
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

const severalLines = (lines: number): string =>
  vscode.l10n.t('These are {0} lines, shown as one; Enter keeps them. To change them, write in an editor.', lines);

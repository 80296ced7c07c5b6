/**
 * The one way to a notification. VS Code makes links, and buttons that run commands, of `[text](command:…)` in them; what
 * models, repositories and servers write must not become one.
 */
import * as vscode from 'vscode';
import { exactLine } from './exactText';

/** The same words without a link in them, and with every character to be seen. */
export const notificationText = (text: string): string =>
  text.split('\n').map(exactLine).join('\n').replaceAll('](', '] (');

/** A notification with buttons; resolves with the one that was pressed. */
export const info = (text: string, ...buttons: string[]): Thenable<string | undefined> =>
  vscode.window.showInformationMessage(notificationText(text), ...buttons);

/** The same as a warning. */
export const warn = (text: string, ...buttons: string[]): Thenable<string | undefined> =>
  vscode.window.showWarningMessage(notificationText(text), ...buttons);

/** The same as an error. */
export const fail = (text: string, ...buttons: string[]): Thenable<string | undefined> =>
  vscode.window.showErrorMessage(notificationText(text), ...buttons);

/** A question that must be answered before anything else is done. */
export const askModal = (text: string, detail: string, ...buttons: string[]): Thenable<string | undefined> =>
  vscode.window.showWarningMessage(
    notificationText(text),
    { modal: true, detail: notificationText(detail) },
    ...buttons,
  );

/** Answers the questions of the window in a person's place, and keeps what was said to them. */
import * as vscode from 'vscode';

type Say = (text: string, ...more: unknown[]) => Thenable<string | undefined>;

export type Person = {
  /** The texts of all notifications and dialogs since it began. */
  readonly said: string[];
  /** What is typed into the next input box. */
  type(text: string): void;
  /** The beginning of the row that is picked next. */
  pick(label: string): void;
  /** Buttons that are pressed wherever they are offered. */
  press(...buttons: string[]): void;
  leave(): void;
};

/** Takes the person's place until `leave`. */
export function takePlace(): Person {
  const window = vscode.window as unknown as Record<string, unknown>;
  const names = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage', 'showInputBox', 'showQuickPick'];
  const before = names.map((name) => [name, window[name]] as const);
  const said: string[] = [];
  const typed: string[] = [];
  const picked: string[] = [];
  const pressed = new Set<string>();
  const say: Say = async (text, ...more) => {
    said.push(text, JSON.stringify(more));
    return more.find((button): button is string => typeof button === 'string' && pressed.has(button));
  };
  for (const name of names.slice(0, 3)) window[name] = say;
  window.showInputBox = async () => typed.shift();
  window.showQuickPick = async (items: readonly { label: string }[]) => {
    const label = picked.shift();
    return items.find((item) => label !== undefined && item.label === label);
  };
  return {
    said,
    type: (text) => void typed.push(text),
    pick: (label) => void picked.push(label),
    press: (...buttons) => {
      for (const button of buttons) pressed.add(button);
    },
    leave: () => {
      for (const [name, value] of before) window[name] = value;
    },
  };
}

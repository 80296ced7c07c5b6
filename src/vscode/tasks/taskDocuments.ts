/**
 * Tasks of several lines, each written in a document of its own. Such a document is not saved and stays over a reload; a
 * CodeLens on top and a button in the title of its editor start the run.
 */
import * as vscode from 'vscode';

const LANGUAGE = 'openexec-task';

export class TaskDocuments implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #waiting = new Map<string, (task: string | undefined) => void>();
  readonly #subscriptions = [
    vscode.languages.registerCodeLensProvider({ language: LANGUAGE }, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#end(uri, undefined)),
  ];

  /** Opens a document with a task. Resolves with what the person has made of it, undefined when they close it. */
  async write(task: string): Promise<string | undefined> {
    const document = await vscode.workspace.openTextDocument({ language: LANGUAGE, content: task });
    const written = new Promise<string | undefined>((resolve) => {
      this.#waiting.set(document.uri.toString(), resolve);
    });
    await vscode.window.showTextDocument(document);
    return written;
  }

  /** The task in a document; null when it is not for one. */
  read(document: vscode.TextDocument): string | null {
    return document.languageId === LANGUAGE ? document.getText().replace(/\r\n/g, '\n').trim() : null;
  }

  /** Hands a task to the questions that wait for its document; false when none do, as after a reload. */
  hand(uri: vscode.Uri, task: string): boolean {
    return this.#end(uri, task);
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const title = `$(play) ${vscode.l10n.t('Start Run with This Task')}`;
    const command = { command: 'openexec.startRunWithTask', title, arguments: [uri] };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const resolve of this.#waiting.values()) resolve(undefined);
  }

  #end(uri: vscode.Uri, task: string | undefined): boolean {
    const resolve = this.#waiting.get(uri.toString());
    this.#waiting.delete(uri.toString());
    resolve?.(task);
    return resolve !== undefined;
  }
}

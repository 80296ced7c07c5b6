/** Read-only documents that exist only in this window: reports, and the two sides of a divergence. */
import * as vscode from 'vscode';

const SCHEME = 'openexec';
const GONE =
  'This document was made in an earlier session and is not kept. Verify or replay the run again to see it.\n';

export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? GONE;
  }

  /** Opens a text; one of the same folder and name takes the place of the earlier one. */
  async show(folder: string, name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#put(folder, name, text));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Opens two texts, with what differs marked, beside what is open. */
  async diff(folder: string, name: string, sides: { left: string; right: string }, title: string): Promise<void> {
    const left = this.#put(`${folder}/recorded`, name, sides.left);
    const right = this.#put(`${folder}/replayed`, name, sides.right);
    const where = { preview: true, viewColumn: vscode.ViewColumn.Beside };
    await vscode.commands.executeCommand('vscode.diff', left, right, title, where);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #put(folder: string, name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${folder}/${name}` });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }
}

export const registerDocuments = (documents: Documents): vscode.Disposable =>
  vscode.workspace.registerTextDocumentContentProvider(SCHEME, documents);

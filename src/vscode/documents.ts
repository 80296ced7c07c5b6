/** Read-only documents that exist only in this window: reports, explanations, and the two sides of a difference. */
import * as vscode from 'vscode';
import { eventLinks } from './eventLinks';

const SCHEME = 'openexec';
const GONE =
  'This document was made in an earlier session and is not kept. Ask for it again where you asked for it then.\n';

/** One side of a difference. */
export type Side = { readonly folder: string; readonly name: string; readonly text: string };

export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? GONE;
  }

  /** Opens a text; one of the same folder and name takes the place of the earlier one. */
  async show(folder: string, name: string, text: string, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#put(folder, name, text));
    await vscode.window.showTextDocument(document, { preview: true, ...options });
  }

  /** Opens two texts, with what differs marked; the right one may be a file, which can be changed there. */
  async diff(
    [left, right]: readonly [Side, Side | vscode.Uri],
    title: string,
    options: vscode.TextDocumentShowOptions = {},
  ): Promise<void> {
    const uris = [left, right].map((side) => ('text' in side ? this.#put(side.folder, side.name, side.text) : side));
    await vscode.commands.executeCommand('vscode.diff', ...uris, title, { preview: true, ...options });
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
  vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, documents),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, eventLinks),
  );

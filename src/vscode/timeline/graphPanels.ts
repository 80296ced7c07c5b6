/** Graphs of blueprint files as editor tabs: one a file, drawn anew whenever the file changes, saved or not. */
import path from 'node:path';
import * as vscode from 'vscode';
import { assertNever } from '../../core/kernel/assertNever';
import { messageOf } from '../../core/kernel/errors';
import type { Locate } from '../../core/kernel/yaml';
import type { Picture } from '../../protocol/graph';
import { type HostMessage, PROTOCOL_VERSION, parseWebviewMessage } from '../../protocol/messages';
import { folderOf, type GatherFacts } from '../blueprints/inspection';
import { timelineHtml, webviewRoot } from './html';
import { latestOnly } from './latest';
import { filePicture } from './picture';

const GRAPH = 'openexec.blueprintGraph';

export class GraphPanels implements vscode.Disposable {
  readonly #panels = new Map<string, GraphPanel>();
  readonly #extension: vscode.Uri;
  readonly #gather: GatherFacts;
  readonly #log: vscode.LogOutputChannel;

  constructor(extension: vscode.Uri, gather: GatherFacts, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#gather = gather;
    this.#log = log;
  }

  /** Opens the graph of a blueprint file, beside the file when that is being edited, or brings it to the front. */
  open(file: vscode.Uri): void {
    const key = file.toString();
    const open = this.#panels.get(key);
    if (open) {
      open.reveal();
      return;
    }
    const panel = new GraphPanel(file, this.#extension, this.#gather, this.#log);
    this.#panels.set(key, panel);
    panel.onDidDispose(() => this.#panels.delete(key));
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }
}

class GraphPanel implements vscode.Disposable {
  readonly #file: vscode.Uri;
  readonly #gather: GatherFacts;
  readonly #log: vscode.LogOutputChannel;
  readonly #panel: vscode.WebviewPanel;
  readonly #subscriptions: vscode.Disposable;
  readonly #draw = latestOnly<'hello' | 'graph'>((as) => this.#send(as));
  #locate: Locate = () => ({ line: 1, column: 1 });
  /** False until the webview listens. */
  #greeted = false;

  constructor(file: vscode.Uri, extension: vscode.Uri, gather: GatherFacts, log: vscode.LogOutputChannel) {
    this.#file = file;
    this.#gather = gather;
    this.#log = log;
    const { ViewColumn } = vscode;
    const beside = vscode.window.activeTextEditor?.document.uri.toString() === file.toString();
    const name = path.posix.basename(file.path);
    this.#panel = vscode.window.createWebviewPanel(
      GRAPH,
      `Graph: ${name}`,
      beside ? ViewColumn.Beside : ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [webviewRoot(extension)] },
    );
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(file, '..'), name),
    );
    const own = (uri: vscode.Uri): void => {
      if (uri.toString() === file.toString() && this.#greeted) this.#draw('graph');
    };
    this.#subscriptions = vscode.Disposable.from(
      watcher,
      watcher.onDidChange(own),
      watcher.onDidCreate(own),
      watcher.onDidDelete(own),
      vscode.workspace.onDidChangeTextDocument(({ document }) => own(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => own(uri)),
    );
    this.#panel.webview.onDidReceiveMessage((raw: unknown) => this.#receive(raw));
    this.#panel.onDidDispose(() => this.#subscriptions.dispose());
    this.#panel.webview.html = timelineHtml(this.#panel.webview, extension);
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #receive(raw: unknown): void {
    const parsed = parseWebviewMessage(raw);
    if (!parsed.ok) {
      this.#log.warn(parsed.error.message);
      if (parsed.error.kind === 'version') this.#post({ type: 'hello', protocol: PROTOCOL_VERSION, run: null });
      return;
    }
    switch (parsed.value.type) {
      case 'ready':
        this.#draw('hello');
        return;
      case 'reveal':
        this.#show(parsed.value.node).catch((error: unknown) => this.#log.error(messageOf(error)));
        return;
      case 'details':
      case 'resolveApproval':
      case 'selected':
      case 'command':
      case 'explain':
      case 'widenZones':
      case 'openRun':
      case 'search':
      case 'change':
      case 'openDiff':
      case 'check':
      case 'cancelCheck':
      case 'openDivergence':
      case 'copyLink':
      case 'saveImage':
        // There is no run here.
        return;
      default:
        assertNever(parsed.value);
    }
  }

  async #send(as: 'hello' | 'graph'): Promise<void> {
    const picture = await this.#picture();
    // A greeting that was overtaken by a change of the file is still owed.
    const greeting = as === 'hello' || !this.#greeted;
    this.#greeted = true;
    this.#post(
      greeting
        ? { type: 'hello', protocol: PROTOCOL_VERSION, run: null, picture }
        : { type: 'graph', runId: null, picture },
    );
  }

  async #picture(): Promise<Picture> {
    try {
      const facts = await this.#gather(folderOf(this.#file));
      const { picture, locate } = filePicture(await this.#text(), path.posix.basename(this.#file.path), facts);
      this.#locate = locate;
      return picture;
    } catch (error) {
      return { graph: null, bound: null, problems: [`${this.#file.fsPath} cannot be read: ${messageOf(error)}`] };
    }
  }

  /** As it stands in the editor; when it is open in none, as it is on disk. */
  async #text(): Promise<string> {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === this.#file.toString());
    return open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file));
  }

  async #show(node: string): Promise<void> {
    const { line, column } = this.#locate(['nodes', node]);
    const at = new vscode.Position(line - 1, column - 1);
    const visible = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === this.#file.toString(),
    );
    const viewColumn = visible?.viewColumn ?? vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(this.#file, { viewColumn, selection: new vscode.Range(at, at) });
  }

  #post(message: HostMessage): void {
    void this.#panel.webview.postMessage(message);
  }
}

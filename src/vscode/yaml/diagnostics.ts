/** The problems of open files of one kind, where they stand. */
import * as vscode from 'vscode';
import type { Problem } from '../../core/kernel/yaml';

/** Which files, and what is wrong with one. */
export type Checking = {
  /** Of the collection, unique in the window. */
  readonly name: string;
  readonly files: vscode.DocumentSelector;
  /** Those whose problems go with the file. */
  readonly watched: vscode.GlobPattern;
  readonly problemsOf: (document: vscode.TextDocument) => Promise<readonly Problem[]>;
};

/** How long a person must have stopped writing. */
const WAIT_MS = 250;
/** What a problem underlines when it begins at a word. */
const WORD = /[^\s,:{}[\]]+/;

export class FileDiagnostics implements vscode.Disposable {
  readonly #collection: vscode.DiagnosticCollection;
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #checking: Checking;
  readonly #failed: (error: unknown) => void;

  constructor(checking: Checking, failed: (error: unknown) => void) {
    this.#checking = checking;
    this.#collection = vscode.languages.createDiagnosticCollection(checking.name);
    this.#failed = failed;
    const watcher = vscode.workspace.createFileSystemWatcher(checking.watched, true, true, false);
    this.#subscriptions = [
      this.#collection,
      watcher,
      watcher.onDidDelete((uri) => this.#clear(uri)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#clear(uri)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document)),
    ];
    this.checkAll();
  }

  /** Every open file again. */
  checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#check(document);
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #checkSoon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => this.#check(document), WAIT_MS),
    );
  }

  #check(document: vscode.TextDocument): void {
    this.#waiting.delete(document.uri.toString());
    if (vscode.languages.match(this.#checking.files, document) === 0) return;
    this.#show(document).catch(this.#failed);
  }

  async #show(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const problems = await this.#checking.problemsOf(document);
    // It was closed or written on meanwhile; then somebody else clears or shows.
    if (document.isClosed || document.version !== version) return;
    this.#collection.set(
      document.uri,
      problems.map((problem) => diagnosticOf(problem, document)),
    );
  }

  #clear(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#collection.delete(uri);
  }
}

function diagnosticOf({ line, column, severity, message }: Problem, document: vscode.TextDocument): vscode.Diagnostic {
  const start = document.validatePosition(new vscode.Position(line - 1, column - 1));
  const word = document.getWordRangeAtPosition(start, WORD);
  const range = word?.start.isEqual(start) ? word : new vscode.Range(start, document.lineAt(start).range.end);
  const { Error: Wrong, Warning } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(range, message, severity === 'error' ? Wrong : Warning);
  diagnostic.source = 'OpenExec';
  return diagnostic;
}

/** The lenses on top of a blueprint. */
import * as vscode from 'vscode';
import type { Inspections } from './inspection';
import { type Lens, lensesOf } from './lenses';

export class BlueprintLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #inspections: Inspections;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(inspections: Inspections) {
    this.#inspections = inspections;
  }

  /** What is known besides the text has changed, such as the model. */
  refresh(): void {
    this.#changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { problems, bound } = await this.#inspections.of(document);
    const top = new vscode.Range(0, 0, 0, 0);
    return lensesOf(problems, bound).map((lens) => new vscode.CodeLens(top, commandOf(lens, document.uri)));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

const COMMANDS: Readonly<Record<Lens['does'], string>> = {
  start: 'openexec.startRun',
  graph: 'openexec.showBlueprintGraph',
  problems: 'workbench.actions.view.problems',
  // VS Code shows a lens without a command as plain text.
  nothing: '',
};

const commandOf = ({ title, does, tooltip }: Lens, uri: vscode.Uri): vscode.Command => ({
  ...{ command: COMMANDS[does], title, tooltip },
  ...(does === 'start' || does === 'graph' ? { arguments: [uri] } : {}),
});

/** Everything that helps to write a blueprint, as long as the window lives. */
import * as vscode from 'vscode';
import { BlueprintLenses } from './codeLens';
import { BlueprintDiagnostics } from './diagnostics';
import { blueprintFiles } from './files';
import { type GatherFacts, Inspections } from './inspection';
import { registerLanguage } from './language';

export function registerBlueprintEditing(
  extension: vscode.Uri,
  gather: GatherFacts,
  failed: (error: unknown) => void,
): vscode.Disposable {
  const files = blueprintFiles(extension);
  const inspections = new Inspections(gather);
  const diagnostics = new BlueprintDiagnostics(files, inspections, failed);
  const lenses = new BlueprintLenses(inspections);
  // The model decides what a run costs, and a trusted folder may name one.
  const again = (): void => {
    for (const document of vscode.workspace.textDocuments) inspections.forget(document);
    diagnostics.checkAll();
    lenses.refresh();
  };
  return vscode.Disposable.from(
    diagnostics,
    lenses,
    vscode.languages.registerCodeLensProvider(files, lenses),
    registerLanguage(files, inspections),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('openexec')) again();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(again),
  );
}

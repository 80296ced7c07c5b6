/** Everything that helps to write a blueprint, as long as the window lives. */
import * as vscode from 'vscode';
import { blueprintJsonSchema } from '../../core/blueprint/jsonSchema';
import { FileDiagnostics } from '../yaml/diagnostics';
import { registerLanguage } from '../yaml/language';
import { BlueprintLenses } from './codeLens';
import { suggestionsAt } from './completion';
import { blueprintFiles, OWN_BLUEPRINTS } from './files';
import { meaningAt } from './hover';
import { type GatherFacts, Inspections } from './inspection';

export function registerBlueprintEditing(
  extension: vscode.Uri,
  gather: GatherFacts,
  failed: (error: unknown) => void,
): vscode.Disposable {
  const files = blueprintFiles(extension);
  const inspections = new Inspections(gather);
  const schema = blueprintJsonSchema();
  const diagnostics = new FileDiagnostics(
    {
      ...{ name: 'openexec', files, watched: OWN_BLUEPRINTS },
      problemsOf: async (document) => (await inspections.of(document)).problems,
    },
    failed,
  );
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
    registerLanguage({
      files,
      suggestionsAt: async (document, offset) =>
        suggestionsAt(document.getText(), offset, schema, (await inspections.facts(document)).known),
      meaningAt: async (document, offset) =>
        meaningAt(document.getText(), offset, schema, (await inspections.facts(document)).known),
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('openexec')) again();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(again),
  );
}

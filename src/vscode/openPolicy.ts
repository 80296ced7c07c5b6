/** Opening policy files: at a rule, and one of the person's own that is not there yet with a text to begin with. */
import * as vscode from 'vscode';
import { starterPolicy } from './policies/starter';
import type { PolicyFile } from './runs';

/** Opens a policy file, at a rule when it holds that; what ships with OpenExec is shown, never changed. */
export async function openPolicyAt({ file, shipped }: PolicyFile, rule: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const found = ruleIn(document.getText(), rule);
  const at = document.positionAt(found ?? 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
  if (shipped) await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
}

/** The offset of the rule's id; null when the file does not hold it. */
function ruleIn(text: string, rule: string): number | null {
  // Ids of rules are lower-case letters, digits, - and _: nothing of a regular expression.
  const found = new RegExp(`^[\\s-]*\\{?\\s*(?:id|"id"|'id'):\\s*["']?${rule}["']?\\s*(?:[,}#]|$)`, 'm').exec(text);
  return found === null ? null : found.index + found[0].search(/\S/);
}

/** Opens a policy file of a layer; one that is not there begins as a text that decides nothing, and is saved by the person. */
export async function openOwnPolicy(file: string, layer: 'user' | 'workspace'): Promise<void> {
  const uri = vscode.Uri.file(file);
  const there = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (there) {
    await vscode.window.showTextDocument(uri);
    return;
  }
  const editor = await vscode.window.showTextDocument(uri.with({ scheme: 'untitled' }));
  if (editor.document.getText() !== '') return;
  await vscode.languages.setTextDocumentLanguage(editor.document, 'yaml');
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), starterPolicy(layer)));
}

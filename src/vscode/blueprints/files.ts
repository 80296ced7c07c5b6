/** Which documents are blueprints: those of a folder, and those that ship with the extension. */
import * as vscode from 'vscode';

const YAML = '*.{yaml,yml}';

/** The blueprints that a folder has of its own. */
export const OWN_BLUEPRINTS = `**/.openexec/blueprints/${YAML}`;

export const blueprintFiles = (extension: vscode.Uri): vscode.DocumentFilter[] => [
  { scheme: 'file', pattern: OWN_BLUEPRINTS },
  { scheme: 'file', pattern: new vscode.RelativePattern(vscode.Uri.joinPath(extension, 'blueprints'), YAML) },
];

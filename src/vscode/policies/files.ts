/** Which documents are policies and toolsets: those of a folder, the person's, the machine's, and those that are shipped. */
import path from 'node:path';
import * as vscode from 'vscode';

/** The policy that a folder has of its own. */
export const OWN_POLICY = '**/.openexec/policy.yaml';
/** The toolsets that a folder has of its own. */
export const OWN_TOOLSETS = '**/.openexec/toolsets/*.{yaml,yml}';

type Pattern = vscode.DocumentFilter['pattern'] & {};

/** Policies; `outside` are files of the layers that lie in no folder. What is begun and not saved is one as well. */
export function policyFiles(extension: vscode.Uri, outside: readonly string[]): vscode.DocumentFilter[] {
  const apart = outside.map(
    (file) => new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file)),
  );
  const shipped = new vscode.RelativePattern(vscode.Uri.joinPath(extension, 'policies'), '*.yaml');
  return [OWN_POLICY, ...apart, shipped].flatMap(here);
}

export function toolsetFiles(extension: vscode.Uri): vscode.DocumentFilter[] {
  const shipped = new vscode.RelativePattern(vscode.Uri.joinPath(extension, 'policies', 'toolsets'), '*.yaml');
  return [OWN_TOOLSETS, shipped].flatMap(here);
}

const here = (pattern: Pattern): vscode.DocumentFilter[] => [
  { scheme: 'file', pattern },
  { scheme: 'untitled', pattern },
];

/** Everything that helps to write a policy or a toolset, as long as the window lives. */
import path from 'node:path';
import * as vscode from 'vscode';
import { inspectPolicy, inspectToolset, type PolicyKnown } from '../../core/policy/inspect';
import { policyJsonSchema, toolsetJsonSchema } from '../../core/policy/jsonSchema';
import { FileDiagnostics } from '../yaml/diagnostics';
import { registerLanguage } from '../yaml/language';
import { meaningOf } from '../yaml/meaning';
import { suggest } from '../yaml/suggest';
import { OWN_POLICY, OWN_TOOLSETS, policyFiles, toolsetFiles } from './files';
import { policyReferences, toolsetReferences } from './references';

/** What the policy in a file may name, and what it is for. */
export type KnownOfPolicy = (file: string) => Promise<PolicyKnown>;

type Editing = {
  readonly extension: vscode.Uri;
  /** The files of the layers that lie in no folder. */
  readonly outside: readonly string[];
  readonly knownOf: KnownOfPolicy;
  readonly failed: (error: unknown) => void;
};

/** Problems as they are written, examples of rules and all; completion and hover. */
export function registerPolicyEditing({ extension, outside, knownOf, failed }: Editing): vscode.Disposable {
  return vscode.Disposable.from(
    policies(policyFiles(extension, outside), knownOf, failed),
    toolsets(extension, failed),
  );
}

function policies(
  files: vscode.DocumentFilter[],
  knownOf: KnownOfPolicy,
  failed: Editing['failed'],
): vscode.Disposable {
  const schema = policyJsonSchema();
  const referencesOf = async ({ uri }: vscode.TextDocument) => policyReferences((await knownOf(uri.fsPath)).policies);
  return vscode.Disposable.from(
    new FileDiagnostics(
      {
        ...{ name: 'openexec-policies', files, watched: OWN_POLICY },
        problemsOf: async (document) => inspectPolicy(document.getText(), await knownOf(document.uri.fsPath)).problems,
      },
      failed,
    ),
    registerLanguage({
      files,
      suggestionsAt: async (document, at) => suggest(document.getText(), at, schema, await referencesOf(document)),
      meaningAt: async (document, at) => meaningOf(document.getText(), at, schema, await referencesOf(document)),
    }),
  );
}

function toolsets(extension: vscode.Uri, failed: Editing['failed']): vscode.Disposable {
  const files = toolsetFiles(extension);
  const schema = toolsetJsonSchema();
  const idOf = ({ uri }: vscode.TextDocument): string => path.posix.basename(uri.path).replace(/\.ya?ml$/, '');
  return vscode.Disposable.from(
    new FileDiagnostics(
      {
        ...{ name: 'openexec-toolsets', files, watched: OWN_TOOLSETS },
        problemsOf: async (document) => inspectToolset(document.getText(), idOf(document)).problems,
      },
      failed,
    ),
    registerLanguage({
      files,
      suggestionsAt: async (document, at) => suggest(document.getText(), at, schema, toolsetReferences),
      meaningAt: async (document, at) => meaningOf(document.getText(), at, schema, toolsetReferences),
    }),
  );
}

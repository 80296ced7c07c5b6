/** Completion and hover in files of one kind, where no YAML extension reads the schema that is contributed for them. */
import * as vscode from 'vscode';
import type { Meaning } from './meaning';
import type { Suggestion } from './suggest';

/** What can be written in a file, and what its words mean; places are offsets. */
export type Language = {
  readonly files: vscode.DocumentSelector;
  readonly suggestionsAt: (document: vscode.TextDocument, offset: number) => Promise<readonly Suggestion[]>;
  readonly meaningAt: (document: vscode.TextDocument, offset: number) => Promise<Meaning | null>;
};

/** It completes and documents by the contributed schema, and everything would be there twice. */
const YAML_EXTENSION = 'redhat.vscode-yaml';
const TRIGGERS = [' ', '[', '{', ','];

/** Registered as long as the YAML extension is not there. */
export function registerLanguage(language: Language): vscode.Disposable {
  let registered: vscode.Disposable | null = null;
  const update = (): void => {
    const needed = vscode.extensions.getExtension(YAML_EXTENSION) === undefined;
    if (needed) registered ??= registerProviders(language);
    else {
      registered?.dispose();
      registered = null;
    }
  };
  update();
  const subscription = vscode.extensions.onDidChange(update);
  return new vscode.Disposable(() => {
    subscription.dispose();
    registered?.dispose();
  });
}

function registerProviders({ files, suggestionsAt, meaningAt }: Language): vscode.Disposable {
  const completion: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => {
      const suggestions = await suggestionsAt(document, document.offsetAt(position));
      return suggestions.map((suggestion, place) => itemOf(suggestion, place, document));
    },
  };
  const hover: vscode.HoverProvider = {
    provideHover: async (document, position) => {
      const meaning = await meaningAt(document, document.offsetAt(position));
      if (meaning === null) return null;
      return new vscode.Hover(new vscode.MarkdownString(meaning.text), rangeOf(meaning.range, document));
    },
  };
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(files, completion, ...TRIGGERS),
    vscode.languages.registerHoverProvider(files, hover),
  );
}

const KINDS: Readonly<Record<Suggestion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  reference: vscode.CompletionItemKind.Reference,
  template: vscode.CompletionItemKind.Snippet,
};

function itemOf(suggestion: Suggestion, place: number, document: vscode.TextDocument): vscode.CompletionItem {
  const { label, kind, snippet, detail, documentation, range } = suggestion;
  const item = new vscode.CompletionItem(label, KINDS[kind]);
  item.insertText = new vscode.SnippetString(snippet);
  item.detail = detail;
  item.documentation = new vscode.MarkdownString(documentation);
  item.range = rangeOf(range, document);
  item.sortText = String(place).padStart(4, '0');
  return item;
}

const rangeOf = ([start, end]: readonly [number, number], document: vscode.TextDocument): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

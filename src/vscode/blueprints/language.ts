/** Completion and hover in blueprints, where no YAML extension reads the schema that is contributed for them. */
import * as vscode from 'vscode';
import { blueprintJsonSchema } from '../../core/blueprint/jsonSchema';
import { type Suggestion, suggestionsAt } from './completion';
import { meaningAt } from './hover';
import type { Inspections } from './inspection';

/** It completes and documents by the contributed schema, and everything would be there twice. */
const YAML_EXTENSION = 'redhat.vscode-yaml';
const TRIGGERS = [' ', '[', '{', ','];

/** Registered as long as the YAML extension is not there. */
export function registerLanguage(files: vscode.DocumentSelector, inspections: Inspections): vscode.Disposable {
  let registered: vscode.Disposable | null = null;
  const update = (): void => {
    const needed = vscode.extensions.getExtension(YAML_EXTENSION) === undefined;
    if (needed) registered ??= registerProviders(files, inspections);
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

function registerProviders(files: vscode.DocumentSelector, inspections: Inspections): vscode.Disposable {
  const schema = blueprintJsonSchema();
  const completion: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => {
      const { known } = await inspections.facts(document);
      const suggestions = suggestionsAt(document.getText(), document.offsetAt(position), schema, known);
      return suggestions.map((suggestion, place) => itemOf(suggestion, place, document));
    },
  };
  const hover: vscode.HoverProvider = {
    provideHover: async (document, position) => {
      const { known } = await inspections.facts(document);
      const meaning = meaningAt(document.getText(), document.offsetAt(position), schema, known);
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

/** Where symbols are defined, out of VS Code's own providers: what the extensions for the languages of the folder know. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { FoundSymbol, SymbolFinder } from '../core/ports/symbols';

/** More than these nobody reads, a model least of all. */
const LIMIT = 200;

export const windowSymbols: SymbolFinder = {
  async find(root, query, signal) {
    const command = 'vscode.executeWorkspaceSymbolProvider';
    const asked = vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>(command, query);
    const found = (await Promise.race([asked, aborted(signal)])) ?? [];
    return found.flatMap((symbol) => toFound(symbol, root)).slice(0, LIMIT);
  },
};

/** Providers know nothing of our signal: what they answer late is nobody's. */
const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** Nothing for a symbol of a library, or of another folder of the window. */
function toFound({ name, kind, location }: vscode.SymbolInformation, root: string): FoundSymbol[] {
  if (location.uri.scheme !== 'file') return [];
  const relative = path.relative(root, location.uri.fsPath);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return [];
  return [
    {
      name,
      kind: (vscode.SymbolKind[kind] ?? 'symbol').toLowerCase(),
      path: relative.split(path.sep).join('/'),
      line: location.range.start.line + 1,
    },
  ];
}

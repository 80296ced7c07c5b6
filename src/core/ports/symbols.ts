/** Who knows where a symbol is defined: VS Code's symbol providers in a window, nobody on the command line. */
export type FoundSymbol = {
  readonly name: string;
  /** `function`, `class` … as VS Code names it. */
  readonly kind: string;
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
};

export interface SymbolFinder {
  /** Symbols whose name fits the query, in the order in which they were found; of the repository at `root` only. */
  find(root: string, query: string, signal: AbortSignal): Promise<readonly FoundSymbol[]>;
}

/** What the checks find in blueprints as they stand in the editor, saved or not; each version is looked at once. */
import * as vscode from 'vscode';
import type { Known } from '../../core/blueprint/checkNodes';
import { inspectBlueprint } from '../../core/blueprint/inspect';
import type { Blueprint } from '../../core/blueprint/schema';
import type { Bound, Price } from '../../core/events/parts';
import type { Problem } from '../../core/kernel/yaml';
import { boundOf } from '../../core/run/budget';

/** What a blueprint can name besides itself, and what a run of it would cost here. */
export type BlueprintFacts = {
  readonly known: Known;
  /** The price of the model that a run of the blueprint would use; null when it is not known. */
  readonly priceOf: (blueprint: Blueprint) => Price | null;
};

/** `folder` is the one that the blueprint is for; null when none is open. Rejects with an OpenExecError. */
export type GatherFacts = (folder: string | null) => Promise<BlueprintFacts>;

export type Inspection = {
  readonly problems: readonly Problem[];
  /** Null for a blueprint that has errors. */
  readonly bound: Bound | null;
};

export class Inspections {
  readonly #gather: GatherFacts;
  readonly #done = new WeakMap<vscode.TextDocument, { version: number; inspection: Promise<Inspection> }>();

  constructor(gather: GatherFacts) {
    this.#gather = gather;
  }

  facts(document: vscode.TextDocument): Promise<BlueprintFacts> {
    return this.#gather(folderOf(document.uri));
  }

  /** The inspection of the document as it is now. */
  of(document: vscode.TextDocument): Promise<Inspection> {
    const { version } = document;
    const known = this.#done.get(document);
    if (known?.version === version) return known.inspection;
    const inspection = this.#inspect(document);
    this.#done.set(document, { version, inspection });
    // Whoever asks gets the failure; the next one who asks has it looked at again.
    inspection.catch(() => this.forget(document));
    return inspection;
  }

  /** What is known besides the text may have changed. */
  forget(document: vscode.TextDocument): void {
    this.#done.delete(document);
  }

  async #inspect(document: vscode.TextDocument): Promise<Inspection> {
    const text = document.getText();
    const { known, priceOf } = await this.facts(document);
    const { blueprint, problems } = inspectBlueprint(text, known, document.uri.path);
    if (blueprint === null) return { problems, bound: null };
    const bound = boundOf(blueprint, priceOf(blueprint));
    if (bound.ok) return { problems, bound: bound.value };
    const problem: Problem = {
      line: 1,
      column: 1,
      severity: 'error',
      message: `This cannot be bounded: ${bound.error}`,
    };
    return { problems: [problem, ...problems], bound: null };
  }
}

/** The folder of the window that a document lies in, else the first one; null when no folder is open. */
export function folderOf(uri: vscode.Uri): string | null {
  const folder = vscode.workspace.getWorkspaceFolder(uri) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : null;
}

/** How a person wants the Runs view arranged: the grouping is remembered with the window, the filter ends with it. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { GROUPINGS, type Grouping } from './grouping';

const GROUPED_BY = 'openexec.runsGroupedBy';
const groupingSchema = z.enum(GROUPINGS);

export class RunArranging implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #filter = '';

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#tellMenus();
  }

  /** By day, until a person wants it otherwise. */
  get by(): Grouping {
    return groupingSchema.safeParse(this.#memory.get(GROUPED_BY)).data ?? 'day';
  }

  /** Empty when nothing is filtered. */
  get filter(): string {
    return this.#filter;
  }

  async groupBy(grouping: Grouping): Promise<void> {
    await this.#memory.update(GROUPED_BY, grouping);
    this.#tell();
  }

  /** Lists only the runs that a text is said of; an empty one lists all again. */
  filterBy(text: string): void {
    this.#filter = text.trim();
    this.#tell();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #tell(): void {
    this.#tellMenus();
    this.#changed.fire();
  }

  #tellMenus(): void {
    void vscode.commands.executeCommand('setContext', 'openexec.runsGroupedBy', this.by);
    void vscode.commands.executeCommand('setContext', 'openexec.runsFiltered', this.#filter !== '');
  }
}

/** Keeps the words above the list as they should be: by what it is filtered. */
export function showFilter(
  view: Pick<vscode.TreeView<unknown>, 'message'>,
  arranging: RunArranging,
): vscode.Disposable {
  return arranging.onDidChange(() => {
    // VS Code takes an empty line away; beside any other it never says what to do without a run.
    view.message = arranging.filter === '' ? '' : `Filtered by “${arranging.filter}”`;
  });
}

/** The Runs view: what waits for a person on top, then all runs in groups, newest first, with what may be done in their menus. */
import * as vscode from 'vscode';
import { approvalItem } from './approvalItem';
import type { Approvals, PendingApproval } from './approvals';
import type { Drifts } from './policies/drifts';
import type { RunArranging } from './runList/arranging';
import { groupRuns, type RunGroup } from './runList/grouping';
import { groupItem, runItem } from './runList/items';
import type { ListedRun, Runs } from './runs';
import type { Verdicts } from './verdicts';

/** A group of runs, a run, or what it waits for. */
export type Row = RunGroup | ListedRun | PendingApproval;

/** What the view is about. */
type Shown = {
  readonly runs: Runs;
  readonly approvals: Approvals;
  readonly verdicts: Verdicts;
  readonly drifts: Drifts;
  readonly arranging: RunArranging;
};

export class RunsTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: { dispose(): void }[];
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #shown: Shown;
  readonly #now: () => Date;
  #scheduled: NodeJS.Timeout | undefined;

  constructor(shown: Shown, now = (): Date => new Date()) {
    const { runs, approvals, verdicts, drifts, arranging } = shown;
    this.#shown = shown;
    this.#now = now;
    this.#subscriptions = [
      runs.onDidChange(() => this.refresh()),
      runs.onDidAppend(() => this.refresh()),
      approvals.onDidChange(() => this.refresh()),
      drifts.onDidChange(() => this.refresh()),
      verdicts.onDidChangeFileDecorations(() => this.refresh()),
      arranging.onDidChange(() => this.refresh()),
    ];
  }

  /** Many events in a row make one refresh. */
  refresh(): void {
    this.#scheduled ??= setTimeout(() => {
      this.#scheduled = undefined;
      this.#changed.fire(undefined);
    }, 150);
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (parent === undefined) return this.#groups();
    return 'group' in parent ? [...parent.runs] : this.#waiting(parent);
  }

  async #groups(): Promise<RunGroup[]> {
    const { runs, approvals, arranging } = this.#shown;
    const listed = await runs.list();
    const waiting = new Set(approvals.pending().map(({ runId }) => runId));
    return groupRuns(listed, { by: arranging.by, filter: arranging.filter, waiting, now: this.#now() });
  }

  /** What a run waits for in this window. */
  #waiting(row: ListedRun | PendingApproval): PendingApproval[] {
    return 'approval' in row ? [] : this.#shown.approvals.pending().filter(({ runId }) => runId === row.runId);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    if ('group' in row) return groupItem(row);
    if ('approval' in row) return approvalItem(row);
    const { verdicts, drifts } = this.#shown;
    const waits = this.#waiting(row).length > 0;
    return runItem(row, { waits, verdict: verdicts.lookOf(row), drift: drifts.of(row.runId) });
  }

  dispose(): void {
    clearTimeout(this.#scheduled);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** The run that a selection in the view is about; null when that are several, or none. */
export function selectedRun(rows: readonly Row[]): string | null {
  const [row, ...others] = rows;
  return row === undefined || others.length > 0 || 'group' in row ? null : row.runId;
}

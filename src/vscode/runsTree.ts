/** The Runs tree: newest first, each with its state, and what may be done with it in its context menu. */
import * as vscode from 'vscode';
import { oneLine } from '../protocol/format';
import { canApply, canDiscard, isHalted, isSteered, type ListedRun, type Runs } from './runs';
import { lookOf } from './statusWords';
import { runUri, type Verdicts } from './verdicts';

/** The longest label, in characters: a side bar of common width must have room for the state's word beside it. */
const LABEL = 20;
/** The longest label of a run that is said to be imported. */
const LABEL_OF_IMPORTED = 12;

export class RunsTree implements vscode.TreeDataProvider<ListedRun>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: { dispose(): void }[];
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #runs: Runs;
  readonly #verdicts: Verdicts;
  #scheduled: NodeJS.Timeout | undefined;

  constructor(runs: Runs, verdicts: Verdicts) {
    this.#runs = runs;
    this.#verdicts = verdicts;
    this.#subscriptions = [
      runs.onDidChange(() => this.refresh()),
      runs.onDidAppend(() => this.refresh()),
      verdicts.onDidChangeFileDecorations(() => this.refresh()),
    ];
  }

  /** Many events in a row make one refresh. */
  refresh(): void {
    this.#scheduled ??= setTimeout(() => {
      this.#scheduled = undefined;
      this.#changed.fire(undefined);
    }, 150);
  }

  getChildren(parent?: ListedRun): Promise<ListedRun[]> {
    return parent ? Promise.resolve([]) : this.#runs.list();
  }

  getTreeItem(run: ListedRun): vscode.TreeItem {
    const { icon, color, word } = lookOf(run.status);
    const item = new vscode.TreeItem(oneLine(run.task, run.imported ? LABEL_OF_IMPORTED : LABEL));
    item.id = run.runId;
    const node = run.currentNode && run.status === 'running' ? ` at ${run.currentNode}` : '';
    const elsewhere = run.imported ? ' · imported' : run.readOnly ? ' · another window' : '';
    const verdict = this.#verdicts.lookOf(run);
    item.description = `${word}${node}${elsewhere}`;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.tooltip = tooltip(run, word, verdict?.tooltip ?? null);
    item.contextValue = contextOf(run);
    item.resourceUri = runUri(run);
    item.accessibilityInformation = { label: `${run.task}, ${word}${node}${verdict ? `, ${verdict.words}` : ''}` };
    item.command = { command: 'openexec.openTimeline', title: 'Open Timeline', arguments: [run] };
    return item;
  }

  dispose(): void {
    clearTimeout(this.#scheduled);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** What the menus match on: `run active`, `run halted`, `run ended result` … */
function contextOf(run: ListedRun): string {
  if (isSteered(run)) return 'run active';
  if (run.readOnly) return run.status === 'running' || run.status === 'waiting' ? 'run watched' : 'run ended watched';
  if (isHalted(run)) return 'run halted';
  if (canApply(run)) return 'run ended result';
  return canDiscard(run) ? 'run ended copy' : 'run ended';
}

function tooltip(run: ListedRun, word: string, verdict: string | null): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(run.task);
  text.appendMarkdown('\n\n');
  const recorded = run.model.startsWith('recorded:') ? ' (a recording: no live calls)' : '';
  text.appendText(`${word}${run.reason ? `: ${run.reason}` : ''}\n`);
  text.appendMarkdown('\n\n');
  text.appendText(`${run.blueprint} · ${run.model}${recorded} · ${run.events} events · ${run.denials} denied`);
  if (verdict !== null) text.appendMarkdown('\n\n').appendText(verdict);
  return text;
}

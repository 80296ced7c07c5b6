/** One status bar item while a run of this window goes on: what it does now, and a way to its timeline. */
import * as vscode from 'vscode';
import type { RunEvent } from '../core/events/schema';
import type { Runs } from './runs';

export class RunStatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('openexec.run', vscode.StatusBarAlignment.Left, 10);
  readonly #active = new Map<string, string>();
  readonly #subscription: { dispose(): void };
  #told = false;

  constructor(runs: Runs) {
    this.#item.name = 'OpenExec run';
    this.#subscription = runs.onDidAppend((event) => this.#take(event));
  }

  #take(event: RunEvent): void {
    const words = wordsOf(event);
    if (words === null) this.#active.delete(event.run);
    else if (words !== '') this.#active.set(event.run, words);
    this.#tell();
    this.#show();
  }

  /** What the palette offers depends on whether a run goes on. */
  #tell(): void {
    const active = this.#active.size > 0;
    if (active !== this.#told) void vscode.commands.executeCommand('setContext', 'openexec.active', active);
    this.#told = active;
  }

  #show(): void {
    const entries = [...this.#active];
    const [first] = entries;
    if (!first) {
      this.#item.hide();
      return;
    }
    const [runId, words] = first;
    const waits = words.startsWith('waits');
    this.#item.text = `$(${waits ? 'question' : 'sync~spin'}) OpenExec: ${words}${entries.length > 1 ? ` (+${entries.length - 1})` : ''}`;
    this.#item.tooltip = 'Show the timeline of the run';
    this.#item.backgroundColor = waits ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.command = { command: 'openexec.openTimeline', title: 'Open Timeline', arguments: [runId] };
    this.#item.show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}

/** What an event changes in the item: new words, null for the end of the run, '' for nothing. */
function wordsOf(event: RunEvent): string | null {
  switch (event.type) {
    case 'run.started':
      return 'starting';
    case 'run.resumed':
      return 'resuming';
    case 'node.started':
      return `${event.node}${(event.attempt ?? 1) > 1 ? ` (attempt ${event.attempt})` : ''}`;
    case 'approval.requested':
      return 'waits for approval';
    case 'approval.resolved':
      return `${event.node ?? 'starting'}`;
    case 'run.finished':
    case 'run.paused':
    case 'run.cancelled':
    case 'run.interrupted':
      return null;
    default:
      return '';
  }
}

/**
 * One status bar item while a run of this window goes on: what it does now, and a way to its timeline; while several things
 * wait for the person, how many, and a way to all of them.
 */
import * as vscode from 'vscode';
import type { RunEvent } from '../core/events/schema';
import type { Approvals } from './approvals';
import type { Runs } from './runs';

export class RunStatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('openexec.run', vscode.StatusBarAlignment.Left, 10);
  readonly #active = new Map<string, string>();
  readonly #approvals: Approvals;
  readonly #subscriptions: { dispose(): void }[];
  #told = false;

  constructor(runs: Runs, approvals: Approvals) {
    this.#approvals = approvals;
    this.#item.name = 'OpenExec run';
    this.#subscriptions = [runs.onDidAppend((event) => this.#take(event)), approvals.onDidChange(() => this.#show())];
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
    const [first, ...others] = this.#active;
    const pending = this.#approvals.pending().length;
    if (!first) {
      this.#item.hide();
      return;
    }
    const [runId, words] = first;
    const several = pending > 1;
    const waits = pending > 0 || words.startsWith('waits');
    const more = others.length > 0 ? ` (+${others.length})` : '';
    const said = several ? `${pending} approvals wait` : pending === 1 ? WAITS : words;
    this.#item.text = `$(${waits ? 'question' : 'sync~spin'}) OpenExec: ${said}${several ? '' : more}`;
    this.#item.tooltip = several ? 'Review what waits for you' : 'Show the timeline of the run';
    this.#item.backgroundColor = waits ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    const [waiting = { runId }] = this.#approvals.pending();
    this.#item.command = several
      ? { command: 'openexec.reviewApprovals', title: 'Review Pending Approvals' }
      : { command: 'openexec.openTimeline', title: 'Open Timeline', arguments: [waiting.runId] };
    this.#item.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }
}

const WAITS = 'waits for approval';

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
      return WAITS;
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

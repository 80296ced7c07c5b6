/** Notifications: only when a person is needed, when something was denied, and at the end. */
import * as vscode from 'vscode';
import { textOf } from '../core/events/payload';
import type { RunEvent } from '../core/events/schema';
import { formatCount } from '../protocol/format';
import type { Approvals, PendingApproval } from './approvals';
import { askApproval } from './askApproval';
import { isHalted, type Runs } from './runs';
import { lookOf } from './statusWords';

type Denial = {
  readonly runId: string;
  readonly seq: number;
  readonly what: string;
  readonly rule: string;
  readonly reason: string;
};

export class Notifications implements vscode.Disposable {
  readonly #subscriptions: { dispose(): void }[];
  readonly #runs: Runs;
  readonly #approvals: Approvals;
  readonly #log: vscode.LogOutputChannel;
  readonly #subjects = new Map<string, string>();
  #denials: Denial[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: Runs, approvals: Approvals, log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#runs = runs;
    this.#approvals = approvals;
    this.#subscriptions = [
      runs.onDidAppend((event) => this.#take(event)),
      approvals.onDidAsk((asked) => this.#later(this.#ask(asked))),
    ];
  }

  #take(event: RunEvent): void {
    if (event.type === 'tool.requested') {
      const subject = event.data.facts.paths.map((path) => path.asked).join(', ') || textOrNothing(event);
      this.#subjects.set(event.data.call, `${event.data.tool}${subject ? ` ${subject}` : ''}`);
    }
    if (event.type === 'policy.decided' && event.data.decision === 'deny') {
      const { call, tool, rule, reason } = event.data;
      this.#denials.push({ runId: event.run, seq: event.seq, what: this.#subjects.get(call) ?? tool, rule, reason });
      // VS Code drops toasts that come too fast, so that denials in a row share one.
      this.#timer ??= setTimeout(() => this.#later(this.#showDenials()), 700);
    }
    if (event.type === 'run.finished' || event.type === 'run.paused') this.#later(this.#showEnd(event.run));
  }

  async #showDenials(): Promise<void> {
    this.#timer = undefined;
    const denials = this.#denials;
    this.#denials = [];
    const [first] = denials;
    if (!first) return;
    const rules = [...new Set(denials.map(({ rule }) => rule))].join(', ');
    const text =
      denials.length === 1
        ? `OpenExec denied ${first.what}: rule ${first.rule}. ${first.reason}`
        : `OpenExec denied ${denials.length} calls: ${rules}. First: ${first.what}`;
    const picked = await vscode.window.showWarningMessage(text, 'Show in Timeline');
    if (picked) await vscode.commands.executeCommand('openexec.openTimeline', first.runId, first.seq);
  }

  async #ask(asked: PendingApproval): Promise<void> {
    const { filesChanged } = await this.#runs.summary(asked.runId);
    const changed = filesChanged.length > 0 ? ` ${formatCount(filesChanged.length, 'file')} changed so far.` : '';
    await askApproval(asked, changed, this.#approvals);
  }

  async #showEnd(runId: string): Promise<void> {
    const run = await this.#runs.summary(runId);
    const { word } = lookOf(run.status);
    const files = formatCount(run.filesChanged.length, 'file');
    if (run.status === 'succeeded') {
      const where = run.branch ? `, on the branch ${run.branch}` : '';
      const text = `OpenExec: the run ${word}: ${files} changed${where}. Your folder is unchanged until you apply it.`;
      return this.#offer(await vscode.window.showInformationMessage(text, 'Apply', 'Show Timeline'), runId);
    }
    const text = `OpenExec: the run ${word}: ${run.reason}`;
    const ways = isHalted(run) ? ['Resume', 'Show Timeline'] : ['Show Timeline'];
    this.#offer(await vscode.window.showWarningMessage(text, ...ways), runId);
  }

  /** A notification waits for a person; what goes wrong meanwhile is for the log. */
  #later(shown: Promise<void>): void {
    shown.catch((error: unknown) => this.#log.error(String(error)));
  }

  #offer(picked: string | undefined, runId: string): void {
    if (picked === 'Show Timeline') void vscode.commands.executeCommand('openexec.openTimeline', runId);
    if (picked === 'Resume') void vscode.commands.executeCommand('openexec.resumeRun', runId);
    if (picked === 'Apply') void vscode.commands.executeCommand('openexec.applyResult', runId);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function textOrNothing(event: RunEvent<'tool.requested'>): string {
  return typeof event.data.input === 'string' ? textOf(event.data.input).slice(0, 80) : '';
}

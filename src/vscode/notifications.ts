/** Notifications about a run: only when a person is needed, and at the end. */
import * as vscode from 'vscode';
import type { RunEvent } from '../core/events/schema';
import { formatCount } from '../protocol/format';
import type { Approvals, PendingApproval } from './approvals';
import { askApproval } from './askApproval';
import { info, warn } from './messages';
import { isHalted, type Runs } from './runs';
import { lookOf } from './statusWords';

const REVIEW = 'Review Changes';

export class Notifications implements vscode.Disposable {
  readonly #subscriptions: { dispose(): void }[];
  readonly #runs: Runs;
  readonly #approvals: Approvals;
  readonly #log: vscode.LogOutputChannel;

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
    if (event.type === 'run.finished' || event.type === 'run.paused') this.#later(this.#showEnd(event.run));
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
      const review = run.filesChanged.length > 0 ? [REVIEW] : [];
      return this.#offer(await info(text, ...review, 'Apply', 'Show Timeline'), runId);
    }
    const text = `OpenExec: the run ${word}: ${run.reason}`;
    const ways = isHalted(run) ? ['Resume', 'Show Timeline'] : ['Show Timeline'];
    this.#offer(await warn(text, ...ways), runId);
  }

  /** A notification waits for a person; what goes wrong meanwhile is for the log. */
  #later(shown: Promise<void>): void {
    shown.catch((error: unknown) => this.#log.error(String(error)));
  }

  #offer(picked: string | undefined, runId: string): void {
    if (picked === 'Show Timeline') void vscode.commands.executeCommand('openexec.openTimeline', runId);
    if (picked === REVIEW) void vscode.commands.executeCommand('openexec.reviewChanges', runId);
    if (picked === 'Resume') void vscode.commands.executeCommand('openexec.resumeRun', runId);
    if (picked === 'Apply') void vscode.commands.executeCommand('openexec.applyResult', runId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

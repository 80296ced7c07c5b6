/** Says once in a window that the local model has no part in the plans of its runs, and why. */
import * as vscode from 'vscode';
import type { RunEvent } from '../core/events/schema';
import { withoutModel } from '../protocol/planWords';
import { warn } from './messages';
import type { Runs } from './runs';

const SETTINGS = 'Open Settings';

export class ClassifierNotice implements vscode.Disposable {
  readonly #subscription: { dispose(): void };
  readonly #failed: (error: unknown) => void;
  #said = false;

  constructor(runs: Runs, failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#subscription = runs.onDidAppend((event) => this.#take(event));
  }

  #take(event: RunEvent): void {
    if (this.#said || event.type !== 'plan.proposed' || event.data.problem === undefined) return;
    this.#said = true;
    tell(event.data.problem).catch(this.#failed);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

async function tell(problem: string): Promise<void> {
  if ((await warn(`OpenExec: ${withoutModel(problem)}.`, SETTINGS)) === undefined) return;
  await vscode.commands.executeCommand('workbench.action.openSettings', 'openexec.gatekeeper');
}

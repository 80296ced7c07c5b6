/** Sends each run that ends in this window to the collector of `openexec.traces.endpoint`; without one, nothing is sent. */
import * as vscode from 'vscode';
import { z } from 'zod';
import type { RunEvent } from '../core/events/schema';
import { messageOf } from '../core/kernel/errors';
import { warn } from './messages';
import type { Runs, TraceTarget } from './runs';

const SETTINGS = 'Open Settings';

const endpointSchema = z
  .string()
  .trim()
  .refine((text) => text === '' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)));

export class TraceExport implements vscode.Disposable {
  readonly #subscription: { dispose(): void };
  readonly #runs: Runs;
  readonly #failed: (error: unknown) => void;
  /** A collector that is down is told of once in a window, and every time in the log. */
  #said = false;

  constructor(runs: Runs, failed: (error: unknown) => void) {
    this.#runs = runs;
    this.#failed = failed;
    this.#subscription = runs.onDidAppend((event) => this.#take(event));
  }

  #take(event: RunEvent): void {
    if (event.type === 'run.finished' || event.type === 'run.cancelled') void this.#send(event.run);
  }

  async #send(runId: string): Promise<void> {
    try {
      const target = traceTarget();
      if (target !== null) await this.#runs.sendTrace(runId, target);
    } catch (error) {
      this.#failed(error);
      if (this.#said) return;
      this.#said = true;
      const picked = await warn(`OpenExec: ${messageOf(error)}. The run itself is recorded as always.`, SETTINGS);
      if (picked !== undefined)
        await vscode.commands.executeCommand('workbench.action.openSettings', 'openexec.traces');
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** `openexec.traces.*`; null when no collector is named. Throws when what is named is no address. */
export function traceTarget(): TraceTarget | null {
  const settings = vscode.workspace.getConfiguration('openexec');
  const endpoint = endpointSchema.safeParse(settings.get('traces.endpoint') ?? '');
  if (!endpoint.success) throw new RangeError('The setting openexec.traces.endpoint is no http address');
  if (endpoint.data === '') return null;
  return { endpoint: endpoint.data, content: settings.get('traces.content') === true };
}

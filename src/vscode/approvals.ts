/** Approvals that wait for a person in this window; whoever answers first, answers. */
import * as vscode from 'vscode';
import type { ApprovalRequest, ApprovalVerdict, Approver } from '../core/ports/approver';

/** Who the record names for what a person decides in a window. */
export const BY = 'person in VS Code';

export type PendingApproval = ApprovalRequest & { readonly runId: string };

export class Approvals implements vscode.Disposable {
  readonly #pending = new Map<string, { request: PendingApproval; settle: (verdict: ApprovalVerdict) => void }>();
  readonly #asked = new vscode.EventEmitter<PendingApproval>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** A new question. */
  readonly onDidAsk = this.#asked.event;
  /** A question came or was answered. */
  readonly onDidChange = this.#changed.event;

  /** The approver of one run. */
  of(runId: string): Approver {
    return {
      ask: (request, signal) =>
        new Promise<ApprovalVerdict>((resolve) => {
          const key = keyOf(runId, request.approval);
          const settle = (verdict: ApprovalVerdict): void => {
            signal.removeEventListener('abort', giveUp);
            if (this.#pending.delete(key)) this.#changed.fire();
            resolve(verdict);
          };
          const giveUp = (): void => settle({ kind: 'unavailable', reason: 'the run ended while it waited' });
          if (signal.aborted) return giveUp();
          signal.addEventListener('abort', giveUp, { once: true });
          const pending = { ...request, runId };
          this.#pending.set(key, { request: pending, settle });
          this.#asked.fire(pending);
          this.#changed.fire();
        }),
    };
  }

  pending(): PendingApproval[] {
    return [...this.#pending.values()].map(({ request }) => request);
  }

  /**
   * Answers a question; false when nobody asks it any more. `edited`, with `approved`, is a call's input as JSON text that
   * the person wants in place of its own; the policy decides on it anew.
   */
  resolve(runId: string, approval: string, verdict: 'approved' | 'rejected', reason = '', edited?: string): boolean {
    const found = this.#pending.get(keyOf(runId, approval));
    const change = edited === undefined ? {} : { edited };
    found?.settle({ kind: 'resolved', verdict, by: BY, reason, ...change });
    return found !== undefined;
  }

  isPending({ runId, approval }: PendingApproval): boolean {
    return this.#pending.has(keyOf(runId, approval));
  }

  dispose(): void {
    this.#asked.dispose();
    this.#changed.dispose();
  }
}

const keyOf = (runId: string, approval: string): string => `${runId}\n${approval}`;

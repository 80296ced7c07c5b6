/** Approvals that wait for a person in this window; whoever answers first, answers. */
import * as vscode from 'vscode';
import { OpenExecError } from '../core/kernel/errors';
import type { ApprovalRequest, ApprovalVerdict, Approver } from '../core/ports/approver';
import { contextQuestionOf, leftOutProblem } from '../protocol/contextQuestion';

/** Who the record names for what a person decides in a window. */
export const BY = 'person in VS Code';

export type PendingApproval = ApprovalRequest & { readonly runId: string };

/** What a person answers. */
export type ApprovalAnswer = {
  readonly verdict: 'approved' | 'rejected';
  /** Recorded, and told to the model; of a question it is the answer. */
  readonly reason: string;
  /** `run`, with `approved`: the same call, word for word, is not asked about again in this run. */
  readonly scope?: 'once' | 'run' | undefined;
  /** With `approved`: a call's input as JSON text in place of its own; the policy decides on it anew. */
  readonly edited?: string | undefined;
  /** With `approved`, of a question about the context: files that it names, and that are not to be sent. */
  readonly leftOut?: readonly string[] | undefined;
};

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
   * Answers a question; false when nobody asks it any more. Throws `usage`, and the question stays, when files are to be left
   * out that it does not ask about.
   */
  resolve(runId: string, approval: string, answer: ApprovalAnswer): boolean {
    const { verdict, reason, scope, edited, leftOut } = answer;
    const found = this.#pending.get(keyOf(runId, approval));
    if (found !== undefined) checkLeftOut(found.request, answer);
    const more = {
      ...(scope === undefined ? {} : { scope }),
      ...(edited === undefined ? {} : { edited }),
      ...(leftOut === undefined ? {} : { leftOut }),
    };
    found?.settle({ kind: 'resolved', verdict, by: BY, reason, ...more });
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

/** A message could name any file; only what was shown to the person can be what they left out. */
function checkLeftOut({ context, detail }: PendingApproval, { verdict, leftOut }: ApprovalAnswer): void {
  if (leftOut === undefined) return;
  const asked = context === true && verdict === 'approved' ? contextQuestionOf(detail) : null;
  const problem = leftOutProblem(asked, leftOut);
  if (problem !== null) throw new OpenExecError('usage', problem);
}

/** An approval as a notification: yes, no with a reason, or yes to something else than was asked for. */
import * as vscode from 'vscode';
import { oneLine } from '../protocol/format';
import type { Approvals, PendingApproval } from './approvals';
import { editInput } from './editInput';

const APPROVE = 'Approve';
const REJECT = 'Reject';
const EDIT = 'Edit…';
const SHOW = 'Show in Timeline';

type Answer = { readonly verdict: 'approved' | 'rejected'; readonly reason?: string; readonly edited?: string };

/**
 * Asks until there is an answer, or the person puts the question away. The notification stays when the question was
 * answered in the timeline, for VS Code lets nobody take it back.
 */
export async function askApproval(asked: PendingApproval, more: string, approvals: Approvals): Promise<void> {
  const ways = asked.editable ? [APPROVE, REJECT, EDIT, SHOW] : [APPROVE, REJECT, SHOW];
  const text = `OpenExec waits for your approval: ${asked.title.replace(/\.$/, '')}.${more}`;
  for (;;) {
    const picked = await vscode.window.showInformationMessage(text, ...ways);
    if (picked === undefined) return;
    if (picked === SHOW) {
      await vscode.commands.executeCommand('openexec.openTimeline', asked.runId);
      return;
    }
    const answer = approvals.isPending(asked) ? await answerOf(picked, asked) : null;
    if (answer !== null && approvals.resolve(asked.runId, asked.approval, answer.verdict, answer.reason, answer.edited))
      return;
    // Whoever backs out of a reason or of an edit still has the question before them.
    if (approvals.isPending(asked)) continue;
    void vscode.window.showInformationMessage('OpenExec: this approval was answered before, or its run has ended.');
    return;
  }
}

async function answerOf(picked: string, asked: PendingApproval): Promise<Answer | null> {
  if (picked === APPROVE) return { verdict: 'approved' };
  if (picked === EDIT) {
    const edited = await editInput(asked);
    return edited === undefined ? null : { verdict: 'approved', edited };
  }
  const reason = await vscode.window.showInputBox({
    title: `Reject: ${oneLine(asked.title, 80)}`,
    prompt: 'Why? The reason is recorded, and an agent is told. It may be left empty.',
    ignoreFocusOut: true,
  });
  return reason === undefined ? null : { verdict: 'rejected', reason: reason.trim() };
}
